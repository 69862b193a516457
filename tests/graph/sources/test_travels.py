"""Trips abroad: every leg is a visit of a President or a Secretary of State to a state and its places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rdflib import URIRef

from diplograph.graph.loading import packaged_sources
from diplograph.graph.oxigraph import rdflib_graph
from diplograph.graph.sources.places import named_places
from diplograph.graph.sources.states import StateNames
from diplograph.graph.sources.travels import NAMESAKES, read
from diplograph.ontology.identifiers import entity_iri
from diplograph.ontology.validation import findings

TRIP = """<trip role="{role}" who="{who}"><id>{id}</id><role>{role}</role><name>{name}</name>
<start-date>{start}</start-date><end-date>{end}</end-date><country id="{key}">{country}</country>
<locale>{locale}</locale><remarks>Met with the Foreign Minister.</remarks></trip>"""

TERM = """<presidents><president n="1"><id>doe-jane</id><name>Jane Doe</name><birth-year>1900</birth-year>
<death-year still-alive="true"/><took-office-date>1950-01-20</took-office-date>{left}</president></presidents>"""


def trip(number: str, country: str, locale: str, key: str = "", start: str = "1992-02-12", **more: str) -> str:
    said = {"role": "secretary", "who": "doe-john", "name": "John Doe", "end": start}
    return TRIP.format(id=number, key=key, country=country, locale=locale, start=start, **{**said, **more})


@pytest.fixture
def read_trips(tmp_path: Path, read_records: Callable) -> Callable:
    def read_(*trips: str, left: str | None = None) -> object:
        (tmp_path / "secretary-travels").mkdir()
        (tmp_path / "secretary-travels" / "doe-john.xml").write_text("<trips>" + "".join(trips) + "</trips>")
        if left is not None:
            (tmp_path / "presidents").mkdir()
            (tmp_path / "presidents" / "presidents.xml").write_text(TERM.format(left=left))
        return read_records(read, tmp_path)

    return read_


def test_a_leg_is_a_visit_of_a_secretary(read_trips: Callable) -> None:
    found = read_trips(trip("12", "Azerbaijan", "Baku", "azerbaijan"))
    assert found.rows("""SELECT ?label ?day ?remarks { event:visit-travels-12 a dg:Visit ; skos:prefLabel ?label ;
        dg:date ?day ; dg:destination state:AZE ; dg:sentFrom state:USA ; dg:heldIn place:baku ;
        dcterms:description ?remarks .
        ?p dg:agent person:doe-john ; dg:event event:visit-travels-12 ; dg:role role:visitor ;
          dg:capacity post:secretary-of-state-of-the-united-states .
        ?h dg:agent state:AZE ; dg:role role:host . ?r a dg:Representation ; dg:principal state:USA .
        person:doe-john dg:localId "pocom:doe-john" ; skos:prefLabel "John Doe"@en }""") == {
        ("Visit of John Doe to Azerbaijan (1992-02-12)", "1992-02-12", "Met with the Foreign Minister.")
    }


def test_the_country_is_that_of_the_date(read_trips: Callable) -> None:
    found = read_trips(
        trip("1", "U.S.S.R.", "Kiev", "russia", start="1988-05-30"),
        trip("2", "Burma (Myanmar)", "Rangoon", "burma", start="2011-11-30"),
    )
    assert found.rows("SELECT ?v ?s { ?v dg:destination ?s }") == {
        (f"https://w3id.org/diplograph/id/event/visit-travels-{n}", f"https://w3id.org/diplograph/id/state/{state}")
        for n, state in [("1", "SUN"), ("2", "MMR")]
    }
    assert ("https://w3id.org/diplograph/id/place/kyiv",) in found.rows("SELECT ?p { ?v dg:heldIn ?p }")


def test_a_part_of_a_country_is_resolved_by_its_identifier(read_trips: Callable) -> None:
    found = read_trips(trip("1", "West Bank", "Ramallah", "west-bank", start="2024-01-10"))
    assert found.rows("""SELECT ?l { ?p dg:agent state:PSE ; dg:role role:host ;
        dg:evidence [ dg:level level:resolved ; dg:record ?l ; dg:note ?n ] }""") == {("1, country",)}


def test_a_country_that_is_not_known_is_listed_and_the_visit_kept(read_trips: Callable) -> None:
    found = read_trips(trip("1", "Atlantis", "en route", "atlantis"))
    assert found.intake.unresolved == {("state", "Atlantis"): 1}
    assert found.rows("SELECT ?l { ?v a dg:Visit ; skos:prefLabel ?l }") == {
        ("Visit of John Doe to Atlantis (1992-02-12)",)
    }


def test_who_travelled_must_be_told(read_trips: Callable) -> None:
    found = read_trips(trip("1", "Italy", "Rome", who=""), trip("2", "Italy", "Rome", role="envoy"))
    assert [(problem.record, problem.message) for problem in found.intake.problems] == [
        ("1", "The record names no traveller.")
    ]
    assert found.intake.unresolved == {("role", "envoy"): 1}
    assert len(found.rows("SELECT ?v { ?v a dg:Visit }")) == 2


def test_a_term_without_an_end_has_none(read_trips: Callable) -> None:
    left = '<left-office-date still-in-office="true"/>'
    found = read_trips(trip("1", "Italy", "Rome"), left=left)
    assert found.rows("""SELECT ?f ?u ?born { ?t a dg:Tenure ; dg:person person:doe-jane ; dg:from ?f ;
        dg:post post:president-of-the-united-states OPTIONAL { ?t dg:until ?u } person:doe-jane dg:born ?born }""") == {
        ("1950-01-20", "", "1900")
    }


@pytest.mark.parametrize(
    ("locale", "state", "places"),
    [
        ("Rome", "ITA", [("Rome", "ITA")]),
        ("Bonn, Cologne", "DEU", [("Bonn", "DEU"), ("Cologne", "DEU")]),
        ("Mexico, D.F., Cuernavaca", "MEX", [("Mexico City", "MEX"), ("Cuernavaca", "MEX")]),
        ("Kingston (Jamaica)", "GBR", [("Kingston", "JAM")]),
        ("Turnberry (Scotland)", "GBR", [("Turnberry", "GBR")]),
        ("Sydney (Nova Scotia), Campobello Island", "CAN", [("Sydney", "CAN"), ("Campobello Island", "CAN")]),
        ("", "CAN", []),
    ],
)
def test_places_of_a_locale(locale: str, state: str, places: list, states: StateNames) -> None:
    found = named_places(locale, states, entity_iri("state", state), "1995-06-01")
    assert [(name, str(at).rpartition("/")[2]) for name, at in found] == places


@pytest.fixture(scope="module")
def everything(archive: Callable, read_records: Callable) -> tuple:
    directory = archive("travels")
    raw = [trip for path in sorted(directory.glob("*-travels/*.xml")) for trip in ElementTree.parse(path).getroot()]
    return directory, raw, read_records(read, directory)


def identifier(person: str) -> str:
    local = person.rpartition("/")[2]
    return next((theirs for theirs, ours in NAMESAKES.items() if ours == local), local)


@pytest.mark.shared
def test_every_leg_is_a_visit_as_written(everything: tuple) -> None:
    _, raw, found = everything
    assert Counter(each.get("role") for each in raw) == {"president": 832, "secretary": 3439}
    assert (found.intake.problems, found.intake.unresolved) == ([], {})
    wanted = {
        (each.findtext("id"), each.get("who"), each.findtext("start-date"), each.findtext("end-date")) for each in raw
    }
    rows = found.rows("""SELECT ?v ?p ?f ?u { ?v a dg:Visit ; dg:from ?f ; dg:until ?u .
        [] dg:event ?v ; dg:role role:visitor ; dg:agent ?p }""")
    assert {(v.rpartition("-")[2], identifier(p), f, u) for v, p, f, u in rows} == wanted
    records = found.rows(
        'SELECT ?r { [] a dg:Evidence ; dg:record ?r ; dg:file ?f FILTER(!contains(?f, "presidents")) }'
    )
    assert {each.findtext("id") for each in raw} <= {record for (record,) in records}


@pytest.mark.shared
def test_every_leg_goes_to_its_state(everything: tuple, states: StateNames) -> None:
    _, raw, found = everything

    def state(each: ElementTree.Element) -> URIRef | None:
        name = each.findtext("country")
        return states.entity("PSE" if name == "West Bank" else name, each.findtext("start-date"))

    rows = found.rows("SELECT ?v ?s { ?v a dg:Visit ; dg:destination ?s }")
    assert {(v.rpartition("-")[2], s) for v, s in rows} == {(each.findtext("id"), str(state(each))) for each in raw}


@pytest.mark.shared
def test_the_terms_of_the_presidents(everything: tuple) -> None:
    directory, _, found = everything
    raw = ElementTree.parse(directory / "presidents" / "presidents.xml").getroot().findall("president")
    wanted = {
        (each.findtext("id"), each.findtext("took-office-date"), each.findtext("left-office-date") or "")
        for each in raw
    }
    rows = found.rows("SELECT ?p ?f ?u { ?t a dg:Tenure ; dg:person ?p ; dg:from ?f OPTIONAL { ?t dg:until ?u } }")
    assert {(identifier(p), f, u) for p, f, u in rows} == wanted
    assert ("trump-donald-j", "2025-01-20", "") in wanted
    assert len(wanted) == 47


@pytest.mark.shared
def test_presidents_who_bear_an_officers_identifier_are_that_officer(everything: tuple, archive: Callable) -> None:
    directory, _, _ = everything
    people = {path.stem: path for path in archive("pocom").glob("people/*/*.xml")}
    other = set()
    for each in ElementTree.parse(directory / "presidents" / "presidents.xml").getroot().findall("president"):
        name = each.findtext("id")
        if name in people:
            born = ElementTree.parse(people[name]).getroot().findtext(".//birth")
            other |= {name} if born != each.findtext("birth-year") else set()
    assert other == NAMESAKES.keys()


@pytest.mark.shared
def test_the_trips_to_azerbaijan(everything: tuple) -> None:
    _, _, found = everything
    rows = found.rows("""SELECT ?d ?p { ?v a dg:Visit ; dg:destination state:AZE ; dg:heldIn place:baku ; dg:date ?d .
        [] dg:event ?v ; dg:role role:visitor ; dg:agent ?p }""")
    assert {(day, person.rpartition("/")[2]) for day, person in rows} == {
        ("1992-02-12", "baker-james-addison"),
        ("2010-07-04", "clinton-hillary-rodham"),
        ("2012-06-06", "clinton-hillary-rodham"),
    }


@pytest.mark.shared
def test_a_slice_fits_the_shapes(everything: tuple, tmp_path: Path, read_records: Callable) -> None:
    directory, _, _ = everything
    for file in (
        "president-travels/truman-harry-s.xml",
        "secretary-travels/root-elihu.xml",
        "presidents/presidents.xml",
    ):
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).write_bytes((directory / file).read_bytes())
    graph = read_records(read, tmp_path).graph + rdflib_graph(packaged_sources("states")[0].ntriples)
    assert [str(each) for each in findings(graph) if each.severity != "info"] == []

"""Visits to the United States: every record is a visit, by whom and whence as its words allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rdflib import Graph

from diplograph.graph.loading import packaged_sources
from diplograph.graph.oxigraph import rdflib_graph
from diplograph.graph.sources.states import StateNames
from diplograph.graph.sources.visits import read
from diplograph.ontology.validation import findings

RECORD = """<visit><id>{id}</id><start-date>{start}</start-date><end-date>{end}</end-date>
<visitor>{visitor}</visitor><from id="{key}">{state}</from><description>State visit.</description>
<last-modified-datetime>{changed}</last-modified-datetime></visit>"""

NAMES = ("id", "start", "end", "visitor", "key", "state", "changed")


def visit(*values: str, changed: str = "2010-02-25T12:15:14.612-04:00") -> str:
    return RECORD.format(**dict(zip(NAMES, (*values, changed), strict=True)))


def sample(directory: Path, *visits: str, end: str = "</visits>") -> Path:
    (directory / "data").mkdir(exist_ok=True)
    (directory / "data" / "1990.xml").write_text("<visits>\n" + "\n".join(visits) + end, encoding="utf-8")
    return directory


@pytest.fixture
def read_visits(tmp_path: Path, read_records: Callable) -> Callable:
    return lambda *visits, end="</visits>": read_records(read, sample(tmp_path, *visits, end=end))


def test_a_visit_has_a_visitor_a_post_a_state_and_dates(read_visits: Callable) -> None:
    found = read_visits(visit("7", "1997-07-27", "1997-08-05", "President Heydar Aliyev", "azerbaijan", "Azerbaijan"))
    assert found.rows("""SELECT ?label ?date ?from ?until ?sent ?to {
        event:visit-visits-7 a dg:Visit ; skos:prefLabel ?label ; dg:date ?date ; dg:from ?from ; dg:until ?until ;
          dg:sentFrom ?sent ; dg:destination ?to . FILTER(?sent = state:AZE && ?to = state:USA) }""") == {
        (
            "Visit of Heydar Aliyev to the United States (1997-07-27)",
            *("1997-07-27", "1997-07-27", "1997-08-05"),
            *("https://w3id.org/diplograph/id/state/AZE", "https://w3id.org/diplograph/id/state/USA"),
        )
    }
    assert found.rows("""SELECT ?written ?record { ?p a dg:Participation ; dg:agent person:heydar-aliyev-aze ;
        dg:role role:visitor ; dg:capacity post:president-of-azerbaijan ; dg:asWritten ?written ;
        dg:evidence [ dg:record ?record ; dg:level level:stated ; dg:file "data/1990.xml" ] .
        ?r a dg:Representation ; dg:agent person:heydar-aliyev-aze ; dg:principal state:AZE .
        ?h a dg:Participation ; dg:agent state:USA ; dg:role role:host }""") == {("President Heydar Aliyev", "7")}


def test_a_visitor_who_cannot_be_told_leaves_the_state(read_visits: Callable) -> None:
    found = read_visits(visit("1", "1990", "", "Members of the junta", "ghana", "Ghana"))
    query = "SELECT ?written { [] dg:agent state:GHA ; dg:role role:visitor ; dg:asWritten ?written }"
    assert found.rows(query) == {("Members of the junta",)}
    assert found.intake.unresolved == {("visitor", "Members of the junta"): 1}
    assert found.rows("SELECT ?d { event:visit-visits-1 dg:date ?d }") == {("1990",)}


def test_a_state_that_only_the_identifier_tells_is_resolved(read_visits: Callable) -> None:
    found = read_visits(visit("1", "2019-05-20", "2019-05-20", "President Li Wei", "somoa", "Somoa"))
    assert found.rows("""SELECT ?record { [] dg:agent person:li-wei-wsm ; dg:role role:visitor ;
        dg:evidence [ dg:level level:resolved ; dg:record ?record ; dg:note ?note ] }""") == {("1, visitor",)}


def test_a_state_that_is_not_known_is_listed(read_visits: Callable) -> None:
    found = read_visits(visit("1", "1990-01-01", "1990-01-01", "President Li Wei", "atlantis", "Atlantis"))
    assert found.intake.unresolved == {("state", "Atlantis"): 1}
    assert found.rows("SELECT ?p { ?p a dg:Person }") == {("https://w3id.org/diplograph/id/person/li-wei-atlantis",)}
    assert not found.rows("SELECT ?c { ?p dg:capacity ?c }")


def test_an_organization_sends_no_state(read_visits: Callable) -> None:
    found = read_visits(visit("1", "1990-01-01", "1990-01-01", "Secretary General Manfred Woerner", "nato", "NATO"))
    assert found.rows("SELECT ?a { ?a dg:capacity post:secretary-general-of-nato }")
    assert found.rows("SELECT ?o { ?r a dg:Representation ; dg:principal ?o }") == {
        ("https://w3id.org/diplograph/id/organization/nato",)
    }
    assert not found.rows("SELECT ?s { ?v dg:sentFrom ?s }")


def test_dates_that_are_none_are_left_out_and_told(read_visits: Callable) -> None:
    found = read_visits(
        visit("1", "1990-02-30", "1990-03-01", "King Hussein", "jordan", "Jordan"),
        visit("2", "1990-03-02", "1990-03-01", "King Hussein", "jordan", "Jordan"),
        visit("3", "1990-03-02", "9999-12-31", "King Hussein", "jordan", "Jordan"),
    )
    dates = found.rows("SELECT ?v ?f ?u { ?v a dg:Visit OPTIONAL { ?v dg:from ?f } OPTIONAL { ?v dg:until ?u } }")
    assert {(v[-1], f, u) for v, f, u in dates} == {
        ("1", "", "1990-03-01"),
        ("2", "1990-03-02", ""),
        ("3", "1990-03-02", ""),
    }
    assert [(problem.record, problem.message[:18]) for problem in found.intake.problems] == [
        ("1", "The start was left"),
        ("2", "The end was left o"),
    ]


def test_a_file_that_breaks_off_keeps_what_was_before(read_visits: Callable) -> None:
    whole = visit("1", "1990-01-01", "1990-01-01", "King Hussein", "jordan", "Jordan")
    found = read_visits(whole, "<visit><id>2</id>", end="</oops>")
    assert found.rows("SELECT ?v { ?v a dg:Visit }") == {("https://w3id.org/diplograph/id/event/visit-visits-1",)}
    (problem,) = found.intake.problems
    assert (problem.file, problem.record[:5]) == ("data/1990.xml", "line ")


def test_entities_are_refused(read_visits: Callable, tmp_path: Path, read_records: Callable) -> None:
    (sample(tmp_path) / "data" / "1990.xml").write_text('<!DOCTYPE v [<!ENTITY e "e">]><visits>&e;</visits>')
    found = read_records(read, tmp_path)
    assert [problem.message for problem in found.intake.problems] == [
        "The file was not read: it declares the entity 'e'."
    ]


def test_the_dataset_was_kept_until_its_last_change(read_visits: Callable) -> None:
    found = read_visits(
        visit("1", "1990-01-01", "", "King Hussein", "jordan", "Jordan", changed="2024-12-01T00:00:00-04:00")
    )
    assert found.rows("SELECT ?d { ?doc a dg:Dataset ; dg:lastUpdated ?d }") == {("2024-12-01",)}


@pytest.fixture(scope="module")
def everything(archive: Callable, read_records: Callable) -> tuple:
    directory = archive("visits")
    raw = [visit for path in sorted(directory.glob("data/*.xml")) for visit in ElementTree.parse(path).getroot()]
    return raw, read_records(read, directory)


@pytest.mark.shared
def test_every_record_is_a_visit_with_its_dates_as_written(everything: tuple) -> None:
    raw, found = everything
    assert len(raw) == 3264
    assert found.intake.problems == []
    wanted = {
        (each.findtext("id"), each.findtext("start-date"), each.findtext("start-date"), each.findtext("end-date"))
        for each in raw
    }
    rows = found.rows("SELECT ?v ?d ?f ?u { ?v a dg:Visit ; dg:date ?d ; dg:from ?f ; dg:until ?u }")
    assert {(visit.rpartition("-")[2], *dates) for visit, *dates in rows} == wanted
    records = found.rows('SELECT ?r { [] a dg:Evidence ; dg:record ?r FILTER(!contains(?r, ",")) }')
    assert {record for (record,) in records} == {each.findtext("id") for each in raw}


@pytest.mark.shared
def test_every_record_has_its_state_and_its_words(everything: tuple, states: StateNames) -> None:
    raw, found = everything
    wanted: Counter[str] = Counter()
    for each in raw:
        sender = each.find("from")
        name = (
            "Bosnia and Herzegovina" if sender.text == "Bosnian Federation" else sender.text.replace("Somoa", "Samoa")
        )
        wanted[str(states.entity(name, each.findtext("start-date")))] += 1
    assert Counter(state for _, state in found.rows("SELECT ?v ?s { ?v a dg:Visit ; dg:sentFrom ?s }")) == wanted
    assert not found.intake.unresolved
    visitors = found.rows("SELECT ?v ?w { [] dg:event ?v ; dg:role role:visitor ; dg:asWritten ?w }")
    said: dict[str, set[str]] = {}
    for visit, written in visitors:
        said.setdefault(visit.rpartition("-")[2], set()).add(written)
    for each in raw:
        text = " ".join(each.findtext("visitor").split())
        assert said[each.findtext("id")], text
        assert all(written in text for written in said[each.findtext("id")])


@pytest.mark.shared
def test_the_visits_from_azerbaijan(everything: tuple) -> None:
    _, found = everything
    rows = found.rows("""SELECT ?d ?p { ?v dg:sentFrom state:AZE ; dg:date ?d . [] dg:event ?v ; dg:role role:visitor ;
        dg:agent ?p ; dg:capacity post:president-of-azerbaijan }""")
    assert Counter(person.rpartition("/")[2] for _, person in rows) == {
        "heydar-aliyev-aze": 5,
        "geidar-aliyev-aze": 1,
        "ilham-aliyev-aze": 4,
    }
    assert sorted(day for day, _ in rows) == [
        *("1994-09-26", "1997-07-29", "1999-04-23", "2000-02-12", "2001-04-07", "2003-02-23"),
        *("2006-04-25", "2010-09-24", "2012-05-20", "2016-03-31"),
    ]


@pytest.mark.shared
def test_who_was_told_apart_and_who_could_be_named(everything: tuple) -> None:
    _, found = everything
    people = {person.rpartition("/")[2] for (person,) in found.rows("SELECT ?p { ?p a dg:Person }")}
    assert {"george-ii-grc", "george-vi-gbr", "bjarni-benediktsson-isl", "bjarni-benediktsson-isl-2024"} <= people
    assert {"hussein-jor", "hussein-i-jor", "hussein-jor-2023"} <= people
    posts = found.rows("SELECT DISTINCT ?v { [] dg:event ?v ; dg:role role:visitor ; dg:capacity ?c }")
    named = found.rows("SELECT DISTINCT ?v { [] dg:event ?v ; dg:role role:visitor ; dg:agent [ a dg:Person ] }")
    assert (len(posts), len(named)) == (3188, 3264)


@pytest.mark.shared
def test_a_slice_fits_the_shapes(everything: tuple, tmp_path: Path, archive: Callable, read_records: Callable) -> None:
    (tmp_path / "data").mkdir()
    for decade in ("1870", "1900"):
        text = (archive("visits") / "data" / f"{decade}.xml").read_bytes()
        (tmp_path / "data" / f"{decade}.xml").write_bytes(text)
    graph: Graph = read_records(read, tmp_path).graph + rdflib_graph(packaged_sources("states")[0].ntriples)
    assert [str(each) for each in findings(graph) if each.severity != "info"] == []

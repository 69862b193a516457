"""Principal officers and chiefs of mission: who held which post and when, and who was only named for it."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from rdflib import Graph

from diplograph.graph.loading import packaged_sources
from diplograph.graph.oxigraph import rdflib_graph
from diplograph.graph.sources.pocom import read
from diplograph.ontology.namespaces import IDENTIFIERS
from diplograph.ontology.validation import findings

EVENTS = ("appointed", "arrived", "started", "ended")
PROPERTIES = ("appointed", "arrived", "from", "until")
MISSION_TO_RUSSIA = "post:ambassador-of-the-united-states-to-russia"
TENURES = f"[] a dg:Tenure ; dg:post {MISSION_TO_RUSSIA}"


def chief(name: str, person: str = "doe-jane", territory: str = "russia", note: str = "", **events: str) -> str:
    """Write one appointment; an event is a date, or a date and a note with a bar between."""
    told = (f"{each}|".split("|")[:2] for each in (events.get(event, "") for event in EVENTS))
    dated = zip(EVENTS, told, strict=True)
    parts = (f"<{event}><date>{day}</date><note>{remark}</note></{event}>" for event, (day, remark) in dated)
    return (
        f"<chief><id>{name}</id><person-id>{person}</person-id><role-title-id>envoy</role-title-id>"
        f"<contemporary-territory-id>{territory}</contemporary-territory-id>{''.join(parts)}<note>{note}</note>"
        "<created-date>2010-05-20</created-date><last-modified-date>2016-01-07</last-modified-date></chief>"
    )


def to_country(*chiefs: str, nominees: str = "", territory: str = "russia") -> str:
    return (
        f"<country-mission><territory-id>{territory}</territory-id><chiefs>\n"
        + "\n".join(chiefs)
        + f"</chiefs><other-nominees>{nominees}</other-nominees></country-mission>"
    )


def elsewhere(kind: str, name: str, title: str, record: str) -> str:
    group = "chiefs" if kind == "org-mission" else "principals"
    named = f"<id>{name}</id><names><singular>{title}</singular></names>"
    return f"<{kind}>{named}<{group}>{record}</{group}></{kind}>"


JANE = """<person><id>doe-jane</id>
<persName><surname>Doe</surname><forename>Jane Ann</forename><genName>II</genName>
<altname>Jenny Doe</altname></persName>
<birth>1890</birth><death/><last-modified-date>2015-02-03</last-modified-date></person>"""
JOHN = """<person><id>roe-john</id><persName><surname>Roe</surname><forename>John</forename></persName></person>"""
ENVOY = "<role><id>envoy</id><names><singular>Envoy Extraordinary</singular></names></role>"


@pytest.fixture
def read_files(tmp_path: Path, read_records: Callable) -> Callable:
    """Read files, given by their paths, together with two persons and a title."""

    def reading(files: dict[str, str]) -> object:
        shared = {"people/d/doe-jane.xml": JANE, "people/r/roe-john.xml": JOHN, "roles-country-chiefs/envoy.xml": ENVOY}
        for file, content in (shared | files).items():
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return read_records(read, tmp_path)

    return reading


@pytest.fixture
def read_chiefs(read_files: Callable) -> Callable:
    return lambda *chiefs, **more: read_files({"missions-countries/russia.xml": to_country(*chiefs, **more)})


def test_a_person_has_a_name_other_names_and_years(read_chiefs: Callable) -> None:
    query = """SELECT ?label ?other ?id ?born ?died {
        person:doe-jane a dg:Person ; skos:prefLabel ?label ; skos:altLabel ?other ; dg:localId ?id ; dg:born ?born
        OPTIONAL { person:doe-jane dg:died ?died } }"""
    assert read_chiefs().rows(query) == {("Jane Ann Doe II", "Jenny Doe", "pocom:doe-jane", "1890", "")}


def test_a_chief_of_mission_holds_the_post_from_the_credentials_to_the_end(read_chiefs: Callable) -> None:
    record = chief("1", appointed="1995-01-02", arrived="1995-02", started="1995-03-01", ended="1997|Left post on")
    query = """SELECT ?appointed ?arrived ?presented ?from ?until ?title ?how { ?t a dg:Tenure ; dg:realis ?held ;
        dg:person person:doe-jane ; dg:post post:ambassador-of-the-united-states-to-russia ; dg:accreditedTo state:RUS ;
        dg:appointed ?appointed ; dg:arrived ?arrived ; dg:presentedCredentials ?presented ; dg:from ?from ;
        dg:until ?until ; dg:roleTitle ?title ; dg:endNote ?how . }"""
    assert read_chiefs(record).rows(query) == {
        ("1995-01-02", "1995-02", "1995-03-01", "1995-03-01", "1997", "Envoy Extraordinary", "Left post on")
    }


def test_the_post_is_found_under_every_title_and_name_of_the_country(read_chiefs: Callable) -> None:
    found = read_chiefs(chief("1", started="1992"), chief("2", territory="soviet-union", started="1970"))
    assert found.rows(f"SELECT ?label {{ {MISSION_TO_RUSSIA} a dg:Post ; skos:prefLabel|skos:altLabel ?label }}") == {
        ("Ambassador of the United States to Russia",),
        ("Ambassador of the United States to the Soviet Union",),
        ("Chief of Mission of the United States in Russia",),
        ("United States Ambassador to Russia",),
        ("Envoy Extraordinary of the United States to Russia",),
    }
    query = f"SELECT ?of ?to {{ {MISSION_TO_RUSSIA} dg:postOf ?of ; dg:accreditedTo ?to }}"
    assert found.rows(query) == {(f"{IDENTIFIERS}state/USA", f"{IDENTIFIERS}state/RUS")}


def test_a_chief_of_mission_is_accredited_to_the_state_of_the_day(read_chiefs: Callable) -> None:
    found = read_chiefs(
        chief("1", territory="soviet-union", started="1970"),
        chief("2", territory="yugoslavia", started="1930"),
        chief("3", territory="yugoslavia", started="1970"),
        chief("4", territory="yugoslavia", started="1998"),
        chief("5", territory="czechoslovakia-1992", started="1980"),
    )
    states = found.rows("SELECT ?from ?state { ?t a dg:Tenure ; dg:from ?from ; dg:accreditedTo ?state }")
    assert {(year, state.rpartition("/")[2]) for year, state in states} == {
        ("1970", "SUN"),
        ("1930", "yugoslavia-kingdom"),
        ("1970", "YUG"),
        ("1998", "SCG"),
        ("1980", "CSK"),
    }


@pytest.mark.parametrize(
    ("territory", "started", "note", "state"),
    [
        ("russia", "1970", "Commissioned to the Union of Soviet Socialist Republics.", "SUN"),
        ("russia", "1905", "Commissioned during a recess. Commissioned to the Soviet Union.", "RUS"),
        ("italy", "1850", "Commissioned to Sardinia (capital at Turin).", "sardinia-kingdom"),
        ("germany", "1800", "Commissioned to Prussia.", "prussia"),
        ("iran", "1900", "Commissioned to Persia.", "IRN"),
        ("burkina-faso", "1960", "Commissioned to Dahomey, Ivory Coast and Upper Volta.", "BFA"),
        ("united-kingdom", "1861", "Commissioned to England.", "GBR"),
        ("congo-kinshasa", "1962", "Commissioned to the Republic of the Congo.", "COD"),
        ("russia", "1970", "Also commissioned to the Soviet Union.", "RUS"),
        ("russia", "1970", "Commissioned to the court of the Tsar.", "RUS"),
    ],
)
def test_a_remark_may_name_the_state_of_the_day(
    read_chiefs: Callable, territory: str, started: str, note: str, state: str
) -> None:
    found = read_chiefs(chief("1", territory=territory, started=started, note=note))
    assert found.rows("SELECT ?state { [] a dg:Tenure ; dg:accreditedTo ?state }") == {(f"{IDENTIFIERS}state/{state}",)}


def test_the_post_is_found_under_the_names_in_remarks(read_chiefs: Callable) -> None:
    found = read_chiefs(
        chief("1", started="1970", note="Commissioned to the Union of Soviet Socialist Republics."),
        chief("2", territory="soviet-union", started="1970"),
    )
    labels = {label for (label,) in found.rows(f"SELECT ?label {{ {MISSION_TO_RUSSIA} skos:altLabel ?label }}")}
    assert {label for label in labels if label.startswith("Ambassador")} == {
        "Ambassador of the United States to the Soviet Union",
        "Ambassador of the United States to the Union of Soviet Socialist Republics",
    }


def test_a_name_of_several_states_means_the_last_of_the_file(read_files: Callable) -> None:
    mission = to_country(
        chief("1", territory="yugoslavia", started="1930"),
        chief("2", territory="yugoslavia", started="1980"),
        territory="yugoslavia",
    )
    found = read_files({"missions-countries/yugoslavia.xml": mission})
    assert found.rows("SELECT ?label ?to { ?p a dg:Post ; skos:prefLabel ?label ; dg:accreditedTo ?to }") == {
        ("Ambassador of the United States to Yugoslavia", f"{IDENTIFIERS}state/YUG")
    }


def test_a_territory_that_is_not_known_is_listed_and_kept_as_written(read_chiefs: Callable) -> None:
    found = read_chiefs(chief("1", territory="atlantis", started="1970"))
    assert found.intake.unresolved == {("territory", "atlantis"): 1}
    assert found.rows(f"SELECT ?words {{ {TENURES} ; dg:asWritten ?words }}") == {("atlantis",)}
    assert not found.rows(f"SELECT ?state {{ {TENURES} ; dg:accreditedTo ?state }}")


def test_a_mission_to_a_territory_that_is_not_known_still_has_a_post(read_files: Callable) -> None:
    mission = to_country(chief("1", started="1970"), territory="lost-atlantis")
    found = read_files({"missions-countries/lost-atlantis.xml": mission})
    assert found.intake.unresolved == {("territory", "lost-atlantis"): 1}
    assert found.rows("SELECT ?label { ?p a dg:Post ; skos:prefLabel ?label }") == {
        ("Ambassador of the United States to Lost Atlantis",)
    }


@pytest.mark.parametrize("day", ["1995", "1995-03", "1995-03-01"])
def test_dates_are_as_exact_as_written(read_chiefs: Callable, day: str) -> None:
    found = read_chiefs(chief("1", appointed=day, arrived=day, started=day, ended=day))
    for event in (*PROPERTIES, "presentedCredentials"):
        assert found.rows(f"SELECT ?day {{ {TENURES} ; dg:{event} ?day }}") == {(day,)}


@pytest.mark.parametrize("events", [{}, {"started": "1995"}, {"ended": "1996"}, {"appointed": "1994-05-06"}])
def test_a_date_that_is_missing_is_missing(read_chiefs: Callable, events: dict[str, str]) -> None:
    found = read_chiefs(chief("1", **events))
    told = {
        event: day
        for event, prop in zip(EVENTS, PROPERTIES, strict=True)
        for (day,) in found.rows(f"SELECT ?day {{ {TENURES} ; dg:{prop} ?day }}")
    }
    assert told == events
    assert len(found.rows(f"SELECT ?p {{ {TENURES} ; dg:person ?p }}")) == 1
    assert found.intake.problems == []


def test_an_open_end_is_no_date(read_chiefs: Callable) -> None:
    found = read_chiefs(chief("1", started="2015", ended="9999-12-31"))
    assert found.rows(f"SELECT ?from ?until {{ {TENURES} ; dg:from ?from OPTIONAL {{ [] dg:until ?until }} }}") == {
        ("2015", "")
    }
    assert found.intake.problems == []


def test_an_end_before_the_start_is_left_out_and_told(read_chiefs: Callable) -> None:
    found = read_chiefs(chief("1", started="1995-03-01", ended="1994-12"))
    assert found.rows(f"SELECT ?from {{ {TENURES} ; dg:from ?from FILTER NOT EXISTS {{ [] dg:until ?u }} }}") == {
        ("1995-03-01",)
    }
    assert [str(problem) for problem in found.intake.problems] == [
        "missions-countries/russia.xml, 1: The end was left out: 1994-12 is before the start, 1995-03-01."
    ]


def test_a_date_that_does_not_exist_is_left_out_and_told(read_chiefs: Callable) -> None:
    found = read_chiefs(chief("1", appointed="1995-02-30", started="1995-03-01"))
    assert found.rows(f"SELECT ?from {{ {TENURES} ; dg:from ?from }}") == {("1995-03-01",)}
    (problem,) = found.intake.problems
    assert (problem.record, problem.message[:37]) == ("1", "The date of appointment was left out:")


def test_who_stands_among_the_nominees_never_served(read_chiefs: Callable) -> None:
    nominee = chief("1", appointed="1995-01-02", note="Nomination withdrawn.")
    found = read_chiefs(nominees=nominee)
    assert found.rows("""SELECT ?date ?note { [] a dg:Nomination ; dg:person person:doe-jane ; dg:date ?date ;
        dg:post post:ambassador-of-the-united-states-to-russia ; dg:accreditedTo state:RUS ;
        dg:evidence [ dg:note ?note ] }""") == {("1995-01-02", "Nomination withdrawn.")}
    assert not found.rows("SELECT ?t { ?t a dg:Tenure }")


def test_a_nominee_s_other_dates_are_kept_as_remarks(read_chiefs: Callable) -> None:
    found = read_chiefs(nominees=chief("1", started="1995-04", ended="1996|Terminated on"))
    assert found.rows("SELECT ?note { [] a dg:Nomination ; dg:evidence [ dg:note ?note ] }") == {
        ("started 1995-04, ended 1996",),
        ("ended: Terminated on",),
    }
    assert [str(problem) for problem in found.intake.problems] == [
        "missions-countries/russia.xml, 1: It is a nomination, so its other dates are remarks only: "
        "started 1995-04, ended 1996."
    ]


@pytest.mark.parametrize(
    "note",
    [
        "Not commissioned; nomination rejected by the Senate.",
        "Commissioned during a recess of the Senate; declined appointment.",
        "Took oath of office, but did not\n        proceed to post.",
        "Did not serve under this appointment.",
        "Nomination of May 12, 1992, not acted upon by the Senate.",
    ],
)
def test_a_remark_that_somebody_never_served_makes_it_a_nomination(read_chiefs: Callable, note: str) -> None:
    counts = read_chiefs(chief("1", appointed="1995", note=note)).intake.finished[0].draft.counts
    assert (counts["Nomination"], counts["Tenure"]) == (1, 0)


@pytest.mark.parametrize(
    ("note", "events"),
    [
        ("Not commissioned; letter of credence dated March 2, 1956.", {"started": "1956-03-17"}),
        ("Recommissioned, but did not serve under his second appointment.", {"ended": "1850-07-18"}),
        ("Did not proceed at once.", {"arrived": "1850-07-18"}),
        ("", {"appointed": "1850|Designated, not commissioned, on"}),
        ("Did not present credentials.", {"appointed": "1850"}),
        ("", {"appointed": "1850"}),
    ],
)
def test_who_came_to_the_post_held_it(read_chiefs: Callable, note: str, events: dict[str, str]) -> None:
    counts = read_chiefs(chief("1", note=note, **events)).intake.finished[0].draft.counts
    assert (counts["Nomination"], counts["Tenure"]) == (0, 1)


def test_a_person_without_a_file_is_called_by_the_identifier(read_chiefs: Callable) -> None:
    found = read_chiefs(chief("1", person="poe-mary-ann", started="1995"), chief("2", person="poe-mary-ann"))
    assert found.rows("SELECT ?label { person:poe-mary-ann a dg:Person ; skos:prefLabel ?label }") == {
        ("Poe Mary Ann",)
    }
    assert [str(problem) for problem in found.intake.problems] == [
        "missions-countries/russia.xml, 1: "
        "The person 'poe-mary-ann' has no file, so no more is known than this identifier."
    ]


def test_a_former_identifier_means_who_had_it(read_files: Callable) -> None:
    mary = "<person><id>poe-mary</id><old-ids><old-id>poe-mary-ann</old-id></old-ids></person>"
    missions = to_country(chief("1", person="poe-mary-ann", started="1995"))
    found = read_files({"people/p/poe-mary.xml": mary, "missions-countries/russia.xml": missions})
    query = f"""SELECT ?note {{ {TENURES} ; dg:person person:poe-mary ;
        dg:evidence [ dg:record "1" ; dg:level level:resolved ; dg:note ?note ] }}"""
    note = "The person 'poe-mary-ann' has no file, and is 'poe-mary', whose former identifier that is."
    assert found.rows(query) == {(note,)}
    assert [problem.message for problem in found.intake.problems] == [note]
    assert found.rows("SELECT ?id { person:poe-mary dg:localId ?id }") == {
        ("pocom:poe-mary",),
        ("pocom:poe-mary-ann",),
    }


def test_a_record_that_names_nobody_is_told(read_chiefs: Callable) -> None:
    found = read_chiefs(chief("1", person="", started="1995"), chief("", person="", started="1995"))
    assert not found.rows("SELECT ?t { ?t a dg:Tenure }")
    assert [(problem.record, problem.message) for problem in found.intake.problems] == [
        ("1", "The record names no person, and was left out."),
        ("line 3", "The record names no person, and was left out."),
    ]


def test_a_person_s_file_without_an_identifier_is_told(read_files: Callable) -> None:
    found = read_files({"people/x/x.xml": "<person><persName/></person>"})
    assert [str(problem) for problem in found.intake.problems] == [
        "people/x/x.xml: It describes no person with an identifier, and was left out."
    ]


def test_a_person_without_a_name_is_called_by_the_identifier(read_files: Callable) -> None:
    found = read_files({"people/x/x.xml": "<person><id>x-y</id><persName/></person>"})
    assert found.rows("SELECT ?label { person:x-y skos:prefLabel ?label }") == {("x-y",)}


def test_a_file_that_breaks_off_is_told_with_its_line(read_files: Callable) -> None:
    broken = to_country(chief("1", started="1995")).replace("<other-nominees>", "\n<oops>")
    found = read_files({"missions-countries/russia.xml": broken})
    assert found.rows(f"SELECT ?from {{ {TENURES} ; dg:from ?from }}") == {("1995",)}
    (problem,) = found.intake.problems
    assert (problem.file, problem.record) == ("missions-countries/russia.xml", "line 3")
    assert problem.message.startswith("No XML from here on, so the rest was not read: mismatched tag")


def test_a_record_that_breaks_off_hides_none_before_it(read_files: Callable) -> None:
    whole = to_country(chief("1", started="1995"), chief("2", started="1999"), chief("3", started="2003"))
    found = read_files({"missions-countries/russia.xml": whole[: whole.index("<started><date>2003")]})
    assert found.rows(f"SELECT ?from {{ {TENURES} ; dg:from ?from }}") == {("1995",), ("1999",)}
    assert [problem.record for problem in found.intake.problems] == ["line 4"]


def test_a_file_that_is_no_xml_hides_no_other(read_files: Callable) -> None:
    files = {"missions-countries/a.xml": "", "people/a/a.xml": "no", "concurrent-appointments/a.xml": "<a"}
    found = read_files(files | {"missions-countries/russia.xml": to_country(chief("1", started="1995"))})
    assert found.rows(f"SELECT ?from {{ {TENURES} ; dg:from ?from }}") == {("1995",)}
    assert {problem.file for problem in found.intake.problems} == files.keys()


def test_two_records_alike_are_one_tenure_with_the_evidence_of_both(read_chiefs: Callable) -> None:
    found = read_chiefs(chief("1", started="1995", ended="1996"), chief("2", started="1995", ended="1996"))
    records = "SELECT ?t ?record { ?t a dg:Tenure ; dg:evidence [ dg:record ?record ; dg:file ?file ] }"
    assert sorted(record for _, record in found.rows(records)) == ["1", "2"]
    assert found.intake.finished[0].draft.counts["Tenure"] == 1


def test_two_records_of_one_identifier_are_two_tenures(read_chiefs: Callable) -> None:
    found = read_chiefs(chief("1", started="1995"), chief("1", started="1999"))
    assert found.rows(f"SELECT ?from ?id {{ {TENURES} ; dg:from ?from ; dg:evidence [ dg:record ?id ] }}") == {
        ("1995", "1"),
        ("1999", "1, line 3"),
    }


COMMISSION = """<concurrent-appointments><id>{id}</id><resident-at><locale-id>{place}</locale-id>
<contemporary-territory-id>{territory}</contemporary-territory-id></resident-at>{chiefs}</concurrent-appointments>"""


def commission(
    *chiefs: str, name: str = "1970-doe-01", place: str = "moscow_ru", territory: str = "soviet-union"
) -> str:
    named = "".join(f"<chief-id>{each}</chief-id>" for each in chiefs)
    return COMMISSION.format(id=name, place=place, territory=territory, chiefs=named)


@pytest.fixture
def read_commission(read_files: Callable) -> Callable:
    missions = {
        "missions-countries/russia.xml": to_country(chief("a", territory="soviet-union", started="1970")),
        "missions-countries/mongolia.xml": to_country(
            chief("b", territory="mongolia", started="1971"), territory="mongolia"
        ),
    }
    return lambda file: read_files(missions | {"concurrent-appointments/c.xml": file})


def test_tenures_of_one_commission_know_one_another(read_commission: Callable) -> None:
    found = read_commission(commission("a", "b"))
    query = """SELECT ?from ?other { ?t dg:from ?from ; dg:residentAt state:SUN ; dg:concurrentWith [ dg:from ?other ] ;
        dg:evidence [ dg:file "concurrent-appointments/c.xml" ;
          dg:record "1970-doe-01" ; dg:asWritten "moscow_ru" ] }"""
    assert found.rows(query) == {("1970", "1971"), ("1971", "1970")}
    assert found.intake.problems == []


def test_a_commission_for_a_tenure_that_is_not_there_is_told(read_commission: Callable) -> None:
    found = read_commission(commission("a", "z", ""))
    assert [str(problem) for problem in found.intake.problems] == [
        "concurrent-appointments/c.xml, 1970-doe-01: It names the record 'z', which there is not.",
        "concurrent-appointments/c.xml, 1970-doe-01: It names the record '', which there is not.",
    ]
    assert found.rows("SELECT ?from { ?t dg:residentAt state:SUN ; dg:from ?from }") == {("1970",)}


def test_a_residence_that_cannot_be_told_is_listed(read_commission: Callable) -> None:
    found = read_commission(commission("a", "b", place="", territory="atlantis"))
    assert found.intake.unresolved == {("territory", "atlantis"): 1}
    assert not found.rows("SELECT ?words { [] dg:asWritten ?words }")
    assert len(found.rows("SELECT ?t { ?t dg:concurrentWith ?other }")) == 2


def test_a_mission_to_an_organization_is_accredited_to_it(read_files: Callable) -> None:
    title = "U.S. Permanent Representative on the Council of the Fair Trade Union (Geneva)"
    mission = elsewhere("org-mission", "representative-to-ftu", title, chief("1", territory="", started="1995"))
    found = read_files({"missions-orgs/representative-to-ftu.xml": mission})
    query = """SELECT ?label ?also ?to ?from { ?post a dg:Post ; skos:prefLabel ?label ; skos:altLabel ?also ;
        dg:postOf state:USA ; dg:accreditedTo ?o .
        ?o a dg:IntergovernmentalOrganization ; skos:prefLabel ?to ; skos:altLabel "FTU"@en .
        [] a dg:Tenure ; dg:post ?post ; dg:presentedCredentials ?from }"""
    label = "Permanent Representative of the United States on the Council of the Fair Trade Union"
    rows = found.rows(query)
    assert {(row[0], *row[2:]) for row in rows} == {(label, "Fair Trade Union", "1995")}
    assert title in {row[1] for row in rows}


@pytest.mark.parametrize(
    ("name", "title", "label"),
    [
        ("secretary", "Secretary of State", "Secretary of State of the United States"),
        ("counselor", "Counselor", "Counselor of the United States Department of State"),
        ("assistant-europe", "Assistant Secretary of State for Europe", "Assistant Secretary of State for Europe"),
    ],
)
def test_a_principal_officer_enters_on_duty_in_the_department(
    read_files: Callable, name: str, title: str, label: str
) -> None:
    record = chief("1", territory="", started="1995", ended="1997-02").replace("chief>", "principal>")
    found = read_files({f"positions-principals/{name}.xml": elsewhere("principal-position", name, title, record)})
    assert found.rows("""SELECT ?label ?department ?from ?until { ?post a dg:Post ; skos:prefLabel ?label ;
        dg:postOf state:USA ; dg:postIn [ skos:prefLabel ?department ] .
        [] a dg:Tenure ; dg:post ?post ; dg:from ?from ; dg:until ?until }""") == {
        (label, "United States Department of State", "1995", "1997-02")
    }
    assert not found.rows("SELECT ?d { [] dg:presentedCredentials ?d }")


def test_a_post_of_another_agency_is_in_no_department(read_files: Callable) -> None:
    record = chief("1", territory="", started="1995").replace("chief>", "principal>")
    title = "U.S. Trade Representative"
    file = elsewhere("principal-position", "us-trade-representative", title, record)
    found = read_files({"positions-principals/us-trade-representative.xml": file})
    assert found.rows("SELECT ?label ?also { ?p a dg:Post ; skos:prefLabel ?label ; skos:altLabel ?also }") >= {
        ("Trade Representative of the United States", title)
    }
    assert not found.rows("SELECT ?d { ?p dg:postIn ?d }")


def test_what_a_file_tells_of_a_post_describes_it(read_files: Callable) -> None:
    note = "<mission-note><text>Closed in 1917.</text></mission-note>"
    mission = to_country(chief("1", started="1995"), note)
    found = read_files({"missions-countries/russia.xml": mission})
    assert found.rows(f"SELECT ?words {{ {MISSION_TO_RUSSIA} dcterms:description ?words }}") == {("Closed in 1917.",)}


def test_the_dataset_knows_when_it_was_last_changed(read_chiefs: Callable) -> None:
    found = read_chiefs(chief("1", started="1995"))
    query = "SELECT ?d ?by { ?set a dg:Dataset ; dg:lastUpdated ?d ; dcterms:publisher [ skos:prefLabel ?by ] }"
    assert found.rows(query) == {("2016-01-07", "Office of the Historian, United States Department of State")}


def test_everything_has_evidence_stated_in_the_record(read_chiefs: Callable) -> None:
    found = read_chiefs(chief("1", started="1995|At Moscow", note="Twice\n  appointed."))
    query = f"""SELECT ?file ?record ?note {{ {TENURES} ; dg:evidence [ a dg:Evidence ; dg:level level:stated ;
        dg:file ?file ; dg:record ?record ; dg:note ?note ] }}"""
    assert found.rows(query) == {
        ("missions-countries/russia.xml", "1", "Twice appointed."),
        ("missions-countries/russia.xml", "1", "started: At Moscow"),
    }


# The records themselves

APPOINTED = {"affa-2017-risc", "terr-2017-sale", "affa-2016-kaid", "inst--bash"}
"""Those among other appointees who are no mere nominees: two took up their post, of two there is no nomination."""


class Raw(NamedTuple):
    """One appointment as its file has it: `dates` in the order of EVENTS, empty where there is none."""

    file: str
    section: str
    record: str
    person: str
    dates: tuple[str, ...]
    remark: str

    @property
    def served(self) -> bool:
        return self.section in {"chiefs", "principals"} or self.record in APPOINTED


def plain(element: ElementTree.Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def appointments(directory: Path) -> Iterator[Raw]:
    for path in sorted(directory.glob("missions-*/*.xml")) + sorted(directory.glob("positions-principals/*.xml")):
        for section in ElementTree.parse(path).getroot():
            for each in [*section.findall("chief"), *section.findall("principal")]:
                dates = tuple(plain(each, f"{event}/date") for event in EVENTS)
                file = f"{path.parent.name}/{path.name}"
                remark = " ".join(plain(each, "note").split())
                yield Raw(file, section.tag, plain(each, "id"), plain(each, "person-id"), dates, remark)


def by_record(rows: set[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return rows that begin with a file and a record, those of commissions left out, without a record's line."""
    return [(file, record.split(",")[0], *rest) for file, record, *rest in rows if not file.startswith("concurrent")]


@pytest.fixture(scope="module")
def everything(archive: Callable, read_records: Callable) -> tuple:
    directory = archive("pocom")
    return directory, list(appointments(directory)), read_records(read, directory)


FORMER = "wilson-huntington-francis-mairs-huntington-wilson"
ENDS_BEFORE_ITS_START = ("positions-principals/second-assistant-secretary.xml", "secr-1866-hunt")


@pytest.mark.shared
def test_every_person_is_there_by_every_identifier(everything: tuple) -> None:
    directory, raw, found = everything
    files = [ElementTree.parse(path).getroot() for path in directory.glob("people/*/*.xml")]
    assert len(files) == 4261
    known = {plain(person, "id"): plain(person, "id") for person in files}
    known |= {(old.text or "").strip(): plain(person, "id") for person in files for old in person.iter("old-id")}
    assert {each.person for each in raw} <= known.keys()
    persons = found.rows("SELECT ?person ?id { ?person a dg:Person ; dg:localId ?id }")
    assert persons == {(f"{IDENTIFIERS}person/{name}", f"pocom:{identifier}") for identifier, name in known.items()}


@pytest.mark.shared
def test_every_record_gives_its_person_a_tenure_or_a_nomination(everything: tuple) -> None:
    _, raw, found = everything
    assert len(raw) == 7262
    facts = found.rows("""SELECT ?file ?record ?person ?level ?fact { VALUES ?kind { dg:Tenure dg:Nomination }
        ?fact a ?kind ; dg:person ?person ; dg:evidence [ dg:file ?file ; dg:record ?record ; dg:level ?level ] }""")
    ours = Counter((file, record, person.rpartition("/")[2]) for file, record, person, *_ in by_record(facts))
    now = {FORMER: "wilson-francis-mairs-huntington"}
    assert ours == Counter((each.file, each.record, now.get(each.person, each.person)) for each in raw)
    resolved = {record for _, record, _, level, _ in by_record(facts) if level.endswith("/resolved")}
    assert resolved == {each.record for each in raw if each.person == FORMER}


@pytest.mark.shared
def test_the_dates_of_every_tenure_are_as_written(everything: tuple) -> None:
    _, raw, found = everything
    dates = " ".join(f"OPTIONAL {{ ?t dg:{prop} ?{prop} }}" for prop in PROPERTIES)
    rows = found.rows(f"""SELECT ?file ?record ?appointed ?arrived ?from ?until {{
        ?t a dg:Tenure ; dg:evidence [ dg:file ?file ; dg:record ?record ] {dates} }}""")
    written = defaultdict(set)
    for each in raw:
        known = each.dates[:3] if (each.file, each.record) == ENDS_BEFORE_ITS_START else each.dates
        written[each.file, each.record].add((*known, *[""] * (4 - len(known))))
    ours = by_record(rows)
    assert [row for row in ours if tuple(row[2:]) not in written[row[:2]]] == []
    assert len(ours) > 6800


@pytest.mark.shared
def test_every_remark_of_a_record_is_with_its_evidence(everything: tuple) -> None:
    _, raw, found = everything
    notes = by_record(found.rows("SELECT ?file ?record ?note { [] dg:file ?file ; dg:record ?record ; dg:note ?note }"))
    assert {(each.file, each.record, each.remark) for each in raw if each.remark} <= set(notes)


@pytest.mark.shared
def test_a_nomination_has_the_date_of_appointment(everything: tuple) -> None:
    _, raw, found = everything
    rows = found.rows("""SELECT ?file ?record ?date { ?n a dg:Nomination ;
        dg:evidence [ dg:file ?file ; dg:record ?record ] OPTIONAL { ?n dg:date ?date } }""")
    nominations = by_record(rows)
    assert set(nominations) <= {(each.file, each.record, each.dates[0]) for each in raw}
    assert len([row for row in nominations if row[2]]) > 200


@pytest.mark.shared
def test_who_stands_among_the_nominees_has_a_nomination_only(everything: tuple) -> None:
    _, raw, found = everything
    nominated = {(each.file, each.record) for each in raw if not each.served}
    served = {(each.file, each.record) for each in raw if each.served}
    tenures = found.rows("SELECT ?file ?record { ?t a dg:Tenure ; dg:evidence [ dg:file ?file ; dg:record ?record ] }")
    assert len([each for each in raw if each.section == "other-nominees"]) == 393
    assert len(nominated) == 414
    assert not (nominated - served) & set(by_record(tenures))
    assert not found.rows("SELECT ?t { ?t a dg:Tenure, dg:Nomination }")


@pytest.mark.shared
def test_what_is_taken_for_a_nomination_elsewhere_has_no_date_of_service(everything: tuple) -> None:
    _, raw, found = everything
    query = "SELECT ?file ?record { ?n a dg:Nomination ; dg:evidence [ dg:file ?file ; dg:record ?record ] }"
    nominations = set(by_record(found.rows(query)))
    listed = {(each.file, each.record) for each in raw if each.section.startswith("other")}
    taken = [each for each in raw if (each.file, each.record) in nominations - listed]
    assert len(taken) == 5
    assert not [each for each in taken if any(each.dates[1:])]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "post"),
    [
        ("missions-countries/azerbaijan.xml", "ambassador-of-the-united-states-to-azerbaijan"),
        ("missions-countries/russia.xml", "ambassador-of-the-united-states-to-russia"),
        ("missions-countries/congo-democratic-republic.xml", None),
        ("positions-principals/secretary.xml", "secretary-of-state-of-the-united-states"),
        ("missions-orgs/representative-to-asean.xml", None),
    ],
)
def test_the_holders_of_a_post_are_those_of_its_file(everything: tuple, file: str, post: str | None) -> None:
    _, raw, found = everything
    nominations = found.rows(
        f"SELECT ?record {{ ?n a dg:Nomination ; dg:evidence [ dg:file '{file}' ; dg:record ?record ] }}"
    )
    wanted = sorted(
        (each.person, each.dates[2], each.dates[3])
        for each in raw
        if each.file == file and each.section in {"chiefs", "principals"} and (each.record,) not in nominations
    )
    (holding,) = found.rows(f"SELECT DISTINCT ?p {{ ?t a dg:Tenure ; dg:post ?p ; dg:evidence [ dg:file '{file}' ] }}")
    assert post is None or holding == (f"{IDENTIFIERS}post/{post}",)
    rows = found.rows(f"""SELECT ?t ?person ?from ?until {{ ?t a dg:Tenure ; dg:post <{holding[0]}> ; dg:person ?person
        OPTIONAL {{ ?t dg:from ?from }} OPTIONAL {{ ?t dg:until ?until }} }}""")
    assert sorted((person.rpartition("/")[2], begun, ended) for _, person, begun, ended in rows) == wanted


@pytest.mark.shared
def test_every_file_has_a_post_of_its_own(everything: tuple) -> None:
    _, raw, found = everything
    rows = found.rows("""SELECT DISTINCT ?file ?post { ?t dg:post ?post ; dg:evidence [ dg:file ?file ]
        FILTER(!STRSTARTS(?file, "concurrent")) }""")
    assert {file for file, _ in rows} == {each.file for each in raw}
    assert len({post for _, post in rows}) == len(rows)


@pytest.mark.shared
def test_every_commission_to_several_states_is_told(everything: tuple) -> None:
    directory, _, found = everything
    wanted = {
        (f"concurrent-appointments/{path.name}", plain(top, "id"), plain(top, "resident-at/locale-id"))
        for path in directory.glob("concurrent-appointments/*.xml")
        for top in [ElementTree.parse(path).getroot()]
    }
    assert (
        found.rows("""SELECT ?file ?record ?place { ?t dg:residentAt ?state ;
        dg:evidence [ dg:file ?file ; dg:record ?record ; dg:asWritten ?place ] }""")
        == wanted
    )


@pytest.mark.shared
def test_every_territory_is_known_and_few_records_have_problems(everything: tuple) -> None:
    _, _, found = everything
    assert not found.intake.unresolved
    told = Counter(problem.message.partition(":")[0].partition("'")[0] for problem in found.intake.problems)
    assert told == {
        "The end was left out": 1,
        "The person ": 1,
        "It is a nomination, so its other dates are remarks only": 5,
    }


@pytest.mark.shared
def test_a_slice_fits_the_shapes(everything: tuple, tmp_path: Path, read_records: Callable) -> None:
    directory, raw, _ = everything
    files = {
        "missions-countries/azerbaijan.xml",
        "missions-countries/georgia.xml",
        "missions-countries/russia.xml",
        "positions-principals/secretary.xml",
        "missions-orgs/representative-to-asean.xml",
    }
    people = [each.person for each in raw if each.file in files]
    wanted = [directory / file for file in files] + [*directory.glob("roles-country-chiefs/*.xml")]
    wanted += [path for path in directory.glob("people/*/*.xml") if path.stem in people]
    for path in wanted:
        copy = tmp_path / path.relative_to(directory)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    read_slice = read_records(read, tmp_path)
    assert read_slice.intake.problems == []
    graph: Graph = rdflib_graph(read_slice.file.read_bytes()) + rdflib_graph(packaged_sources("states")[0].ntriples)
    assert [str(each) for each in findings(graph) if each.severity != "info"] == []

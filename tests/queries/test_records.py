"""What records answer: visits, missions and their vacancies, nominees, relations and treaties, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from diplograph import Store, ask

StoreOf = Callable[..., Store]
SAMPLE = (Path(__file__).parent / "records.ttl").read_text("utf-8")


@pytest.fixture(scope="module")
def store(store_of: StoreOf) -> Store:
    return store_of(records=SAMPLE)


@pytest.fixture(scope="module", params=["oxigraph", "rdflib"])
def engine(request: pytest.FixtureRequest, store: Store, in_rdflib: Callable[[Store], Store]) -> Store:
    return store if request.param == "oxigraph" else in_rdflib(store)


def short(value: object) -> str:
    return str(value).rpartition("/")[2]


def answer(store: Store, name: str, columns: str, **values: str) -> list[tuple[str, ...]]:
    rows = ask(store, name, values).terms()
    return [tuple(short(row.get(column, "")) for column in columns.split()) for row in rows]


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("1000", "2999", [("gus", "2000-03-01", "yes"), ("gus", "2001", "yes"), ("hal", "2012-05-05", "yes")]),
        ("2000-03-02", "2000-03-02", [("gus", "2000-03-01", "yes")]),
        ("2000-03-03", "2000-12-31", []),
        ("2001-06", "2001-07", [("gus", "2001", "uncertain")]),
        ("2001", "2001", [("gus", "2001", "yes")]),
        ("2012-05-06", "2020", []),
    ],
)
def test_visits_to_a_state_are_those_that_touch_the_time(
    engine: Store, start: str, end: str, found: list[tuple[str, ...]]
) -> None:
    given = {"state": "state/AAA", "from": start, "to": end}
    assert answer(engine, "visits-to", "visitor start answer", **given) == found


def test_visits_from_a_state_are_counted_by_decade(engine: Store) -> None:
    columns = "decade visits visitors destinations first last"
    assert answer(engine, "visits-from", columns, state="state/BBB") == [
        ("2000s", "2", "1", "1", "2000-03-01", "2001"),
        ("2010s", "1", "1", "1", "2012-05-05", "2012-05-05"),
    ]


def test_visitors_come_with_the_number_of_their_visits(engine: Store) -> None:
    assert answer(engine, "visitors-from", "visitor visits first last", state="state/BBB") == [
        ("gus", "2", "2000-03-01", "2001"),
        ("hal", "1", "2012-05-05", "2012-05-05"),
    ]


def test_the_visits_of_a_person_and_between_two_states_come_in_order(engine: Store) -> None:
    assert answer(engine, "visits-by", "destination start asWritten", person="person/gus") == [
        ("AAA", "2000-03-01", "King Gus"),
        ("AAA", "2001", ""),
    ]
    assert answer(engine, "visits-by", "capacity end", person="person/bob") == [("minister", "1999-12-30")]
    for a, b in (("state/AAA", "state/BBB"), ("state/BBB", "state/AAA")):
        found = answer(engine, "visits-between", "visit", a=a, b=b)
        assert found == [("visit-1",), ("visit-2",), ("visit-3",), ("visit-4",)]


@pytest.mark.parametrize(("within", "found"), [("61", []), ("62", [("bob", "gus", "62")])])
def test_a_return_visit_follows_within_days_over_a_leap_year(
    engine: Store, within: str, found: list[tuple[str, ...]]
) -> None:
    given = {"state": "state/BBB", "within": within}
    assert answer(engine, "visits-after-trip", "traveller visitor days", **given) == found


OPEN = "no end is known, and the record was last updated 2020-06-30"


@pytest.mark.parametrize(
    ("on", "vacant", "person", "reason"),
    [
        ("1999-05-05", "uncertain", "", "before the first tenure of the record, which began 2000-03-01"),
        ("2000-03-01", "no", "ann", "between beginning and end"),
        ("2002-06-30", "no", "ann", "between beginning and end"),
        ("2002-07-01", "yes", "", "between the tenure that ended 2002-06-30 and the one that began 2003-07-01"),
        ("2004-01-01", "uncertain", "bob", "the end is open or not known"),
        ("2006-01-15", "no", "cid", "between beginning and end"),
        ("2010-05-05", "uncertain", "cid", "the end is not known to the day"),
        ("2011-01-01", "yes", "", "between the tenure that ended 2010 and the one that began 2019-01-01"),
        ("2020-06-30", "uncertain", "dan", "the end is open or not known"),
        ("2020-07-01", "uncertain", "dan", OPEN),
    ],
)
def test_a_mission_is_held_or_vacant_as_far_as_the_record_decides(
    engine: Store, on: str, vacant: str, person: str, reason: str
) -> None:
    found = answer(engine, "ambassador-to", "post vacant person reason", state="state/BBB", on=on)
    assert found == [("to-b", vacant, person, reason)]


def test_an_ambassador_to_a_former_state_is_found_with_the_title_of_the_time(engine: Store) -> None:
    found = answer(engine, "ambassador-to", "post person title", state="state/OLD", on="2001-01-01")
    assert found == [("to-b", "ann", "Envoy")]


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (
            "2008-01-31",
            [("yes", "", "nobody in the record since the tenure that ended 2006; it was last updated 2020-06-30")],
        ),
        ("2008-02-01", [("uncertain", "fay", "neither beginning nor end is known; appointed 2008-02-01")]),
    ],
)  # fmt: skip
def test_who_is_only_known_to_be_appointed_is_uncertain_from_then_on(
    engine: Store, on: str, found: list[tuple[str, ...]]
) -> None:
    assert answer(engine, "ambassador-to", "vacant person reason", state="state/CCC", on=on) == found


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("2003-01-01", []),
        ("2004-01-01", [("bob", "uncertain", "the end is open or not known")]),
        (
            "2008-01-01",
            [
                ("cid", "yes", "between beginning and end"),
                ("bob", "uncertain", "the end is not known; the next tenure began 2006-01-15"),
            ],
        ),
        ("2020-07-01", [
            ("bob", "uncertain", "the end is not known; the next tenure began 2006-01-15"),
            ("dan", "uncertain", OPEN),
        ]),
    ],
)  # fmt: skip
def test_an_open_end_is_no_proof_and_the_reason_says_what_the_record_knows(
    engine: Store, on: str, found: list[tuple[str, ...]]
) -> None:
    assert answer(engine, "who-held-post", "person answer reason", post="post/to-b", on=on) == found


def test_nobody_holds_a_post_before_the_appointment(engine: Store) -> None:
    assert answer(engine, "who-held-post", "person", post="post/to-c", on="2008-01-31") == []
    (row,) = answer(engine, "who-held-post", "person answer reason", post="post/to-c", on="2008-02-01")
    assert row == ("fay", "uncertain", "neither beginning nor end is known; appointed 2008-02-01")


def test_long_vacancies_come_the_longest_first(engine: Store) -> None:
    columns = "post left vacantFrom vacantUntil days"
    [longest] = answer(engine, "longest-vacancies", columns, years="1")
    assert longest == ("to-b", "ann", "2002-06-30", "2003-07-01", "365")
    assert answer(engine, "longest-vacancies", columns, years="2") == []


def test_those_with_the_most_missions_are_named_with_whoever_shares_the_last_place(engine: Store) -> None:
    assert answer(engine, "most-missions", "person missions", limit="1") == [("ann", "2")]
    everybody = [("ann", "2"), ("bob", "1"), ("cid", "1"), ("dan", "1"), ("fay", "1")]
    assert answer(engine, "most-missions", "person missions", limit="2") == everybody


def test_who_held_both_posts(engine: Store) -> None:
    found = answer(engine, "held-both", "person fromA fromB", a="post/to-b", b="post/minister")
    assert found == [("bob", "2003-07-01", "2012-01-01")]


def test_nominees_are_those_who_never_served(engine: Store) -> None:
    assert answer(engine, "nominees", "person date note", post="post/to-b") == [("eve", "2011-05", "Declined.")]


def test_relations_are_recognized_established_ended_and_resumed(engine: Store) -> None:
    history = [("1900", "recognized"), ("1901-05", "established"), ("1941-12-08", "ended"), ("1946", "resumed")]
    for a, b in (("state/AAA", "state/BBB"), ("state/BBB", "state/AAA")):
        assert answer(engine, "relations-history", "date what", a=a, b=b) == history


def test_the_overlap_of_agreements_is_common_over_all(engine: Store) -> None:
    columns = "agreementsOfA agreementsOfB common"
    assert answer(engine, "treaty-overlap", columns, a="state/AAA", b="state/BBB") == [("3", "2", "2")]
    for a, b, share in (("AAA", "BBB", 0.6667), ("BBB", "CCC", 0.3333), ("AAA", "AAA", 1.0)):
        (row,) = ask(engine, "treaty-overlap", a=f"state/{a}", b=f"state/{b}")
        assert float(row["jaccard"]) == share
    (row,) = ask(engine, "treaty-overlap", a="state/OLD", b="state/BBB")
    assert (row["agreementsOfA"], row["agreementsOfB"], row["common"]) == (0, 2, 0)


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("1992-05-05", [("l", "uncertain", "a beginning is not known")]),
        (
            "1993-05-05",
            [
                ("k", "uncertain", "a beginning is not known to the day"),
                ("l", "uncertain", "a beginning is not known"),
            ],
        ),
        ("2006-01-01", [("k", "yes", "between beginning and end")]),
        ("2015-04-01", [("k", "yes", "between beginning and end")]),
        ("2015-04-02", []),
    ],
)  # fmt: skip
def test_agreements_bind_both_while_both_are_parties(engine: Store, on: str, found: list[tuple[str, ...]]) -> None:
    given = {"a": "state/AAA", "b": "state/BBB", "on": on}
    assert answer(engine, "agreements-binding-both", "agreement answer reason", **given) == found


def test_what_is_open_in_a_record_is_uncertain_after_its_last_update(engine: Store) -> None:
    given = {"a": "state/AAA", "b": "state/CCC"}
    columns = "agreement answer reason"
    certain = ("k", "yes", "between beginning and end")
    assert certain in answer(engine, "agreements-binding-both", columns, **given, on="2020-06-30")
    late = answer(engine, "agreements-binding-both", columns, **given, on="2020-07-01")
    assert ("k", "uncertain", "the record was last updated 2020-06-30") in late


def test_parties_are_counted_year_by_year(engine: Store) -> None:
    assert answer(engine, "parties-over-time", "year joined left parties", agreement="agreement/k") == [
        ("1991", "1", "0", "1"),
        ("1993", "2", "0", "3"),
        ("2015", "0", "1", "2"),
    ]


def test_anniversaries_cover_visits_relations_and_treaties_once_each(engine: Store) -> None:
    rows = ask(engine, "anniversaries", {"on": "2026-05-05", "within": "20"}).terms()
    found = [(short(row["what"]), str(row["years"])) for row in rows]
    assert found == [("visit-4", "14"), ("k", "36"), ("relations", "125")]
    assert all("fact" in row for row in rows)


def test_two_years_of_birth_disagree_and_a_less_exact_date_does_not(store_of: StoreOf) -> None:
    one = 'person:a a dg:Person ; dg:born "{0}"^^xsd:{1} .\n'.format
    assert answer(store_of(a=one("1900-05", "gYearMonth"), b=one("1900", "gYear")), "disagreements", "value") == []
    differ = store_of(a=one("1900", "gYear"), b=one("1901", "gYear"))
    assert answer(differ, "disagreements", "value otherValue") == [("1900", "1901"), ("1901", "1900")]

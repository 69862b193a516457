"""Anniversaries by the calendar, relations, and memberships that were common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from diplograph import Store, ask

StoreOf = Callable[..., Store]


def dated(name: str, day: str, kind: str = "date") -> str:
    return f'[] a dg:Assertion ; rdf:subject event:{name} ; rdf:predicate dg:date ; rdf:object "{day}"^^xsd:{kind} .\n'


def anniversaries(store: Store, on: str, within: int) -> list[tuple[str, str, int]]:
    rows = ask(store, "anniversaries", on=on, within=within).terms()
    return [(str(r["what"]).rpartition("/")[2], str(r["anniversary"]), int(str(r["years"]))) for r in rows]


def recurring(day: date, year: int) -> date:
    """The day in another year; what happened on 29 February is remembered on the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def following(day: date, on: date) -> date:
    this_year = recurring(day, on.year)
    return this_year if this_year >= on else recurring(day, on.year + 1)


@pytest.fixture(scope="module")
def every_day(store_of: StoreOf) -> tuple[Store, list[date]]:
    """A store with an event on each day of a leap year."""
    days = [date(2000, 1, 1) + timedelta(days=n) for n in range(366)]
    return store_of(a="".join(dated(f"d{day:%m%d}", day.isoformat()) for day in days)), days


@given(on=st.dates(date(2001, 1, 1), date(2400, 12, 31)), within=st.integers(0, 365))
@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate],
          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
def test_an_anniversary_comes_up_as_the_calendar_says(
    every_day: tuple[Store, list[date]], on: date, within: int
) -> None:
    store, days = every_day
    expected = [
        (f"d{day:%m%d}", again.isoformat(), again.year - 2000)
        for day in days
        if (again := following(day, on)) - on <= timedelta(days=within)
    ]
    assert sorted(anniversaries(store, on.isoformat(), within)) == sorted(expected)


@pytest.mark.parametrize(
    ("day", "on", "within", "found"),
    [
        ("2020-04-01", "2026-03-31", 0, []),
        ("2020-04-01", "2026-03-31", 1, [("e", "2026-04-01", 6)]),
        ("2020-01-02", "2025-12-31", 2, [("e", "2026-01-02", 6)]),
        ("2020-01-02", "2025-12-31", 1, []),
        ("2020-02-29", "2026-02-28", 0, [("e", "2026-02-28", 6)]),
        ("2020-02-29", "2028-02-28", 1, [("e", "2028-02-29", 8)]),
        ("2020-02-29", "2026-03-01", 30, []),
        ("2020-02-29", "2027-03-01", 365, [("e", "2028-02-29", 8)]),
        ("2026-02-20", "2026-02-20", 0, []),
        ("2030-02-20", "2026-02-20", 30, []),
    ],
)
def test_days_are_counted_over_months_years_and_leap_days(
    store_of: StoreOf, day: str, on: str, within: int, found: list[tuple[str, str, int]]
) -> None:
    assert anniversaries(store_of(a=dated("e", day)), on, within) == found


def test_what_has_no_day_has_no_anniversary_and_a_timestamp_has_one(store_of: StoreOf) -> None:
    told = dated("year", "2020", "gYear") + dated("month", "2020-03", "gYearMonth")
    store = store_of(a=told + dated("time", "2020-03-05T10:00:00Z", "dateTime"))
    assert anniversaries(store, "2026-03-01", 365) == [("time", "2026-03-05", 6)]


MEMBERS = "organization:x a dg:Organization . state:AAA a dg:State . state:BBB a dg:State .\n"


def member(name: str, said: str = "") -> str:
    return f"[] a dg:Membership ; dg:member state:{name} ; dg:organization organization:x {said} .\n"


def common(store: Store) -> list[str]:
    rows = ask(store, "common-memberships", a="state/AAA", b="state/BBB").terms()
    return [str(row["organization"]).rpartition("/")[2] for row in rows]


def test_both_belong_where_their_memberships_can_have_met(store_of: StoreOf) -> None:
    assert common(store_of(a=MEMBERS + member("AAA") + member("BBB"))) == ["x"]
    assert common(store_of(a=MEMBERS + member("AAA"))) == []
    assert common(store_of(a=MEMBERS + member("AAA") + member("BBB", "; dg:realis realis:planned"))) == []


@pytest.mark.parametrize(
    ("until", "start", "met"),
    [
        ('"2009-08-18"^^xsd:date', '"2010"^^xsd:gYear', False),
        ('"2009"^^xsd:gYear', '"2009-05"^^xsd:gYearMonth', True),
        ('"2009-04"^^xsd:gYearMonth', '"2009-05-01"^^xsd:date', False),
        ('"2012"^^xsd:gYear', '"2010"^^xsd:gYear', True),
    ],
)
def test_who_left_before_the_other_joined_was_never_with_it(
    store_of: StoreOf, until: str, start: str, met: bool
) -> None:
    one, two = f"; dg:until {until}", f"; dg:from {start}"
    for first, second in ((one, two), (two, one)):
        store = store_of(a=MEMBERS + member("AAA", first) + member("BBB", second))
        assert common(store) == (["x"] if met else [])


def test_relations_are_found_from_both_sides_with_who_claims_them(store_of: StoreOf) -> None:
    told = """
        state:AAA a dg:State . state:BBB a dg:State . person:c a dg:Person .
        [] a dg:Relations ; dg:oneSide state:BBB ; dg:otherSide state:AAA ; dg:relationKind relation:partnership .
        [] a dg:Relations ; dg:oneSide state:AAA ; dg:otherSide state:BBB ; dg:relationKind relation:cooperation ;
           dg:realis realis:claimed ; dg:claimedBy person:c .
    """
    store = store_of(a=told)
    for a, b in (("state/AAA", "state/BBB"), ("state/BBB", "state/AAA")):
        rows = ask(store, "relations-between", a=a, b=b).terms()
        found = [[str(row.get(column, "")) for column in ("kind", "status", "claimedBy")] for row in rows]
        assert [[value.rpartition("/")[2] for value in row] for row in found] == [
            ["cooperation", "claimed", "c"],
            ["partnership", "held", ""],
        ]


def test_a_relation_of_one_to_itself_is_told_once_by_either_engine(
    store_of: StoreOf, in_rdflib: Callable[[Store], Store]
) -> None:
    store = store_of(
        a="""
            state:AAA a dg:State ; skos:prefLabel "A"@en .
            [] a dg:Relations ; dg:oneSide state:AAA ; dg:otherSide state:AAA ; dg:relationKind relation:recognition .
        """
    )
    for engine in (store, in_rdflib(store)):
        assert len(ask(engine, "relations-between", a="A", b="A")) == 1


def test_an_anniversary_that_no_fact_tells_rests_on_none_in_either_engine(
    store_of: StoreOf, in_rdflib: Callable[[Store], Store]
) -> None:
    store = store_of(a='event:old a dg:Event ; skos:prefLabel "Old"@en ; dg:date "2000-03-01"^^xsd:date .')
    for engine in (store, in_rdflib(store)):
        (row,) = ask(engine, "anniversaries", on="2020-02-28", within=30).terms()
        assert "fact" not in row

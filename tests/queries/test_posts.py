"""Who held a post when, and when nobody did: checked against every way in which partial dates can be read."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest

from diplograph import Store, ask
from diplograph.ontology.dates import PartialDate

StoreOf = Callable[..., Store]

# A calendar of eight days in two years, each with two months of two days, and the time before and after them. Only the
# order of days matters, so it stands for any other.
DAYS = [f"{y}-{m}-{d}" for y in ("2022", "2023") for m in ("01", "12") for d in ("01", "31")]
CALENDAR = ["before", *DAYS, "later"]
WRITTEN = [*sorted({day[:4] for day in DAYS}), *sorted({day[:7] for day in DAYS}), *DAYS]
OPTIONAL = [None, *WRITTEN]


def meant(written: str | None) -> list[int]:
    """The days that a date can mean; one that is not given can be any."""
    return [at for at, day in enumerate(CALENDAR) if written is None or day.startswith(written)]


def readings(start: str | None, end: str | None, as_of: str | None) -> list[tuple[int, int]]:
    """Every unbroken tenure that the record allows, as first and last day."""
    return [
        (first, last)
        for first in meant(start)
        for last in meant(end)
        if first <= last and (as_of is None or any(first <= day <= last for day in meant(as_of)))
    ]


def expected(possible: Iterable[tuple[int, int]], on: str) -> str | None:
    """Whether somebody held the post at some time in what is asked for, in all readings, in some, or in none."""
    asked = meant(on)
    held = {first <= asked[-1] and last >= asked[0] for first, last in possible}
    return {frozenset({True}): "yes", frozenset({False}): None}.get(frozenset(held), "uncertain")


def literal(written: str) -> str:
    return PartialDate(written).term.n3()


def tenure(person: str, start: str | None = None, end: str | None = None, as_of: str | None = None) -> str:
    said = [f"dg:from {literal(start)}"] if start else []
    said += [f"dg:until {literal(end)}"] if end else []
    said += [f"dg:evidence [ dg:asOf {literal(as_of)} ]"] if as_of else []
    return f"[] a dg:Tenure ; dg:post post:p ; dg:person person:{person}{''.join(f' ; {part}' for part in said)} .\n"


def holders(store: Store, on: str, post: str = "post/p") -> dict[str, tuple[str, str]]:
    table = ask(store, "who-held-post", post=post, on=on)
    return {str(row["person"]).rpartition("/")[2]: (str(row["answer"]), str(row["reason"])) for row in table.terms()}


def test_the_answer_is_yes_where_every_reading_agrees_and_uncertain_where_they_differ(store_of: StoreOf) -> None:
    records = [
        (record, possible)
        for record in itertools.product(OPTIONAL, OPTIONAL, [None, "2022", "2022-12", "2022-12-01", "2023-01-31"])
        if (possible := readings(*record))
    ]
    store = store_of(a="".join(tenure(f"n{number}", *record) for number, (record, _) in enumerate(records)))
    for on in WRITTEN:
        found = {person: answer for person, (answer, _) in holders(store, on).items()}
        for number, (record, possible) in enumerate(records):
            # The instance of a record, and the answer that follows from its readings alone.
            assert found.get(f"n{number}") == expected(possible, on), (record, on)


@pytest.mark.parametrize(
    ("record", "on", "answer", "reason"),
    [
        (("2020-07-16", None), "2020-07-16", "yes", "between beginning and end"),
        (("2020-07-16", None), "2020-07-17", "uncertain", "the end is open or not known"),
        ((None, "2020-07-16"), "2020-07-16", "yes", "between beginning and end"),
        ((None, "2020-07-16"), "2020-07-15", "uncertain", "the beginning is not known"),
        (("2020", "2022"), "2021-05-05", "yes", "between beginning and end"),
        (("2020", "2022"), "2020-05-05", "uncertain", "the beginning is not known to the day"),
        (("2020", "2022"), "2022-05-05", "uncertain", "the end is not known to the day"),
        (("2020-05-05", "2022"), "2020", "yes", "between beginning and end"),
        ((None, None, "2022-03-01"), "2022-03-01", "yes", "a source vouches for that day"),
        ((None, None, "2022-03-01"), "2022-03-02", "uncertain", "the beginning is not known"),
        ((None, None, "2022-03-01"), "2022-02-28", "uncertain", "the beginning is not known"),
        (("2020", None, "2022-03-01"), "2021", "yes", "between beginning and end"),
        ((None, "2022", "2020-03-01"), "2021-01-01", "yes", "between beginning and end"),
    ],
)
def test_the_reason_says_what_decides_or_what_is_missing(
    store_of: StoreOf, record: tuple[str | None, ...], on: str, answer: str, reason: str
) -> None:
    assert holders(store_of(a=tenure("a", *record)), on) == {"a": (answer, reason)}


def test_two_days_that_sources_vouch_for_may_belong_to_two_stays_in_the_post(store_of: StoreOf) -> None:
    a, b = (tenure("a", as_of=day) for day in ("2020-01-01", "2022-01-01"))
    store = store_of(a=a, b=b)
    assert [holders(store, on)["a"][0] for on in ("2020-01-01", "2021", "2022-01")] == ["yes", "uncertain", "yes"]


def test_a_source_vouches_for_a_month_with_any_day_in_it(store_of: StoreOf) -> None:
    assert holders(store_of(a=tenure("a", as_of="2022-03-31")), "2022-03")["a"][0] == "yes"


def test_what_is_only_claimed_planned_or_denied_is_no_tenure(store_of: StoreOf) -> None:
    told = tenure("a", "2020", "2022")
    for realis in ("claimed", "planned", "denied"):
        store = store_of(a=told.replace(" .\n", f" ; dg:realis realis:{realis} .\n"))
        assert holders(store, "2021") == {}


def test_several_sources_of_one_tenure_give_one_row(store_of: StoreOf) -> None:
    a, b = (tenure("a", "2020", as_of=day) for day in ("2021-01-01", "2022-01-01"))
    assert len(ask(store_of(a=a, b=b), "who-held-post", post="post/p", on="2020-12-31")) == 1


def test_both_hold_the_post_on_the_day_of_handing_over(store_of: StoreOf) -> None:
    store = store_of(a=tenure("a", "2019", "2020-07-16") + tenure("b", "2020-07-16", "2022"))
    assert {person: answer for person, (answer, _) in holders(store, "2020-07-16").items()} == {"a": "yes", "b": "yes"}


@pytest.mark.parametrize("question", ["holders-of", "posts-of"])
def test_tenures_come_in_order_of_time_whatever_the_precision(
    store_of: StoreOf, in_rdflib: Callable[[Store], Store], question: str
) -> None:
    starts = [None, "2019", "2019-05", "2019-05-01", "2020-01", "2021", "2021-12-31"]
    store = store_of(a="".join(tenure("a", start, "2023") for start in reversed(starts)))
    for engine in (store, in_rdflib(store)):
        values = {"post": "post/p"} if question == "holders-of" else {"person": "person/a"}
        assert [row["from"] for row in ask(engine, question, values)] == starts


def vacancies(store: Store) -> list[tuple[str, str, str]]:
    rows = ask(store, "vacancies", post="post/p").terms()
    return [(str(row["vacantFrom"]), str(row["vacantUntil"]), str(row["answer"])) for row in rows]


def last(written: str) -> date:
    return PartialDate(written).last_day


def first(written: str) -> date:
    return PartialDate(written).first_day


ENDS = ["2019", "2019-11", "2019-12", "2019-02", "2020-02-28", "2020-02-29", "2019-08-31", "2019-12-31", "2019-01-31"]
BEGINNINGS = [
    "2020",
    "2019-12",
    "2020-03",
    "2020-03-01",
    "2019-09-01",
    "2020-01-01",
    "2020-02-29",
    "2019-09-02",
    "2019-02",
]


@pytest.mark.parametrize(("end", "beginning"), list(itertools.product(ENDS, BEGINNINGS)))
def test_a_post_is_vacant_where_a_day_lies_between_two_tenures(store_of: StoreOf, end: str, beginning: str) -> None:
    found = vacancies(store_of(a=tenure("a", "2010", end) + tenure("b", beginning)))
    if last(end) >= first(beginning):
        assert found == []
    elif first(beginning) - last(end) > timedelta(days=1):
        assert found == [(end, beginning, "yes")]
    elif len(end) == len(beginning) == 10:
        assert found == [], "who follows on the next day leaves no day without a holder"
    else:
        assert found == [(end, beginning, "uncertain")]


@pytest.mark.parametrize(
    "between",
    [("2019-03-02", "2019"), ("2019-03-02", "2019-12-30"), ("2019", None), (None, "2019-06"), ("2019-06", "2019-06")],
)
def test_it_is_not_vacant_where_somebody_else_may_have_held_it_between(
    store_of: StoreOf, between: tuple[str | None, str | None]
) -> None:
    others = tenure("a", "2010", "2019-03-01") + tenure("c", "2020-01-01")
    assert ("2019-03-01", "2020-01-01", "yes") in vacancies(store_of(a=others))
    assert ("2019-03-01", "2020-01-01", "yes") not in vacancies(store_of(a=others + tenure("b", *between)))


def test_a_tenure_without_dates_says_nothing_of_a_vacancy(store_of: StoreOf) -> None:
    others = tenure("a", "2010", "2019-03-01") + tenure("c", "2020-01-01")
    assert vacancies(store_of(a=others + tenure("b"))) == [("2019-03-01", "2020-01-01", "yes")]


def test_each_gap_of_a_long_record_is_found_and_nothing_else(store_of: StoreOf) -> None:
    record = [("1999", "2001-05-05"), ("2002-01-01", "2003"), ("2005-01", "2006-06-30"), ("2006-07-01", "2008")]
    told = "".join(tenure(f"h{number}", *dates) for number, dates in enumerate(record))
    assert vacancies(store_of(a=told)) == [("2001-05-05", "2002-01-01", "yes"), ("2003", "2005-01", "yes")]


def test_a_mission_of_unknown_beginning_hides_neither_the_first_nor_the_last(
    store_of: Callable[..., Store], in_rdflib: Callable[[Store], Store]
) -> None:
    missions = "".join(
        f"post:to-{n} a dg:Post ; dg:accreditedTo state:AAA . "
        f"[] a dg:Tenure ; dg:person person:a ; dg:post post:to-{n} {begin} . "
        for n, begin in enumerate(("", '; dg:from "2004"^^xsd:gYear', '; dg:from "2001-02-03"^^xsd:date'))
    )
    unknown = "[] a dg:Tenure ; dg:person person:b ; dg:post post:to-0 . "
    store = store_of(a=f"state:AAA a dg:State . person:a a dg:Person . person:b a dg:Person . {missions} {unknown}")
    for engine in (store, in_rdflib(store)):
        one, other = ask(engine, "most-missions").terms()
        assert (str(one["missions"]), str(one["first"]), str(one["last"])) == ("3", "2001-02-03", "2004")
        assert other.keys() == {"person", "missions"}

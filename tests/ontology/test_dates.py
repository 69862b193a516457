"""A partial date keeps its granularity and knows the days that it can mean."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal
from rdflib.namespace import XSD

from diplograph.errors import DateError
from diplograph.ontology.dates import PartialDate, date_term, partial_date

days = st.dates().map(date.isoformat)
months = days.map(lambda day: day[:7])
years = days.map(lambda day: day[:4])
partial = st.one_of(days, months, years)
clocks = st.times().map(lambda time: time.strftime("%H:%M:%S"))
zones = st.sampled_from(["", "Z", "+04:00", "-11:30"])


@given(partial)
def test_the_first_day_is_not_after_the_last(text: str):
    when = PartialDate(text)
    assert when.first_day <= when.last_day


@given(partial)
def test_the_days_that_a_date_can_mean_are_those_that_begin_like_it(text: str):
    when = PartialDate(text)
    assert when.first_day.isoformat().startswith(text)
    assert when.last_day.isoformat().startswith(text)
    if when.first_day > date.min:
        assert not (when.first_day - timedelta(days=1)).isoformat().startswith(text)
    if when.last_day < date.max:
        assert not (when.last_day + timedelta(days=1)).isoformat().startswith(text)


@given(partial)
def test_granularity_is_kept(text: str):
    term = PartialDate(text).term
    assert str(term) == str(PartialDate(text)) == text
    assert term.datatype == {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}[len(text)]


@given(partial)
def test_a_date_comes_back_from_its_literal(text: str):
    assert partial_date(PartialDate(text).term) == partial_date(text) == PartialDate(text)
    assert date_term(text) == PartialDate(text).term


@given(days, clocks, zones)
def test_a_timestamp_means_its_day_and_keeps_its_zone(day: str, clock: str, zone: str):
    stamp = f"{day}T{clock}{zone}"
    assert partial_date(stamp) == PartialDate(day)
    assert date_term(stamp).datatype == XSD.dateTime
    assert partial_date(date_term(stamp)) == PartialDate(day)


@given(days, st.times().map(lambda time: time.strftime("%H:%M")), zones)
def test_a_timestamp_without_seconds_gets_them(day: str, clock: str, zone: str):
    assert str(date_term(f"{day}T{clock}{zone}")) == str(date_term(f"{day}T{clock}:00{zone}"))


@given(st.integers(1, 9999), st.integers(1, 12), st.integers(29, 31))
def test_a_day_is_taken_if_and_only_if_it_exists(year: int, month: int, day: int):
    text = f"{year:04}-{month:02}-{day:02}"
    try:
        date(year, month, day)
    except ValueError:
        with pytest.raises(DateError, match="not a date that exists"):
            PartialDate(text)
    else:
        assert PartialDate(text).first_day == PartialDate(text).last_day == date(year, month, day)


@pytest.mark.parametrize("text", ["2023-00", "2023-13", "0000", "2023-02-30", "2023-01-00"])
def test_what_does_not_exist_is_refused(text: str):
    with pytest.raises(DateError, match="not a date that exists"):
        PartialDate(text)


SHAPELESS = ["", "23", "12023", "2023-2", "2023-02-3", "2023/02/28", "28.02.2023", "-0044", "2023-02-28 ", "2023\n"]


@pytest.mark.parametrize("text", SHAPELESS)
def test_what_is_no_date_is_refused_and_told_how_to_write_one(text: str):
    with pytest.raises(DateError, match="YYYY-MM-DD"):
        PartialDate(text)


@given(st.text())
def test_any_text_is_a_date_or_a_date_error(text: str):
    try:
        read = str(partial_date(text))
    except DateError:
        return
    assert re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", read)


@pytest.mark.parametrize("text", ["2023-02-30T10:00:00", "2023-02-28T25:00:00Z", "2023-02-28T10:61:00Z"])
def test_a_timestamp_that_does_not_exist_is_refused(text: str):
    with pytest.raises(DateError, match="exist"):
        date_term(text)


@given(partial, partial)
def test_dates_are_the_same_as_they_are_written(one: str, other: str):
    assert (PartialDate(one) == PartialDate(other)) == (one == other)
    assert (hash(PartialDate(one)) == hash(PartialDate(other))) or one != other


def test_leap_days_and_the_ends_of_months():
    assert PartialDate("2024-02").last_day == date(2024, 2, 29)
    assert PartialDate("2023-02").last_day == date(2023, 2, 28)
    assert PartialDate("1900-02").last_day == date(1900, 2, 28)
    assert PartialDate("2021-11").last_day == date(2021, 11, 30)
    assert PartialDate("2022").first_day == date(2022, 1, 1)
    assert PartialDate("9999-12").last_day == date(9999, 12, 31)


def test_the_header_of_an_article():
    assert partial_date(Literal("2023-02-28T17:52:00+04:00", datatype=XSD.dateTime)) == PartialDate("2023-02-28")
    assert str(date_term("2023-02-28T17:52+04:00")) == "2023-02-28T17:52:00+04:00"

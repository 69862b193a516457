"""The network at a time: what can have held then, for every day that a partial date can mean."""

from __future__ import annotations

from datetime import date

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplograph.ontology.dates import PartialDate
from diplograph.viz.timeline import as_of, between

Network = nx.MultiDiGraph

DAYS = st.dates(date(2019, 11, 1), date(2022, 2, 28)).map(date.isoformat)
DATES = st.one_of(DAYS, DAYS.map(lambda day: day[:7]), DAYS.map(lambda day: day[:4]))


def held(start: str | None, end: str | None) -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title="T", subtitle="S")
    graph.add_node("a", label="Anna")
    graph.add_node("b", label="Envoy")
    graph.add_edge("a", "b", key="f", start=start, end=end)
    return graph


def kept(graph: nx.MultiDiGraph[str], first: str, last: str | None = None) -> bool:
    part = between(graph, PartialDate(first), PartialDate(last or first))
    assert set(part) in (set(), {"a", "b"})
    assert bool(part) == bool(part.number_of_edges())
    return part.number_of_edges() == 1


def ordinals(written: str | None) -> tuple[float, float]:
    """The first and the last day that a date can mean; an open or unknown end can be any."""
    if written is None:
        return float("-inf"), float("inf")
    year, month, day = (*(int(part) for part in written.split("-")), 0, 0)[:3]
    first = date(year, month or 1, day or 1)
    if day:
        return first.toordinal(), first.toordinal()
    after = date(year + 1, 1, 1) if not month or month == 12 else date(year, month + 1, 1)
    return first.toordinal(), after.toordinal() - 1


@given(st.none() | DATES, st.none() | DATES, DATES, DATES)
def test_what_is_kept_can_have_held_on_some_day_of_the_period(
    start: str | None, end: str | None, first: str, last: str
) -> None:
    begins, ends = ordinals(start)[0], ordinals(end)[1]
    expected = (start or end) and begins <= ordinals(last)[1] and ends >= ordinals(first)[0]
    assert kept(held(start, end), first, last) == bool(expected)


@given(st.none() | DATES, st.none() | DATES, DATES)
def test_a_day_is_a_period_of_itself(start: str | None, end: str | None, day: str) -> None:
    graph = held(start, end)
    assert nx.utils.graphs_equal(as_of(graph, PartialDate(day)), between(graph, PartialDate(day), PartialDate(day)))


@given(DATES, DATES, DATES)
def test_a_longer_period_keeps_no_less(start: str, end: str, day: str) -> None:
    if kept(held(start, end), day):
        assert kept(held(start, end), day[:4])
        assert kept(held(start, end), "2000", "2050")


@pytest.mark.parametrize(
    ("start", "end", "on", "there"),
    [
        ("2020-03-01", "2020-06-30", "2020-02-29", False),
        ("2020-03-01", "2020-06-30", "2020-03-01", True),
        ("2020-03-01", "2020-06-30", "2020-06-30", True),
        ("2020-03-01", "2020-06-30", "2020-07", False),
        ("2020", None, "2019-12-31", False),
        ("2020", None, "2020-01-01", True),
        ("2020", None, "2999", True),
        (None, "2020-02", "2020-02-29", True),
        (None, "2020-02", "2020-03-01", False),
        (None, "2020-02", "1000", True),
        (None, None, "2020", False),
    ],
)
def test_both_ends_count_and_what_has_no_date_is_left_out(
    start: str | None, end: str | None, on: str, there: bool
) -> None:
    assert kept(held(start, end), on) == there


@pytest.mark.parametrize(
    ("start", "on", "there"), [(None, "1990", True), ("2020", "1990", False), ("2020", "2021", True)]
)
def test_what_a_source_vouches_for_can_have_held_on_any_day_that_its_dates_do_not_rule_out(start, on, there) -> None:
    graph = held(start, None)
    graph.edges["a", "b", "f"]["attested"] = ["2021"]
    assert kept(graph, on) == there


def test_the_network_itself_stays_as_it_is() -> None:
    graph = held("2020", "2021")
    graph.add_edge("b", "a", key="g", start="1999", end="1999")
    before = nx.node_link_data(graph, edges="edges")
    part = as_of(graph, PartialDate("2020"))
    assert {key for *_, key in part.edges(keys=True)} == {"f"}
    assert part.nodes["a"] == {"label": "Anna"}
    assert part.graph == {"title": "T", "subtitle": "S"}
    assert nx.node_link_data(graph, edges="edges") == before


@pytest.mark.parametrize("odd", ["circa 1990", "2023-02-30", "2023Z", "-0044-03-1", ""])
def test_a_date_that_is_none_does_not_stop_the_rest(odd: str) -> None:
    graph = held("2020", "2021")
    graph.add_edge("a", "b", key="odd", start=odd, end=None)
    assert "f" in {key for *_, key in as_of(graph, PartialDate("2020")).edges(keys=True)}

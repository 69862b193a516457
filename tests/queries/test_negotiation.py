"""Content negotiation: weights, wildcards and specificity decide, then the order on offer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplograph.errors import ProtocolError
from diplograph.queries.negotiation import GRAPHS, RESULTS, media_type

OFFERED = ("application/json", "text/csv", "text/html")

DECIDED = {
    None: "application/json",
    "": "application/json",
    "*/*": "application/json",
    "text/csv": "text/csv",
    "TEXT/CSV": "text/csv",
    "text/*": "text/csv",
    "text/html, text/csv": "text/csv",
    "text/html, text/csv;q=0.9": "text/html",
    "text/html;q=0.1, */*;q=0.01": "text/html",
    "*/*, application/json;q=0": "text/csv",
    "text/*;q=0.5, text/csv;q=0.1, application/*;q=0.4": "text/html",
    "*/*;q=1, text/csv;q=0.3, application/json;q=0.2": "text/html",
    "image/png, text/html": "text/html",
    "text/csv;charset=utf-8": "text/csv",
    "text/csv;charset=utf-16, text/html;q=0.1": "text/html",
    "text/csv;header=present;q=0.5, text/html;q=0.4": "text/csv",
    "text/html;level=1;q=0.3, text/html;q=0.7, application/json;q=0.5": "application/json",
    'text/html;title="a,b;q=0", text/csv;q=0.5': "text/html",
    " , text/csv,, ": "text/csv",
    "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2": "text/html",
    "application/json;q=2, text/csv": "text/csv",
    "nonsense, text/csv": "text/csv",
    "*/csv, text/html": "text/html",
}


@pytest.mark.parametrize(("accept", "chosen"), DECIDED.items())
def test_the_best_is_chosen(accept: str | None, chosen: str) -> None:
    assert media_type(accept, OFFERED) == chosen


@pytest.mark.parametrize(
    "accept", ["image/png", "*/*;q=0", "text/csv;q=0", "text/csv;charset=latin-1", "text/csv;q=0.000"]
)
def test_what_nothing_satisfies_is_406_and_names_what_there_is(accept: str) -> None:
    with pytest.raises(ProtocolError, match="application/json, text/csv and text/html") as raised:
        media_type(accept, OFFERED)
    assert raised.value.status == 406


@pytest.mark.parametrize(("accept", "status"), [("nonsense", 400), ("text/csv;q=3", 400), ("a/b," * 2000, 431)])
def test_what_is_no_accept_header_is_refused(accept: str, status: int) -> None:
    with pytest.raises(ProtocolError) as raised:
        media_type(accept, OFFERED)
    assert raised.value.status == status


@given(st.text(max_size=200))
def test_any_header_gives_something_on_offer_or_4xx(accept: str) -> None:
    status = 200
    try:
        assert media_type(accept, OFFERED) in OFFERED
    except ProtocolError as error:
        status = error.status
    assert status in (200, 400, 406, 431)


@given(st.lists(st.sampled_from(OFFERED), min_size=1, unique=True), st.permutations(range(1, 10)))
def test_the_greatest_weight_wins_in_whatever_order_they_come(types: list[str], weights: list[int]) -> None:
    weighted = dict(zip(types, weights, strict=False))
    accept = ", ".join(f"{each};q=0.{weight}" for each, weight in weighted.items())
    assert media_type(accept, OFFERED) == max(weighted, key=lambda each: weighted[each])


def test_json_and_turtle_come_first() -> None:
    assert next(iter(RESULTS)) == "application/sparql-results+json"
    assert next(iter(GRAPHS)) == "text/turtle"

"""Entities are found by name, by people and by programs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest


def find(service: Any, accept: str = "application/json", **fields: str) -> Any:
    return service.send(f"/find?{urlencode(fields)}", headers={"Accept": accept})


def test_a_part_of_a_name_finds_it(service: Any) -> None:
    first = find(service, text="lavrov").json[0]
    assert first == {
        "label": "Sergey Lavrov",
        "name": "Sergey Lavrov",
        "kind": "Person",
        "id": "person:sergey-lavrov",
        "iri": "https://w3id.org/diplograph/id/person/sergey-lavrov",
    }


def test_people_get_links_and_their_text_back(service: Any) -> None:
    page = find(service, "text/html", text="lavrov")
    assert '<a href="/id/person/sergey-lavrov">Sergey Lavrov</a>' in page.text
    assert 'value="lavrov"' in page.text


def test_a_misspelt_name_finds_those_like_it(service: Any) -> None:
    rows = find(service, text="Sergei Lawrow").json
    assert rows[0]["label"] == "Sergey Lavrov"
    assert all(row["near"] for row in rows)
    assert "like it" in find(service, "text/html", text="Sergei Lawrow").text


def test_kind_and_limit_narrow_it(service: Any) -> None:
    assert {row["kind"] for row in find(service, text="a", kind="State").json} == {"State"}
    assert len(find(service, text="a", limit="3").json) == 3
    assert "more are not shown" in find(service, "text/html", text="a", limit="3").text


def test_nothing_found_is_said(service: Any) -> None:
    assert find(service, text="qqqqqzzzzz").json == []
    assert "No name has this" in find(service, "text/html", text="qqqqqzzzzz").text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"text": " "},
        {"text": "x" * 201},
        {"text": "a", "limit": "0"},
        {"text": "a", "limit": "1001"},
        {"text": "a", "limit": "\u0663"},
        {"text": "a", "limit": "-1"},
        {"text": "a", "kind": "Unicorn"},
        {"text": "a", "format": "xml"},
        {"text": "a", "other": "b"},
    ],
)
def test_what_cannot_be_looked_for_is_refused(service: Any, fields: dict[str, str]) -> None:
    assert find(service, **fields).status == 400


@pytest.mark.parametrize("text", ['"', "' OR 1=1", "a* NOT b", "NEAR(a b)", "^", "\u0000", "%", "<script>", "{0}"])
def test_a_text_is_only_a_text(service: Any, text: str) -> None:
    for accept in ("application/json", "text/html"):
        answer = find(service, accept, text=text)
        assert answer.status == 200
        assert "<script>" not in answer.text

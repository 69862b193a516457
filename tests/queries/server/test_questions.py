"""Named questions as resources, described by OpenAPI; each example of the library can be asked."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from openapi_spec_validator import validate

from diplograph.graph.origins import origin
from diplograph.graph.web import Web
from diplograph.queries.catalogue import questions
from diplograph.queries.server import Settings
from diplograph.queries.server.openapi import openapi
from diplograph.queries.workers import Limits

POST = "Minister of Foreign Affairs of Azerbaijan"
CLOSED = Settings(Path("store"), Limits())
OPEN = replace(CLOSED, token="x" * 16, web=Web((origin("there.example"),)))


def asked(service: Any, name: str, accept: str = "application/json", **values: str) -> Any:
    return service.send(f"/ask/{name}?{urlencode(values)}", headers={"Accept": accept})


def test_an_answer_has_labels_iris_and_sources(service: Any) -> None:
    [row] = asked(service, "who-held-post", post=POST, on="2023-02-28").json
    assert row["person"] == {
        "label": "Jeyhun Bayramov",
        "iri": "https://w3id.org/diplograph/id/person/jeyhun-bayramov",
    }
    assert row["answer"] == "yes"
    assert row["sources"][0]["title"] == "Russia-Azerbaijan Expert Council holds conference"


def test_an_answer_comes_as_a_table_too(service: Any) -> None:
    for accept, delimiter in (("text/csv", ","), ("text/tab-separated-values", "\t")):
        text = asked(service, "who-held-post", accept, post=POST, on="2023-02-28").text
        [row] = csv.DictReader(io.StringIO(text), delimiter=delimiter)
        assert row["person"] == "Jeyhun Bayramov"
    assert "| Jeyhun Bayramov |" in asked(service, "who-held-post", "text/markdown", post=POST, on="2023-02-28").text


def test_a_format_can_stand_in_the_address(service: Any) -> None:
    answer = asked(service, "who-held-post", "text/html", post=POST, on="2023-02-28", format="csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_page_shows_labels_links_and_sources(service: Any) -> None:
    page = asked(service, "who-held-post", "text/html", post=POST, on="2023-02-28").text
    assert '<a href="/id/person/jeyhun-bayramov">Jeyhun Bayramov</a>' in page
    assert '<a href="/doc/trend-2023-02-28">Russia-Azerbaijan Expert Council holds conference' in page
    assert f'value="{POST}"' in page
    assert "https://w3id.org" not in page


def test_a_person_who_gives_no_parameters_gets_the_form(service: Any) -> None:
    empty, wrong = (asked(service, "who-held-post", "text/html", **values) for values in ({}, {"post": POST}))
    assert (empty.status, wrong.status) == (200, 400)
    assert "required" in empty.text
    assert "needs on" in wrong.text


def test_what_cannot_be_asked_says_why(service: Any) -> None:
    assert asked(service, "who-held-posts").json["near"][0] == "who-held-post"
    missing = asked(service, "who-held-post", post=POST)
    assert (missing.status, "needs on" in missing.json["detail"]) == (400, True)
    unknown = asked(service, "who-held-post", post="Nobody of Nowhere", on="2023")
    assert (unknown.status, "Nobody of Nowhere" in unknown.json["detail"]) == (404, True)


def test_a_name_that_may_mean_several_lists_them(service: Any) -> None:
    answer = asked(service, "timeline-of", entity="Congo")
    assert answer.status == 400
    assert len(answer.json["candidates"]) >= 2
    assert {"label", "iri"} == set(answer.json["candidates"][0])


def test_people_choose_what_an_ambiguous_name_means(service: Any) -> None:
    page = asked(service, "timeline-of", "text/html", entity="Congo")
    assert page.status == 200
    targets = [unescape(target) for target in re.findall(r'<li><a href="(/ask/timeline-of[^"]*)"', page.text)]
    assert len(targets) >= 2
    for target in targets:
        chosen = service.send(target, headers={"Accept": "text/html"})
        assert (chosen.status, "is meant?" in chosen.text) == (200, False)


@pytest.mark.parametrize("name", questions())
def test_every_question_can_be_asked_with_its_example(service: Any, name: str) -> None:
    values = {parameter.name: parameter.example for parameter in questions()[name].parameters}
    answer = asked(service, name, **values)
    # An example may be of records that are not in this store; then the name is told.
    assert answer.status == 200 or (answer.status == 404 and "called" in answer.json["detail"]), answer.text
    assert asked(service, name, "text/html", **values).status == answer.status


def test_the_questions_are_listed(service: Any) -> None:
    assert [each["name"] for each in service.send("/ask").json] == list(questions())


class TestOpenApi:
    def test_the_document_is_valid(self, service: Any) -> None:
        validate(service.send("/openapi.json").json)
        validate(openapi("https://example.org", OPEN))

    def test_every_question_and_parameter_is_in_it(self) -> None:
        paths = openapi("https://example.org", CLOSED)["paths"]
        for question in questions().values():
            described = paths[f"/ask/{question.name}"]["get"]
            assert described["summary"] == question.summary
            required = {each["name"] for each in described["parameters"] if each.get("required")}
            assert required == {p.name for p in question.parameters if p.default is None}

    def test_changes_are_in_it_only_where_they_are_allowed(self) -> None:
        assert set(openapi("https://a", CLOSED)["paths"]["/graphs"]) == {"get"}
        assert set(openapi("https://a", OPEN)["paths"]["/graphs"]) == {"get", "put", "post", "delete"}

    def test_the_hosts_from_which_documents_are_fetched_are_in_it(self) -> None:
        told = openapi("https://a", OPEN)["paths"]["/sparql"]["post"]
        assert "there.example" in told["description"]
        assert "502" in told["responses"]
        closed = openapi("https://a", replace(OPEN, web=CLOSED.web))["paths"]["/sparql"]["post"]
        assert "LOAD" not in closed["description"]
        assert "502" not in closed["responses"]

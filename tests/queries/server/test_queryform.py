"""A browser that opens the SPARQL endpoint gets a form, and answers as a table; programs get data as ever."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest


@pytest.fixture(scope="module")
def hasty(packaged: Path, running: Callable[..., AbstractContextManager[Any]]) -> Iterator[Any]:
    """A service that gives a query a second."""
    with running(packaged, "--query-timeout", "1") as started:
        yield started


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


def browsed(service: Any, query: str, **fields: str) -> Any:
    return service.send(f"/sparql?{urlencode({'query': query, **fields})}", headers={"Accept": BROWSER})


def test_without_a_query_there_is_a_form(service: Any) -> None:
    page = service.send("/sparql", headers={"Accept": BROWSER})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<textarea name="query"' in page.text
    assert "<table>" not in page.text


def test_an_answer_is_a_table_with_labels_and_links(service: Any) -> None:
    page = browsed(service, "SELECT ?p ?fact { ?fact a dg:Tenure ; dg:person ?p }")
    assert '<a href="/id/person/sergey-lavrov">Sergey Lavrov</a>' in page.text
    assert '<a href="/doc/trend-2023-02-28">' in page.text, "a fact gives its sources"
    assert "dg:Tenure" in page.text, "the query stands in the form"


def test_many_rows_are_cut_and_it_is_said(service: Any) -> None:
    page = browsed(service, "SELECT * { ?s ?p ?o }").text
    assert page.count("<tr>") == 1001
    assert "the first of more" in page
    assert "the first of more" not in browsed(service, "SELECT * { ?s ?p ?o } LIMIT 1000").text


def test_each_form_of_query_is_shown(service: Any) -> None:
    assert "<p>Yes.</p>" in browsed(service, "ASK { ?s a dg:Person }").text
    assert "<p>No.</p>" in browsed(service, "ASK { ?s a dg:Nothing }").text
    made = browsed(service, "CONSTRUCT { ?p a dg:Person } WHERE { ?p a dg:Person }").text
    assert '<th scope="col">predicate</th>' in made
    assert "Sergey Lavrov" in browsed(service, "DESCRIBE person:sergey-lavrov").text


def test_graphs_that_were_chosen_are_kept(service: Any) -> None:
    document = "https://w3id.org/diplograph/doc/states"
    page = browsed(service, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", **{"default-graph-uri": document})
    count = service.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", **{"default-graph-uri": document}).json
    assert f"<td>{count['results']['bindings'][0]['n']['value']}</td>" in page.text
    assert f'name="default-graph-uri" value="{document}"' in page.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT", 400),
        ("SELECT * { ?s ?p }", 400),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", 403),
        ("DROP ALL", 400),
        ("", 400),
    ],
)
def test_what_is_refused_to_programs_is_refused_to_people(service: Any, query: str, status: int) -> None:
    assert browsed(service, query).status == service.ask(query).status == status


WRONG = {
    "what does not parse": ("\n\r\nSELECT * { ?s ?p '</textarea><b>' ", 400, "does not parse"),
    "no query": ("DROP ALL", 400, "This is no query"),
    "what is refused": ("SELECT * {\n  SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403, "unasked"),
    "a graph that is not there": ("SELECT * FROM <x:y> { ?s ?p ?o }", 403, "another is loaded first"),
    "a limit": ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?i) }", 503, "longer than 1 s"),
}  # fmt: skip


@pytest.mark.parametrize(("query", "status", "said"), WRONG.values(), ids=WRONG)
def test_what_was_wrong_is_told_above_the_query_as_it_was_asked(hasty: Any, query: str, status: int, said: str) -> None:
    document = "https://w3id.org/diplograph/doc/states"
    answer = browsed(hasty, query, **{"default-graph-uri": document} if status != 403 else {})
    assert (answer.status, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    alert, _, form = answer.text.partition('<form action="/sparql">')
    assert said in unescape(alert.partition('role="alert"')[2])
    field = re.search(r"<textarea[^>]*>\n(.*)</textarea>", form, re.DOTALL)
    assert field is not None, "a browser takes the first line end away"
    assert unescape(field[1]) == query
    assert "<b>" not in answer.text
    assert (f'value="{document}"' in form) == (status != 403)
    assert 'aria-describedby="problem"' in form


def test_a_request_that_is_damaged_gets_the_form_too(service: Any) -> None:
    answer = service.send("/sparql?query=%zz", headers={"Accept": BROWSER})
    assert answer.status == 400
    assert 'role="alert"' in answer.text
    assert '<textarea name="query"' in answer.text
    program = service.send("/sparql?query=SELECT", headers={"Accept": "application/json, text/html;q=0.1"})
    assert (program.status, program.headers["content-type"]) == (400, "application/problem+json")


def test_the_stores_own_records_are_not_shown(service: Any) -> None:
    page = browsed(service, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    assert page.text.count("<tr>") == 3
    assert "loads" not in page.text


def test_a_query_is_no_markup(service: Any) -> None:
    page = browsed(service, 'SELECT ("</textarea><script>alert(1)</script>" AS ?x) {}')
    assert page.status == 200
    assert "<script>" not in page.text


def test_programs_get_data(service: Any) -> None:
    for accept in (None, "*/*", "text/*;q=0.5, application/json", "text/turtle, text/html;q=0.5"):
        headers = {} if accept is None else {"Accept": accept}
        assert "html" not in service.send("/sparql", headers=headers).headers["content-type"]
    assert (
        service.send("/sparql", headers={"Accept": "text/html, image/png"}).headers["vary"] == "Accept, Accept-Encoding"
    )

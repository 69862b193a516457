"""An answer of the service is told to be wrong in each way in which it can be."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from diplograph.queries.conformance.asgi import Answer
from diplograph.queries.conformance.description import schema_faults
from diplograph.queries.conformance.manifests import Case, Tree
from diplograph.queries.conformance.requests import fault

RESPONSE = URIRef("http://x/response")
PREFIXES = """
    @prefix mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> .
    @prefix ht: <http://www.w3.org/2011/http#> .
    @prefix hts: <http://www.w3.org/2011/http-statusCodes#> .
    @prefix cnt: <http://www.w3.org/2011/content#> .
    @prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
"""
JSON = "application/sparql-results+json"


def wrong(expected: str, answer: Answer, *, head: bool = False) -> str:
    manifest = Graph().parse(data=f"{PREFIXES} <{RESPONSE}> {expected} .")
    case = Case("http://x/case", "", "ProtocolTest", "", Tree(Path(), "http://x/"), manifest)
    return fault(case, RESPONSE, answer, head=head)


def answer(status: int, body: str = "", media_type: str = JSON, **headers: str) -> Answer:
    return Answer(status, {"content-type": f"{media_type};charset=utf-8", **headers}, body.encode())


@pytest.mark.parametrize(
    ("expected", "right", "other"),
    [
        ("mf:expectedStatus hts:StatusCode4xx", 415, 200),
        ("mf:expectedStatus hts:StatusCode2xx, hts:StatusCode3xx", 204, 404),
        ("mf:expectedStatus hts:Created", 201, 200),
        ("mf:expectedStatus hts:OK, hts:NoContent", 204, 201),
    ],
)
def test_the_status(expected: str, right: int, other: int) -> None:
    assert wrong(expected, answer(right)) == ""
    assert "the status is" in wrong(expected, answer(other))


def test_the_truth_and_the_kind_of_results() -> None:
    expected = 'mf:expectedStatus hts:OK ; mf:expectedFormat "boolean" ; mf:expectedBoolean true'
    assert wrong(expected, answer(200, '{"head": {}, "boolean": true}')) == ""
    assert "not true" in wrong(expected, answer(200, '{"head": {}, "boolean": false}'))
    assert "expected was boolean" in wrong(expected, answer(200, '{"head": {"vars": []}, "results": {"bindings": []}}'))
    assert "no format of results" in wrong(expected, answer(200, "true", "text/plain"))


def test_a_graph_is_a_graph() -> None:
    expected = 'mf:expectedStatus hts:OK ; mf:expectedFormat "RDF"'
    assert wrong(expected, answer(200, "<x:s> <x:p> 1 .", "text/turtle")) == ""
    assert "no RDF" in wrong(expected, answer(200, "<x:s> <x:p>", "text/turtle"))
    assert "no RDF" in wrong(expected, answer(200, "{}", JSON))


def test_the_type_and_the_graph_of_a_body() -> None:
    expected = """mf:expectedStatus hts:OK ;
        ht:headers ([ ht:fieldName "content-type" ; ht:fieldValue "text/turtle; charset=utf-8" ]) ;
        ht:body [ cnt:chars "<x:s> <x:p> [] ." ]"""
    assert wrong(expected, answer(200, "<x:s> <x:p> _:b .", "text/turtle")) == ""
    assert "the graph is another" in wrong(expected, answer(200, "<x:s> <x:p> <x:o> .", "text/turtle"))
    assert "the type is" in wrong(expected, answer(200, "<x:s> <x:p> _:b .", "application/n-triples"))
    assert wrong(expected, answer(200, "", "text/turtle"), head=True) == ""


def test_the_place_of_what_was_made() -> None:
    expected = 'mf:expectedStatus hts:Created ; mf:expectedLocation "$LOCATION$"'
    assert wrong(expected, answer(201, location="http://x/new")) == ""
    assert "Location" in wrong(expected, answer(201))


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        ("<x:s> a sd:Service ; sd:endpoint <x:s> ; sd:supportedLanguage sd:SPARQL11Query", 0),
        ("<x:s> a sd:Service ; sd:endpiont <x:s>", 1),
        ("<x:s> a sd:Servise", 1),
        ("<x:s> a sd:Service ; sd:supportedLanguage sd:EmptyGraphs", 1),
        ("<x:d> a sd:Dataset ; sd:namedGraph [ a sd:NamedGraph ; sd:name <x:g> ]", 0),
        ("<x:d> a sd:Dataset ; sd:namedGraph [ a sd:NamedGraph ]", 1),
        ('<x:s> a sd:Service ; sd:endpoint "x:s"', 1),
        ("<x:d> a sd:Dataset ; sd:endpoint <x:s>", 1),
    ],
)
def test_a_description_keeps_to_its_vocabulary(told: str, faults: int) -> None:
    assert len(list(schema_faults(Graph().parse(data=f"{PREFIXES} {told} .")))) == faults

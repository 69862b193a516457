"""The Graph Store Protocol: documents and the merged view are read by all, and changed by whoever has the token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from rdflib import Graph

DOCUMENT = "https://w3id.org/diplograph/doc/states"
TOKEN = "-".join(["a", "token", "without", "spaces"])
HEAD = """
@prefix dg: <https://w3id.org/diplograph/ns#> .
@prefix person: <https://w3id.org/diplograph/id/person/> .
@prefix post: <https://w3id.org/diplograph/id/post/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TENURE = HEAD + (
    'person:a a dg:Person ; skos:prefLabel "Anna"@en . post:p a dg:Post ; skos:prefLabel "Envoy"@en .\n'
    '[] a dg:Tenure ; dg:person person:a ; dg:post post:p ; dg:from "2020"^^xsd:gYear .\n'
)


def at(document: str) -> str:
    return f"/graphs?graph={quote(document, safe='')}"


def size(answer: Any) -> int:
    return len(Graph().parse(data=answer.text, format="nt"))


def test_a_document_is_a_graph(service: Any) -> None:
    answer = service.send(at(DOCUMENT), headers={"Accept": "application/n-triples"})
    assert answer.status == 200
    count = service.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", **{"default-graph-uri": DOCUMENT})
    assert str(size(answer)) == count.json["results"]["bindings"][0]["n"]["value"]


def test_the_default_graph_is_the_merged_view(service: Any) -> None:
    merged = service.send("/graphs?default", headers={"Accept": "application/n-triples"})
    assert size(merged) > size(service.send(at(DOCUMENT), headers={"Accept": "application/n-triples"}))


@pytest.mark.parametrize("target", ["/graphs?default", at(DOCUMENT), at("http://example.org/none")])
def test_head_tells_whether_it_is_there(service: Any, target: str) -> None:
    got, head = (service.send(target, method) for method in ("GET", "HEAD"))
    assert (head.status, head.body) == (got.status, b"")
    assert head.headers["content-type"] == got.headers["content-type"]


def test_nothing_can_be_changed_unless_asked_for(service: Any) -> None:
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        answer = service.send(at(DOCUMENT), method, TENURE, {"Content-Type": "text/turtle"})
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def change(service: Any, method: str, document: str, body: str | None = None, **headers: str) -> Any:
    told = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/turtle"} | headers
    return service.send(at(document), method, body, {name.replace("_", "-"): text for name, text in told.items()})


def held(service: Any) -> bool:
    answer: bool = service.ask('ASK { ?p skos:prefLabel "Anna"@en ; dg:holdsPost ?post }').json["boolean"]
    return answer


DOC = "https://w3id.org/diplograph/doc/new"
LD = "application/ld+json"
REFUSED = {
    "what violates the shapes": ("PUT", DOC, HEAD + "[] a dg:Tenure ; dg:person person:a .", "text/turtle", 422),
    "what is no Turtle": ("PUT", DOC, "<a> <b>", "text/turtle", 400),
    "another graph": ("PUT", DOC, "<a:a> <a:a> <a:a> <a:g> .", "application/n-quads", 400),
    "a type that is no RDF": ("PUT", DOC, "x", "text/plain", 415),
    "a remote context": (
        "PUT",
        DOC,
        '{"@context": "http://127.0.0.1:9/", "@id": "a:a"}',
        "application/ld+json",
        400,
    ),
    "a local context": ("PUT", DOC, '{"@context": "file:///etc/passwd", "@id": "a:a"}', LD, 400),
    "an external entity": (
        "PUT",
        DOC,
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="a:">'
        '<r:Description r:about="a:a"><a:b>&x;</a:b></r:Description></r:RDF>',
        "application/rdf+xml",
        400,
    ),
    "entities within entities": (
        "PUT",
        DOC,
        '<!DOCTYPE r [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><r>&b;</r>',
        "application/rdf+xml",
        400,
    ),
    "the store's records": ("DELETE", "https://w3id.org/diplograph/id/graph/loads", "", "text/turtle", 403),
}


class TestChanges:
    def test_a_document_is_put_added_to_and_taken_back(self, open_service: Any) -> None:
        before = open_service.send("/graphs?default", headers={"Accept": "application/n-triples"})
        assert not held(open_service)
        assert change(open_service, "PUT", DOC, TENURE).status == 201
        assert held(open_service), "the next answer is of the new state, shortcuts included"
        assert change(open_service, "PUT", DOC, TENURE).status == 204
        added = HEAD + 'person:b a dg:Person ; skos:prefLabel "Berta"@en .'
        assert change(open_service, "POST", DOC, added).status == 204
        assert held(open_service)
        assert open_service.ask('ASK { ?p skos:prefLabel "Berta"@en }').json["boolean"]
        assert change(open_service, "DELETE", DOC).status == 204
        assert change(open_service, "DELETE", DOC).status == 404
        after = open_service.send("/graphs?default", headers={"Accept": "application/n-triples"})
        assert sorted(after.body.splitlines()) == sorted(before.body.splitlines())
        assert after.headers["etag"] != before.headers["etag"]

    @pytest.mark.parametrize("given", ["", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", "é"])
    def test_without_the_token_nothing_happens(self, open_service: Any, given: str) -> None:
        for method in ("PUT", "POST", "DELETE"):
            headers = {"Content-Type": "text/turtle"} | ({"Authorization": given} if given else {})
            answer = open_service.send(at(DOCUMENT), method, TENURE.encode(), headers)
            assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert open_service.send(at(DOCUMENT), "HEAD").status == 200

    @pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
    def test_what_is_wrong_changes_nothing(self, open_service: Any, case: tuple[str, str, str, str, int]) -> None:
        method, document, body, kind, status = case
        tag = open_service.send("/graphs?default", "HEAD").headers["etag"]
        answer = change(open_service, method, document, body, Content_Type=kind)
        assert answer.status == status, answer.text
        assert open_service.send("/graphs?default", "HEAD").headers["etag"] == tag
        assert "root:" not in answer.text

    def test_the_merged_view_cannot_be_changed_itself(self, open_service: Any) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/turtle"}
        for method in ("PUT", "POST", "DELETE"):
            assert open_service.send("/graphs?default", method, TENURE, headers).status == 403


class TestConditions:
    """A change can depend on what was read before it."""

    @pytest.fixture(autouse=True)
    def clean(self, open_service: Any) -> Iterator[None]:
        yield
        change(open_service, "DELETE", DOC)

    def test_a_change_of_what_was_read_is_done(self, open_service: Any) -> None:
        assert change(open_service, "PUT", DOC, TENURE).status == 201
        tag = open_service.send(at(DOC)).headers["etag"]
        assert change(open_service, "POST", DOC, f"{HEAD} person:b dg:note 'b'@en .", If_Match=tag).status == 204
        assert b"note" in open_service.send(at(DOC)).body

    @pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
    def test_a_change_of_what_has_changed_since_is_not(self, open_service: Any, method: str) -> None:
        change(open_service, "PUT", DOC, TENURE)
        old = open_service.send(at(DOC)).headers["etag"]
        change(open_service, "POST", DOC, f"{HEAD} person:b dg:note 'b'@en .")
        now = open_service.send(at(DOC))
        answer = change(open_service, method, DOC, TENURE, If_Match=f'"else", {old}')
        assert (answer.status, "changed since" in answer.json["detail"]) == (412, True)
        after = open_service.send(at(DOC))
        assert (after.headers["etag"], after.body) == (now.headers["etag"], now.body)
        assert change(open_service, method, DOC, TENURE, If_Match=f"{old}, {now.headers['etag']}").status == 204

    def test_a_document_must_be_there_or_must_not(self, open_service: Any) -> None:
        assert change(open_service, "PUT", DOC, TENURE, If_Match="*").status == 412
        assert change(open_service, "PUT", DOC, TENURE, If_None_Match="*").status == 201
        assert change(open_service, "PUT", DOC, TENURE, If_None_Match="*").status == 412
        assert change(open_service, "DELETE", DOC, If_Match="*").status == 204

    def test_what_is_no_condition_of_ours_is_refused(self, open_service: Any) -> None:
        assert change(open_service, "PUT", DOC, TENURE, If_Match="nonsense").status == 412
        assert change(open_service, "PUT", DOC, TENURE, If_None_Match='"a"').status == 400


def test_a_graph_that_can_never_be_written_is_answered_in_time(open_service: Any) -> None:
    clique = "".join(f"_:n{a} <x:p> _:n{b} .\n" for a in range(12) for b in range(12) if a != b)
    document = "https://w3id.org/diplograph/doc/clique"
    assert change(open_service, "PUT", document, clique).status == 201
    try:
        told = open_service.send("/doc/clique", headers={"Accept": "text/turtle"})
        assert (told.status, "Give them IRIs" in told.json["detail"]) == (400, True)
        assert open_service.send(at(document)).status == 200
    finally:
        assert change(open_service, "DELETE", document).status == 204

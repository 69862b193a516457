"""SPARQL Update over HTTP: documents are changed by whoever has the token, whole or not at all, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from rdflib import Graph
from rdflib.namespace import Namespace

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
TOKEN = "-".join(["a", "token", "without", "spaces"])
FORM, UPDATE = "application/x-www-form-urlencoded", "application/sparql-update"
DOC = "https://w3id.org/diplograph/doc/"
PERSON = 'GRAPH doc:new { person:berta a dg:Person ; skos:prefLabel "Berta"@en }'
LOADS = "<https://w3id.org/diplograph/id/graph/loads>"


@pytest.fixture(autouse=True)
def clean(open_service: Any) -> Iterator[None]:
    yield
    assert update(open_service, "DROP SILENT GRAPH doc:new ; DROP SILENT GRAPH doc:other").status == 204


def update(service: Any, sparql: str, query: str = "", **headers: str) -> Any:
    told = {"Authorization": f"Bearer {TOKEN}", "Content-Type": UPDATE} | headers
    named = {name.replace("_", "-"): value for name, value in told.items()}
    return service.send(f"/sparql{query}", "POST", sparql.encode(), named)


def tag(service: Any) -> str:
    return str(service.send("/graphs?default", "HEAD").headers["etag"])


def merged(service: Any) -> list[bytes]:
    return sorted(service.send("/graphs?default", headers={"Accept": "application/n-triples"}).body.splitlines())


def asked(service: Any, sparql: str) -> bool:
    answer: bool = service.ask(sparql).json["boolean"]
    return answer


def test_a_document_is_made_changed_and_taken_back(open_service: Any) -> None:
    before = merged(open_service)
    assert update(open_service, f"INSERT DATA {{ {PERSON} }}").status == 204
    assert asked(open_service, 'ASK { person:berta skos:prefLabel "Berta"@en }')
    changed = "WITH doc:new DELETE { ?p ?q ?l } INSERT { ?p ?q 'Bea'@en } WHERE { ?p ?q ?l FILTER(?l = 'Berta'@en) }"
    told = update(open_service, changed, Accept="application/json")
    assert (told.status, told.json) == (200, {"new": [], "changed": [f"{DOC}new"], "removed": []})
    assert asked(
        open_service, "ASK { person:berta skos:prefLabel 'Bea'@en FILTER NOT EXISTS { ?p skos:prefLabel 'Berta'@en } }"
    )
    assert open_service.send("/find?text=Bea&format=json").json[0]["label"] == "Bea"
    answer = update(open_service, "DELETE WHERE { GRAPH doc:new { ?s ?p ?o } }")
    assert (answer.status, answer.body) == (204, b"")
    assert open_service.send(f"/graphs?graph={DOC}new").status == 404
    assert merged(open_service) == before


def test_each_way_of_sending_does_it(open_service: Any) -> None:
    form = urlencode({"update": f"INSERT DATA {{ {PERSON} }}"}).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": FORM}
    assert open_service.send("/sparql", "POST", form, headers).status == 204
    assert asked(open_service, "ASK { GRAPH doc:new { person:berta a dg:Person } }")
    assert open_service.send(f"/sparql?{form.decode()}", headers=headers).status == 400, "an update never comes by GET"


def test_the_request_can_choose_the_dataset(open_service: Any) -> None:
    update(open_service, "INSERT DATA { GRAPH doc:new { <x:s> <x:p> 1 } GRAPH doc:other { <x:s> <x:p> 2 } }")
    copied = "INSERT { GRAPH doc:new { ?s <x:copied> ?o } } WHERE { ?s <x:p> ?o }"
    assert update(open_service, copied, f"?using-graph-uri={DOC}other").status == 204
    assert asked(open_service, "ASK { <x:s> <x:copied> 2 FILTER NOT EXISTS { <x:s> <x:copied> 1 } }")
    named = "INSERT { GRAPH doc:new { ?s <x:from> ?g } } WHERE { GRAPH ?g { ?s <x:p> ?o } }"
    body = urlencode({"update": named, "using-named-graph-uri": f"{DOC}other"}).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": FORM}
    assert open_service.send("/sparql", "POST", body, headers).status == 204
    assert asked(open_service, "ASK { <x:s> <x:from> doc:other FILTER NOT EXISTS { <x:s> <x:from> doc:new } }")
    twice = update(open_service, f"WITH doc:new {copied.replace('GRAPH doc:new', '')}", f"?using-graph-uri={DOC}other")
    assert twice.status == 400
    assert update(open_service, copied, f"?default-graph-uri={DOC}other").status == 400


@pytest.mark.parametrize("given", ["", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", "é"])
def test_without_the_token_nothing_happens(open_service: Any, given: str) -> None:
    before = tag(open_service)
    for kind, body in ((UPDATE, "DROP ALL"), (FORM, "update=DROP+ALL")):
        headers = {"Content-Type": kind} | ({"Authorization": given} if given else {})
        answer = open_service.send("/sparql", "POST", body, headers)
        assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert tag(open_service) == before


WRONG = {
    "what violates the shapes": (f"INSERT DATA {{ {PERSON} GRAPH doc:other {{ [] a dg:Tenure }} }}", 422, "dg:post"),
    "what is no update": ("SELECT * {}", 400, "line 1, column"),
    "what does not parse": ("CREATE GRAPH doc:new ;\nINSERT DATA { GRAPH doc:new { <x:s> } }", 400, "line 2, c"),
    "a graph that is not there": ("CREATE GRAPH doc:new ; CLEAR GRAPH doc:none", 400, "does not exist"),
    "the merged view": ("INSERT DATA { <x:s> <x:p> 1 }", 403, "Name a document"),
    "the merged view, by its name": ("CREATE GRAPH doc:new ; CLEAR DEFAULT", 403, "Name a document"),
    "the store's records": (f"INSERT DATA {{ GRAPH {LOADS} {{ <x:s> <x:p> 1 }} }}", 403, "no document"),
    "a document from elsewhere": ("LOAD <http://127.0.0.1:9/> INTO GRAPH doc:new", 403, "unasked"),
    "a file": ("LOAD SILENT <file:///etc/passwd> INTO GRAPH doc:new", 403, "unasked"),
    "another endpoint": (
        "INSERT { GRAPH doc:new { ?s ?p ?o } } WHERE { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        403,
        "SERVICE",
    ),
    "what nests too deep": (f"INSERT {{ GRAPH doc:new {{ ?s ?p ?o }} }} WHERE {'{' * 999}{'}' * 999}", 403, "nested"),
    "a node of two": ("INSERT DATA { GRAPH doc:new { _:n <x:p> 1 } GRAPH doc:other { _:n <x:p> 1 } }", 400, "share"),
    "what is too long": ("#" * 300_000, 413, "longer"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_what_is_wrong_changes_nothing_and_is_told(open_service: Any, case: tuple[str, int, str]) -> None:
    sparql, status, said = case
    before = tag(open_service)
    answer = update(open_service, sparql)
    assert (answer.status, said in answer.json["detail"]) == (status, True), answer.text
    assert tag(open_service) == before
    assert "root:" not in answer.text


def test_the_stores_records_are_not_read(open_service: Any) -> None:
    for pattern in (f"GRAPH {LOADS} {{ ?s ?p ?o }}", "GRAPH ?g { ?s dg:loadedFrom ?o ; ?p ?any }"):
        told = update(
            open_service,
            f"INSERT {{ GRAPH doc:new {{ <x:s> ?p ?o }} }} WHERE {{ {pattern} }}",
            Accept="application/json",
        )
        assert (told.status, told.json["new"]) == (200, [])
    hidden = f"?using-graph-uri={LOADS.strip('<>')}"
    assert update(open_service, "INSERT { GRAPH doc:new { ?s ?p ?o } } WHERE { ?s ?p ?o }", hidden).status == 204
    assert open_service.send(f"/graphs?graph={DOC}new").status == 404


def test_an_update_can_depend_on_what_was_read(open_service: Any) -> None:
    old = tag(open_service)
    assert update(open_service, f"INSERT DATA {{ {PERSON} }}", If_Match=old).status == 204
    answer = update(open_service, "DROP GRAPH doc:new", If_Match=old)
    assert (answer.status, "changed since" in answer.json["detail"]) == (412, True)
    read = open_service.ask("ASK { person:berta a dg:Person }").headers["etag"]
    assert update(open_service, "DROP GRAPH doc:new", If_Match=f'"else", {read}').status == 204
    assert update(open_service, "DROP GRAPH doc:new", If_None_Match="*").status == 400


def test_updates_at_the_same_time_are_done_one_after_the_other(open_service: Any) -> None:
    update(open_service, "INSERT DATA { GRAPH doc:new { <x:n> <x:count> 0 } }")
    more = "WITH doc:new DELETE { ?s ?p ?n } INSERT { ?s ?p ?m } WHERE { ?s ?p ?n BIND(?n + 1 AS ?m) }"
    with ThreadPoolExecutor(3) as pool:
        assert [answer.status for answer in pool.map(lambda _: update(open_service, more), range(3))] == [204] * 3
    assert asked(open_service, "ASK { <x:n> <x:count> 3 FILTER NOT EXISTS { <x:n> <x:count> 0, 1 } }")


def test_the_service_says_that_it_can(open_service: Any) -> None:
    described = Graph().parse(data=open_service.send("/sparql").text, format="turtle")
    assert SD.SPARQL11Update in set(described.objects(None, SD.supportedLanguage))
    told = open_service.send("/openapi.json").json["paths"]["/sparql"]["post"]
    assert UPDATE in told["requestBody"]["content"]
    assert "401" in told["responses"]

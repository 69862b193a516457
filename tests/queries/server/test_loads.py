"""LOAD and FROM over a service that runs: documents of hosts on the list are fetched, and no others."""

from __future__ import annotations

import http.server
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

TOKEN = "-".join(["a", "token", "without", "spaces"])
UPDATE, LD = "application/sparql-update", "application/ld+json"
DOC = "https://w3id.org/diplograph/doc/new"
CARLA = '<x:carla> <x:name> "Carla" .'
BERTA = "https://w3id.org/diplograph/id/person/berta"

HERE = """
import socket
from diplograph.queries.relay.addresses import Address

def here(host, port):
    return [Address(socket.AF_INET, ("127.0.0.1", port))]
"""
"""A module, as another process has to find what is in it."""
PROGRAM = """
import sys
from pathlib import Path
from diplograph.graph.origins import origin
from diplograph.graph.web import Web
from diplograph.queries.relay import Fetcher
from diplograph.queries.relay.call import Caller
from diplograph.queries.server import Settings, serve
from diplograph.queries.workers import Limits
from elsewhere import here

web = Web((origin(sys.argv[2]),), Fetcher(Caller(2, here)))
settings = Settings(Path(sys.argv[1]), Limits(5, 64 * 1024 * 1024), port=0, workers=2, token=sys.argv[3], web=web)
if __name__ == "__main__":
    serve(settings, lambda url: print(url, file=sys.stderr, flush=True))
"""
"""What the command does, but that this machine is taken for every other."""


@dataclass
class There:
    """A host: its address, and which of its documents were asked for."""

    address: str = ""
    asked: list[str] = field(default_factory=list)


class Answering(http.server.BaseHTTPRequestHandler):
    there: There

    def do_GET(self) -> None:
        self.there.asked.append(self.path)
        kind, body = {
            "/carla.ttl": ("text/turtle", CARLA),
            "/berta.jsonld": (LD, json.dumps({"@context": "/context", "@id": BERTA, "name": "Berta"})),
            "/context": (LD, json.dumps({"@context": {"name": "x:name"}})),
            "/tenure.ttl": ("text/turtle", "<x:t> a <https://w3id.org/diplograph/ns#Tenure> ."),
            "/page.ttl": ("text/html", "<p>Moved</p>"),
            "/count.ttl": ("text/turtle", f"<x:s> <x:count> {len(self.there.asked)} ."),
            "/names.ttl": ("text/turtle", f'<{BERTA}> <x:name> "Berta of elsewhere" .'),
            "/large.ttl": ("text/turtle", f'<x:s> <x:p> "{"x" * 1000}" .\n' * (self.path == "/large.ttl") * 60_000),
            "/slow.ttl": ("text/turtle", CARLA),
        }.get(self.path, ("text/plain", ""))
        time.sleep({"/slow.ttl": 1.5, "/silent.ttl": 6}.get(self.path, 0))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())


@pytest.fixture(scope="module")
def there(listening: Callable[..., AbstractContextManager[int]]) -> Iterator[There]:
    found = There()
    with listening(Answering, there=found) as port:
        found.address = f"http://there.example:{port}"
        yield found


@pytest.fixture(scope="module")
def fetching(
    packaged: Path,
    there: There,
    tmp_path_factory: pytest.TempPathFactory,
    running: Callable[..., AbstractContextManager[Any]],
) -> Iterator[Any]:
    directory = tmp_path_factory.mktemp("fetching")
    shutil.copytree(packaged, directory / "store")
    (directory / "elsewhere.py").write_text(HERE)
    environment = {"PYTHONPATH": str(directory)}
    with running(directory / "store", there.address, TOKEN, environment=environment, program=PROGRAM) as started:
        yield started


def update(service: Any, sparql: str, **headers: str) -> Any:
    told = {"Authorization": f"Bearer {TOKEN}", "Content-Type": UPDATE} | headers
    return service.send("/sparql", "POST", sparql.encode(), told)


@pytest.fixture(autouse=True)
def clean(fetching: Any, there: There) -> Iterator[None]:
    there.asked.clear()
    yield
    assert update(fetching, f"DROP SILENT GRAPH <{DOC}>").status == 204


def test_a_document_is_loaded_and_asked(fetching: Any, there: There) -> None:
    told = update(fetching, f"LOAD <{there.address}/carla.ttl> INTO GRAPH <{DOC}>", Accept="application/json")
    assert (told.status, told.json["new"]) == (200, [DOC])
    assert fetching.ask('ASK { <x:carla> <x:name> "Carla" }').json["boolean"]
    assert there.asked == ["/carla.ttl"]


def test_contexts_are_fetched_for_what_is_loaded_and_for_what_is_put(fetching: Any, there: There) -> None:
    assert update(fetching, f"LOAD <{there.address}/berta.jsonld> INTO GRAPH <{DOC}>").status == 204
    assert fetching.ask(f'ASK {{ <{BERTA}> <x:name> "Berta" }}').json["boolean"]
    body = json.dumps({"@context": f"{there.address}/context", "@id": "x:s", "name": "put"})
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": LD}
    assert fetching.send(f"/graphs?graph={DOC}", "PUT", body, headers).status == 204
    assert fetching.ask('ASK { <x:s> <x:name> "put" }').json["boolean"]
    assert there.asked == ["/berta.jsonld", "/context", "/context"]


FAILING = {
    "one that is not there": ("/none", 502, "status 404"),
    "a page": ("/page.ttl", 400, "'text/html'"),
    "what violates the shapes": ("/tenure.ttl", 422, "dg:post"),
}


@pytest.mark.parametrize(("path", "status", "said"), FAILING.values(), ids=FAILING)
def test_what_fails_is_told_and_changes_nothing(fetching: Any, there: There, path: str, status: int, said: str) -> None:
    before = fetching.send("/graphs?default", "HEAD").headers["etag"]
    answer = update(fetching, f"CREATE GRAPH <{DOC}> ; LOAD <{there.address}{path}> INTO GRAPH <{DOC}>")
    assert (answer.status, said in answer.json["detail"]) == (status, True), answer.text
    assert "127.0.0.1" not in answer.text
    assert fetching.send("/graphs?default", "HEAD").headers["etag"] == before


def test_in_silence_the_request_goes_on_but_for_a_host_that_is_not_allowed(fetching: Any, there: There) -> None:
    silent = f"LOAD SILENT <{there.address}/none> INTO GRAPH <{DOC}> ; CREATE GRAPH <{DOC}>"
    assert update(fetching, silent).status == 204
    other = update(fetching, f"LOAD SILENT <https://other.example/x.ttl> INTO GRAPH <{DOC}>")
    assert (other.status, there.address in other.json["detail"]) == (403, True)
    assert there.asked == ["/none"]


def test_without_the_token_nobody_is_asked(fetching: Any, there: There) -> None:
    load = f"LOAD <{there.address}/carla.ttl> INTO GRAPH <{DOC}>"
    assert update(fetching, load, Authorization="Bearer other").status == 401
    assert there.asked == []


def test_a_query_loads_nothing(fetching: Any, there: There) -> None:
    assert fetching.ask(f"LOAD <{there.address}/carla.ttl> INTO GRAPH <{DOC}>").status in (400, 403)
    assert there.asked == []


def test_the_service_tells_whose_documents_it_fetches(fetching: Any, there: There) -> None:
    told = fetching.send("/openapi.json").json["paths"]["/sparql"]
    assert there.address in told["post"]["description"]
    assert f"FROM fetches what is not in the store from {there.address}" in told["get"]["parameters"][0]["description"]
    assert "502" in told["get"]["responses"]
    assert "#DereferencesURIs" in fetching.send("/sparql", headers={"Accept": "application/n-triples"}).text


class TestFrom:
    COUNT = "SELECT ?n FROM <{}/count.ttl> {{ ?s <x:count> ?n }}"

    def counted(self, answer: Any) -> str:
        assert answer.status == 200, answer.text
        assert ("etag" in answer.headers, answer.headers["cache-control"]) == (False, "no-store")
        [row] = answer.json["results"]["bindings"]
        return str(row["n"]["value"])

    def test_a_document_is_fetched_for_each_query_and_the_answer_is_not_kept(self, fetching: Any, there: There) -> None:
        sparql = self.COUNT.format(there.address)
        by_graph = {"query": "SELECT ?n { ?s <x:count> ?n }", "default-graph-uri": f"{there.address}/count.ttl"}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        asked: list[Callable[[], Any]] = [
            lambda: fetching.ask(sparql),
            lambda: fetching.ask(sparql),
            lambda: fetching.ask(sparql.replace("FROM", "\\u0046ROM")),
            lambda: fetching.send(f"/sparql?{urlencode(by_graph)}"),
            lambda: fetching.send(f"/sparql?{urlencode(by_graph)}"),
            lambda: fetching.send("/sparql", "POST", urlencode({"query": sparql}), form),
        ]
        assert [self.counted(ask()) for ask in asked] == ["1", "2", "3", "4", "5", "6"]
        pages = [
            fetching.send(f"/sparql?{urlencode(fields)}", headers={"Accept": "text/html"})
            for fields in ({"query": sparql}, by_graph)
        ]
        assert [(page.status, "etag" in page.headers) for page in pages] == [(200, False)] * 2
        assert [f"{number}<" in page.text for number, page in zip((7, 8), pages, strict=True)] == [True, True]
        assert there.asked == ["/count.ttl"] * 8

    def test_what_names_no_graph_is_kept_as_ever(self, fetching: Any) -> None:
        answer = fetching.ask("SELECT ?from { ?s dg:from ?from } LIMIT 1")
        assert (answer.status, "etag" in answer.headers) == (200, True)

    def test_the_documents_are_all_that_is_asked(self, fetching: Any, there: There) -> None:
        clauses = f"FROM <{there.address}/names.ttl> FROM <{there.address}/carla.ttl>"
        found = fetching.ask(f"SELECT ?name {clauses} {{ ?s ?p ?name }}").json["results"]["bindings"]
        assert sorted(row["name"]["value"] for row in found) == ["Berta of elsewhere", "Carla"]
        made = fetching.ask(f"CONSTRUCT FROM <{there.address}/carla.ttl> WHERE {{ ?s ?p ?o }}", "application/n-triples")
        assert made.text == '<x:carla> <x:name> "Carla" .\n'
        named = f"FROM NAMED <{there.address}/carla.ttl>"
        assert fetching.ask(f"ASK {named} {{ GRAPH <{there.address}/carla.ttl> {{ <x:carla> ?p ?o }} }}").json[
            "boolean"
        ]
        assert fetching.ask(f"ASK {named} {{ ?s ?p ?o }}").json["boolean"] is False
        assert fetching.ask("ASK { <x:carla> ?p ?o }").json["boolean"] is False

    def test_contexts_are_fetched_too(self, fetching: Any, there: There) -> None:
        assert fetching.ask(f'ASK FROM <{there.address}/berta.jsonld> {{ ?s <x:name> "Berta" }}').json["boolean"]
        assert there.asked == ["/berta.jsonld", "/context"]

    def test_relative_names_are_of_the_services_address_and_nothing_is_fetched_twice(
        self, fetching: Any, there: There
    ) -> None:
        asked = f"ASK FROM <{there.address}/carla.ttl> {{ FILTER(STR(<x>) = '{fetching.url}/x') }}"
        assert fetching.ask(asked).json["boolean"] is True
        assert there.asked == ["/carla.ttl"]

    @pytest.mark.parametrize(
        ("path", "status", "said"), [("/none", 502, "status 404"), ("/page.ttl", 400, "'text/html'")]
    )
    def test_what_fails_is_told(self, fetching: Any, there: There, path: str, status: int, said: str) -> None:
        answer = fetching.ask(f"ASK FROM <{there.address}{path}> {{ ?s ?p ?o }}")
        assert (answer.status, said in answer.json["detail"]) == (status, True), answer.text
        assert "127.0.0.1" not in answer.text

    def test_another_host_and_graphs_of_the_store_beside_it_are_refused(self, fetching: Any, there: There) -> None:
        other = fetching.ask("ASK FROM <https://other.example/x.ttl> {}")
        assert (other.status, there.address in other.json["detail"]) == (403, True)
        states = "https://w3id.org/diplograph/doc/states"
        mixed = fetching.ask(f"ASK FROM <{there.address}/carla.ttl> FROM NAMED <{states}> {{}}")
        assert (mixed.status, f"<{states}>, which is in the store" in mixed.json["detail"]) == (403, True)
        assert fetching.ask(f"ASK FROM <{states}> {{ ?s ?p ?o }}").json["boolean"] is True
        assert there.asked == []

    def test_it_is_within_the_time_and_memory_of_the_query(self, fetching: Any, there: There) -> None:
        late = fetching.ask(f"ASK FROM <{there.address}/silent.ttl> {{}}")
        assert (late.status, "took longer than 2 s" in late.json["detail"]) == (502, True)
        several = " ".join(f"FROM <{there.address}/slow.ttl#{number}>" for number in range(8))
        slow = fetching.ask(f"ASK {several} {{}}")
        assert (slow.status, slow.json.get("limit")) == (503, "seconds")
        large = fetching.ask(f"ASK FROM <{there.address}/large.ttl> {{}}")
        assert (large.status, large.json.get("limit")) == (503, "memory"), large.text
        assert fetching.ask(f"ASK FROM <{there.address}/carla.ttl> {{ ?s ?p ?o }}").json["boolean"] is True

    def test_by_default_nothing_is_fetched(self, service: Any, there: There) -> None:
        answer = service.ask(f"ASK FROM <{there.address}/carla.ttl> {{ ?s ?p ?o }}")
        assert (answer.status, "is not in the store" in answer.json["detail"]) == (403, True)
        assert "502" not in service.send("/openapi.json").json["paths"]["/sparql"]["get"]["responses"]
        assert "#DereferencesURIs" not in service.send("/sparql", headers={"Accept": "application/n-triples"}).text
        assert there.asked == []

"""LOAD over a service that runs: documents of hosts on the list are fetched by whoever has the token, and no others."""

from __future__ import annotations

import http.server
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
settings = Settings(Path(sys.argv[1]), Limits(3), port=0, workers=2, token=sys.argv[3], web=web)
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
        }.get(self.path, ("text/plain", ""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def there() -> Iterator[There]:
    found = There()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Kept", (Answering,), {"there": found}))
    server.daemon_threads, server.block_on_close = True, False
    found.address = f"http://there.example:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


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
    assert fetching.ask(f"ASK FROM <{there.address}/carla.ttl> {{ ?s ?p ?o }}").status == 403
    assert fetching.ask(f"LOAD <{there.address}/carla.ttl> INTO GRAPH <{DOC}>").status in (400, 403)
    assert there.asked == []


def test_the_service_tells_whose_documents_it_fetches(fetching: Any, there: There) -> None:
    assert there.address in fetching.send("/openapi.json").json["paths"]["/sparql"]["post"]["description"]

"""SERVICE over a service that runs: hosts on the list are asked, through workers, the engine and the relay."""

from __future__ import annotations

import http.server
import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

PROGRAM = """
import socket, sys
from pathlib import Path
from diplograph.graph.origins import origin
from diplograph.queries.relay import Relay
from diplograph.queries.relay.addresses import Address
from diplograph.queries.server import Settings, serve
from diplograph.queries.workers import Limits

def here(host, port):
    return [Address(socket.AF_INET, ("127.0.0.1", port))]

with Relay([origin(sys.argv[2])], 1, addresses=here) as relay:
    settings = Settings(Path(sys.argv[1]), Limits(3), port=0, workers=2, endpoints=relay.endpoints)
    serve(settings, lambda url: print(url, file=sys.stderr, flush=True))
"""
"""What the command does, but for the relay, which takes this machine for every other."""


@dataclass
class There:
    """An endpoint: its host, and the queries that came."""

    host: str = ""
    asked: list[str] = field(default_factory=list)


class Answering(http.server.BaseHTTPRequestHandler):
    there: There

    def do_POST(self) -> None:
        self.there.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if self.path == "/silent":
            time.sleep(5)
        row = {"a": {"type": "literal", "value": f"answer {len(self.there.asked)}"}}
        body = json.dumps({"head": {"vars": ["a"]}, "results": {"bindings": [row]}})
        self.send_response(500 if self.path == "/error" else 200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())


@pytest.fixture(scope="module")
def there(listening: Callable[..., AbstractContextManager[int]]) -> Iterator[There]:
    found = There()
    with listening(Answering, there=found) as port:
        found.host = f"http://there.example:{port}"
        yield found


@pytest.fixture(scope="module")
def federating(packaged: Path, there: There, running: Callable[..., AbstractContextManager[Any]]) -> Iterator[Any]:
    with running(packaged, there.host, program=PROGRAM) as started:
        yield started


def query(there: There, way: str = "sparql", keyword: str = "SERVICE") -> str:
    return f"SELECT ?a {{ {keyword} <{there.host}/{way}> {{ ?s ?p ?a }} }}"


def values(answer: Any) -> list[str]:
    assert answer.status == 200, answer.text
    return [row["a"]["value"] for row in answer.json["results"]["bindings"] if "a" in row]


def test_an_endpoint_is_asked_each_time_and_its_answer_is_not_kept(federating: Any, there: There) -> None:
    there.asked.clear()
    sparql = query(there)
    first, second = federating.ask(sparql), federating.ask(sparql)
    form = federating.send(
        "/sparql", "POST", urlencode({"query": sparql}), {"Content-Type": "application/x-www-form-urlencoded"}
    )
    escaped = [federating.ask(sparql.replace("SERVICE", "\\u0053ERVICE")) for _ in range(2)]
    answers = [first, second, form, *escaped]
    assert [values(answer) for answer in answers] == [[f"answer {number}"] for number in range(1, 6)]
    assert there.asked == ["SELECT * WHERE { ?s ?p ?a . }"] * 5
    for answer in answers:
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
    page = federating.send(f"/sparql?{urlencode({'query': sparql})}", headers={"Accept": "text/html"})
    assert "answer 6" in page.text
    assert "etag" not in page.headers


def test_what_it_says_is_joined_with_what_is_here(federating: Any, there: There) -> None:
    sparql = (
        f"CONSTRUCT {{ ?state dg:x ?a }} {{ VALUES ?state {{ state:AZE }} ?state a dg:State . {query(there)[11:-1]} }}"
    )
    answer = federating.ask(sparql, "application/n-triples")
    assert (answer.status, answer.text.count("/id/state/AZE>"), answer.text.count('"answer ')) == (200, 1, 1)


@pytest.mark.parametrize(("way", "said"), [("error", "status 500"), ("silent", "took longer than 1 s")])
def test_a_failure_is_told_or_silent(federating: Any, there: There, way: str, said: str) -> None:
    answer = federating.ask(query(there, way))
    assert answer.status == 502
    assert answer.json["detail"].startswith("there.example ")
    assert said in answer.json["detail"]
    assert "127.0.0.1" not in answer.text
    assert values(federating.ask(query(there, way, "SERVICE SILENT"))) == []
    assert federating.send("/healthz").status == 200


def test_another_host_is_refused_and_the_list_is_told(federating: Any, there: There) -> None:
    answer = federating.ask("ASK { SERVICE <https://elsewhere.example/> { ?s ?p ?o } }")
    assert answer.status == 403
    assert there.host in answer.json["detail"]


def test_named_questions_and_entities_ask_nobody(federating: Any, there: There) -> None:
    there.asked.clear()
    text = quote(f"> }} SERVICE <{there.host}/sparql> {{ ?s ?p ?o }} #")
    assert federating.send(f"/ask/posts-of?person={text}").status in (400, 404)
    assert there.asked == []


def test_the_service_tells_that_it_asks_others(federating: Any, service: Any, there: There) -> None:
    feature = "BasicFederatedQuery"
    assert feature in federating.send("/sparql", headers={"Accept": "text/turtle"}).text
    assert feature not in service.send("/sparql", headers={"Accept": "text/turtle"}).text
    told = federating.send("/openapi.json").json["paths"]["/sparql"]["get"]
    assert there.host in told["parameters"][0]["description"]
    assert "502" in told["responses"]
    assert "502" not in service.send("/openapi.json").json["paths"]["/sparql"]["get"]["responses"]


def test_by_default_nobody_is_asked(service: Any, there: There) -> None:
    answer = service.ask(query(there))
    assert answer.status == 403
    assert "nothing leaves this machine unasked" in answer.json["detail"]
    assert "--allow-service" in answer.json["detail"]

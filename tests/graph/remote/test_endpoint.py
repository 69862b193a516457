"""Asking an endpoint: answers are whole and come in time, or an error says which endpoint failed and how."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from rdflib import URIRef

from diplograph.errors import LimitError, QueryError, RemoteError, StoreError
from diplograph.graph.remote import RemoteSettings, RemoteStore
from diplograph.graph.remote.retrying import Retrying
from diplograph.graph.store import Solutions, Triples, View

QUERY = "SELECT ?x WHERE { ?x ?y ?z }"
FEW = {"timeout": 5.0, "attempts": 3, "first_wait": 0.5, "longest_wait": 30.0}


@pytest.fixture
def waits() -> list[float]:
    """The seconds that were waited before trying again, without waiting for them."""
    return []


@pytest.fixture
def view(script: Any, waits: list[float]) -> View:
    """A view of the scripted endpoint, which has told already what its graphs are."""
    return view_of(script, waits)


def view_of(script: Any, waits: list[float] | None = None, **settings: Any) -> View:
    chosen = RemoteSettings(**{**FEW, **settings})
    noted = waits if waits is not None else []
    store = RemoteStore(script.url, chosen, retrying=Retrying(chosen, noted.append, lambda: 1.0))
    view = store.view()
    script.otherwise = empty_endpoint
    assert view.query("ASK { ?s ?p ?o }") is True
    assert view.graphs() == ()
    script.otherwise = lambda _: reply(b"", status=500)
    return view


def empty_endpoint(asked: Any) -> Any:
    if asked.sparql.startswith("ASK"):
        return answer(boolean=True)
    return answer("s p o") if "?s ?p ?o WHERE" in asked.sparql else answer("g")


def answer(
    variables: str = "", *values: str, boolean: bool | None = None, headers: dict[str, str] | None = None
) -> Any:
    body: dict[str, Any] = {"head": {"vars": variables.split()}}
    if boolean is None:
        body["results"] = {"bindings": [{variables: {"type": "uri", "value": value}} for value in values]}
    else:
        body["boolean"] = boolean
    return reply(json.dumps(body).encode())


def reply(body: bytes, media_type: str = "application/sparql-results+json", **more: Any) -> Any:
    headers = {"Content-Type": media_type, **(more.pop("headers", None) or {})}
    return _Reply(body, headers=headers, **more)


class _Reply:
    def __init__(self, body: bytes = b"", status: int = 200, headers: dict[str, str] | None = None,
                 length: int | None = -1, pause: float = 0.0, drip: bool = False) -> None:  # fmt: skip
        self.body, self.status, self.headers = body, status, headers or {}
        self.length, self.pause, self.drip = length, pause, drip


def asked_for(view: View) -> list[Any]:
    found = view.query(QUERY)
    assert isinstance(found, Solutions)
    return [row[0] for row in found.rows]


def test_rows_come_as_terms(script: Any, view: View) -> None:
    script.replies.append(answer("x", "urn:a", "urn:b"))
    assert asked_for(view) == [URIRef("urn:a"), URIRef("urn:b")]
    assert script.asked[-1].method == "POST"
    assert script.asked[-1].sparql == QUERY
    assert "sparql-results+json" in script.asked[-1].headers["accept"]


def test_no_list_of_graphs_is_asked_for_where_none_is_needed(script: Any) -> None:
    script.otherwise = empty_endpoint
    view = RemoteStore(script.url).view()
    assert view.query("ASK { ?s ?p ?o }") is True
    view.query("SELECT ?g { ?s ?p ?o }")
    assert not [asked.sparql for asked in script.asked if "GRAPH ?g" in asked.sparql]


def test_results_in_xml_will_do(script: Any, view: View) -> None:
    xml = b"""<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>
      <results><result><binding name="x"><uri>urn:a</uri></binding></result></results></sparql>"""
    script.replies.append(reply(xml, "application/sparql-results+xml"))
    assert asked_for(view) == [URIRef("urn:a")]


# Answers that are not whole


@pytest.mark.parametrize(
    "cut",
    [
        reply(b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"urn:a"}}'),
        reply(b'{"head":{"vars":["x"]},"results":{"bindings":[]}}', length=500),
        reply(b'{"head":{"vars":["x"]},"results":{}}'),
        reply(b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri"}}]}}'),
        reply(b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"odd","value":"a"}}]}}'),
        reply(b"<sparql xmlns='http://www.w3.org/2005/sparql-results#'><head>", "application/sparql-results+xml"),
        reply(b"<html>Welcome!</html>", "text/html"),
        reply(b""),
    ],
)
def test_what_is_cut_off_is_an_error_and_never_a_shorter_answer(script: Any, view: View, cut: Any) -> None:
    script.otherwise = lambda _: cut
    with pytest.raises(RemoteError, match=r"http://127\.0\.0\.1:\d+/sparql.*cut off"):
        view.query(QUERY)


@pytest.mark.parametrize(
    "cut",
    [
        reply(b"<urn:a> <urn:b> <urn:c> .\nThe operation has been cancelled", "application/n-triples"),
        reply(b"<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b>", "application/n-triples"),
        reply(b"<urn:a> <urn:b> <urn:c> .\n", "application/n-triples", length=500),
        reply(b"<urn:a> <urn:b> <urn:c> .\n", "application/n-triples", length=None),
        reply(b"<urn:a> <urn:b> <urn:c> .\n", "image/png"),
    ],
)
def test_a_graph_that_is_cut_off_is_an_error(script: Any, view: View, cut: Any) -> None:
    script.otherwise = lambda _: cut
    with pytest.raises(RemoteError, match=r"cut off|whole"):
        view.query("CONSTRUCT WHERE { ?s ?p ?o }")


def test_a_graph_comes_with_each_statement_once(script: Any, view: View) -> None:
    script.replies.append(reply(b"<urn:a>\t<urn:b>\t<urn:c> .\n" * 2, "application/n-triples; charset=UTF-8"))
    assert view.query("CONSTRUCT WHERE { ?s ?p ?o }") == Triples(b"<urn:a> <urn:b> <urn:c> .\n")


def test_a_graph_with_fewer_statements_than_were_counted_is_an_error(script: Any, view: View) -> None:
    script.replies += [count(3), answer("s p o")]
    with pytest.raises(RemoteError, match="0 statements came of 3"):
        view.ntriples()


def test_an_answer_that_is_too_long_is_an_error(script: Any) -> None:
    view = view_of(script, largest_answer=1000)
    script.replies.append(answer("x", *["urn:a"] * 100))
    with pytest.raises(RemoteError, match=r"longer than 1,000 bytes"):
        view.query(QUERY)


def test_an_encoding_that_was_not_asked_for_is_an_error(script: Any, view: View) -> None:
    script.otherwise = lambda _: reply(b"zipped", headers={"Content-Encoding": "gzip"})
    with pytest.raises(RemoteError, match="encoding gzip"):
        view.query(QUERY)


# Time


@pytest.mark.parametrize("slow", [reply(b"x" * 1000, drip=True), reply(b"", pause=60)])
def test_the_wait_ends_when_the_time_is_over_whatever_comes(script: Any, slow: Any) -> None:
    view = view_of(script, timeout=0.5)
    script.replies.append(slow)
    begin = time.monotonic()
    with pytest.raises(LimitError, match=r"It may take 0\.5 seconds; a longer --endpoint-timeout"):
        view.query(QUERY)
    assert time.monotonic() - begin < 3


def test_silence_ends_an_attempt_and_another_is_made(script: Any, waits: list[float]) -> None:
    view = view_of(script, waits, silence=0.2)
    script.replies += [reply(b"", pause=60), answer("x", "urn:a")]
    assert asked_for(view) == [URIRef("urn:a")]
    assert waits == [0.5]


def test_what_does_not_accept_connections_is_told(waits: list[float]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/sparql"
        settings = RemoteSettings(**FEW)  # type: ignore[arg-type]
        store = RemoteStore(url, settings, retrying=Retrying(settings, waits.append, lambda: 0.0))
        with pytest.raises(RemoteError, match=r"refused") as caught:
            store.view().size()
    assert caught.value.url == url
    assert caught.value.status is None
    assert waits == [0.25, 0.5]


# Trying again


@pytest.mark.parametrize("status", [429, 503, 502, 504])
def test_an_endpoint_that_is_busy_is_asked_again_after_growing_waits(
    script: Any, view: View, waits: list[float], status: int
) -> None:
    script.replies += [reply(b"later", status=status), reply(b"later", status=status), answer("x", "urn:a")]
    assert asked_for(view) == [URIRef("urn:a")]
    assert waits == [0.5, 1.0]


def test_it_is_waited_as_long_as_the_endpoint_says(script: Any, view: View, waits: list[float]) -> None:
    script.replies += [reply(b"", status=429, headers={"Retry-After": "2"}), answer("x")]
    assert asked_for(view) == []
    assert waits == [2.0]


def test_a_wait_that_is_longer_than_allowed_is_an_error_at_once(script: Any, view: View, waits: list[float]) -> None:
    script.replies.append(reply(b"Too many requests", status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(RemoteError, match=r"status 429.*Too many requests"):
        view.query(QUERY)
    assert waits == []


def test_a_wait_that_is_longer_than_the_time_left_is_the_end(script: Any, view: View) -> None:
    script.replies.append(reply(b"Busy", status=503, headers={"Retry-After": "20"}))
    with pytest.raises(LimitError, match="Busy"):
        view.query(QUERY)


def test_it_is_tried_so_often_and_no_more(script: Any, view: View, waits: list[float]) -> None:
    script.otherwise = lambda _: reply(b"Busy today\nand tomorrow", status=503)
    before = len(script.asked)
    with pytest.raises(RemoteError, match=r"status 503\): Busy today\.") as caught:
        view.query(QUERY)
    assert caught.value.status == 503
    assert len(script.asked) - before == 3
    assert len(waits) == 2


@pytest.mark.parametrize(
    ("status", "error", "told"),
    [
        (400, QueryError, "cannot answer the query: No such function"),
        (500, RemoteError, r"status 500\): No such function"),
        (401, RemoteError, "https://user:password@host/"),
        (403, RemoteError, "Whoever runs it can allow it"),
        (404, RemoteError, "address of the endpoint itself"),
    ],
)
def test_other_failures_are_told_at_once(
    script: Any, view: View, status: int, error: type[Exception], told: str, waits: list[float]
) -> None:
    script.replies.append(reply(b"No such function", status=status))
    with pytest.raises(error, match=told):
        view.query(QUERY)
    assert waits == []


def test_an_endpoint_that_takes_no_post_is_asked_by_get(script: Any, view: View) -> None:
    script.replies += [reply(b"", status=405), answer("x", "urn:a"), answer("x")]
    assert asked_for(view) == [URIRef("urn:a")]
    assert asked_for(view) == []
    assert [asked.method for asked in script.asked[-3:]] == ["POST", "GET", "GET"]


# Where it is


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_question_follows_an_endpoint_that_has_moved(script: Any, view: View, status: int) -> None:
    script.replies += [reply(b"", status=status, headers={"Location": "/moved"}), answer("x", "urn:a")]
    assert asked_for(view) == [URIRef("urn:a")]
    assert script.asked[-1].path == "/moved"
    assert script.asked[-1].sparql == QUERY


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/"])
def test_no_redirect_leaves_http(script: Any, view: View, place: str) -> None:
    script.otherwise = lambda _: reply(b"", status=302, headers={"Location": place})
    with pytest.raises(RemoteError, match="status 302"):
        view.query(QUERY)


def test_a_circle_of_redirects_ends(script: Any, view: View) -> None:
    script.otherwise = lambda _: reply(b"", status=302, headers={"Location": "/sparql"})
    with pytest.raises(RemoteError, match="status 302"):
        view.query(QUERY)
    assert len(script.asked) < 20


# Who asks


def test_a_password_is_sent_when_it_is_asked_for_and_never_shown(script: Any) -> None:
    def guarded(asked: Any) -> Any:
        if "authorization" not in asked.headers:
            return reply(b"", status=401, headers={"WWW-Authenticate": 'Basic realm="here"'})
        return reply(b"Not you", status=403)

    script.otherwise = guarded
    location = script.url.replace("http://", "http://ann:se%20cret@")
    store = RemoteStore(location, RemoteSettings(**FEW))  # type: ignore[arg-type]
    with pytest.raises(RemoteError, match="status 403") as caught:
        store.view().size()
    assert script.asked[-1].headers["authorization"] == "Basic YW5uOnNlIGNyZXQ="
    for shown in (str(caught.value), repr(store._endpoint.address), repr(store._endpoint.settings)):
        assert "cret" not in shown
    assert "ann" not in str(caught.value)


def test_a_password_is_for_the_endpoints_own_server_only(script: Any, other_script: Any) -> None:
    script.otherwise = lambda _: reply(b"", status=307, headers={"Location": other_script.url})
    other_script.otherwise = lambda _: reply(b"", status=401, headers={"WWW-Authenticate": 'Basic realm="there"'})
    store = RemoteStore(script.url, RemoteSettings(user="ann", password="secret", attempts=1))  # noqa: S106
    with pytest.raises(RemoteError, match="status 401"):
        store.view().size()
    assert other_script.asked
    assert not any("authorization" in asked.headers for asked in other_script.asked)


# Guarding


@pytest.mark.parametrize(
    "sparql", ["SELECT * { SERVICE <http://a/> { ?s ?p ?o } }", "ASK FROM <file:///x> {}", "DROP ALL"]
)
def test_what_is_refused_is_not_sent(script: Any, view: View, sparql: str) -> None:
    before = len(script.asked)
    with pytest.raises(QueryError):
        view.query(sparql)
    assert len(script.asked) == before


def test_what_is_not_sparql_is_not_sent(script: Any, view: View) -> None:
    before = len(script.asked)
    with pytest.raises(QueryError, match="line 1, column"):
        view.query("SELECT ?x WHERE { ?x ")
    assert len(script.asked) == before


# Changes


def test_an_endpoint_that_takes_no_changes_can_only_be_read(script: Any) -> None:
    def reads(asked: Any) -> Any:
        if asked.sparql.startswith("INSERT"):
            return reply(b"Read only", status=403)
        return answer(boolean=True) if asked.sparql.startswith("ASK") else answer("g")

    script.otherwise = reads
    store = RemoteStore(script.url, RemoteSettings(**FEW))  # type: ignore[arg-type]
    refusal = r"can only be read.*/update \(status 403\): Read only.*--endpoint-update"
    with pytest.raises(StoreError, match=refusal), store.writing():
        pass
    assert {asked.path for asked in script.asked if asked.sparql.startswith("INSERT")} == {"/sparql", "/update"}


def test_a_change_is_sent_once_and_what_became_of_it_looked_at(script: Any, waits: list[float]) -> None:
    def loses(asked: Any) -> Any:
        if "CLEAR" in asked.sparql:
            return reply(b"", length=100)
        if "COUNT" in asked.sparql and "GROUP" not in asked.sparql:
            return count(0)
        if asked.sparql.startswith("ASK"):
            return answer(boolean=True)
        return answer("g") if "SELECT" in asked.sparql else reply(b"", status=204)

    script.otherwise = loses
    settings = RemoteSettings(**FEW)  # type: ignore[arg-type]
    store = RemoteStore(script.url, settings, retrying=Retrying(settings, waits.append, lambda: 1.0))
    script.otherwise = lambda asked: (
        count(0) if "COUNT" in asked.sparql and "GROUP" not in asked.sparql else loses(asked)
    )
    with pytest.raises(StoreError, match=r"cut off.*the change had not been made"), store.writing() as writer:
        writer.put(URIRef("http://example.org/doc"), b"<urn:a> <urn:b> <urn:c> .\n")
    assert sum("CLEAR" in asked.sparql for asked in script.asked) == 1
    assert waits == []


def count(number: int) -> Any:
    binding = {"n": {"type": "literal", "value": str(number)}}
    return reply(json.dumps({"head": {"vars": ["n"]}, "results": {"bindings": [binding]}}).encode())


def test_closed_stores_send_nothing(script: Any) -> None:
    store = RemoteStore(script.url)
    store.close()
    used: list[Callable[[], Any]] = [store.view, lambda: store.writing().__enter__()]
    for use in used:
        with pytest.raises(StoreError, match="closed"):
            use()
    assert script.asked == []

"""The service as a process: who may ask, what it tells of itself, how it ends, and that no answer is cut unseen."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from diplograph.errors import LimitError
from diplograph.queries.server import Settings, application
from diplograph.queries.server.connection import connections_of
from diplograph.queries.workers import Limits

Running = Callable[..., AbstractContextManager[Any]]


def test_it_tells_how_it_is(service: Any) -> None:
    health = service.send("/healthz").json
    assert health["status"] == "ok"
    assert health["version"]
    text = service.send("/metrics").text
    assert 'diplograph_requests_total{status="200"}' in text
    assert "diplograph_work_seconds_bucket" in text


def test_a_site_may_read_answers_only_if_it_is_named(service: Any, packaged: Path, running: Running) -> None:
    named = {"Origin": "https://example.org"}
    asking = named | {"Access-Control-Request-Method": "GET"}
    assert "access-control-allow-origin" not in service.send("/sparql?query=ASK%7B%7D", headers=named).headers
    assert "access-control-allow-origin" not in service.send("/sparql", "OPTIONS", headers=asking).headers
    with running(packaged, "--origin", "https://example.org", "--workers", "1") as opened:
        allowed = opened.send("/sparql?query=ASK%7B%7D", headers=named)
        assert allowed.headers["access-control-allow-origin"] == "https://example.org"
        assert opened.send("/sparql", "OPTIONS", headers=asking).status == 200
        other = opened.send("/sparql?query=ASK%7B%7D", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


def test_it_answers_to_its_public_name_alone() -> None:
    with started(application(settings(public_url="https://graph.example/"), Fixed([b"{}"]))) as port:
        assert answer_of(port, Host="graph.example")[0] == 200
        assert answer_of(port, Host="evil.example")[0] == 421


def test_beyond_its_machine_it_answers_to_addresses_and_no_unknown_name() -> None:
    with started(application(settings(host="0.0.0.0"), Fixed([b"{}"]))) as port:  # noqa: S104
        assert answer_of(port, Host="192.0.2.7:8484")[0] == 200
        assert answer_of(port, Host="[2001:db8::7]")[0] == 200
        assert answer_of(port, Host="localhost")[0] == 200
        assert answer_of(port, Host="evil.example")[0] == 421


def test_the_log_of_slow_queries_has_hashes_only(capfd: pytest.CaptureFixture[str]) -> None:
    with started(application(settings(slow=0), Fixed([b"{}"]))) as port:
        assert answer_of(port)[0] == 200
    [line] = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    assert set(line) == {"event", "seconds", "status", "bytes", "sha256"}


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_order(packaged: Path, ending: signal.Signals) -> None:
    command = [sys.executable, "-m", "diplograph", "serve", "--store", str(packaged), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert "is served at http://127.0.0.1:" in process.stderr.readline()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.send_signal(ending)
    assert process.wait(15) == 0
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    assert children
    assert not [child for child in children if Path(f"/proc/{child}").exists()]


def test_a_store_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "diplograph", "serve", "--store", str(tmp_path / "none"), "--port", "0"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode == 5
    assert "There is no store" in run.stderr


def test_updates_need_a_token_worth_the_name(packaged: Path, tmp_path: Path) -> None:
    (tmp_path / "short").write_text("short")
    command = [sys.executable, "-m", "diplograph", "serve", "--store", str(packaged), "--port", "0", "--updates"]
    environment = {name: value for name, value in os.environ.items() if name != "DIPLOGRAPH_TOKEN"}
    for options in ([], ["--token-file", str(tmp_path / "short")]):
        run = subprocess.run(
            [*command, *options], capture_output=True, text=True, timeout=30, check=False, env=environment
        )
        assert run.returncode == 2
        assert "at least 16" in run.stderr


class Fixed:
    """Answers every task with the same pieces; one that is an error is raised in its place."""

    version = "1"

    def __init__(self, pieces: list[bytes | Exception], pause: float = 0) -> None:
        self.pieces, self.pause, self.closed, self.sent = pieces, pause, 0, 0

    async def run(self, task: object, limits: object = None) -> AsyncGenerator[bytes]:
        return self._answer()

    async def _answer(self) -> AsyncGenerator[bytes]:
        try:
            for piece in self.pieces:
                await asyncio.sleep(self.pause)
                if isinstance(piece, Exception):
                    raise piece
                self.sent += 1
                yield piece
        finally:
            self.closed += 1


def settings(**changed: Any) -> Settings:
    return Settings(Path("store"), Limits(), **changed)


@contextmanager
def started(app: Any, **changed: Any) -> Iterator[int]:
    """An application behind a real socket, as the service runs it."""
    config = uvicorn.Config(app, http=connections_of(settings(**changed)), ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


def answer_of(port: int, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/sparql?query=ASK%7B%7D", headers=headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


@contextmanager
def connected(workers: Any, **changed: Any) -> Iterator[socket.socket]:
    with (
        started(application(settings(**changed), workers), **changed) as port,
        socket.create_connection(("127.0.0.1", port), timeout=10) as connection,
    ):
        yield connection


GET = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: localhost\r\n\r\n"
LIMIT = LimitError("The answer took longer than 1 s, so the work was ended.", limit="seconds", value=1)
PIECE = b"x" * 70_000


def test_a_limit_before_the_first_byte_is_told() -> None:
    for pieces in ([LIMIT], [b"[", LIMIT]):
        with started(application(settings(), Fixed(pieces))) as port:
            status, headers, body = answer_of(port)
        assert (status, headers["content-type"]) == (503, "application/problem+json")
        assert json.loads(body)["limit"] == "seconds"


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_limit_after_the_first_byte_breaks_the_connection(encoding: str) -> None:
    workers = Fixed([PIECE, PIECE, LIMIT], pause=0.02)
    with (
        started(application(settings(), workers)) as port,
        pytest.raises((http.client.IncompleteRead, ConnectionError)),
    ):
        answer_of(port, **{"Accept-Encoding": encoding})
    assert workers.closed == 1


def test_no_last_chunk_is_sent_when_an_answer_is_cut() -> None:
    received, ended = b"", ""
    with connected(Fixed([PIECE, LIMIT], pause=0.05)) as connection:
        connection.sendall(GET)
        try:
            while piece := connection.recv(65536):
                received += piece
            ended = "in order"
        except ConnectionResetError:
            ended = "by a reset"
    assert ended == "by a reset"
    assert b"200 OK" in received
    assert b"chunked" in received
    assert not received.endswith(b"0\r\n\r\n")


def test_an_answer_that_is_whole_ends_whole() -> None:
    workers = Fixed([PIECE] * 20)
    with started(application(settings(), workers)) as port:
        status, headers, body = answer_of(port)
    assert (status, body, headers["transfer-encoding"]) == (200, PIECE * 20, "chunked")


def test_whoever_reads_slowly_holds_the_answer_up() -> None:
    workers = Fixed([PIECE] * 2000)
    with connected(workers) as connection:
        connection.sendall(GET)
        connection.recv(1000)
        before = -1
        while before != workers.sent:
            before = workers.sent
            time.sleep(0.1)
        assert workers.sent < 500, "most of it is not made yet"


def test_whoever_hangs_up_is_not_worked_for() -> None:
    for pieces in ([PIECE] * 100, [b"x"] * 100):
        workers = Fixed(pieces, pause=0.05)
        with connected(workers) as connection:
            connection.sendall(GET)
            time.sleep(0.3)
            connection.close()
            time.sleep(0.5)
            assert workers.closed == 1
            assert workers.sent < 50


def test_a_request_must_come_in_time() -> None:
    with connected(Fixed([b"{}"]), patience_for_request=0.2) as connection:
        connection.sendall(b"GET /sparql HTTP/1.1\r\nHost: local")
        assert b" 408 " in connection.recv(1000)


def test_a_body_must_come_in_time() -> None:
    with connected(Fixed([b"{}"]), patience_for_request=0.2) as connection:
        head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        connection.sendall(head + b"Content-Length: 10\r\n\r\nASK")
        assert b" 408 " in connection.recv(1000)


def test_kept_answers_have_bounds_and_end_with_their_version() -> None:
    workers = Fixed([b"x" * 1000])
    with started(application(settings(kept_answers=100_000), workers)) as port:
        for _ in range(3):
            answer_of(port)
        assert workers.sent == 1
        for number in range(100):
            answer_of(port, Accept=f"*/*, a/b{number}")
        assert workers.sent == 101
        answer_of(port)
        assert workers.sent == 102, "the oldest made room"
        workers.version = "2"
        answer_of(port)
        assert workers.sent == 103

"""Receptionists: whatever a connection brings, and however it arrives, it is answered as the service answers it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest

Running = Callable[..., AbstractContextManager[Any]]

LOOKUP = b"/sparql?query=SELECT%20?p%20?o%20%7B%20state:AZE%20?p%20?o%20%7D"
NEW = LOOKUP + b"%23new"
HEAVY = b"/sparql?query=SELECT%20(COUNT(*)%20AS%20?n)%20%7B%20?s%20?p%20?o%20%7D"
HEAD = b" HTTP/1.1\r\nHost: localhost\r\nAccept: application/sparql-results+json\r\n"
NUMBER = 4


@pytest.fixture(scope="module")
def received(packaged: Path, running: Running) -> Iterator[Any]:
    """A service in which most new connections come to a receptionist."""
    with running(packaged, "--receptionists", str(NUMBER), "--workers", "1") as service:
        yield service


def get(target: bytes, *headers: bytes) -> bytes:
    return b"GET " + target + HEAD + b"".join(header + b"\r\n" for header in headers) + b"\r\n"


class Connection:
    """A connection of its own, on which bytes are sent as they are."""

    def __init__(self, service: Any) -> None:
        self.socket = socket.create_connection(("127.0.0.1", service.port), timeout=20)
        self.file = self.socket.makefile("rb")

    def answer(self) -> tuple[int, bytes]:
        """The next answer: its status and its body."""
        line = self.file.readline()
        assert line, "the connection was closed"
        headers = dict(header.split(b": ", 1) for header in iter(self.file.readline, b"\r\n"))
        assert b"date" in headers
        return int(line.split()[1]), self.file.read(int(headers[b"content-length"]))

    def ask(self, request: bytes) -> tuple[int, bytes]:
        self.socket.sendall(request)
        return self.answer()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()


@pytest.fixture
def connections(received: Any) -> Iterator[list[Connection]]:
    """So many connections that some come to receptionists, and some to the service itself."""
    with ExitStack() as stack:
        yield [stack.enter_context(Connection(received)) for _ in range(6 * NUMBER)]


def children(service: Any) -> list[int]:
    """The receptionists of a service."""
    found = Path(f"/proc/{service.pid}/task/{service.pid}/children").read_text().split()
    return [int(pid) for pid in found if b"receptionist" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_there_are_as_many_as_were_asked_for(received: Any) -> None:
    assert len(children(received)) == NUMBER


def test_all_that_comes_over_one_connection_is_answered(connections: list[Connection]) -> None:
    for each in connections:
        first = each.ask(get(LOOKUP))
        assert first[0] == 200
        assert b'"bindings":[{' in first[1]
        assert each.ask(get(HEAVY))[0] == 200
        assert each.ask(get(b"/nowhere"))[0] == 404
        assert each.ask(get(LOOKUP)) == first
        body = b"query=ASK%7B%7D"
        form = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(body)
        assert each.ask(b"POST /sparql" + HEAD + form + body)[0] == 200
        assert each.ask(get(LOOKUP)) == first


def test_a_request_in_pieces_is_answered(connections: list[Connection]) -> None:
    for each in connections:
        for piece in (b"GET /spar", LOOKUP[5:], HEAD, b"\r"):
            each.socket.sendall(piece)
            time.sleep(0.01)
        assert each.ask(b"\n")[0] == 200


def test_requests_at_once_are_answered_in_order(connections: list[Connection]) -> None:
    requests = [get(LOOKUP), get(HEAVY), get(LOOKUP), get(b"/nowhere"), get(LOOKUP)]
    for each in connections:
        each.socket.sendall(b"".join(requests))
        answers = [each.answer() for _ in requests]
        assert [status for status, _ in answers] == [200, 200, 200, 404, 200]
        assert answers[0] == answers[2] == answers[4] != answers[1]


def test_whoever_does_not_read_yet_loses_nothing(connections: list[Connection]) -> None:
    each = connections[0]
    expected = each.ask(get(LOOKUP))
    each.socket.setblocking(False)
    sent = 0
    begin = time.monotonic()
    # One by one, as far as they are taken.
    while sent < 3000 and time.monotonic() - begin < 10:
        try:
            assert each.socket.send(get(LOOKUP)) == len(get(LOOKUP))
            sent += 1
        except BlockingIOError:
            break
    each.socket.settimeout(20)
    assert sent
    assert {each.answer() for _ in range(sent)} == {expected}


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        (get(LOOKUP, b"Connection: close"), {200}),
        (b"GET " + LOOKUP + b" HTTP/1.0\r\nHost: localhost\r\n\r\n", {200}),
        (b"GET " + LOOKUP + b" HTTP/1.1\r\nHost: evil.example\r\n\r\n", {421}),
        (b"GET " + LOOKUP + b" HTTP/1.1\r\n\r\n", {400}),
        (get(NEW, *(b"X-%d: x" % number for number in range(80))), {431}),
        (get(NEW, b"X: " + b"x" * 60_000, b"Y: " + b"y" * 60_000), {431}),
        (get(NEW, b"Accept: image/png"), {200, 406}),
        (get(LOOKUP, b"Content-Length: 3") + b"abc", {200}),
        (get(LOOKUP, b"Transfer-Encoding: chunked") + b"0\r\n\r\n", {200}),
        (b"GET /sparql?nothing at all\r\n\r\n", {400}),
        (b"\x16\x03\x01 a handshake\r\n\r\n", {400}),
    ],
)
def test_odd_requests_are_answered_alike_everywhere(
    connections: list[Connection], request_: bytes, statuses: set[int]
) -> None:
    found = set()
    for each in connections:
        each.socket.sendall(request_)
        found.add(int(each.file.readline().split()[1]))
    assert len(found) == 1
    assert found <= statuses


def test_what_they_answer_is_counted(received: Any) -> None:
    def answered() -> int:
        match = re.search(r'requests_total\{status="200"\} ([0-9.]+)', received.send("/metrics").text)
        assert match
        return int(float(match[1]))

    time.sleep(1.5)
    before, asked = answered(), 10 * NUMBER
    for number in range(asked):
        received.ask(f"SELECT ?p {{ state:AZE ?p ?o }} #{number}")
    time.sleep(1.5)
    # What counts is counted, too.
    assert answered() == before + asked + 1


def test_without_them_the_service_goes_on(packaged: Path, running: Running) -> None:
    with running(packaged, "--receptionists", "2", "--workers", "1") as service:
        for pid in children(service):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.5)
        assert {service.send(LOOKUP.decode()).status for _ in range(20)} == {200}


def test_they_end_with_the_service_however_it_ends(packaged: Path) -> None:
    command = [sys.executable, "-m", "diplograph", "serve", "--store", str(packaged), "--port", "0"]
    with subprocess.Popen([*command, "--receptionists", "2"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "is served at" in process.stderr.readline()
        service = type("Service", (), {"pid": process.pid})
        pids = children(service)
        assert len(pids) == 2
        process.kill()
    end = time.monotonic() + 10
    while any(Path(f"/proc/{pid}/exe").exists() for pid in pids) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}/exe").exists() for pid in pids)


@pytest.mark.parametrize("number", ["0", "2"])
def test_nobody_else_can_share_the_address(received: Any, packaged: Path, number: str) -> None:
    command = [sys.executable, "-m", "diplograph", "serve", "--store", str(packaged), "--port", str(received.port)]
    run = subprocess.run([*command, "--receptionists", number], capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode == 5
    assert "cannot listen" in run.stderr

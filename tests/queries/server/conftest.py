"""A service over the packaged documents, in a process of its own, and a client that sends exactly what it is told."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from diplograph.queries.conformance import asgi

FORM = "application/x-www-form-urlencoded"
JSON = "application/sparql-results+json"


class Answer(asgi.Answer):
    """What came back, read as the tests read it."""

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Service:
    """A service that runs, at its address; `pid` is its process."""

    url: str
    pid: int
    store: Path

    @property
    def port(self) -> int:
        return int(urlsplit(self.url).port or 0)

    def send(
        self,
        target: str,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request, its target as it is."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            data = body.encode() if isinstance(body, str) else body
            connection.request(method, target, data, dict(headers or {}))
            with connection.getresponse() as response:
                return Answer(
                    response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
                )

    def ask(self, sparql: str, accept: str | None = JSON, **fields: str) -> Answer:
        """Send a query by GET."""
        headers = {} if accept is None else {"Accept": accept}
        return self.send(f"/sparql?{urlencode({'query': sparql, **fields})}", headers=headers)

    def raw(self, data: bytes) -> bytes:
        """Send bytes and return all that comes back until the connection is closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))


@contextmanager
def run(
    store: Path, *options: str, environment: Mapping[str, str] | None = None, program: str | None = None
) -> Iterator[Service]:
    """A service of a store with options of the command line, or by a program of its own, ended by SIGTERM."""
    command = [sys.executable, "-m", "diplograph", "serve", "--store", str(store), "--port", "0", *options]
    if program is not None:
        command = [sys.executable, "-c", program, str(store), *options]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        match = re.search(r"http://\S+", line)
        assert match, line + process.stderr.read()
        yield Service(match[0], process.pid, store)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        finally:
            process.kill()
            for pipe in (process.stderr, process.stdout):
                pipe.close()
    assert process.returncode == 0


@pytest.fixture(scope="session")
def running() -> Callable[..., AbstractContextManager[Service]]:
    """Starts a service of a store, with options of the command line and an environment."""
    return run


@pytest.fixture(scope="session")
def service(packaged: Path) -> Iterator[Service]:
    """A service as it is by default."""
    with run(packaged) as started:
        yield started


@pytest.fixture(scope="module")
def open_service(
    packaged: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Service]:
    """A service of its own store, open to changes for whoever has the module's TOKEN."""
    directory = tmp_path_factory.mktemp("changed")
    shutil.copytree(packaged, directory / "store")
    (directory / "token").write_text(f"{request.module.TOKEN}\n")
    with run(directory / "store", "--updates", "--token-file", str(directory / "token")) as started:
        yield started

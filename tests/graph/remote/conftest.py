"""A server that answers as a test tells it to, one reply after the other, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs

import pytest


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def sparql(self) -> str:
        """The query or update that it holds."""
        form = parse_qs(self.body.decode())
        return (form.get("query") or form.get("update") or [""])[0]


@dataclass
class Script:
    """The server's side: `replies` in order, then what `otherwise` says to a request.

    A reply has a body, a status, headers, a length to tell (-1 for its own, None for none), seconds to pause before it,
    and whether to drip it byte by byte.
    """

    url: str
    replies: list[Any] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    otherwise: Callable[[Asked], Any] = field(default=lambda _: None)
    over: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def script(listening: Callable[..., AbstractContextManager[int]]) -> Iterator[Script]:
    """A server on loopback, which stops with the test."""
    with _serving(listening) as told:
        yield told


@pytest.fixture
def other_script(listening: Callable[..., AbstractContextManager[int]]) -> Iterator[Script]:
    """Another."""
    with _serving(listening) as told:
        yield told


@contextmanager
def _serving(listening: Callable[..., AbstractContextManager[int]]) -> Iterator[Script]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            asked = Asked(
                self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, self.rfile.read(length)
            )
            told.asked.append(asked)
            reply = told.replies.pop(0) if told.replies else told.otherwise(asked)
            if reply.pause and told.over.wait(reply.pause):
                return
            self.send_response_only(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.length is not None:
                self.send_header("Content-Length", str(len(reply.body) if reply.length < 0 else reply.length))
            self.end_headers()
            for piece in [reply.body[i : i + 1] for i in range(len(reply.body))] if reply.drip else [reply.body]:
                self.wfile.write(piece)
                self.wfile.flush()
                if reply.drip and told.over.wait(0.02):
                    return

        def do_GET(self) -> None:
            self.do_POST()

    with listening(Handler) as port:
        told = Script(f"http://127.0.0.1:{port}/sparql")
        yield told
        told.over.set()

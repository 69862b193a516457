"""A connection that does not wait or read without end, and that can be broken so that the other side notices."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from http import HTTPStatus
from typing import Any

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from ..workers import Run
from .answers import BEGUN, CUT, SOON
from .express import Express
from .gate import SAFE
from .settings import Settings

_LINGER = 1.0
"""Seconds in which a client that is refused can read why."""
_MOST_UNREAD = 64 * 1024 * 1024
"""Bytes of bodies that a connection may send in vain."""
_RESET = struct.pack("ii", 1, 0)


class _Answered:
    """A request that was answered already, as far as the server looks at it."""

    response_complete = True
    disconnected = keep_alive = False

    class message_event:  # noqa: N801 - the server's name
        """Nobody waits for more of it."""

        @staticmethod
        def set() -> None:
            """Wake nobody."""


_ANSWERED: Any = _Answered()


def connections_of(settings: Settings) -> type[HttpToolsProtocol]:
    """Return the protocol of connections with the bounds that are set."""

    class Bounded(Connection):
        bounds = settings

    return Bounded


class Connection(HttpToolsProtocol):
    """HTTP/1.1, with bounds for the head of a request: its size, and the seconds in which it must come."""

    bounds: Settings
    given = b""
    """What was read of the connection before it was given to this process."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request, but not for ever."""
        super().connection_made(transport)
        self._head = 0
        self._refused: tuple[int, str] | None = None
        self._hung_up, self._in_head, self._unread = False, True, 0
        self._late: asyncio.TimerHandle | None = None
        self._under_way: Run | None = None
        self._expect_head()
        if self.given:
            self.data_received(self.given)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._got_head()
        super().connection_lost(exc)
        if self._under_way:
            self.loop.call_later(SOON, self._under_way.leave)

    def data_received(self, data: bytes) -> None:
        """Read on, until a head is too long. Only a head that is not whole yet is counted here."""
        if self._hung_up or self.transport.is_closing():
            return
        super().data_received(data)
        if self._in_head:
            if self._late is None:
                self._expect_head()
            # What came before belongs to requests that are whole.
            self._head += len(data.rpartition(b"\r\n\r\n")[2])
            if self._head > self.bounds.largest_head + self.bounds.largest_address:
                self._refused = 431, "The head of the request is too long."
                self.send_400_response("")

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.scope["extensions"] = {CUT: self.cut}  # type: ignore[dict-item]
        self._in_head = True

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address, if it does not get too long."""
        super().on_url(url)
        if len(self.url) > self.bounds.largest_address:
            self._refused = 414, "The address is too long. Send a long query by POST."
            raise ValueError(self._refused[1])

    def on_headers_complete(self) -> None:
        """Let the request be answered: at once, if its answer is kept."""
        self._got_head()
        if not self._answered():
            super().on_headers_complete()

    def _answered(self) -> bool:
        parser, app = self.parser, self.app
        if not (isinstance(app, Express) and parser.get_method() == b"GET" and parser.should_keep_alive()):
            return False
        if self.flow.write_paused or not (self.cycle is None or self.cycle.response_complete) or self.pipeline:
            return False
        if parser.get_http_version() != "1.1":
            return False
        written = app.written(self.url, self.headers)
        if written is None:
            return False
        self._write(written)
        self.cycle = _ANSWERED
        self.on_response_complete()
        return True

    def _write(self, written: bytes) -> None:
        head = b"".join(name + b": " + value + b"\r\n" for name, value in self.server_state.default_headers)
        self.transport.write(STATUS_LINE[200] + head + written)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Begin with an answer: on the express way if there is one for the request, else by the application."""

        def told(run: Run, written: bytes | None) -> None:
            self._under_way = None
            if cycle.disconnected or self.transport.is_closing():
                run.leave()
            elif written is None or self.flow.write_paused or not cycle.keep_alive:
                cycle.scope["extensions"][BEGUN] = run  # type: ignore[assignment]
                HttpToolsProtocol._start_asgi_task(self, cycle, app)
            else:
                self._write(written)
                cycle.response_complete = True
                cycle.message_event.set()
                self.on_response_complete()

        express = cycle.keep_alive and isinstance(app, Express)
        self._under_way = app.begun(cycle.scope, told) if express else None  # type: ignore[attr-defined]
        if self._under_way is None:
            super()._start_asgi_task(cycle, app)

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body; what comes of it after its answer is let run out, up to a bound."""
        if self.cycle.response_complete:
            self._unread += len(body)
            if self._unread > _MOST_UNREAD:
                self.transport.abort()
        super().on_body(body)

    def cut(self) -> None:
        """Break the connection: the other side gets a reset, and can take what it has for nothing whole."""
        sock = self.transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.cycle.disconnected = True
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Tell that a request cannot be read, in the same words as any other problem, and hang up."""
        status, detail = self._refused or (400, "This is no HTTP request.")
        self._got_head()
        told: dict[str, Any] = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
        body = json.dumps(told).encode() + b"\n"
        head = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            *SAFE,
        ]
        self.transport.write(
            STATUS_LINE[status] + b"".join(name + b": " + value + b"\r\n" for name, value in head) + b"\r\n" + body
        )
        # Closed at once with bytes unread, the connection would be reset, and the answer lost on its way.
        self._refused = status, detail
        self._hung_up = True
        self.transport.write_eof()
        self.loop.call_later(_LINGER, self.transport.abort)

    def _expect_head(self) -> None:
        self._head, self._in_head = 0, True
        self._late = self.loop.call_later(self.bounds.patience_for_request, self._give_up)

    def _got_head(self) -> None:
        self._in_head = False
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self._refused = 408, f"No whole request came within {self.bounds.patience_for_request:g} seconds."
            self.send_400_response("")

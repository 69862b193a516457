"""The relay as the engine finds it: a server for this machine, under an address that nobody can guess."""

from __future__ import annotations

import hmac
import logging
import secrets
import select
import socket
import socketserver
import ssl
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler
from threading import BoundedSemaphore, Event, Thread
from typing import Any, Final, Self

from ...errors import HostError, QueryRefusedError
from ...graph.federation import Endpoints, iri_in
from ...graph.origins import Origin
from ...graph.web import Reply
from ..protocol import QUERY
from .addresses import Addresses, public_addresses
from .call import USER_AGENT, Asked, Caller, plain

MOST_BYTES: Final = 16 * 1024 * 1024
"""How long the answer of an endpoint may be: it is kept in memory until it is whole."""
MOST_CALLS: Final = 16
"""How many calls are made at once; others wait."""
_LONGEST_QUERY: Final = 1024 * 1024
_JSON, _XML = "application/sparql-results+json", "application/sparql-results+xml"
_RESULTS: Final = {_JSON: _JSON, "application/json": _JSON, _XML: _XML, "application/xml": _XML, "text/xml": _XML}
_HEADERS: Final = {"Accept": f"{_JSON}, {_XML}", "Content-Type": QUERY, "User-Agent": USER_AGENT}


class Relay:
    """Asks endpoints at origins that are allowed, as a context that gives what a query needs to have them asked.

    It connects to no address but those that `addresses` gives, follows no redirect, and passes on the query alone. A
    call may take some seconds, and its answer some bytes. `context` says which certificates are good.
    """

    def __init__(
        self,
        allowed: Sequence[Origin],
        seconds: float,
        *,
        most_bytes: int = MOST_BYTES,
        most_calls: int = MOST_CALLS,
        addresses: Addresses = public_addresses,
        context: ssl.SSLContext | None = None,
    ) -> None:
        caller = Caller(seconds, addresses, context or ssl.create_default_context())
        secret = secrets.token_urlsafe(32)
        self._server = _Server(most_calls, partial(_Handler, Endpoints(tuple(allowed)), caller, most_bytes, secret))
        self.endpoints = Endpoints(tuple(allowed), f"http://127.0.0.1:{self._server.server_address[1]}/{secret}")
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.ending.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    # Not that of http.server, which looks up the name of this machine when it begins.
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, most_calls: int, handler: Any) -> None:
        self._free, self.ending = BoundedSemaphore(most_calls), Event()
        super().__init__(("127.0.0.1", 0), handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        while not self._free.acquire(timeout=0.1):
            if self.ending.is_set():
                self.shutdown_request(request)
                return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        # What it says is not told: there may be a query in it.
        logging.getLogger(__name__).error("The relay failed: %s.", type(sys.exception()).__name__)


class _Handler(BaseHTTPRequestHandler):
    timeout = 10

    def __init__(self, endpoints: Endpoints, caller: Caller, most_bytes: int, secret: str, *request: Any) -> None:
        self._endpoints, self._caller, self._most_bytes, self._secret = endpoints, caller, most_bytes, secret
        super().__init__(*request)

    def do_POST(self) -> None:
        """Ask the endpoint that the address names what the body asks."""
        _, secret, name = [*self.path.split("/", 2), "", ""][:3]
        length = self.headers.get("Content-Length", "")
        if not hmac.compare_digest(secret.encode(), self._secret.encode()) or not length.isdecimal():
            self.send_error(404)
            return
        with suppress(ConnectionError):
            try:
                reply = self._reply(name, int(length))
            except (HostError, QueryRefusedError) as error:
                self._send(502, Reply("text/plain; charset=utf-8", str(error).encode()))
            else:
                self._send(200, reply)

    def _reply(self, name: str, length: int) -> Reply:
        if length > _LONGEST_QUERY:
            raise HostError(f"What SERVICE would ask is longer than {_LONGEST_QUERY:,} bytes.")
        query = self.rfile.read(length)
        if self._secret.encode() in query:
            raise QueryRefusedError("A SERVICE within another cannot be asked. Put them side by side.")
        # It was looked at when the query was checked, in another process; here it is what counts.
        target = self._endpoints.target(iri_in(name))
        reply = self._caller.reply(target, Asked("POST", self._most_bytes, _HEADERS, query), self._is_gone)
        if reply.media_type not in _RESULTS:
            raise HostError(f"{target.origin.host} answered with {plain(reply.media_type)}, not with SPARQL results.")
        return reply._replace(media_type=_RESULTS[reply.media_type])

    def _is_gone(self) -> bool:
        asking: socket.socket = self.connection
        try:
            return bool(select.select([asking], [], [], 0)[0]) and not asking.recv(1, socket.MSG_PEEK)
        except OSError:
            return True

    def _send(self, status: int, reply: Reply) -> None:
        self.send_response(status)
        self.send_header("Content-Type", reply.media_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base's
        """Write nothing."""

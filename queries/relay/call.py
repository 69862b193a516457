"""One call to another endpoint: a query there, results back, within bounds of time and length."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Event, Thread
from typing import Final, NamedTuple

from ...errors import ServiceError
from ...graph.federation import Target
from ..protocol import QUERY
from .addresses import Address, Addresses, public_addresses

_JSON, _XML = "application/sparql-results+json", "application/sparql-results+xml"
_RESULTS: Final = {_JSON: _JSON, "application/json": _JSON, _XML: _XML, "application/xml": _XML, "text/xml": _XML}
_HEADERS: Final = {"Accept": f"{_JSON}, {_XML}", "Content-Type": QUERY, "User-Agent": "Diplograph"}
_LOOK: Final = 0.1
"""How often it is looked whether the time is over, in seconds."""
_QUOTED: Final = 200
"""How much of what an endpoint says of an error is told, in characters."""


class Reply(NamedTuple):
    """What an endpoint answered: results, whole."""

    media_type: str
    body: bytes


@dataclass(frozen=True)
class Caller:
    """Asks endpoints: what it may cost in seconds and bytes, and which addresses and certificates are good."""

    seconds: float
    most_bytes: int
    addresses: Addresses = public_addresses
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def reply(self, target: Target, query: bytes, is_gone: Callable[[], bool]) -> Reply:
        """Return what an endpoint answers; raises ServiceError where it does not, or not so.

        The call ends when its time is over, or when whoever asked for it `is_gone`.
        """
        host, until = target.origin.host, time.monotonic() + self.seconds
        addresses = self.addresses(host, target.origin.port)
        connection = _Connection(target, addresses, self.context, until)
        done = Event()
        watch = Thread(target=_watch, args=(connection, done, until, is_gone), daemon=True)
        watch.start()
        try:
            connection.request("POST", target.path, query, _HEADERS)
            with connection.getresponse() as response:
                reply = self._reply(host, response)
            connection.check()
        except (OSError, http.client.HTTPException) as error:
            raise ServiceError(self._why(host, connection, error)) from error
        finally:
            done.set()
            watch.join()
            connection.close()
        return reply

    def _reply(self, host: str, response: http.client.HTTPResponse) -> Reply:
        if response.status != HTTPStatus.OK:
            raise ServiceError(_status(host, response))
        kind = response.headers.get_content_type()
        if kind not in _RESULTS:
            raise ServiceError(f"{host} answered SERVICE with {_plain(kind)}, and not with SPARQL results.")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise ServiceError(f"{host} answered SERVICE with compressed results, which were not asked for.")
        body = response.read(self.most_bytes + 1)
        if len(body) > self.most_bytes:
            raise ServiceError(
                f"{host} answered SERVICE with more than {self.most_bytes:,} bytes. Ask it for less, with LIMIT."
            )
        if response.length:
            raise http.client.IncompleteRead(body, response.length)
        return Reply(_RESULTS[kind], body)

    def _why(self, host: str, connection: _Connection, error: Exception) -> str:
        if connection.is_ended or isinstance(error, TimeoutError):
            return f"{host} took longer than {self.seconds:g} s to answer SERVICE."
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"{host} has no certificate that can be trusted ({error.verify_message.rstrip('.')})."
        if isinstance(error, http.client.HTTPException):
            return f"{host} broke off what it answered SERVICE, or it is no HTTP ({type(error).__name__})."
        return f"{host} cannot be asked by SERVICE: {getattr(error, 'strerror', None) or type(error).__name__}."


class _Connection(http.client.HTTPConnection):
    """A connection to addresses that are given, of which nothing is looked up again."""

    def __init__(self, target: Target, addresses: Sequence[Address], context: ssl.SSLContext, until: float) -> None:
        super().__init__(target.origin.host, target.origin.port)
        self._context = context if target.origin.scheme == "https" else None
        self.default_port = 443 if self._context else 80
        self._addresses, self._until, self.is_ended = addresses, until, False
        # What a response reads from, though the connection has none any more.
        self._open: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the first of the addresses that takes the connection."""
        self.sock = self._open = self._connected()
        if self._context:
            encrypted = self._context.wrap_socket(self._open, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self._open = encrypted
            encrypted.do_handshake()

    def _connected(self) -> socket.socket:
        error: OSError = TimeoutError()
        for address in self._addresses:
            self.check()
            made = socket.socket(address.family, socket.SOCK_STREAM)
            try:
                made.settimeout(max(self._until - time.monotonic(), 0.01))
                made.connect(address.place)
                return made
            except OSError as failure:
                made.close()
                error = failure
        raise error

    def check(self) -> None:
        """Raise TimeoutError once the call was ended."""
        if self.is_ended:
            raise TimeoutError

    def end(self) -> None:
        """Let whoever reads or writes go on at once, with an error or the end of the stream."""
        self.is_ended = True
        if self._open is not None:
            with contextlib.suppress(OSError):
                # Not the method of an encrypted socket, which would let what comes still be read as if it were plain.
                socket.socket.shutdown(self._open, socket.SHUT_RDWR)


def _watch(connection: _Connection, done: Event, until: float, is_gone: Callable[[], bool]) -> None:
    while not done.wait(_LOOK):
        if time.monotonic() >= until or is_gone():
            connection.end()


def _status(host: str, response: http.client.HTTPResponse) -> str:
    if 300 <= response.status < 400:
        return (
            f"{host} answered SERVICE with {response.status}, a redirect, and none is followed. Ask where it leads to."
        )
    said = _plain(response.read(4 * _QUOTED).decode("utf-8", "replace"))
    return f"{host} answered SERVICE with status {response.status}" + (f": {said}" if said else ".")


def _plain(said: str) -> str:
    """Return what another machine said in one line of characters that can be shown."""
    line = " ".join("".join(char if char.isprintable() else " " for char in said).split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"

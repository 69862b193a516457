"""One call to another host: what is asked of it, and what it answers, within bounds of time and length."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from threading import Event, Thread
from typing import Final, NamedTuple

from ...errors import HostError
from ...graph.origins import Target
from ...graph.web import Reply
from .addresses import Address, Addresses, public_addresses

USER_AGENT: Final = "Diplograph"
"""What a host learns of who asks."""
_LOOK: Final = 0.1
"""How often it is looked whether the time is over, in seconds."""
_QUOTED: Final = 200
"""How much of what a host says of an error is told, in characters."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class Asked(NamedTuple):
    """What is asked of a host, and how long the answer may be.

    A redirect is an error, unless it `may_lead`: then the answer is where it leads to.
    """

    method: str
    most_bytes: int
    headers: Mapping[str, str]
    body: bytes | None = None
    may_lead: bool = False


@dataclass(frozen=True)
class Caller:
    """Asks hosts: what it may cost in seconds, and which addresses and certificates are good.

    Without a `context` certificates are good that the system trusts, and it can go to another process.
    """

    seconds: float
    addresses: Addresses = public_addresses
    context: ssl.SSLContext | None = None

    def reply(self, target: Target, asked: Asked, is_gone: Callable[[], bool] = lambda: False) -> Reply:
        """Return what a host answers; raises HostError where it does not, or not so.

        The call ends when its time is over, or when whoever asked for it `is_gone`.
        """
        host, until = target.origin.host, time.monotonic() + self.seconds
        addresses = self.addresses(host, target.origin.port)
        context = (self.context or ssl.create_default_context()) if target.origin.scheme == "https" else None
        connection = _Connection(target, addresses, context, until)
        done = Event()
        watch = Thread(target=_watch, args=(connection, done, until, is_gone), daemon=True)
        watch.start()
        try:
            connection.request(asked.method, target.path, asked.body, asked.headers)
            with connection.getresponse() as response:
                reply = _reply(host, asked, response)
            connection.check()
        except (OSError, http.client.HTTPException) as error:
            raise HostError(self._why(host, connection, error)) from error
        finally:
            done.set()
            watch.join()
            connection.close()
        return reply

    def _why(self, host: str, connection: _Connection, error: Exception) -> str:
        if connection.is_ended or isinstance(error, TimeoutError):
            return f"{host} took longer than {self.seconds:g} s to answer."
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"{host} has no certificate that can be trusted ({error.verify_message.rstrip('.')})."
        if isinstance(error, http.client.HTTPException):
            return f"{host} broke off what it answered, or it is no HTTP ({type(error).__name__})."
        return f"{host} cannot be asked: {getattr(error, 'strerror', None) or type(error).__name__}."


def _reply(host: str, asked: Asked, response: http.client.HTTPResponse) -> Reply:
    kind, location = response.headers.get_content_type(), response.headers.get("Location")
    if asked.may_lead and response.status in _REDIRECTS and location:
        return Reply(kind, b"", location)
    if response.status != HTTPStatus.OK:
        raise HostError(_status(host, response))
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise HostError(f"{host} answered with what is compressed, which was not asked for and is not unpacked.")
    body = response.read(asked.most_bytes + 1)
    if len(body) > asked.most_bytes:
        raise HostError(f"{host} answered with more than {asked.most_bytes:,} bytes.")
    if response.length:
        raise http.client.IncompleteRead(body, response.length)
    # Without the header it is told as nothing, not as the text that the standard library takes it for.
    return Reply(kind if "Content-Type" in response.headers else "", body)


class _Connection(http.client.HTTPConnection):
    """A connection to addresses that are given, of which nothing is looked up again."""

    def __init__(
        self, target: Target, addresses: Sequence[Address], context: ssl.SSLContext | None, until: float
    ) -> None:
        super().__init__(target.origin.host, target.origin.port)
        self._context = context
        self.default_port = 443 if context else 80
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
        return f"{host} answered with {response.status}, a redirect, and none is followed. Ask where it leads to."
    said = plain(response.read(4 * _QUOTED).decode("utf-8", "replace"))
    return f"{host} answered with status {response.status}" + (f": {said}" if said else ".")


def plain(said: str) -> str:
    """Return what another machine said in one line of characters that can be shown."""
    line = " ".join("".join(char if char.isprintable() else " " for char in said).split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"

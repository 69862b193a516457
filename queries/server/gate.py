"""What stands before the application: requests out of bounds are refused, and every answer is told to be kept safe."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...errors import ProtocolError
from .measures import Measures
from .problems import problem
from .settings import Settings

SAFE: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy",
     b"default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
]  # fmt: skip
"""The headers of every answer: nothing is guessed from content, and no page runs a script or is framed."""

_LOOPBACK = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?\Z", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?\Z")
_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?\Z")


class Gate:
    """Refuses requests with heads too large or sent to a name that is not ours, and counts what is answered.

    A page of a stranger can make a browser ask this service under the stranger's own name, once that name leads here
    (DNS rebinding), and then read the answer. So a service answers to the names of its own machine and to the one that
    it was given; one that others can reach also to addresses in figures, which no name leads to.
    """

    def __init__(self, app: ASGIApp, settings: Settings, measures: Measures) -> None:
        self._app, self._settings, self._measures = app, settings, measures
        self._public = urlsplit(settings.public_url).netloc.lower() if settings.public_url else None
        self._own = _LOOPBACK.match(settings.host) is not None or settings.host == "::1"
        self._seen: set[bytes] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        counted = self._measures.requests

        async def kept_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                counted[message["status"]] += 1
                message["headers"] = [*message.get("headers", ()), *SAFE]
            await send(message)

        try:
            self.check(scope)
        except ProtocolError as error:
            await problem(error)(scope, receive, kept_safe)
            return
        await self._app(scope, receive, kept_safe)

    def check(self, scope: Scope) -> None:
        """Raise ProtocolError for a request that is refused (400, 414, 421, 431)."""
        headers, settings = scope["headers"], self._settings
        if len(scope["query_string"]) + len(scope["raw_path"]) > settings.largest_address:
            raise ProtocolError(
                414, f"The address is longer than {settings.largest_address:,} bytes. Send a long query by POST."
            )
        if len(headers) > settings.most_headers:
            raise ProtocolError(431, f"There are more than {settings.most_headers} header fields.", Connection="close")
        if sum(len(name) + len(value) for name, value in headers) > settings.largest_head:
            raise ProtocolError(431, f"The header is longer than {settings.largest_head:,} bytes.", Connection="close")
        hosts = [value for name, value in headers if name == b"host"]
        if len(hosts) != 1:
            raise ProtocolError(400, "A request has one Host header.")
        if hosts[0] not in self._seen:
            self._check_host(hosts[0].decode("latin-1"))
            if len(self._seen) < 100:
                self._seen.add(hosts[0])

    def _check_host(self, host: str) -> None:
        if not _HOST.match(host):
            raise ProtocolError(400, "The Host header is no host.")
        if host.lower() == self._public or _LOOPBACK.match(host) or (not self._own and _ADDRESS.match(host)):
            return
        raise ProtocolError(
            421, f"This is not {host[:60]}. Start the service with --public-url if it is to be found there."
        )

"""Answers that are kept while the store stays as it is, and given again before anything else is looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .measures import Measures

_Key: TypeAlias = tuple[bytes, ...]
_TELLING = frozenset((b"accept", b"accept-encoding", b"origin", b"host"))
"""The headers on which an answer may depend."""
_NOT_TO_BE_KEPT = frozenset((b"if-none-match", b"authorization", b"cache-control", b"range", b"content-length",
                             b"transfer-encoding"))  # fmt: skip


@dataclass(frozen=True)
class _Kept:
    start: Message
    body: Message
    size: int


class Keeping:
    """An ASGI layer that keeps whole answers to GET that have an ETag, up to a number of bytes, the last used longest.

    `version` tells the state of the store; when it changes, everything that was kept is forgotten.
    """

    def __init__(self, app: ASGIApp, version: Callable[[], str], room: int, measures: Measures) -> None:
        self._app, self._version, self._room, self._measures = app, version, room, measures
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._of = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or pass on and keep what comes back."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        key = _key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        version = self._version()
        if version != self._of:
            self._kept.clear()
            self._of, self._measures.kept_bytes = version, 0
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            self._measures.kept += 1
            await send(kept.start)
            await send(kept.body)
            return
        start: Message | None = None

        async def watched(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif start is not None and not message.get("more_body"):
                self._keep(key, version, start, message)
            else:
                start = None
            await send(message)

        await self._app(scope, receive, watched)

    def _keep(self, key: _Key, version: str, start: Message, body: Message) -> None:
        headers = dict(start["headers"])
        current = version == self._of == self._version()
        if start["status"] != 200 or b"etag" not in headers or b"set-cookie" in headers or not current:
            return
        size = len(body.get("body", b"")) + sum(map(len, key)) + 1000
        if size > self._room // 16:
            return
        # The framework changes the messages that it has sent no more; the server does not either.
        self._kept[key] = _Kept({**start, "headers": list(start["headers"])}, dict(body), size)
        self._measures.kept_bytes += size
        while self._measures.kept_bytes > self._room:
            self._measures.kept_bytes -= self._kept.popitem(last=False)[1].size


def _key(scope: Scope) -> _Key | None:
    key = [scope["raw_path"], scope["query_string"]]
    for name, value in scope["headers"]:
        if name in _TELLING:
            key += (name, value)
        elif name in _NOT_TO_BE_KEPT:
            return None
    return tuple(key)

"""Answers that are kept while the store stays as it is, and given again before anything else is looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
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
    written: bytes
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
        query = scope["query_string"]
        key = _key(scope["raw_path"] + b"?" + query if query else scope["raw_path"], scope["headers"])
        if key is None:
            await self._app(scope, receive, send)
            return
        kept, version = self._found(key), self._of
        if kept is not None:
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

    def written(self, address: bytes, headers: list[tuple[bytes, bytes]]) -> bytes | None:
        """Return what is written in answer to a GET, all but its first line, or None if that is not kept.

        A server that asks here first need not call the application.
        """
        key = _key(address, headers)
        kept = None if key is None else self._found(key)
        return None if kept is None else kept.written

    def _found(self, key: _Key) -> _Kept | None:
        version = self._version()
        if version != self._of:
            self._kept.clear()
            self._of, self._measures.kept_bytes = version, 0
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            self._measures.kept += 1
            self._measures.requests[200] += 1
        return kept

    def _keep(self, key: _Key, version: str, start: Message, body: Message) -> None:
        headers = dict(start["headers"])
        current = version == self._of == self._version()
        if start["status"] != 200 or b"etag" not in headers or b"set-cookie" in headers or not current:
            return
        content = body.get("body", b"")
        size = 2 * len(content) + sum(map(len, key)) + 2000
        if size > self._room // 16:
            return
        head = b"".join(name + b": " + value + b"\r\n" for name, value in start["headers"])
        # The framework changes the messages that it has sent no more; the server does not either.
        self._kept[key] = _Kept(
            {**start, "headers": list(start["headers"])}, dict(body), head + b"\r\n" + content, size
        )
        self._measures.kept_bytes += size
        while self._measures.kept_bytes > self._room:
            self._measures.kept_bytes -= self._kept.popitem(last=False)[1].size


def _key(address: bytes, headers: Iterable[tuple[bytes, bytes]]) -> _Key | None:
    key = [address]
    for name, value in headers:
        if name in _TELLING:
            key += (name, value)
        elif name in _NOT_TO_BE_KEPT:
            return None
    return tuple(key)

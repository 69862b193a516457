"""Answers that are kept while the store stays as it is, and given again before anything else is looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .measures import Measures

Key: TypeAlias = tuple[bytes, ...]
_TELLING = frozenset((b"accept", b"accept-encoding", b"origin", b"host"))
"""The headers on which an answer may depend."""
_NOT_TO_BE_KEPT = frozenset((b"if-none-match", b"authorization", b"cache-control", b"range", b"content-length",
                             b"transfer-encoding"))  # fmt: skip


class _Kept(NamedTuple):
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    written: bytes
    size: int


class Keeping:
    """An ASGI layer that keeps whole answers to GET that have an ETag, up to a number of bytes, the last used longest.

    `version` tells the state of the store; when it changes, everything that was kept is forgotten.
    """

    def __init__(self, app: ASGIApp, version: Callable[[], str], room: int, measures: Measures) -> None:
        self._app, self._version, self._room, self._measures = app, version, room, measures
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._of = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or pass on and keep what comes back."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        query = scope["query_string"]
        key = key_of(scope["raw_path"] + b"?" + query if query else scope["raw_path"], scope["headers"])
        if key is None:
            await self._app(scope, receive, send)
            return
        kept, version = self._found(key), self._of
        if kept is not None:
            await send({"type": "http.response.start", "status": 200, "headers": [*kept.headers]})
            await send({"type": "http.response.body", "body": kept.body})
            return
        start: Message | None = None

        async def watched(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif start is not None and not message.get("more_body"):
                if start["status"] == 200:
                    self.keep(key, version, start["headers"], message.get("body", b""))
            else:
                start = None
            await send(message)

        await self._app(scope, receive, watched)

    def written(self, address: bytes, headers: list[tuple[bytes, bytes]]) -> bytes | None:
        """Return what is written in answer to a GET, all but its first line, or None if that is not kept.

        A server that asks here first need not call the application.
        """
        key = key_of(address, headers)
        kept = None if key is None else self._found(key)
        return None if kept is None else kept.written

    def _found(self, key: Key) -> _Kept | None:
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

    def keep(self, key: Key, version: str, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> bytes:
        """Keep a whole answer of a version of the store, if it may be kept, and return it as `written` does."""
        headers = tuple(headers)
        names = {name for name, _ in headers}
        written = b"".join([*(name + b": " + value + b"\r\n" for name, value in headers), b"\r\n", body])
        size = len(body) + len(written) + sum(map(len, key)) + 2000
        current = version == self._of == self._version()
        if b"etag" not in names or b"set-cookie" in names or size > self._room // 16 or not current:
            return written
        self._kept[key] = _Kept(headers, body, written, size)
        self._measures.kept_bytes += size
        while self._measures.kept_bytes > self._room:
            self._measures.kept_bytes -= self._kept.popitem(last=False)[1].size
        return written


def key_of(address: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Key | None:
    """Return what tells a GET from every other that could be answered otherwise, None if it is one of its own."""
    key = [address]
    for name, value in headers:
        if name in _TELLING:
            key += (name, value)
        elif name in _NOT_TO_BE_KEPT:
            return None
    return tuple(key)

"""Answers: a task is given to a worker, and what it writes becomes a response, streamed and never cut short unseen."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from hashlib import blake2b
from typing import Protocol, TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ...errors import DiplographError, LimitError
from ...graph.web import Web
from ..pages import problem_page
from ..workers import Limits, Task
from .measures import Measures
from .problems import Page, problem, status_of

_WHOLE = 64 * 1024
"""What is not longer is sent with its length, in bytes."""
SOON = 0.2
"""Whoever hangs up is noticed when an answer takes longer than this, in seconds."""
CUT = "diplograph.cut"
"""The extension of ASGI by which our server lets a connection be broken."""
BEGUN = "diplograph.begun"
"""The extension of ASGI by which our server passes on an answer that it has asked workers for already."""
_CHANGING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE|SERVICE)\b|\\u", re.IGNORECASE)
"""What depends on more than the store; an escape may be any letter of it."""


class Run(Protocol):
    """An answer as it comes from a worker."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the answer in pieces; raises LimitError in the middle where a limit ends it."""

    async def aclose(self) -> None:
        """Let the worker go, though the answer is not whole."""


class _Begun(Protocol):
    """An answer that a worker was asked for."""

    async def start(self) -> Run:
        """Return it when a first part of it is there; raises the task's error, or LimitError."""


class Workers(Protocol):
    """What answers tasks; see `queries.workers`."""

    @property
    def version(self) -> str:
        """The state of the store that answers now."""

    async def run(self, task: Task, limits: Limits | None = None) -> Run:
        """Return the answer to a task as it begins; raises the task's error, or LimitError."""


class Answers:
    """Gives tasks to workers and tells what comes back over HTTP."""

    def __init__(self, workers: Workers, measures: Measures) -> None:
        self.workers = workers
        self.measures = measures

    async def response(
        self,
        request: Request,
        task: Task,
        media_type: str,
        *,
        asked: str = "",
        web: Web | None = None,
        headers: Mapping[str, str] | None = None,
        page: Page = problem_page,
    ) -> Answered:
        """Return the answer to a task.

        One that a client has already is 304 without being made again, as what is asked of one version of the store is
        always the same, but for what is of the `web`; `asked` is the text that tells whether it is so, and stands for
        the task in the log of slow ones. An error before the first byte is a problem, to people on a `page`; one after
        it cuts the connection.
        """
        scope, begin = request.scope, time.perf_counter()
        fixed, tag = self.headers(scope, media_type, asked, web)
        fixed += [(name.lower().encode(), value.encode()) for name, value in headers.items()] if headers else []
        if tag is not None and _has_already(scope, tag):
            return Whole(304, fixed)
        size, status = 0, 200
        watch = _Watch(request)
        try:
            begun: _Begun | None = scope.get("extensions", {}).pop(BEGUN, None)
            run = await (begun.start() if begun else self.workers.run(task))
            first, whole = await _beginning(run)
            size = len(first)
        except DiplographError as error:
            status = status_of(error)
            return problem(error, request.headers.get("accept"), page)
        except asyncio.CancelledError:
            watch.check()
            raise
        finally:
            watch.end()
            self.measures.observe(time.perf_counter() - begin, status, asked, size)
        if whole:
            return Whole(200, fixed, first)
        if scope["method"] == "HEAD":
            await run.aclose()
            return Whole(200, fixed)
        return Streamed(first, run, fixed, self.measures)

    def headers(
        self, scope: Scope, media_type: str, asked: str, web: Web | None = None
    ) -> tuple[list[tuple[bytes, bytes]], bytes | None]:
        """Return the headers of an answer that are known before it is, and its tag where it may be kept."""
        tag = None if web or (asked and _CHANGING.search(asked)) else self._tag(media_type, scope)
        kind = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
        fixed = [(b"vary", b"Accept, Accept-Encoding"), (b"content-type", kind.encode())]
        fixed += [(b"cache-control", b"no-store")] if tag is None else [(b"cache-control", b"no-cache"), (b"etag", tag)]
        return fixed, tag

    def _tag(self, media_type: str, scope: Scope) -> bytes:
        # Weak, as the same answer may come compressed. A tag belongs to one address, but for what is negotiated.
        what = blake2b(scope["query_string"], digest_size=6, key=media_type.encode())
        what.update(scope["raw_path"])
        return f'W/"{self.workers.version}-{what.hexdigest()}"'.encode()


class Whole:
    """An answer of which all is there."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
        self.status_code, self._body = status, body
        self._headers = headers if status == 304 else [*headers, (b"content-length", str(len(body)).encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body})


class Streamed:
    """The rest of an answer that has begun; if a limit ends it, the connection is broken, never closed in order."""

    status_code = 200

    def __init__(self, first: bytes, run: Run, headers: list[tuple[bytes, bytes]], measures: Measures) -> None:
        self._first, self._run, self._headers, self._measures = first, run, headers, measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer as fast as it is taken, and let the worker go when nobody takes it any more."""
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await send({"type": "http.response.body", "body": self._first, "more_body": True})
            async for chunk in self._run:
                if gone.done():
                    return
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except LimitError:
            self._measures.cut += 1
            if _cut(scope):
                return
            raise
        finally:
            gone.cancel()
            await self._run.aclose()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _cut(scope: Scope) -> bool:
    """Break the connection, where the server lets us; to raise an error lets any server close it unfinished."""
    cut: Callable[[], None] | None = scope.get("extensions", {}).get(CUT)
    if cut is not None:
        cut()
    return cut is not None


async def _beginning(run: Run) -> tuple[bytes, bool]:
    """Return the first bytes of an answer, and whether they are all of it."""
    chunks, size = [], 0
    async for chunk in run:
        chunks.append(chunk)
        size += len(chunk)
        if size > _WHOLE:
            return b"".join(chunks), False
    return b"".join(chunks), True


class _Watch:
    """Cancels what is done for a client that hangs up, once it has taken a while."""

    def __init__(self, request: Request) -> None:
        self._request, self._task = request, asyncio.current_task()
        self._gone: asyncio.Future[None] | None = None
        self._has_left = False
        self._later = asyncio.get_running_loop().call_later(SOON, self._begin)

    def check(self) -> None:
        """Raise ClientDisconnect if it was this that has cancelled the task."""
        if self._has_left and self._task is not None:
            self._task.uncancel()
            raise ClientDisconnect from None

    def end(self) -> None:
        """Watch no more."""
        self._later.cancel()
        if self._gone is not None:
            self._gone.cancel()

    def _begin(self) -> None:
        self._gone = asyncio.ensure_future(_gone(self._request.receive))
        self._gone.add_done_callback(self._leave)

    def _leave(self, gone: asyncio.Future[None]) -> None:
        if self._task is not None and not gone.cancelled():
            self._has_left = True
            self._task.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _has_already(scope: Scope, tag: bytes) -> bool:
    # A star would match only what is there, which is not known yet: then the whole answer is given.
    given = [value for name, value in scope["headers"] if name == b"if-none-match"]
    return any(each.strip().removeprefix(b"W/") == tag.removeprefix(b"W/") for each in b",".join(given).split(b","))


Answered: TypeAlias = Whole | Streamed | Response
"""What can be sent to a client."""

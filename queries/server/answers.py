"""Answers: a task is given to a worker, and what it writes becomes a response, streamed and never cut short unseen."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Callable
from hashlib import blake2b
from typing import Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ...errors import DiplographError, LimitError
from ..limits import Limits
from ..worker import Task
from .measures import Measures
from .problems import problem, status_of

_WHOLE = 64 * 1024
"""What is not longer is sent with its length, in bytes."""
_SOON = 0.2
"""Whoever hangs up is noticed when an answer takes longer than this, in seconds."""
CUT = "diplograph.cut"
"""The extension of ASGI by which our server lets a connection be broken."""
_CHANGING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)


class Run(Protocol):
    """An answer as it comes from a worker."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the answer in pieces; raises LimitError in the middle where a limit ends it."""

    async def aclose(self) -> None:
        """Let the worker go, though the answer is not whole."""


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
        headers: dict[str, str] | None = None,
    ) -> Response:
        """Return the answer to a task.

        One that a client has already is 304 without being made again, as what is asked of one version of the store is
        always the same; `asked` is the text that tells whether it is so, and stands for the task in the log of slow
        ones. An error before the first byte is a problem; one after it cuts the connection.
        """
        tag = None if _CHANGING.search(asked) else self._tag(media_type, request)
        lasting = {"Cache-Control": "no-store"} if tag is None else {"Cache-Control": "no-cache", "ETag": tag}
        fixed = {"Vary": "Accept", **lasting, **(headers or {})}
        if tag is not None and _matches(request.headers.get("if-none-match"), tag):
            return Response(status_code=304, headers=fixed)
        begin, size, status = time.perf_counter(), 0, 200
        try:
            async with _until_gone(request):
                run = await self.workers.run(task)
                first, whole = await _beginning(run)
                size = len(first)
        except DiplographError as error:
            status = status_of(error)
            return problem(error, request.headers.get("accept"))
        finally:
            self.measures.observe(time.perf_counter() - begin, status, asked, size)
        kind = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
        if whole:
            return Response(first, 200, fixed, kind)
        if request.method == "HEAD":
            await run.aclose()
            return Response(b"", 200, fixed, kind)
        return Streamed(first, run, fixed, kind, self.measures)

    def _tag(self, media_type: str, request: Request) -> str:
        # Weak, as the same answer may come compressed. A tag belongs to one address, but for what is negotiated.
        scope = request.scope
        what = (
            f"{media_type} {request.headers.get('host', '')} {scope['path']}?{scope['query_string'].decode('latin-1')}"
        )
        return f'W/"{self.workers.version}-{blake2b(what.encode(), digest_size=6).hexdigest()}"'


class Streamed(Response):
    """The rest of an answer that has begun; if a limit ends it, the connection is broken, never closed in order."""

    def __init__(self, first: bytes, run: Run, headers: dict[str, str], media_type: str, measures: Measures) -> None:
        super().__init__(None, 200, headers, media_type)
        del self.headers["content-length"]
        self._first, self._run, self._measures = first, run, measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer as fast as it is taken, and let the worker go when nobody takes it any more."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
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


@contextlib.asynccontextmanager
async def _until_gone(request: Request) -> AsyncIterator[None]:
    """Cancel what is done when the client hangs up, which then gets no answer."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    watch: list[asyncio.Future[None]] = []
    left = False

    def leave(_: object) -> None:
        nonlocal left
        if task is not None and not watch[0].cancelled():
            left = True
            task.cancel()

    def begin() -> None:
        watch.append(asyncio.ensure_future(_gone(request.receive)))
        watch[0].add_done_callback(leave)

    later = loop.call_later(_SOON, begin)
    try:
        yield
    except asyncio.CancelledError:
        if not left or task is None:
            raise
        task.uncancel()
        raise ClientDisconnect from None
    finally:
        later.cancel()
        for each in watch:
            each.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _matches(header: str | None, tag: str) -> bool:
    # A star would match only what is there, which is not known yet: then the whole answer is given.
    return header is not None and tag.removeprefix("W/") in (
        each.strip().removeprefix("W/") for each in header.split(",")
    )

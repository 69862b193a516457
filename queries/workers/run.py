"""An answer as it comes from a worker, under its limits, in pieces that its reader asks for."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Self

from ...errors import DiplographError
from ...graph.store import ResultSyntax
from .limits import Limits
from .process import Process
from .rows import rows_in

HELD: Final = 1024 * 1024
"""How much of an answer is held back, in bytes, so that an error can still be told in its place."""
HELD_FOR: Final = 0.1
"""How long what has come of an answer is held back, in seconds."""


class Run:
    """The pieces of an answer, in order; a limit ends them with LimitError, and whoever reads must not go on then.

    A long answer is not read before it is asked for: the worker waits meanwhile, and its time goes on. `version` is
    that of the store which answers. To close it ends the work. `left` is told once when nothing more is wanted of
    workers: the answer is here, it failed, or its reader left. `told` is told when the answer is here, failed, or
    turns out to be a long one.
    """

    def __init__(
        self,
        packed: bytes,
        rows: ResultSyntax | None,
        limits: Limits,
        left: Callable[[Run], None],
        told: Callable[[Run], None] | None = None,
    ) -> None:
        self.packed, self.limits, self._left, self._told = packed, limits, left, told
        self.version = ""
        self.number = 0
        """By what it is known to the worker, 0 while it was sent to none."""
        self.process: Process | None = None
        """The worker that has begun with an answer too long for a frame."""
        self.asked = time.monotonic()
        self._rows = rows_in(rows) if rows and limits.rows is not None else None
        self._bytes = 0
        self._pieces: deque[bytes] = deque()
        self.error: DiplographError | None = None
        self._is_whole = self._is_over = False
        self._loop = asyncio.get_running_loop()
        self._wait: asyncio.Future[None] | None = None

    async def start(self) -> Self:
        """Return when a first part of the answer is there, or all of it.

        Raises the task's error, LimitError, BusyError and WorkerError.
        """
        try:
            await self._more()
            until = self._loop.time() + HELD_FOR
            while not self._is_whole and not self.error and self._bytes < HELD:
                try:
                    async with asyncio.timeout_at(until):
                        await self._more()
                except TimeoutError:
                    break
            if self.error:
                raise self.error
        except BaseException:
            self._leave()
            raise
        return self

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        """Return the next piece; raises LimitError and WorkerError if there is to be no more of it."""
        while not self._pieces:
            if self.error:
                raise self.error
            if self._is_whole:
                raise StopAsyncIteration
            await self._more()
        return self._pieces.popleft()

    @property
    def whole(self) -> bytes | None:
        """The whole answer if it is here, and nothing of it was taken yet."""
        return b"".join(self._pieces) if self._is_whole and self.error is None else None

    async def aclose(self) -> None:
        """End the work, if it has not ended, and let the worker go."""
        self.leave()

    def leave(self) -> None:
        """Do what `aclose` does."""
        self._told = None
        self._pieces.clear()
        self._is_whole = True
        self._leave()

    def begin(self, process: Process) -> None:
        """Take note that a worker writes the answer, which is long, into its pipe."""
        self.process, self.version = process, process.version or ""
        self._tell()

    def finish(self, process: Process, answer: bytes, error: DiplographError | None) -> None:
        """Take an answer that is done: it is here, or what is left of it in the pipe, so that the worker is free."""
        self.version = process.version or ""
        while self.process and self.error is None and (piece := process.read()):
            self._take(piece)
        if answer and self.error is None:
            self._take(answer, is_all=True)
        if error:
            self.fail(error)
        elif self.error is None:
            self._is_whole = True
            self._leave()

    def fail(self, error: DiplographError) -> None:
        """End it with an error, unless it is whole."""
        if self.error is None and not self._is_whole:
            self.error = error
            self._pieces.clear()
            self._leave()

    def end(self, limit: str) -> None:
        """End it by a limit, called by its field's name."""
        self.fail(self.limits.broken(limit))

    async def _more(self) -> None:
        """Wait for one more piece, the end, or an error."""
        while not (self._is_whole or self.error):
            if self.process and (piece := self.process.read()):
                return self._take(piece)
            await self._change()
        return None

    async def _change(self) -> None:
        self._wait = self._loop.create_future()
        process = self.process
        if process and process.pipe >= 0:
            self._loop.add_reader(process.pipe, self._wake)
        try:
            await self._wait
        finally:
            if process and process.pipe >= 0:
                self._loop.remove_reader(process.pipe)

    def _take(self, piece: bytes, *, is_all: bool = False) -> None:
        self._bytes += len(piece)
        if self.limits.bytes is not None and self._bytes > self.limits.bytes:
            return self.end("bytes")
        # A row is at least a byte long, so those of a short answer need not be counted.
        if self._rows and self.limits.rows is not None and not (is_all and len(piece) <= self.limits.rows):
            self._rows.feed(piece)
            if self._rows.number > self.limits.rows:
                return self.end("rows")
        self._pieces.append(piece)
        return None

    def _leave(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._left(self)
            self._tell()

    def _tell(self) -> None:
        told, self._told = self._told, None
        if told:
            told(self)
        self._wake()

    def _wake(self) -> None:
        if self._wait and not self._wait.done():
            self._wait.set_result(None)

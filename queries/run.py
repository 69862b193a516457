"""An answer as it comes from a worker, under its limits, in pieces that its reader asks for."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, Self

from ..errors import DiplographError
from .limits import Limits
from .process import Process
from .rows import rows_in
from .worker import Task

HELD: Final = 1024 * 1024
"""How much of an answer is held back, in bytes, so that an error can still be told in its place."""
HELD_FOR: Final = 0.1
"""How long what has come of an answer is held back, in seconds."""


class Run:
    """The pieces of an answer, in order; a limit ends them with LimitError, and whoever reads must not go on then.

    Nothing is read before it is asked for: the worker waits meanwhile, and its time goes on. `version` is that of the
    store which answers. To close it ends the work.
    """

    def __init__(self, process: Process, task: Task, limits: Limits, ended: Callable[[Run], None]) -> None:
        self.version = process.version or ""
        self.process, self._task, self._limits, self._ended = process, task, limits, ended
        self._rows = rows_in(task.rows) if task.rows and limits.rows is not None else None
        self._bytes = 0
        self._pieces: deque[bytes] = deque()
        self.error: DiplographError | None = None
        self._is_whole = self._is_over = False
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(limits.seconds, self._break, "seconds")

    async def start(self) -> Self:
        """Give the task to the worker, and return when a first part of the answer is there, or all of it.

        Raises the task's error, LimitError and WorkerError.
        """
        self.process.on_done = self._finish
        try:
            await self.process.give(self._task, self._limits)
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
            self._end()
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

    async def aclose(self) -> None:
        """End the work, if it has not ended, and give the worker back."""
        self._pieces.clear()
        self._is_whole = True
        self._end()

    async def _more(self) -> None:
        """Wait for one more piece, the end, or an error."""
        while not (self._is_whole or self.error):
            if piece := self.process.read():
                return self._take(piece)
            await self.process.change()
        return None

    def _take(self, piece: bytes, *, is_all: bool = False) -> None:
        self._bytes += len(piece)
        if self._limits.bytes is not None and self._bytes > self._limits.bytes:
            return self._break("bytes")
        # A row is at least a byte long, so those of a short answer need not be counted.
        if self._rows and self._limits.rows is not None and not (is_all and len(piece) <= self._limits.rows):
            self._rows.feed(piece)
            if self._rows.number > self._limits.rows:
                return self._break("rows")
        self._pieces.append(piece)
        return None

    def _finish(self) -> None:
        """Take what is left of the answer, so that the worker is free, however slowly it is read."""
        while self.error is None and (piece := self.process.read()):
            self._take(piece)
        done = self.process.done
        if done and done.answer and self.error is None:
            self._take(done.answer, is_all=True)
        if done and done.error:
            self._fail(done.error)
        elif self.error is None:
            self._is_whole = True
            self._end()

    def _break(self, limit: str) -> None:
        self._fail(self._limits.broken(limit))

    def _fail(self, error: DiplographError) -> None:
        if self.error is None and not self._is_whole:
            self.error = error
            self._pieces.clear()
            self._end()

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._timer.cancel()
            self.process.on_done = None
            self._ended(self)

"""A worker as the server sees it: what goes to it, what comes back, and how it ended."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import tempfile
from collections.abc import Callable
from typing import Final

from ..errors import DiplographError, LimitError, WorkerError
from .limits import Limits
from .nursery import Nursery
from .worker import OUT_OF_MEMORY, Begun, Done, Ready, Task, framed, unframed

PIPE: Final = 1024 * 1024
"""How much of an answer a worker writes before the server has to read, in bytes."""
PIECE: Final = 256 * 1024
"""The most that is read at once, in bytes."""


class Process:
    """A worker from its birth to its death; `changed` is told it whenever it is ready, has died or done a task."""

    def __init__(
        self, number: int, nursery: Nursery, changed: Callable[[Process], None], *, born_for: str | None
    ) -> None:
        self.number, self._nursery, self._changed = number, nursery, changed
        self.born_for = born_for
        """The version of the store that was current at its birth."""
        self.version: str | None = None
        self.failure: DiplographError | None = None
        """Why it could not get ready."""
        self.done: Done | None = None
        """What became of the last task."""
        self._has_begun, self._is_alive = False, True
        self.exit_code: int | None = None
        """How it ended."""
        self.doomed = False
        """Whether it was killed or told to end."""
        self.on_done: Callable[[], None] | None = None
        """Is told when `done` is there: what is left of the answer can be read without waiting."""
        self._limits = Limits()
        self._loop = asyncio.get_running_loop()
        self._buffer, self._wait = bytearray(), self._loop.create_future()
        self._channel, theirs = socket.socketpair()
        self._pipe, writing = os.pipe()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the rest
        with theirs:
            nursery.bear(number, theirs, writing, self._errors.fileno())
        os.close(writing)
        self._channel.setblocking(False)
        os.set_blocking(self._pipe, False)
        with contextlib.suppress(OSError):
            # The system may grant less.
            fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, PIPE)
        self._loop.add_reader(self._channel.fileno(), self._receive)

    @property
    def is_ready(self) -> bool:
        """Whether it holds the store open, and will be there for another task."""
        return self.version is not None and self.exit_code is None and not self.doomed

    async def give(self, task: Task, limits: Limits) -> None:
        """Give it a task; `done` tells its end."""
        self.done, self._limits, self._has_begun = None, limits, False
        message = framed((task, limits))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            try:
                sent = self._channel.send(message)
            except BlockingIOError:
                sent = 0
            if sent < len(message):
                await self._loop.sock_sendall(self._channel, message[sent:])

    def read(self) -> bytes | None:
        """Return what has come of the answer, None if nothing has; after `done`, nothing will."""
        if self._pipe < 0 or not self._has_begun:
            return None
        try:
            return os.read(self._pipe, PIECE) or None
        except BlockingIOError:
            return None

    def empty(self) -> None:
        """Forget what was not read of an answer that is done."""
        while self.read():
            pass

    async def change(self) -> None:
        """Wait until something comes of the answer, the task is done, or the worker has died."""
        if self.done is not None or self.doomed:
            return
        self._wait = self._loop.create_future()
        if not self._has_begun:
            await self._wait
            return
        self._loop.add_reader(self._pipe, self._wake)
        try:
            await self._wait
        finally:
            if self._pipe >= 0:
                self._loop.remove_reader(self._pipe)

    def kill(self) -> None:
        """End it, whatever it does; what was not read of the answer is lost."""
        self.doomed = True
        if self.exit_code is None:
            self._nursery.kill(self.number)
        self.close()
        self._wake()

    def dismiss(self) -> None:
        """Let it end when it has done its task."""
        self.doomed = True
        if self.exit_code is None:
            self._loop.remove_reader(self._channel.fileno())
            self._channel.shutdown(socket.SHUT_RDWR)

    def died(self, exit_code: int) -> None:
        """Take note of how it ended, and give back what was held for it."""
        self._is_alive = False
        self._receive()
        self.exit_code = exit_code
        if self.done is None:
            self._finish(Done(self._error(), 0))
        self._loop.remove_reader(self._channel.fileno())
        self._channel.close()
        self._errors.close()
        self.close()
        self._changed(self)

    def close(self) -> None:
        """Give back the pipe."""
        if self._pipe >= 0:
            self._loop.remove_reader(self._pipe)
            os.close(self._pipe)
            self._pipe = -1

    def _receive(self) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionResetError):
            while data := self._channel.recv(PIECE):
                self._buffer += data
                if len(data) < PIECE and self._is_alive:
                    break  # more may have come, which will be told; to ask costs as much as an answer
            else:
                # It ends, and its nursery will say how.
                self._loop.remove_reader(self._channel.fileno())
        for message in unframed(self._buffer):
            if isinstance(message, Begun):
                self._has_begun = True
                self._wake()
                continue
            if isinstance(message, Done):
                self._finish(message)
            elif isinstance(message, Ready):
                self.version = message.version
            else:
                self.failure = message
            self._changed(self)

    def _finish(self, done: Done) -> None:
        self.done = done
        if self.on_done:
            self.on_done()
        self._wake()

    def _wake(self) -> None:
        if not self._wait.done():
            self._wait.set_result(None)

    def _error(self) -> LimitError | WorkerError:
        """Tell a worker that had no more memory from one that ended in another way."""
        self._errors.seek(0)
        said = self._errors.read(65536).decode("utf-8", "replace")
        aborted = self.exit_code == -signal.SIGABRT and ("memory allocation of" in said or "bad_alloc" in said)
        if self._limits.memory is not None and (aborted or self.exit_code == OUT_OF_MEMORY):
            return self._limits.broken("memory")
        code = self.exit_code or 0
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        last = said.strip().rpartition("\n")[2]
        return WorkerError(
            f"The process that was to answer ended {how} before it did{f': {last[:200]}' if last else ''}. "
            "Others go on; ask in another way."
        )

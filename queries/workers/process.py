"""A worker as the server sees it: what it tells, what it works on, and how it ended."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterable
from typing import Final

from ...errors import DiplographError, LimitError, WorkerError
from .desk import Desk
from .limits import Limits
from .nursery import Nursery
from .queue import Queue
from .telling import Frame, unframed
from .worker import OUT_OF_MEMORY

PIPE: Final = 1024 * 1024
"""How much of an answer a worker writes before the server has to read, in bytes."""
PIECE: Final = 256 * 1024
"""The most that is read at once, in bytes."""


class Process:
    """A worker from its birth to its death; `heard` is given what it tells, and `ended` is told its death."""

    def __init__(
        self,
        number: int,
        nursery: Nursery,
        heard: Callable[[Process, Frame], None],
        ended: Callable[[Process], None],
        *,
        born_for: str | None,
    ) -> None:
        self.number, self._nursery, self._heard, self._ended = number, nursery, heard, ended
        self.born_for = born_for
        """The version of the store that was current at its birth."""
        self.version: str | None = None
        """The version that it holds open, None until it does."""
        self.queue: Queue | None = None
        """Where it takes tasks from, None while it is kept for later."""
        self.failure: DiplographError | None = None
        """Why it could not get ready."""
        self.exit_code: int | None = None
        """How it ended."""
        self.doomed = self.was_killed = False
        """Whether it shall take no more tasks, and whether that is because it was killed."""
        self.lost: int | None = None
        """The task whose answer it had begun to write while it was being killed."""
        self.desk = Desk()
        self._buffer, self._is_alive = bytearray(), True
        self._loop = asyncio.get_running_loop()
        self._channel, theirs = socket.socketpair()
        self.pipe, writing = os.pipe()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the rest
        with theirs:
            nursery.bear(number, (theirs.fileno(), writing, self._errors.fileno(), self.desk.handle))
        os.close(writing)
        self._channel.setblocking(False)
        os.set_blocking(self.pipe, False)
        with contextlib.suppress(OSError):
            # The system may grant less.
            fcntl.fcntl(self.pipe, fcntl.F_SETPIPE_SZ, PIPE)
        self._loop.add_reader(self._channel.fileno(), self._receive)

    @property
    def is_ready(self) -> bool:
        """Whether it holds the store open, and does or could take tasks."""
        return self.version is not None and self.exit_code is None and not self.doomed

    def admit(self, queue: Queue, withdrawn: Iterable[int]) -> None:
        """Let it take tasks from a queue, but for some."""
        self.queue = queue
        for number in withdrawn:
            self.desk.withdraw(number)
        self._hand_over(queue.taking)

    def give(self, content: bytes) -> None:
        """Give it a task that it wants, packed."""
        handle = os.memfd_create("task")
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            self._hand_over(handle)

    def go_on(self) -> None:
        """Let it take its next task after an answer in its pipe, which is forgotten as far as it was not read."""
        while self.read():
            pass
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._channel.send(b"N")

    def read(self) -> bytes | None:
        """Return what has come of an answer that is too long for a frame, None if nothing has."""
        if self.pipe < 0:
            return None
        try:
            return os.read(self.pipe, PIECE) or None
        except BlockingIOError:
            return None

    def kill(self) -> None:
        """End it, whatever it does. Until it has ended it may do, and tell, more."""
        self.doomed = self.was_killed = True
        if self.exit_code is None:
            self._nursery.kill(self.number)

    def dismiss(self) -> None:
        """Let it end; one that has a queue does when that is closed and empty."""
        self.doomed = True
        if self.queue is None and self.exit_code is None:
            self._loop.remove_reader(self._channel.fileno())
            self._channel.shutdown(socket.SHUT_RDWR)

    def died(self, exit_code: int) -> None:
        """Take note of how it ended, and give back what was held for it."""
        self._is_alive = False
        self._receive()
        self.exit_code = exit_code
        self._ended(self)
        self._loop.remove_reader(self._channel.fileno())
        self._channel.close()
        self._errors.close()
        self.desk.close()
        self._close_pipe()

    def error(self, limits: Limits) -> LimitError | WorkerError:
        """Return what its end tells of a task: of one that had no more memory, or that went wrong in another way."""
        self._errors.seek(0)
        said = self._errors.read(65536).decode("utf-8", "replace")
        aborted = self.exit_code == -signal.SIGABRT and ("memory allocation of" in said or "bad_alloc" in said)
        if limits.memory is not None and (aborted or self.exit_code == OUT_OF_MEMORY):
            return limits.broken("memory")
        code = self.exit_code or 0
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        last = said.strip().rpartition("\n")[2]
        return WorkerError(
            f"The process that was to answer ended {how} before it did{f': {last[:200]}' if last else ''}. "
            "Others go on; ask in another way."
        )

    def _hand_over(self, handle: int) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            socket.send_fds(self._channel, [b"H"], [handle])

    def _close_pipe(self) -> None:
        if self.pipe >= 0:
            self._loop.remove_reader(self.pipe)
            os.close(self.pipe)
            self.pipe = -1

    def _receive(self) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionResetError):
            while data := self._channel.recv(PIECE):
                self._buffer += data
                if len(data) < PIECE and self._is_alive:
                    break  # more may have come, which will be told; to ask costs as much as an answer
            else:
                # It ends, and its nursery will say how.
                self._loop.remove_reader(self._channel.fileno())
        for frame in unframed(self._buffer):
            self._heard(self, frame)

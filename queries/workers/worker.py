"""A worker: a process that holds one generation of a store open and answers tasks, one after another."""

from __future__ import annotations

import errno
import io
import os
import pickle
import resource
import socket
import sys
import time
from pathlib import Path, PosixPath
from typing import Any, Final

from ...errors import DiplographError, StoreError
from ...graph.opening import versioned_store
from ...graph.store import View
from .desk import Desk
from .limits import Limits
from .queue import Taken, taken
from .task import Task
from .telling import Kind, framed

OUT_OF_MEMORY: Final = 77
"""The exit code of a worker that had no more memory and could still say so."""
SLACK: Final = 64 * 1024 * 1024
"""What a worker may keep from one task to the next, in bytes; with more it is replaced."""
SMALL: Final = 64 * 1024
"""An answer that is not longer, in bytes, needs no pipe."""

_SHORT: Final = 0.001
"""In less time, in seconds, no task takes much memory; many together could, so after some it is looked all the same."""
_EVERY: Final = 64
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def work(channel: socket.socket, pipe: int, desk: Desk, directory: Path) -> None:
    """Answer tasks from the current generation of a store, once a queue is given, until that is closed."""
    try:
        version, store = versioned_store(directory)
    except DiplographError as error:
        channel.sendall(framed(Kind.UNREADY, content=pickle.dumps(error)))
        return
    with store, Path("/proc/self/statm").open("rb") as statm:
        worker = _Worker(channel, pipe, desk, store.view(), statm.fileno())
        channel.sendall(framed(Kind.READY, content=version.encode()))
        if queue := _handle_from(channel):
            worker.work(queue)


class _Worker:
    def __init__(self, channel: socket.socket, pipe: int, desk: Desk, view: View, statm: int) -> None:
        self._channel, self._pipe, self._desk, self._view, self._statm = channel, pipe, desk, view, statm
        self._size, self._resident = _memory(statm)
        self._out = Outlet(f"/dev/fd/{pipe}")
        self._allowed: int | None = None

    def work(self, queue: int) -> None:
        """Take task after task."""
        while task := taken(queue):
            self._desk.take(task.number)
            if self._desk.is_withdrawn(task.number):
                self._channel.sendall(framed(Kind.SKIPPED, task.number))
                continue
            told = self._outcome(task)
            if leaves := self._keeps_much(task.number):
                told += framed(Kind.LEAVING)
            self._channel.sendall(told)
            if leaves or (self._out.answer.has_begun and not self._channel.recv(1)):
                return

    def _outcome(self, taken: Taken) -> bytes:
        task, limits = taken.unpacked(self._whole)
        self._out.answer = answer = _Answer(taken.number, self._pipe, self._channel)
        self._allow(limits)
        error = _error_of(task, self._view, self._out)
        if error:
            return framed(Kind.ERROR, taken.number, pickle.dumps(error))
        return framed(Kind.ANSWER, taken.number, answer.rest())

    def _whole(self, number: int) -> bytes:
        self._channel.sendall(framed(Kind.WANTED, number))
        handle = _handle_from(self._channel)
        if handle is None:
            sys.exit()
        with open(handle, "rb") as file:
            file.seek(0)
            return file.read()

    def _keeps_much(self, number: int) -> bool:
        if time.monotonic() - self._desk.taken[1] < _SHORT and number % _EVERY:
            return False
        return _memory(self._statm)[1] - self._resident > SLACK

    def _allow(self, limits: Limits) -> None:
        # What is asked for beyond this is refused by the system; the engine then ends the process.
        if self._allowed != limits.memory:
            self._allowed = limits.memory
            most = resource.RLIM_INFINITY if limits.memory is None else self._size + SLACK + limits.memory
            resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


class _Answer(io.RawIOBase):
    """An answer as it is written: held back while it is small, then all of it into the pipe."""

    def __init__(self, number: int, pipe: int, channel: socket.socket) -> None:
        self._held = bytearray()
        self._number, self._pipe, self._channel = number, pipe, channel
        self.has_begun = False

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        # The engine writes in small pieces: to pass on each would wake the server as often.
        self._held += data
        if len(self._held) > SMALL:
            if not self.has_begun:
                self.has_begun = True
                self._channel.sendall(framed(Kind.BEGUN, self._number))
            self._pass_on()
        return len(data)

    def rest(self) -> bytearray:
        """Return the whole answer if it is small; else the pipe has it, to its end."""
        if self.has_begun:
            self._pass_on()
        return self._held

    def _pass_on(self) -> None:
        rest = memoryview(bytes(self._held))
        self._held.clear()
        while rest:
            rest = rest[os.write(self._pipe, rest) :]

    def close(self) -> None:
        """Stay open: a task may open its path more than once."""


class Outlet(PosixPath):
    """The path of the pipe; who opens it to write is given what holds small answers back."""

    answer: _Answer

    def open(self, *_: Any, **__: Any) -> Any:
        """Return what takes the answer."""
        return self.answer


def _handle_from(channel: socket.socket) -> int | None:
    """Wait until the server hands over a queue to take tasks from, or a task; None when it has nothing any more."""
    try:
        _, handles, _, _ = socket.recv_fds(channel, 1, 1)
    except ConnectionResetError:
        return None
    return handles[0] if handles else None


def _error_of(task: Task, view: View, out: Path) -> DiplographError | None:
    try:
        task.write(view, out)
    except DiplographError as error:
        if isinstance(error, StoreError) and _is_lack_of_memory(error):
            sys.exit(OUT_OF_MEMORY)
        return error
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    return None


def _is_lack_of_memory(error: StoreError) -> bool:
    cause = error.__cause__
    return os.strerror(errno.ENOMEM) in str(error) or (isinstance(cause, OSError) and cause.errno == errno.ENOMEM)


def _memory(statm: int) -> tuple[int, int]:
    """Return the size of this process, and how much of that is in memory, in bytes, as the system's file says."""
    size, resident, *_ = os.pread(statm, 200, 0).split()
    return int(size) * _PAGE, int(resident) * _PAGE

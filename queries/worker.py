"""A worker: a process that holds one generation of a store open and answers tasks, one after another."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import pickle
import resource
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PosixPath
from typing import Any, Final, Protocol

from ..errors import DiplographError, StoreError
from ..graph.opening import disk_store
from ..graph.oxigraph.generations import Generations
from ..graph.store import ResultSyntax, Store, View
from .limits import Limits

OUT_OF_MEMORY: Final = 77
"""The exit code of a worker that had no more memory and could still say so."""
SLACK: Final = 64 * 1024 * 1024
"""What a worker may keep from one task to the next, in bytes; with more it is replaced."""

SMALL: Final = 64 * 1024
"""An answer that is not longer, in bytes, needs no pipe."""

_LENGTH: Final = struct.Struct("<I")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Task(Protocol):
    """Something that can be asked for: a value that can be pickled."""

    @property
    def rows(self) -> ResultSyntax | None:
        """The format in which it writes a query's results, so that rows can be counted; None for anything else."""

    def write(self, view: View, out: Path) -> None:
        """Write the answer to a pipe, at the path that it has in this process."""


@dataclass(frozen=True)
class Ready:
    """A worker holds a version of the store open; see `Generations.version`."""

    version: str


@dataclass(frozen=True)
class Begun:
    """An answer is too long to come with the word that it is done: what there is of it is in the pipe."""


@dataclass(frozen=True)
class Done:
    """A task is done: its answer is here or, if it has begun before, in the pipe; or there was an error.

    `kept` is memory kept, in bytes.
    """

    error: DiplographError | None
    kept: int
    answer: bytes = b""


def framed(message: object) -> bytes:
    """Return a message as it goes over a channel."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(data)) + data


def unframed(buffer: bytearray) -> Iterator[Any]:
    """Yield the messages that are whole in a buffer, and take them out of it."""
    while len(buffer) >= _LENGTH.size and len(buffer) >= (end := _LENGTH.size + _LENGTH.unpack_from(buffer)[0]):
        message = bytes(buffer[_LENGTH.size : end])
        del buffer[:end]
        # Both ends are processes of one server.
        yield pickle.loads(message)  # noqa: S301


def work(channel: socket.socket, pipe: int, directory: Path) -> None:
    """Answer tasks from the current generation of a store until the channel is closed."""
    try:
        version, store = _opened(directory)
    except DiplographError as error:
        channel.sendall(framed(error))
        return
    with store, Path("/proc/self/statm").open("rb") as statm:
        view, (size, resident) = store.view(), _memory(statm.fileno())
        channel.sendall(framed(Ready(version)))
        out = Outlet(f"/dev/fd/{pipe}")
        for task, limits in _received(channel):
            out.answer = answer = _Answer(pipe, channel)
            _allow(size, limits)
            outcome = _answered(task, view, out)
            _allow(size, Limits(memory=None))
            rest = b"" if outcome else answer.rest()
            channel.sendall(framed(Done(outcome, _memory(statm.fileno())[1] - resident, rest)))


class _Answer(io.RawIOBase):
    """An answer as it is written: held back while it is small, then all of it into the pipe."""

    def __init__(self, pipe: int, channel: socket.socket) -> None:
        self._held = bytearray()
        self._pipe, self._channel, self._has_begun = pipe, channel, False

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        # The engine writes in small pieces: to pass on each would wake the server as often.
        self._held += data
        if len(self._held) > SMALL:
            if not self._has_begun:
                self._has_begun = True
                self._channel.sendall(framed(Begun()))
            self._pass_on()
        return len(data)

    def rest(self) -> bytes:
        """Return the whole answer if it is small; else the pipe has it, to its end."""
        if not self._has_begun:
            return bytes(self._held)
        self._pass_on()
        return b""

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


def _opened(directory: Path) -> tuple[str, Store]:
    generations = Generations(directory)
    while True:
        version, store = generations.version(), disk_store(directory, create=False)
        if version is not None and version == generations.version():
            return version, store
        # A new generation was published meanwhile: which of the two this is cannot be told.
        store.close()


def _received(channel: socket.socket) -> Iterator[tuple[Task, Limits]]:
    buffer = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while data := channel.recv(65536):
            buffer += data
            yield from unframed(buffer)


def _answered(task: Task, view: View, out: Path) -> DiplographError | None:
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


def _allow(size: int, limits: Limits) -> None:
    # What is asked for beyond this is refused by the system; the engine then ends the process.
    most = resource.RLIM_INFINITY if limits.memory is None else size + SLACK + limits.memory
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def _memory(statm: int) -> tuple[int, int]:
    """Return the size of this process, and how much of that is in memory, in bytes, as the system's file says."""
    size, resident, *_ = os.pread(statm, 200, 0).split()
    return int(size) * _PAGE, int(resident) * _PAGE

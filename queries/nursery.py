"""The nursery: a small process that has all a worker needs in memory and forks workers, as a server must not.

A server has threads, so a copy of it could stop anywhere; a new interpreter would take a third of a second to be ready.
The nursery has one thread and does nothing else, so it knows of each worker whether it still lives: it never ends
another process by a number that was used again.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

_MESSAGE: Final = struct.Struct("<cIi")
"""What to do or what happened, the number of the worker, and the status that it ended with."""
_BEAR, _KILL, _DIED = b"B", b"K", b"D"


class Nursery:
    """The nursery as the server sees it; `died` is told the number of a worker and its exit code, negative by signal.

    All workers end with the nursery, and the nursery with the server.
    """

    def __init__(self, directory: Path, died: Callable[[int, int], None]) -> None:
        self._died = died
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this module, and a directory that is only ever opened
                [sys.executable, "-m", __name__, str(theirs.fileno()), str(directory)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # What a terminal or a supervisor sends to the server is for the server to tell.
                start_new_session=True,
            )
        self._control.setblocking(False)

    def fileno(self) -> int:
        """Return what can be read when `receive` has something to do."""
        return self._control.fileno()

    def bear(self, number: int, channel: socket.socket, pipe: int, errors: int) -> None:
        """Fork a worker that is told its tasks over the channel, and writes answers and errors to the other two."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            socket.send_fds(self._control, [_MESSAGE.pack(_BEAR, number, 0)], [channel.fileno(), pipe, errors])

    def kill(self, number: int) -> None:
        """End a worker, if it still lives."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._control.send(_MESSAGE.pack(_KILL, number, 0))

    def receive(self) -> bool:
        """Tell of workers that have died, and return whether the nursery lives."""
        while True:
            try:
                message = self._control.recv(_MESSAGE.size)
            except BlockingIOError:
                return True
            except ConnectionResetError:
                return False
            if not message:
                return False
            _, number, status = _MESSAGE.unpack(message)
            self._died(number, os.waitstatus_to_exitcode(status))

    def close(self) -> None:
        """End the nursery and all its workers, and wait until it has ended."""
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass(frozen=True)
class Place:
    """What a new worker was given."""

    channel: socket.socket
    pipe: int


def _nursed(control: socket.socket) -> Place | None:
    """Do what the server says until it is gone, then return None; in each worker, return its place."""
    children: dict[int, int] = {}
    end_with_parent = _ending_with_parent()
    woken, waking = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(waking, False)
    signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        select.select([control.fileno(), woken], [], [])
        with contextlib.suppress(BlockingIOError):
            os.read(woken, 4096)
        _bury(control, children)
        if not select.select([control], [], [], 0)[0]:
            continue
        try:
            data, handles, _, _ = socket.recv_fds(control, _MESSAGE.size, 3)
        except ConnectionResetError:
            data, handles = b"", []  # the server is gone, and did not read all that it was told
        if not data:
            for pid in children.values():
                os.kill(pid, signal.SIGKILL)
            for pid in children.values():
                os.waitpid(pid, 0)
            return None
        what, number, _ = _MESSAGE.unpack(data)
        if what == _KILL and number in children:
            os.kill(children[number], signal.SIGKILL)
        elif what == _BEAR:
            channel, pipe, errors = handles
            pid = os.fork()
            if not pid:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                control.close()
                os.dup2(errors, 2)
                for handle in (woken, waking, errors):
                    os.close(handle)
                if end_with_parent:
                    end_with_parent()
                return Place(socket.socket(fileno=channel), pipe)
            children[number] = pid
            for handle in handles:
                os.close(handle)


def _bury(control: socket.socket, children: dict[int, int]) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        number = next(number for number, child in children.items() if child == pid)
        del children[number]
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            control.send(_MESSAGE.pack(_DIED, number, status))


def _ending_with_parent() -> Callable[[], object] | None:
    """Return what makes a process end with its parent: should the nursery be killed, nobody else could end its workers.

    None where the system has no such thing.
    """
    if sys.platform != "linux":
        return None
    import ctypes

    set_death_signal = 1
    return partial(ctypes.CDLL(None).prctl, set_death_signal, int(signal.SIGKILL))


def main() -> None:
    """Be the nursery of a server at the other end of the socket that the command line names, or a worker of it."""
    control = socket.socket(fileno=int(sys.argv[1]))
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    # All that tasks need is imported here, once for all workers.
    from . import tasks  # noqa: F401
    from .worker import work

    # What is there now is shared with all workers: the collector shall not write to it.
    gc.collect()
    gc.freeze()
    if place := _nursed(control):
        work(place.channel, place.pipe, Path(sys.argv[2]))


if __name__ == "__main__":
    main()

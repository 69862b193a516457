"""The nursery's own process: it does what the server says, and each worker begins here as a copy of it."""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .nursery import BEAR, DIED, KILL, MESSAGE


@dataclass(frozen=True)
class Place:
    """What a new worker was given."""

    channel: socket.socket
    pipe: int
    desk: int


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
            data, handles, _, _ = socket.recv_fds(control, MESSAGE.size, 4)
        except ConnectionResetError:
            data, handles = b"", []  # the server is gone, and did not read all that it was told
        if not data:
            for pid in children.values():
                os.kill(pid, signal.SIGKILL)
            for pid in children.values():
                os.waitpid(pid, 0)
            return None
        what, number, _ = MESSAGE.unpack(data)
        if what == KILL and number in children:
            os.kill(children[number], signal.SIGKILL)
        elif what == BEAR:
            channel, pipe, errors, desk = handles
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
                return Place(socket.socket(fileno=channel), pipe, desk)
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
            control.send(MESSAGE.pack(DIED, number, status))


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
    from .. import tasks  # noqa: F401
    from .desk import Desk
    from .worker import work

    # What is there now is shared with all workers: the collector shall not write to it.
    gc.collect()
    gc.freeze()
    if place := _nursed(control):
        work(place.channel, place.pipe, Desk(place.desk), Path(sys.argv[2]))


if __name__ == "__main__":
    main()

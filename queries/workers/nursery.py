"""The nursery: a small process that has all a worker needs in memory and forks workers, as a server must not.

A server has threads, so a copy of it could stop anywhere; a new interpreter would take a third of a second to be ready.
The nursery has one thread and does nothing else, so it knows of each worker whether it still lives: it never ends
another process by a number that was used again.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

MESSAGE: Final = struct.Struct("<cIi")
"""What to do or what happened, the number of the worker, and the status that it ended with."""
BEAR, KILL, DIED = b"B", b"K", b"D"


class Nursery:
    """The nursery as the server sees it; `died` is told the number of a worker and its exit code, negative by signal.

    All workers end with the nursery, and the nursery with the server.
    """

    def __init__(self, directory: Path, died: Callable[[int, int], None]) -> None:
        self._died = died
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this package, and a directory that is only ever opened
                [sys.executable, "-m", __package__, str(theirs.fileno()), str(directory)],
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

    def bear(self, number: int, handles: Sequence[int]) -> None:
        """Fork a worker that has open what a `Place` says, and where it writes errors."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            socket.send_fds(self._control, [MESSAGE.pack(BEAR, number, 0)], handles)

    def kill(self, number: int) -> None:
        """End a worker, if it still lives."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._control.send(MESSAGE.pack(KILL, number, 0))

    def receive(self) -> bool:
        """Tell of workers that have died, and return whether the nursery lives."""
        while True:
            try:
                message = self._control.recv(MESSAGE.size)
            except BlockingIOError:
                return True
            except ConnectionResetError:
                return False
            if not message:
                return False
            _, number, status = MESSAGE.unpack(message)
            self._died(number, os.waitstatus_to_exitcode(status))

    def close(self) -> None:
        """End the nursery and all its workers, and wait until it has ended."""
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

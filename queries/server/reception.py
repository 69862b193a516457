"""Receptionists: processes that answer what they can at once, and pass on the connections with anything else.

A process of this language works on one processor. What is kept or looked up takes less time than to pass it on, so it
is answered where it arrives: the system deals new connections out to all that listen at the port.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Final

from .measures import Counts
from .settings import Settings

CONNECTION: Final = b"C"
"""Begins a message that comes with a connection; what was read from it and not answered follows."""
COUNTS: Final = b"N"
"""Begins a message in which a receptionist's counts follow, pickled."""
MOST: Final = 64 * 1024
"""The most bytes that a receptionist reads of a connection before it answers them or passes them on."""


class Reception:
    """The receptionists of a service, each with a listener of its own; they end with the service.

    `taken` is given each connection that is passed on, with the bytes that came of it, and `counted` what the
    receptionist of a number has counted since it began.
    """

    def __init__(
        self,
        settings: Settings,
        listeners: Sequence[socket.socket],
        taken: Callable[[socket.socket, bytes], None],
        counted: Callable[[int, Counts], None],
    ) -> None:
        self._taken, self._counted = taken, counted
        self._controls: list[socket.socket] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._heard: set[int] = set()
        self._begun = asyncio.Event()
        for listener in listeners:
            self._engage(settings, listener)

    def _engage(self, settings: Settings, listener: socket.socket) -> None:
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        handles = theirs.fileno(), listener.fileno()
        with theirs, listener:
            process = subprocess.Popen(  # noqa: S603 - this package
                [sys.executable, "-m", f"{__package__}.receptionist", *map(str, handles)],
                pass_fds=handles,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # What a terminal sends to the service is for the service to tell.
                start_new_session=True,
            )
        # Not on the command line, which others can read.
        control.send(pickle.dumps(settings))
        control.setblocking(False)
        asyncio.get_running_loop().add_reader(control, self._receive, len(self._controls), control)
        self._controls.append(control)
        self._processes.append(process)

    async def begun(self) -> None:
        """Wait until all receptionists are at work, or gone."""
        if self._controls:
            await self._begun.wait()

    def _receive(self, number: int, control: socket.socket) -> None:
        try:
            message, handles, _, _ = socket.recv_fds(control, MOST + 1, 1)
        except BlockingIOError:
            return
        except ConnectionResetError:
            message, handles = b"", []
        self._heard.add(number)
        if len(self._heard) == len(self._controls):
            self._begun.set()
        if not message:
            # It has ended by itself: the others that listen at the port have its part.
            asyncio.get_running_loop().remove_reader(control)
        elif message[:1] == CONNECTION:
            self._taken(socket.socket(fileno=handles[0]), message[1:])
        else:
            # Both ends are processes of one service.
            self._counted(number, pickle.loads(message[1:]))  # noqa: S301

    def close(self) -> None:
        """End the receptionists, and wait until they have ended."""
        for control in self._controls:
            with contextlib.suppress(ValueError):
                asyncio.get_running_loop().remove_reader(control)
            control.close()
        for process in self._processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

"""Tasks on their way: a queue in the system, from which each worker takes the next as soon as it has done its last.

So no worker waits for the server while there is work, and no task waits behind one that happens to take long. The queue
is a pipe of packets: of several who read it, each gets whole ones.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pickle
import select
import struct
from collections.abc import Callable
from typing import Final, NamedTuple

from .limits import Limits
from .task import Task

_PACKET: Final = select.PIPE_BUF
"""What is longer, in bytes, is no packet any more: the worker asks for it when its turn has come."""
_ROOM: Final = 1024 * 1024
"""The queue's room in bytes, of which each packet takes a page."""
_NUMBER: Final = struct.Struct("<Q")


def packed(task: Task, limits: Limits) -> bytes:
    """Return a task and its limits as they are sent."""
    return pickle.dumps((task, limits), pickle.HIGHEST_PROTOCOL)


class Queue:
    """The server's end, and the one that workers share."""

    def __init__(self) -> None:
        self.taking, self._giving = os.pipe2(os.O_DIRECT | os.O_CLOEXEC)
        self._handles = [self.taking, self._giving]
        os.set_blocking(self._giving, False)
        with contextlib.suppress(OSError):
            # The system may grant less.
            fcntl.fcntl(self._giving, fcntl.F_SETPIPE_SZ, _ROOM)

    def put(self, number: int, content: bytes) -> bool:
        """Send a task, packed, with its number, and return whether there was room for it."""
        packet = _NUMBER.pack(number) + content
        try:
            os.write(self._giving, packet if len(packet) <= _PACKET else packet[: _NUMBER.size])
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Let no more in; workers take what there is, and then end."""
        while self._handles:
            os.close(self._handles.pop())


class Taken(NamedTuple):
    """A task as a worker takes it: its number, and what is to be done, packed; nothing if that is too long."""

    number: int
    content: bytes

    def unpacked(self, whole: Callable[[int], bytes]) -> tuple[Task, Limits]:
        """Return the task and its limits; `whole` gets what was too long by its number."""
        # Both ends are processes of one server.
        return pickle.loads(self.content or whole(self.number))  # type: ignore[no-any-return]  # noqa: S301


def taken(queue: int) -> Taken | None:
    """Wait for the next task, and take it; None when there will be no more."""
    packet = os.read(queue, _PACKET)
    return Taken(_NUMBER.unpack_from(packet)[0], packet[_NUMBER.size :]) if packet else None

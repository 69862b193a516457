"""Tasks on their way: a queue in the system, from which each worker takes the next as soon as it has done its last.

So no worker waits for the server while there is work, and no task waits behind one that happens to take long.
"""

from __future__ import annotations

import os
import pickle
import socket
import struct
from typing import Any, Final

from .limits import Limits
from .task import Task

_LARGEST: Final = 16 * 1024
"""A larger task, in bytes, goes through a file in memory, as the system bounds what is in a queue."""
_NUMBER: Final = struct.Struct("<Q")


def packed(task: Task, limits: Limits) -> bytes:
    """Return a task and its limits as they are sent."""
    return pickle.dumps((task, limits), pickle.HIGHEST_PROTOCOL)


class Queue:
    """The server's end, and the one that workers share."""

    def __init__(self) -> None:
        self._giving, self.taking = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._giving.setblocking(False)

    def put(self, number: int, content: bytes) -> bool:
        """Send a task, packed, with its number, and return whether there was room for it."""
        try:
            if len(content) <= _LARGEST:
                self._giving.send(_NUMBER.pack(number) + content)
            else:
                self._send_apart(number, content)
        except BlockingIOError:
            return False
        return True

    def _send_apart(self, number: int, content: bytes) -> None:
        handle = os.memfd_create("task")
        try:
            with open(handle, "wb", closefd=False) as file:
                file.write(content)
            socket.send_fds(self._giving, [_NUMBER.pack(number)], [handle])
        finally:
            os.close(handle)

    def close(self) -> None:
        """Let no more in; workers take what there is, and then end."""
        self._giving.close()
        self.taking.close()


class Taken:
    """A task as a worker takes it: its number is known before what is to be done."""

    def __init__(self, message: bytes, handles: list[int]) -> None:
        [self.number] = _NUMBER.unpack_from(message)
        self._message, self._handles = message, handles

    def content(self) -> tuple[Task, Limits]:
        """Return the task and its limits."""
        content: Any = memoryview(self._message)[_NUMBER.size :]
        for handle in self._handles:
            with open(handle, "rb") as file:
                file.seek(0)
                content = file.read()
        # Both ends are processes of one server.
        return pickle.loads(content)  # type: ignore[no-any-return]  # noqa: S301

    def close(self) -> None:
        """Give back what came with a task whose content is not wanted."""
        for handle in self._handles:
            os.close(handle)


def taken(queue: socket.socket) -> Taken | None:
    """Wait for the next task, and take it; None when there will be no more."""
    try:
        message, handles, _, _ = socket.recv_fds(queue, _NUMBER.size + _LARGEST, 1)
    except ConnectionResetError:
        return None
    return Taken(message, handles) if message else None

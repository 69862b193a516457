"""A worker's desk: memory that it shares with the server, to tell and be told things at no cost."""

from __future__ import annotations

import mmap
import os
import struct
import time
from typing import Final

_TAKEN: Final = struct.Struct("=QQ")
_FLAGS: Final = 256
"""More than there are tasks on their way in a queue at once: the system holds about a dozen."""


class Desk:
    """Which task a worker has taken last, and since when; and which it shall not take.

    Tasks are known by their numbers. Without a handle the memory is made; `handle` is for who else shares it.
    """

    def __init__(self, handle: int | None = None) -> None:
        size = _TAKEN.size + _FLAGS
        if handle is None:
            handle = os.memfd_create("desk")
            os.truncate(handle, size)
        self.handle = handle
        self._memory = mmap.mmap(handle, size)

    def take(self, number: int) -> None:
        """Put down that a task has been taken now."""
        _TAKEN.pack_into(self._memory, 0, number, time.monotonic_ns())

    @property
    def taken(self) -> tuple[int, float]:
        """The task that was taken last, 0 for none, and when, in seconds of the monotonic clock."""
        number, since = _TAKEN.unpack_from(self._memory)
        return number, since / 1e9

    def withdraw(self, number: int, is_withdrawn: bool = True) -> None:
        """Put down that a task is not to be done, or forget that."""
        self._memory[_TAKEN.size + number % _FLAGS] = is_withdrawn

    def is_withdrawn(self, number: int) -> bool:
        """Whether a task that was taken is not to be done."""
        return bool(self._memory[_TAKEN.size + number % _FLAGS])

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()
        os.close(self.handle)

"""A worker's desk: memory that it shares with the server, to tell and be told things at no cost."""

from __future__ import annotations

import mmap
import os
import time
from typing import Final

_WORD: Final = 8
_FLAGS: Final = 256
"""Enough for the numbers of the tasks that are on their way at once; were it not, one would be sent again in vain."""


class Desk:
    """Which task a worker has taken last, and since when; and which it shall not take.

    Tasks are known by their numbers. Without a handle the memory is made; `handle` is for who else shares it.
    """

    def __init__(self, handle: int | None = None) -> None:
        size = 2 * _WORD + _FLAGS
        if handle is None:
            handle = os.memfd_create("desk")
            os.truncate(handle, size)
        self.handle = handle
        self._memory = mmap.mmap(handle, size)
        self._flags = memoryview(self._memory)[2 * _WORD :]
        self._words = memoryview(self._memory)[: 2 * _WORD].cast("Q")

    def take(self, number: int) -> None:
        """Put down that a task has been taken now."""
        # The time first, as the server reads it last: it shall never see a task with the time of the one before.
        self._words[1] = time.monotonic_ns()
        self._words[0] = number

    @property
    def taken(self) -> tuple[int, float]:
        """The task that was taken last, 0 for none, and when, in seconds of the monotonic clock."""
        number = self._words[0]
        return number, self._words[1] / 1e9

    def withdraw(self, number: int, is_withdrawn: bool = True) -> None:
        """Put down that a task is not to be done, or forget that."""
        self._flags[number % _FLAGS] = is_withdrawn

    def is_withdrawn(self, number: int) -> bool:
        """Whether a task that was taken is not to be done."""
        return bool(self._flags[number % _FLAGS])

    def close(self) -> None:
        """Give the memory back."""
        self._flags.release()
        self._words.release()
        self._memory.close()
        os.close(self.handle)

"""What a worker tells the server: frames on a stream, of which many can come at once."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Final, NamedTuple

_HEAD: Final = struct.Struct("<BQI")


class Kind(IntEnum):
    """What a frame tells; in brackets, what its content is."""

    READY = 0
    """The worker holds a version of the store open (the version; see `Generations.version`)."""
    UNREADY = 1
    """It never will (an error, pickled)."""
    WANTED = 2
    """A task was too long for the queue, and the worker waits for it."""
    BEGUN = 3
    """The answer to a task is too long to come in a frame: what there is of it is in the pipe."""
    ANSWER = 4
    """A task is done (the answer, unless it is in the pipe: then the worker waits until that is empty)."""
    ERROR = 5
    """A task has failed (an error, pickled); else as above."""
    SKIPPED = 6
    """A task was withdrawn before it was taken."""
    LEAVING = 7
    """The worker ends, as it keeps too much memory."""


class Frame(NamedTuple):
    """A frame: what it tells, of which task, and its content."""

    kind: int
    number: int
    content: bytes


def framed(kind: Kind, number: int = 0, content: bytes | bytearray = b"") -> bytes:
    """Return a frame as it goes over a stream."""
    return _HEAD.pack(kind, number, len(content)) + content


def unframed(buffer: bytearray) -> Iterator[Frame]:
    """Yield the frames that are whole in a buffer, and take them out of it."""
    begin, end = 0, len(buffer)
    try:
        while end - begin >= _HEAD.size:
            kind, number, length = _HEAD.unpack_from(buffer, begin)
            content = begin + _HEAD.size
            if end < content + length:
                break
            begin = content + length
            yield Frame(kind, number, bytes(buffer[content:begin]))
    finally:
        del buffer[:begin]

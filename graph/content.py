"""The N-Triples of one document, in memory or in a file: read by pieces, counted and told from others."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from ..errors import InputError

Content: TypeAlias = bytes | Path
"""N-Triples as the engine writes them, one statement on each line, which ends in a space, a full stop and a line feed;
or a file of them."""

_PIECE: Final = 4 * 1024 * 1024
_BLANK: Final = re.compile(rb"^_:\S+|(?<= )_:\S+(?= \.$)", re.MULTILINE)
"""A blank node as subject or object; what looks like one within a literal is none."""


def pieces(content: Content, length: int = _PIECE) -> Iterator[bytes]:
    """Yield the content in pieces of about `length` bytes, cut at line ends.

    Raises InputError where its file cannot be read.
    """
    with _opened(content) as file:
        while piece := file.read(length):
            yield piece + file.readline()


def whole(content: Content) -> bytes:
    """Return the content as one; raises InputError where its file cannot be read."""
    return content if isinstance(content, bytes) else b"".join(pieces(content))


def size(content: Content) -> int:
    """Return the length of the content in bytes; raises InputError where its file cannot be read."""
    with _opened(content) as file:
        return file.seek(0, io.SEEK_END)


def statement_count(content: Content) -> int:
    """Return the number of statements in the content."""
    return sum(piece.count(b"\n") for piece in pieces(content))


def has_blank_nodes(content: Content) -> bool:
    """Return whether any statement of the content has a blank node."""
    return any(b"_:" in piece and _BLANK.search(piece) is not None for piece in pieces(content))


def blank_nodes(content: Content) -> set[bytes]:
    """Return the labels of the content's blank nodes."""
    return {label for piece in pieces(content) if b"_:" in piece for label in _BLANK.findall(piece)}


def digest(content: Content) -> str:
    """Return the SHA-256 of the content, in which the labels of blank nodes do not count, only where they stand."""
    names: dict[bytes, bytes] = {}
    hashed = hashlib.sha256()
    for piece in pieces(content):
        if b"_:" in piece:
            piece = _BLANK.sub(lambda label: names.setdefault(label[0], b"_:%d" % len(names)), piece)
        hashed.update(piece)
    return hashed.hexdigest()


def in_graph(ntriples: bytes, graph: str) -> bytes:
    """Return N-Triples as N-Quads of one graph."""
    return ntriples.replace(b" .\n", b" <%s> .\n" % graph.encode())


def _opened(content: Content) -> BinaryIO:
    if isinstance(content, bytes):
        return io.BytesIO(content)
    try:
        return content.open("rb")
    except OSError as error:
        raise InputError(f"{content}: it cannot be read ({error.strerror}).") from error

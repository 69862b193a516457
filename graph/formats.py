"""RDF syntaxes: file extension, media type and name, and the compressions a file may come in."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import FormatError, ParseError


@dataclass(frozen=True)
class Syntax:
    """One way to write RDF down. `name` is what the command line calls it."""

    name: str
    title: str
    media_type: str
    extensions: tuple[str, ...]
    has_graphs: bool


SYNTAXES: Final = (
    Syntax("turtle", "Turtle", "text/turtle", (".ttl", ".turtle"), False),
    Syntax("trig", "TriG", "application/trig", (".trig",), True),
    Syntax("ntriples", "N-Triples", "application/n-triples", (".nt",), False),
    Syntax("nquads", "N-Quads", "application/n-quads", (".nq",), True),
    Syntax("jsonld", "JSON-LD", "application/ld+json", (".jsonld", ".json"), True),
    Syntax("rdfxml", "RDF/XML", "application/rdf+xml", (".rdf", ".owl", ".xml"), False),
)


def _zstandard(data: bytes) -> bytes:
    import zstandard

    # Frame by frame: the library's own readers take what is cut short for whole.
    content: list[bytes] = []
    frame = zstandard.ZstdDecompressor().decompressobj()
    try:
        for start in range(0, len(data), _PIECE):
            piece = data[start : start + _PIECE]
            while piece:
                if frame.eof:
                    frame = zstandard.ZstdDecompressor().decompressobj()
                content.append(frame.decompress(piece))
                piece = frame.unused_data
    except zstandard.ZstdError as error:
        raise ValueError(error) from error
    if not frame.eof:
        raise EOFError("its last frame has no end")
    return b"".join(content)


_PIECE: Final = 65536

_COMPRESSIONS: Final[dict[str, Callable[[bytes], bytes]]] = {
    ".gz": gzip.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
    ".zst": _zstandard,
}

COMPRESSIONS: Final = tuple(_COMPRESSIONS)
"""The extensions of the compressions."""


def syntax_named(name: str) -> Syntax:
    """Return the syntax of a name such as `turtle`, an extension such as `ttl`, or a media type; raises FormatError."""
    key = name.lower()
    for syntax in SYNTAXES:
        if key in (syntax.name, syntax.media_type) or f".{key}" in syntax.extensions:
            return syntax
    raise FormatError(f"{name!r} is no RDF format. Use one of {', '.join(s.name for s in SYNTAXES)}.")


def syntax_of(path: Path) -> Syntax:
    """Return the syntax that a file's name tells, compression aside; raises FormatError."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _COMPRESSIONS:
        suffixes.pop()
    for syntax in SYNTAXES:
        if suffixes and suffixes[-1] in syntax.extensions:
            return syntax
    known = ", ".join(extension for syntax in SYNTAXES for extension in syntax.extensions)
    raise FormatError(
        f"{path}: no RDF format can be told from this file name. "
        f"Name it with one of {known} (also with .gz, .bz2, .xz or .zst), or give --format."
    )


def decompressed(path: Path, data: bytes) -> bytes:
    """Return a file's content without the compression its name tells; raises ParseError if it is not all there."""
    suffix = path.suffix.lower()
    if suffix not in _COMPRESSIONS:
        return data
    try:
        if not data:
            raise EOFError("it is empty")
        return _COMPRESSIONS[suffix](data)
    except (EOFError, OSError, lzma.LZMAError, zlib.error, ValueError) as error:
        raise ParseError(f"the compressed file is damaged or cut short ({error})", source=str(path)) from error

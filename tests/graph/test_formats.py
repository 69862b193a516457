"""RDF syntaxes told by name, and compressed files that are whole or refused."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
import zstandard

from diplograph.errors import FormatError, ParseError
from diplograph.graph.formats import SYNTAXES, decompressed, syntax_named, syntax_of

COMPRESSIONS: Final[dict[str, Callable[[bytes], bytes]]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}
LINES: Final = b"".join(
    b'<x:%d> <x:p> "%s" .\n' % (n, hashlib.sha256(b"%d" % n).hexdigest().encode()) for n in range(6000)
)


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.name)
def test_a_syntax_is_known_by_name_extension_and_media_type(syntax: object) -> None:
    assert syntax in SYNTAXES
    for found in SYNTAXES:
        if found is syntax:
            names = [found.name, found.media_type, *(extension[1:] for extension in found.extensions)]
            assert {syntax_named(name) for name in names} == {syntax_named(found.name.upper())} == {found}


def test_no_two_syntaxes_share_a_name() -> None:
    names = [name for s in SYNTAXES for name in (s.name, s.media_type, *s.extensions)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["", "csv", "text/html", ".ttl", "n3 "])
def test_a_name_of_no_syntax_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(FormatError, match=r"no RDF format\. Use one of turtle, trig, ntriples") as caught:
        syntax_named(name)
    assert repr(name) in str(caught.value)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.ttl", "turtle"),
        ("a.b.TTL", "turtle"),
        ("a.nt", "ntriples"),
        ("a.nq.gz", "nquads"),
        ("a.trig.bz2", "trig"),
        ("a.json.xz", "jsonld"),
        ("a.OWL.ZST", "rdfxml"),
        ("dir.nt/a.rdf", "rdfxml"),
    ],
)
def test_a_file_name_tells_its_syntax(file: str, name: str) -> None:
    assert syntax_of(Path(file)).name == name


@pytest.mark.parametrize("file", ["a", "a.txt", "a.gz", ".ttl", "a.ttl.zip", "a.ttl.gz.gz", "dir.ttl/a"])
def test_a_file_name_that_tells_none_is_refused(file: str) -> None:
    with pytest.raises(FormatError, match=r"\.ttl.*\.gz.*--format") as caught:
        syntax_of(Path(file))
    assert str(caught.value).startswith(file)


def test_a_plain_file_is_left_alone() -> None:
    assert decompressed(Path("a.ttl"), b"\x1f\x8b") == b"\x1f\x8b"


@pytest.mark.parametrize("extension", COMPRESSIONS)
def test_a_compressed_file_is_read_whole(extension: str) -> None:
    compress = COMPRESSIONS[extension]
    assert decompressed(Path(f"a.nt{extension}"), compress(LINES)) == LINES
    assert decompressed(Path(f"a.nt{extension.upper()}"), compress(b"")) == b""
    assert decompressed(Path(f"a.nt{extension}"), compress(LINES) + compress(b"<x:s> <x:p> 1 .\n"))[len(LINES) :]


@pytest.mark.parametrize("extension", COMPRESSIONS)
@pytest.mark.parametrize("kept", [0, 1, 4, 12, 0.5, -5, -1])
def test_a_file_that_is_cut_short_is_refused(extension: str, kept: float) -> None:
    whole = COMPRESSIONS[extension](LINES)
    cut = whole[: int(kept * len(whole)) if kept == 0.5 else int(kept)]
    with pytest.raises(ParseError, match=r"a\.nt.*: the compressed file is damaged or cut short"):
        decompressed(Path(f"a.nt{extension}"), cut)


@pytest.mark.parametrize("extension", COMPRESSIONS)
def test_a_damaged_file_is_refused(extension: str) -> None:
    whole = bytearray(COMPRESSIONS[extension](LINES))
    whole[len(whole) // 2] ^= 0x55
    for damaged in (bytes(whole), b"<x:s> <x:p> <x:o> .\n"):
        with pytest.raises(ParseError, match="damaged") as caught:
            decompressed(Path(f"a.nt{extension}"), damaged)
        assert caught.value.source == f"a.nt{extension}"
        assert caught.value.line is None

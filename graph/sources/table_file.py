"""A table as people keep it: CSV with commas, semicolons or tabs, with a byte order mark or without, gzipped or not."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from ...errors import InputError, ParseError
from .intake import Intake

Row: TypeAlias = Mapping[str, str]

_SEPARATORS: Final = (",", ";", "\t", "|")
_GZIP: Final = b"\x1f\x8b"
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class TableFile:
    """A table with the names of its columns, the header's separator being the one that makes the most of them."""

    path: Path
    columns: tuple[str, ...]
    separator: str
    content: str

    def rows(self, intake: Intake) -> Iterator[tuple[int, Row]]:
        """Yield each row with the line it begins at; a row with too few or too many cells is listed instead."""
        table = csv.reader(io.StringIO(self.content, newline=""), delimiter=self.separator, strict=True)
        last = 0
        try:
            for cells in table:
                line, last = last + 1, table.line_num
                if line == 1 or not any(cell.strip() for cell in cells):
                    continue
                wide = len(self.columns)
                if len(cells) < wide or any(cell.strip() for cell in cells[wide:]):
                    message = f"The row has {len(cells)} cells, and the header {wide}: the row was left out."
                    intake.problem(self.path.name, f"line {line}", message)
                    continue
                yield line, dict(zip(self.columns, (" ".join(cell.split()) for cell in cells), strict=False))
        except csv.Error as error:
            message = f"the row that begins here cannot be read ({error}). Is a quotation mark left open?"
            raise ParseError(message, source=str(self.path), line=last + 1) from error


def table_file(path: Path) -> TableFile:
    """Open a table; raises InputError where it is no text in UTF-8 or UTF-16, or names a column twice or not at all."""
    content = _text(path)
    headers = {separator: _header(content, separator) for separator in _SEPARATORS}
    separator = max(_SEPARATORS, key=lambda each: len(headers[each]))
    columns = headers[separator]
    if not any(columns):
        raise InputError(f"{path}: its first line names no columns.")
    twice = [name for name, times in Counter(columns).items() if times > 1 and name]
    if twice:
        raise InputError(
            f"{path}: the first line names the column {twice[0]!r} more than once. Give each its own name."
        )
    return TableFile(path, columns, separator, content)


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        if data.startswith(_GZIP):
            data = gzip.decompress(data)
        return data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ParseError("it is no text in UTF-8. Save it again as CSV UTF-8.", source=str(path), line=line) from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: it cannot be read: {error}") from error


def _header(content: str, separator: str) -> tuple[str, ...]:
    try:
        cells = next(csv.reader(io.StringIO(content, newline=""), delimiter=separator, strict=True), [])
    except csv.Error:
        return ()
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)

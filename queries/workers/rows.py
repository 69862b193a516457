"""Counting the rows of results as they stream past, exactly, whatever the values in them look like."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

import numpy as np

from ...graph.store import ResultSyntax


class Rows(ABC):
    """The rows that have begun, or ended, in what was given so far; `number` counts them.

    Pieces may be cut anywhere. What an ASK query answers has no row.
    """

    number = 0

    @abstractmethod
    def feed(self, piece: bytes) -> None:
        """Take the next piece of the results."""


class _Xml(Rows):
    # A value has no < of its own, in XML that is well-formed.
    _MARK: Final = b"<result>"

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> None:
        text = self._rest + piece
        self.number += text.count(self._MARK)
        self._rest = text[-len(self._MARK) + 1 :]


class _Lines(Rows):
    """Each line but the first is a row."""

    _lines = 0

    def feed(self, piece: bytes) -> None:
        self._lines += self._ends(piece)
        self.number = max(0, self._lines - 1)

    def _ends(self, piece: bytes) -> int:
        # TSV escapes the ends of lines in values.
        return piece.count(b"\n")


class _Csv(_Lines):
    """A line ends where no quotation is open: a quotation mark in a value is doubled, so it opens and closes."""

    def __init__(self) -> None:
        self._quotes = _Quotes()

    def _ends(self, piece: bytes) -> int:
        return self._quotes.outside(piece, b"\n")


class _Json(Rows):
    """A row is an object that follows a bracket or a comma: the parts of a row follow a colon or come with their name.

    So it is in what the engine writes, which has no blanks between its tokens.
    """

    def __init__(self) -> None:
        self._quotes, self._rest = _Quotes(), b""

    def feed(self, piece: bytes) -> None:
        text = self._rest + piece
        # What could go on with the next piece waits for it: the backslash of an escape, and what may precede a row.
        slashes = len(text) - len(text.rstrip(b"\\"))
        begun = next((mark for mark in _BEGINNINGS if text.endswith(mark)), b"")
        cut = len(text) - (slashes % 2 or len(begun))
        text, self._rest = text[:cut], text[cut:]
        plain = text.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in text else text
        if b"{}" in text:
            self.number += self._quotes.outside(plain, b",[", b"{")
        else:
            # A row that has a value begins with a quotation mark. In a quotation it would be escaped, or be its end,
            # and nothing but a comma or a brace follows the end of a value.
            self.number += sum(text.count(begin + b'{"') - _ends(text, begin + b'{"') for begin in (b",", b"["))
            self._quotes.pass_over(plain)


_BEGINNINGS: Final = (b',{"', b'[{"', b",{", b"[{", b",", b"[")


def _ends(text: bytes, mark: bytes) -> int:
    return text.count(mark + b",") + text.count(mark + b"}")


class _Quotes:
    """Knows, over all pieces, whether a quotation is open."""

    def __init__(self) -> None:
        self._open = 0

    def pass_over(self, piece: bytes) -> None:
        """Take a piece in which nothing is counted."""
        self._open = (self._open + piece.count(b'"')) % 2

    def outside(self, piece: bytes, marks: bytes, then: bytes = b"") -> int:
        """Return how often one of the marks, with `then` after it, stands outside quotations."""
        if not self._open and not then and b'"' not in piece:
            return sum(map(piece.count, (marks[n : n + 1] for n in range(len(marks)))))
        if not piece:
            return 0
        text = np.frombuffer(piece, dtype=np.uint8)
        found = text == marks[0]
        for mark in marks[1:]:
            found |= text == mark
        if then:
            found = found[:-1] & (text[1:] == then[0])
        places = np.flatnonzero(found)
        quotes = np.flatnonzero(text == ord('"'))
        before = np.searchsorted(quotes, places) + self._open
        self._open = (self._open + len(quotes)) % 2
        return int(np.count_nonzero(before % 2 == 0))


_KINDS: Final[dict[ResultSyntax, type[Rows]]] = {"json": _Json, "xml": _Xml, "csv": _Csv, "tsv": _Lines}


def rows_in(syntax: ResultSyntax) -> Rows:
    """Return a count of the rows of results in a format, none so far."""
    return _KINDS[syntax]()

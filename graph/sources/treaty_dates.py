"""Dates as tables of treaties write them: with marks of doubt, parts left blank, ranges, and days that mean open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ...errors import DateError
from .drafts import Spelled, date

_OPEN: Final = re.compile(r"(?:9999|2999|2899|0001)\b")
_UNKNOWN_PARTS: Final = re.compile(r"(?:-(?:XX|NA))+-?$", re.IGNORECASE)
_PART_WITHIN: Final = re.compile(r"^(\d{4})-(?:XX|NA)-\d{2}$", re.IGNORECASE)


@dataclass(frozen=True)
class WrittenDate:
    """A date of a table: as YYYY, YYYY-MM or YYYY-MM-DD and as N-Triples spells it, both empty where there is none.

    `doubtful` tells that the table has more than the date, such as a mark of doubt; `open`, that it says that the day
    has not come; `wrong`, that it is no date at all.
    """

    lexical: str = ""
    spelled: Spelled = ""
    doubtful: bool = False
    open: bool = False
    wrong: bool = False


_NONE: Final = WrittenDate()


@lru_cache(maxsize=100_000)
def written_date(cell: str) -> WrittenDate:
    """Return what a cell of a table says as a date."""
    words = cell.strip()
    if not words or words == "NA":
        return _NONE
    if _OPEN.match(words):
        return WrittenDate(open=True)
    if ".." in words or ":" in words:
        return WrittenDate(doubtful=True)
    plain = _UNKNOWN_PARTS.sub("", _PART_WITHIN.sub(r"\1", words.rstrip("?~")))
    try:
        return WrittenDate(plain, date(plain), doubtful=plain != words)
    except DateError:
        return WrittenDate(wrong=True)

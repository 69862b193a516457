"""The day that the text below a head gives to what the head dates by its year alone."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from .heads import Kind, said_dates

_RECOGNIZED: Final = r"\brecogni[sz]ed\b"
_BEGAN: Final = (
    r"\b(?:diplomatic relations were (?:formally )?(?:re-?)?established|(?:re-?)?established diplomatic relations)\b"
)
_VERBS: Final = {Kind.RECOGNITION: _RECOGNIZED, Kind.ESTABLISHMENT: _BEGAN, Kind.RESUMPTION: _BEGAN}
_SENTENCE: Final = re.compile(r"(?<=[a-z0-9’”)])\.\s+(?=[A-Z“])")
_BETWEEN: Final = re.compile(
    r"\b(?:when|after|until|before|following|who|which|that|became|gained|not|nor|opened|reopened|signed)\b",
    re.IGNORECASE,
)
"""Words after the verb that put something else on the day: `soon after it gained its independence on`."""

_ON: Final = re.compile(
    r"\bon ((?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s+\d{1,2},\s+\d{4})\b"
)


class Day(NamedTuple):
    """A day that a text names, the sentence that does, and whether that says it of the very thing."""

    date: str
    sentence: str
    certain: bool


def day_in(text: str, kinds: tuple[Kind, ...], year: str) -> Day | None:
    """Return the one day of a year that a text names, or None where it names none, or more than one.

    It is certain where the same sentence says, before the day, that something was recognized, or that diplomatic
    relations were established, `on` that day, and the head says no other thing than that.
    """
    days = {when.date for when in said_dates(text) if len(when.date) == 10 and when.date.startswith(year)}
    if len(days) != 1 or len(year) != 4:
        return None
    day = next(iter(days))
    for sentence in _SENTENCE.split(text):
        named = [when.date for when in said_dates(sentence)]
        if day in named:
            return Day(day, sentence, named == [day] and len(kinds) == 1 and _says(sentence, kinds[0]))
    return None


def _says(sentence: str, kind: Kind) -> bool:
    verb = _VERBS.get(kind)
    found = re.search(verb, sentence, re.IGNORECASE) if verb else None
    day = _ON.search(sentence, found.end()) if found else None
    return bool(found and day and not _BETWEEN.search(sentence, found.end(), day.start()))

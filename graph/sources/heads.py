"""What the head of a dated passage says happened, `U.S. Recognition of X, 1991.`, by a table of phrases; and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Kind(Enum):
    """What can happen between two states that is more than an event."""

    RECOGNITION = "recognition"
    ESTABLISHMENT = "establishment of diplomatic relations"
    RESUMPTION = "resumption of diplomatic relations"
    END = "end of diplomatic relations"


_RELATIONS: Final = r"(?:full |formal )?(?:diplomatic (?:and cultural )?)?relations"
_DIPLOMATIC: Final = r"(?:full |formal |normal )?diplomatic relations"
_ENDED: Final = r"(?:severed|ended|terminated|broken|suspended|interrupted)"
_RESUMED: Final = r"(?:resumed|restored|re-?established)"

PHRASES: Final = (
    (
        r"\b(?:mutual )?recogni?tion\b(?= (?:of|between)\b|, \d|\.|$| and )|\bmutual (?:acts of )?recognition\b",
        Kind.RECOGNITION,
    ),
    (r"\bpapal states recognize the united states\b", Kind.RECOGNITION),
    (rf"(?<!re-)\bestablishment of {_RELATIONS}|\b{_DIPLOMATIC} established\b", Kind.ESTABLISHMENT),
    (rf"\b(?:resumption|re-?establishment|re-?opening|restoration) of (?:normal )?{_RELATIONS}", Kind.RESUMPTION),
    (rf"\b{_DIPLOMATIC} {_RESUMED}\b", Kind.RESUMPTION),
    (rf"\b(?:severance|severing|cessation|termination) of {_RELATIONS}", Kind.END),
    (rf"\b(?:interruption|suspension) of {_RELATIONS}", Kind.END),
    (rf"\bsevers {_RELATIONS}", Kind.END),
    (rf"\b{_DIPLOMATIC} {_ENDED}\b", Kind.END),
)
"""Phrases, case aside, and what each says. What none of them fits is an event and no more, so a normal relation that is
interrupted, for which it is enough that an embassy closes."""

_NOT: Final = re.compile(
    r"\bno\b|\bnon-|\bwithdrawn\b|\banniversary\b|\bconsular relations\b|\binternational recognition\b"
    r"|\bhandled through\b"
    r"|\brecognition of (?:the |u\.s\. )?(?:[\w ]*(?:committee|government|legation))\b",
    re.IGNORECASE,
)
"""Words that turn a phrase to something else: a government recognized is no state recognized."""

_PHRASES: Final = tuple((re.compile(phrase, re.IGNORECASE), kind) for phrase, kind in PHRASES)
_YEAR: Final = r"(?:1[678]|19|20)\d\d"
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DAY: Final = rf"(?P<month>{'|'.join(_MONTHS)})\s+(?:(?P<day>\d{{1,2}}),?\s+)?"
_SAID: Final = re.compile(rf"(?:\b{_DAY})?\b(?P<year>{_YEAR})(?:\s*(?:[-–]|to|until)\s*(?P<last>{_YEAR}|\d\d)\b)?")


@dataclass(frozen=True)
class When:
    """The date of a head, or its first and last, as exact as it is written; empty where there is none.

    `note` says why it is not what the head's mark-up has.
    """

    date: str = ""
    until: str = ""
    note: str = ""


def kinds(head: str) -> tuple[Kind, ...]:
    """Return what a head says, in the order of the table; nothing where it is an event and no more.

    A head that says that relations ended and that they began is not understood.
    """
    if _NOT.search(head):
        return ()
    found = tuple(dict.fromkeys(kind for phrase, kind in _PHRASES if phrase.search(head)))
    return () if Kind.END in found and len(found) > 1 else found


def clauses(head: str) -> list[str]:
    """Return the parts of a head that say something of their own, joined by a slash or a semicolon in it."""
    parts = [part.strip() for part in re.split(r"/|;", head)]
    return parts if len(parts) > 1 and all(kinds(part) for part in parts) else [head]


def dates(head: str, marked: Iterable[Mapping[str, str]]) -> list[When]:
    """Return the dates of a head: as its mark-up has them, else as its words do; one that is empty where none does.

    What stands in brackets, `(Oslo since 1925)`, dates nothing. Where the mark-up has a year that the words have not,
    the words are followed.
    """
    said = said_dates(re.sub(r"\([^)]*\)", "", head))
    found = [When(date.get("when") or date.get("from", ""), date.get("to", "")) for date in marked]
    found = [when for when in found if when.date]
    if not found:
        # The other dates of a head are those of what it speaks about.
        return said[-1:] or [When()]
    spoken = _years(said)
    if spoken and len(found) > len(said):
        joined = [When(found[0].date, found[-1].date)] if len(said) == 1 and said[0].until else []
        found = joined or [when for when in found if _years([when]) <= spoken] or found
    if not spoken or _years(found) <= spoken:
        return found
    shown = ", ".join(f"{when.date}/{when.until}" if when.until else when.date for when in found)
    note = f"The mark-up of the head has {shown}, its words {head!r}."
    return [When(each.date, each.until, note) for each in said]


def said_dates(words: str) -> list[When]:
    """Return the dates that are written out in a text: years, months and days, and ranges of years."""
    found = []
    for match in _SAID.finditer(words):
        month = f"-{_MONTHS.index(match['month']) + 1:02}" if match["month"] else ""
        day = f"-{int(match['day']):02}" if match["day"] else ""
        last = match["last"] or ""
        until = match["year"][: 4 - len(last)] + last if last else ""
        found.append(When(match["year"] + month + day, until))
    return found


def _years(dates: Iterable[When]) -> set[str]:
    return {year[:4] for when in dates for year in (when.date, when.until) if year}

"""Partial dates as sources write them: a year, a month or a day, compared without ever being filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from ..errors import DateError

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?\Z", re.ASCII)
_DATATYPES: dict[int, URIRef] = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}


@dataclass(frozen=True)
class PartialDate:
    """A year, a month of a year, or a day, in the proleptic Gregorian calendar.

    `lexical` is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; raises DateError for anything else, and for days that do not exist.
    """

    lexical: str

    def __post_init__(self) -> None:
        match = _PARTIAL.match(self.lexical)
        if match is None:
            raise DateError(
                f"{self.lexical!r} is not a date. Write YYYY, YYYY-MM or YYYY-MM-DD, for example 2023-02-28."
            )
        year, month, day = (int(part) if part else 1 for part in match.groups())
        try:
            date(year, month, day)
        except ValueError as error:
            raise DateError(f"{self.lexical!r} is not a date that exists: {error}.") from error

    @cached_property
    def first_day(self) -> date:
        """The first day that the date can mean."""
        year, month, day = (*map(int, self.lexical.split("-")), 1, 1)[:3]
        return date(year, month, day)

    @cached_property
    def last_day(self) -> date:
        """The last day that the date can mean."""
        first = self.first_day
        if len(self.lexical) == 10:
            return first
        if len(self.lexical) == 4 or first.month == 12:
            return date(first.year, 12, 31)
        return date(first.year, first.month + 1, 1) - timedelta(days=1)

    @property
    def term(self) -> Literal:
        """The date as a literal of type xsd:gYear, xsd:gYearMonth or xsd:date, as exact as it is written."""
        return Literal(self.lexical, datatype=_DATATYPES[len(self.lexical)])

    def __str__(self) -> str:
        return self.lexical


def partial_date(term: Literal | str) -> PartialDate:
    """Return the date that a literal or text means; of a timestamp its day. Raises DateError."""
    text = str(term)
    return PartialDate(text[:10] if _TIMESTAMP.match(text) else text)


def date_term(text: str) -> Literal:
    """Return the literal for `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or an ISO 8601 timestamp; raises DateError.

    A timestamp without seconds gets `:00`, as xsd:dateTime demands them.
    """
    if not _TIMESTAMP.match(text):
        return PartialDate(text).term
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise DateError(f"{text!r} is not a timestamp that exists: {error}.") from error
    if len(text) == 16 or text[16] in "Z+-":
        text = f"{text[:16]}:00{text[16:]}"
    return Literal(text, datatype=XSD.dateTime, normalize=False)

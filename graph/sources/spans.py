"""Diplomatic relations from when to when: what heads say of a beginning and an end, put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rdflib import URIRef

from ...ontology.dates import PartialDate
from .heads import Kind


class Turn(NamedTuple):
    """That relations with one side began or ended, the date empty where it is not known; by which record.

    `notes` are further words on how that is known; `resolved` tells that it took more than the head's plain words.
    """

    kind: Kind
    side: URIRef
    date: str
    file: str
    record: str
    notes: tuple[str, ...] = ()
    resolved: bool = False


class Span(NamedTuple):
    """Relations with one side, from when and until when as far as that is said, and the records that say it."""

    side: URIRef
    start: str
    end: str
    turns: tuple[Turn, ...]


def spans(turns: Iterable[Turn]) -> Iterator[Span]:
    """Yield the spans of diplomatic relations that turns of recorded dates make.

    An end belongs to the last beginning before it that has none; without one it stands alone. A beginning that no
    record ends is left open. An end without a date ends nothing.
    """
    by_side: dict[URIRef, list[Turn]] = defaultdict(list)
    for turn in turns:
        by_side[turn.side].append(turn)
    for side, told in by_side.items():
        begun: dict[str, list[Turn]] = {}
        for turn in sorted((t for t in told if t.date), key=_order):
            if turn.kind is not Kind.END:
                begun.setdefault(turn.date, []).append(turn)
            elif begun:
                start, starts = begun.popitem()
                yield Span(side, start, turn.date, (*starts, turn))
            else:
                yield Span(side, "", turn.date, (turn,))
        for start, starts in begun.items():
            yield Span(side, start, "", tuple(starts))
        for turn in told:
            if not turn.date and turn.kind is not Kind.END:
                yield Span(side, "", "", (turn,))


def _order(turn: Turn) -> tuple[object, ...]:
    """Order by the first day, an end before a beginning again of the same time unless that is more exact."""
    day = PartialDate(turn.date)
    return day.first_day, turn.kind is Kind.RESUMPTION, turn.file, turn.record

"""Which state a code of the tables of treaties stands for at a date, and who was party while states came and went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .drafts import Spelled


@dataclass(frozen=True)
class Lifetime:
    """A party, spelled, and the dates of its beginning and its end, empty where they are unknown."""

    party: Spelled
    label: str
    begin: str = ""
    end: str = ""

    def has(self, day: str) -> bool:
        """Return whether a day is in this time, as far as the dates can tell."""
        return not (before(day, self.begin) or before(self.end, day))


class Spell(NamedTuple):
    """A time in which one was party: dates, empty where there is none."""

    party: Spelled
    start: str
    end: str


@dataclass(frozen=True)
class Party:
    """What a row names as party; its code may stand for earlier states, each in its time and in their order."""

    code: str
    own: Lifetime
    earlier: tuple[Lifetime, ...] = ()
    note: str = ""
    known: bool = True

    def at(self, day: str) -> Lifetime:
        """Return what the code stands for at a date, or where it has none."""
        return next((each for each in self.earlier if day and each.has(day)), self.own)

    def spells(self, start: str, end: str, *, is_open: bool = False, acted: str = "") -> list[Spell]:
        """Return who was party from a date to another, or until now where that is open.

        A state that ended meanwhile was party until then, and those after it from their beginnings, which is the end of
        the one before where none is known. `acted` is a date that tells which state became party where the start is
        unknown.
        """
        first = self.at(start or acted)
        outlived = first in self.earlier and (before(first.end, end) or is_open)
        if not outlived:
            return [Spell(first.party, start, end)]
        found, last = [Spell(first.party, start, first.end)], first
        for each in (*self.earlier[self.earlier.index(first) + 1 :], self.own):
            begin = each.begin or last.end
            if not before(end, begin):
                found.append(Spell(each.party, begin, each.end if before(each.end, end) or not end else end))
            last = each
        return found

    def remarks(self, days: Iterable[str]) -> Iterator[str]:
        """Yield what is to be told of dates: what else the code stands for then, or that there was no such state."""
        for day in days:
            then = self.at(day)
            if then is not self.own:
                yield f"The code {self.code} stands for {then.label} until {then.end}."
            elif before(day, then.begin):
                yield f"{day} is before the beginning of {then.label} ({then.begin})."
            elif before(then.end, day):
                yield f"{day} is after the end of {then.label} ({then.end})."


def before(one: str, other: str) -> bool:
    """Return whether a date is surely before another, each as exact as it is; none is before or after a blank."""
    exact = min(len(one), len(other))
    return one[:exact] < other[:exact]

"""Ties in time: when two first and last met, in what rhythm, after what gaps, and whether more or less than before."""

from __future__ import annotations

import numpy as np

from ...errors import InputError
from ...graph.edges.incidence import Incidence, pairs_of_equals
from ..ties import Ties
from .registry import Columns, measure

_YEAR = 365.2425


def contacts(ties: Ties) -> tuple[np.ndarray, np.ndarray]:
    """Return the contacts of each tie, as two arrays: the tie's place in `Ties.edges`, and the day from 1970, in order.

    A contact is an event at which both were, on the first day that its date can mean. One without a day is left out.
    Raises InputError for a network that is not of meetings.
    """
    met = ties.incidence
    if ties.tie != "met" or met is None:
        raise InputError(f"Only meetings have a rhythm; these ties are of the kind {ties.tie!r}. Use the tie met.")
    met = _once(met.of((met.first > -(2**31)) & np.isin(met.actor, ties.actors)))
    order = np.lexsort((met.actor, met.target))
    target, actor, day = met.target[order], np.searchsorted(ties.actors, met.actor[order]), met.first[order]
    one, other = pairs_of_equals(target)
    source, end, _ = ties.edges
    size = np.int64(max(len(ties), 1))
    keys = source * size + end
    ranked = np.argsort(keys, kind="stable")
    place = ranked[np.searchsorted(keys[ranked], actor[one] * size + actor[other])]
    order = np.lexsort((day[one], place))
    return place[order], day[one][order]


def _once(met: Incidence) -> Incidence:
    """Each actor once at each event, whatever roles they had."""
    order = np.lexsort((met.first, met.actor, met.target))
    same = np.zeros(len(order), dtype=bool)
    same[1:] = (np.diff(met.target[order]) == 0) & (np.diff(met.actor[order]) == 0)
    mask = np.zeros(len(order), dtype=bool)
    mask[order[~same]] = True
    return met.of(mask)


@measure("contact", "tie")
def contact(ties: Ties) -> Columns:
    """The days of the first and of the last contact of each tie, and the number of days on which there was one.

    Days as dates, on the first day that the date of an event can mean.
    """
    place, day = contacts(ties)
    count = len(ties.edges[0])
    first, last = np.full(count, np.datetime64("NaT", "D")), np.full(count, np.datetime64("NaT", "D"))
    begins = np.flatnonzero(np.diff(place, prepend=-1))
    ends = np.append(begins[1:] - 1, len(place) - 1) if len(begins) else begins
    first[place[begins]], last[place[ends]] = day[begins].astype("datetime64[D]"), day[ends].astype("datetime64[D]")
    different = np.ones(len(place), dtype=bool)
    different[1:] = (np.diff(place) != 0) | (np.diff(day) != 0)
    return {
        "first-contact": first,
        "last-contact": last,
        "contact-days": np.bincount(place[different], minlength=count).astype(float),
    }


@measure("rhythm", "tie")
def rhythm(ties: Ties, until: str | None = None) -> Columns:
    """The usual and the longest time between two contacts of a tie, the silence since the last, and whether it ended.

    In years of 365.2425 days: the median gap, the longest gap, the silence until the day `until` (YYYY-MM-DD; the last
    contact of the network where none is given). `ended` is 1 where the silence is longer than the longest gap before it
    and more than twice the median: "met yearly until 2014, not since". Fewer than three days of contact have no rhythm.
    """
    place, day = contacts(ties)
    count = len(ties.edges[0])
    different = np.ones(len(place), dtype=bool)
    different[1:] = (np.diff(place) != 0) | (np.diff(day) != 0)
    place, day = place[different], day[different]
    gap, own = np.diff(day) / _YEAR, np.diff(place) == 0
    of, gap = place[1:][own], gap[own]
    order = np.lexsort((gap, of))
    of, gap = of[order], gap[order]
    number = np.bincount(of, minlength=count)
    begin = np.concatenate([[0], np.cumsum(number)[:-1]]) if count else np.zeros(0, dtype=np.int64)
    known = number >= 2
    median, longest, silence = (np.full(count, np.nan) for _ in range(3))
    low, high = begin[known] + (number[known] - 1) // 2, begin[known] + number[known] // 2
    median[known], longest[known] = (gap[low] + gap[high]) / 2, gap[begin[known] + number[known] - 1]
    end = np.datetime64(until, "D").astype(int) if until else (int(day.max()) if len(day) else 0)
    last = np.full(count, np.nan)
    last[place] = day
    silence = (end - last) / _YEAR
    with np.errstate(invalid="ignore"):
        ended = np.where(known, (silence > longest) & (silence > 2 * median), np.nan)
    return {"median-gap": median, "longest-gap": longest, "silence": silence, "ended": ended}


@measure("trend", "tie")
def trend(ties: Ties) -> Columns:
    """By how many contacts a year a tie rises or falls: the slope of its yearly number by least squares.

    Over the years from the first to the last contact of the whole network, years without any counting as 0; above 0 the
    two have met more and more. It is not a number where the network has one year only.
    """
    place, day = contacts(ties)
    count = len(ties.edges[0])
    if not len(day):
        return {"trend": np.full(count, np.nan)}
    year = day.astype("datetime64[D]").astype("datetime64[Y]").astype(int)
    years = np.arange(year.min(), year.max() + 1)
    spread = float(((years - years.mean()) ** 2).sum())
    moment = np.bincount(place, weights=year - years.mean(), minlength=count)
    return {"trend": moment / spread if spread else np.full(count, np.nan)}

"""Who was at which events, by name and year, for the views that show meetings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from rdflib import URIRef

from ...errors import NotFoundError
from ...graph.edges.incidence import Incidence
from ...graph.edges.table import Ints
from ...graph.entities import labels
from ...graph.store import View
from ..ties import Ties

_OPEN = 2**31 - 1
_YEAR_ZERO = 1970


@dataclass(frozen=True)
class Meetings:
    """Actors at events, or at whatever else ties them: what is shown of a network, all by their IRIs.

    `present[event]` are those who were there, `years[event]` the first and the last year that it can mean.
    """

    actors: tuple[str, ...]
    events: tuple[str, ...]
    present: Mapping[str, tuple[str, ...]]
    years: Mapping[str, tuple[int | None, int | None]]


def years_of(first: int, last: int) -> tuple[int | None, int | None]:
    """Return the years of two days, counted from 1970; None where an end is open."""
    return _year(first), _year(last)


def _year(day: int) -> int | None:
    if abs(day) >= _OPEN - 1:
        return None
    return int(np.datetime64(int(day), "D").astype("datetime64[Y]").astype(int)) + _YEAR_ZERO


def chosen(ties: Ties, most: int, around: str | None = None) -> Ints:
    """Return the places of at most so many actors: those with the strongest ties, or one actor and its partners.

    Raises NotFoundError where there is nobody.
    """
    both = ties.weights + ties.weights.T if ties.directed else ties.weights
    strength = np.asarray(both.sum(axis=1)).ravel()
    if around is not None:
        place = ties.place(around)
        own = np.asarray(both[[place]].todense()).ravel()
        own[place] = own.max() + 1
        strength = np.where(own > 0, own + strength / (strength.max() + 1), 0)
    order = np.lexsort((np.arange(len(strength)), -strength))[:most]
    found = np.sort(order[strength[order] > 0])
    if not len(found):
        raise NotFoundError("Nobody is tied to anybody here, so there is nothing to draw.")
    return found


def meetings(ties: Ties, actors: Ints) -> Meetings:
    """Return the events at which at least one of some actors, given by place, was; of ties without events, none."""
    codes = ties.actors[actors]
    terms = ties.table.terms
    present: dict[str, set[str]] = {}
    years: dict[str, tuple[int | None, int | None]] = {}
    if ties.incidence is not None:
        own: Incidence = ties.incidence.of(np.isin(ties.incidence.actor, codes))
        for actor, target, first, last in zip(own.actor, own.target, own.first, own.last, strict=True):
            event = str(terms[target])
            present.setdefault(event, set()).add(str(terms[actor]))
            years.setdefault(event, years_of(first, last))
    events = sorted(present, key=lambda event: (years[event][0] or years[event][1] or 0, event))
    return Meetings(
        tuple(str(terms[code]) for code in codes),
        tuple(events),
        {event: tuple(sorted(who)) for event, who in present.items()},
        years,
    )


def named_all(view: View, iris: Iterable[str]) -> dict[str, str]:
    """Return a label for each IRI."""
    wanted = {URIRef(iri) for iri in iris}
    return {str(iri): name for iri, name in labels(view, wanted).items()}


def told_years(years: tuple[int | None, int | None]) -> str:
    """Return years as text: `1992`, `1992 to 1994`, `since 1992`, `until 1994`, or nothing."""
    first, last = years
    if first is None and last is None:
        return ""
    if first == last:
        return str(first)
    if last is None:
        return f"since {first}"
    return f"until {last}" if first is None else f"{first} to {last}"

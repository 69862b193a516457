"""The network on a date or in a period: the facts that can have held then, by their dates as written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import DateError
from ..ontology.dates import PartialDate

if TYPE_CHECKING:
    import networkx as nx


def period(first: str, last: str) -> tuple[PartialDate, PartialDate]:
    """Return a first and a last day, month or year; raises DateError for what is none, or ends before it begins."""
    begin, end = PartialDate(first), PartialDate(last)
    if end.last_day < begin.first_day:
        raise DateError(f"The period from {begin} to {end} ends before it begins.")
    return begin, end


def as_of(graph: nx.MultiDiGraph[str], day: PartialDate) -> nx.MultiDiGraph[str]:
    """Return the network as it can have been on a day, month or year; see `between`."""
    return between(graph, day, day)


def between(graph: nx.MultiDiGraph[str], first: PartialDate, last: PartialDate) -> nx.MultiDiGraph[str]:
    """Return the network of what can have held at some time in a period, both of its ends included.

    A partial date counts with every day that it can mean, and an open, unknown or unreadable end with every day. What
    has no date at all is left out: nothing says that it held then. What a source vouches for on some day, with neither
    end known, can have held on any other. Entities that are left without a fact are left out.
    """
    kept = graph.copy()
    kept.remove_edges_from(
        [
            (source, target, key)
            for source, target, key, data in graph.edges(keys=True, data=True)
            if not _can_have_held(data, first, last)
        ]
    )
    kept.remove_nodes_from([node for node, degree in list(kept.degree()) if degree == 0])
    return kept


def _can_have_held(data: dict[str, Any], first: PartialDate, last: PartialDate) -> bool:
    if data["start"] is None and data["end"] is None:
        return bool(data.get("attested"))
    return _overlaps(data["start"], data["end"], first, last)


def _overlaps(start: str | None, end: str | None, first: PartialDate, last: PartialDate) -> bool:
    begin, finish = _date(start), _date(end)
    begins_in_time = begin is None or begin.first_day <= last.last_day
    ends_in_time = finish is None or finish.last_day >= first.first_day
    return begins_in_time and ends_in_time


def _date(written: str | None) -> PartialDate | None:
    """Return the date that is written, None where it is open, unknown or none that can be read."""
    try:
        return None if written is None else PartialDate(written)
    except DateError:
        return None

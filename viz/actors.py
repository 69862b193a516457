"""A network of actors as it is drawn: a line for each two that are tied, with how often, when and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from rdflib import URIRef

from ..errors import NotFoundError
from ..graph.entities import kinds_of
from ..graph.store import View
from .network import kind_of_entity
from .thinning import Rule
from .ties import Ties
from .views.meetings import meetings, named_all, told_years

if TYPE_CHECKING:
    import networkx as nx

_NAMED: Final = 12
"""How many of the meetings of a tie are named."""
_WORDS: Final = {"met": "met", "agreement": "party with", "organization": "member with", "post": "same post as",
                 "visited": "visited"}  # fmt: skip


def actors(
    view: View, ties: Ties, *, rule: Rule | None = None, limit: int | None = None, title: str = "Diplograph"
) -> nx.MultiDiGraph[str]:
    """Return a network of actors in the form of `network`, one edge for each tie with `weight` and `years`.

    Thinned by a rule, or to the `limit` strongest ties where it has more, which the subtitle tells. An edge's `fact`
    names the latest meetings and is marked as `derived`: it is reckoned from many facts, each with its own sources.
    Raises NotFoundError where nobody is left.
    """
    import networkx as nx

    source, target, weight = ties.edges
    if rule is None and limit is not None and len(source) > limit:
        rule = Rule("strongest", limit)
    if rule is not None:
        keep = rule.kept(source, target, weight)
        source, target, weight = source[keep], target[keep], weight[keep]
    if not len(source):
        raise NotFoundError("Nobody is tied to anybody here, so there is nothing to draw.")
    places = np.unique(np.concatenate([source, target]))
    names = [ties.names[place] for place in places]
    iris = dict(zip(places.tolist(), names, strict=True))
    labels, kinds = named_all(view, names), kinds_of(view, map(URIRef, names))
    together = _together(ties, places)
    shown = {event for events in together.values() for event, _ in events[-_NAMED:]}
    called = named_all(view, shown)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title=title)
    for name in names:
        kind, kind_label = kind_of_entity(kinds.get(URIRef(name), ()))
        graph.add_node(name, label=labels[name], kind=kind, kind_label=kind_label, aliases=[], facts=[], note=None)
    words = _WORDS.get(ties.tie, ties.tie)
    for u, v, number in zip(source.tolist(), target.tolist(), weight.tolist(), strict=True):
        one, other = iris[u], iris[v]
        events = together.get((min(one, other), max(one, other)), [])
        years = [list(when) for _, when in events if any(when)]
        known = [year for period in years for year in period if year is not None]
        first, last = (min(known), max(known)) if known else (None, None)
        latest = "; ".join(called[event] for event, _ in events[-_NAMED:][::-1])
        more = f"; and {len(events) - _NAMED} earlier" if len(events) > _NAMED else ""
        graph.add_edge(
            one,
            other,
            key=f"{ties.tie}:{one} {other}",
            label=f"{words} ({number})",
            kind=ties.tie,
            kind_label=words.capitalize(),
            realis="held",
            claimed_by=None,
            start=None if first is None else str(first),
            end=None if last is None else str(last),
            attested=[],
            directed=ties.directed,
            weight=int(number),
            years=years,
            fact={
                "text": (latest + more) or f"{number} facts",
                "dates": f"{number} times" + (f", {told_years((first, last))}" if known else ""),
                "realis": "held",
                "claimed_by": None,
                "derived": True,
                "sources": [],
            },
        )
    total = len(ties.edges[0])
    graph.graph["subtitle"] = f"{len(graph):,} of {len(ties):,} actors, {len(source):,} of {total:,} ties" + (
        f"; {rule}" if rule else ""
    )
    return graph


def _together(ties: Ties, places: np.ndarray) -> dict[tuple[str, str], list[tuple[str, tuple[int | None, int | None]]]]:
    """The events that each two actors share, with their years, in order of time; nothing for ties without events."""
    if ties.incidence is None or ties.tie != "met":
        return {}
    found = meetings(ties, places)
    wanted = set(found.actors)
    shared: dict[tuple[str, str], list[tuple[str, tuple[int | None, int | None]]]] = {}
    for event in found.events:
        there = [actor for actor in found.present[event] if actor in wanted]
        for at, one in enumerate(there):
            for other in there[at + 1 :]:
                shared.setdefault((one, other), []).append((event, found.years[event]))
    return shared

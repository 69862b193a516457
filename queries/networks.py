"""Named questions that are questions of a network: the answer that their SPARQL gives, read from the edge table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from rdflib import Literal, URIRef
from rdflib.term import Identifier, Node

from ..graph.store import Row, View
from ..ontology.terms import DG

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..graph.edges.incidence import Incidence
    from ..graph.edges.table import EdgeTable, Ints, Mask

Values: TypeAlias = Mapping[str, Identifier]
"""The terms that the parameters of a question stand for, by name."""


@dataclass(frozen=True)
class Network:
    """What answers a question from the edge table: the rows that its SPARQL has, in the same columns and order."""

    columns: tuple[str, ...]
    rows: Callable[[View, Values], list[Row]]


def meetings_between(view: View, values: Values) -> list[Row]:
    """Return the events at which two states were: event, date, who was there for each, and the first one's fact."""
    table = view.edges()
    present = _presences(table)
    own, other = _together(present, _code(table, values["a"]), _code(table, values["b"]))
    first, second = present.row[own], present.row[other]
    events, ours = _named(table, present.target[own]), _named(table, table.column("source")[first])
    theirs = _named(table, table.column("source")[second])
    dates = _dates(view, set(events))
    rows = {
        (event, date, *rest)
        for event, *rest in zip(events, ours, theirs, table.facts(first), strict=True)
        for date in dates.get(event, (None,))
    }
    return sorted(rows, key=lambda row: (str(row[1] or ""), row[0], *row[2:]))


def partners_of(view: View, values: Values) -> list[Row]:
    """Return the states that a state met: partner, number of meetings, first and last day."""
    import numpy as np

    table = view.edges()
    present = _presences(table)
    own, other = _together(present, _code(table, values["state"]))
    partners, place, meetings = _counted(present.actor[other], present.target[other])
    days = []
    for column, extreme in (("start", np.minimum), ("end", np.maximum)):
        written = table.column(column)[present.row[own]]
        dated = np.flatnonzero(written != None)  # noqa: E711 - of each
        known, rank = np.unique(written[dated].astype(str), return_inverse=True)
        found = np.full(len(partners), len(known) if extreme is np.minimum else -1)
        extreme.at(found, place[dated], rank)
        days.append([Literal(known[at]) if 0 <= at < len(known) else None for at in found.tolist()])
    rows = zip(_named(table, partners), map(Literal, meetings.tolist()), *days, strict=True)
    return sorted(rows, key=_most_first)


def closest_states(view: View, values: Values) -> list[Row]:
    """Return each two states that met: both, and the number of their meetings, if it is not less than the least."""
    from ..graph.edges.incidence import common_targets

    table = view.edges()
    actors, weights = common_targets(_presences(table), at_once=False)
    ties = weights.tocoo()
    enough = (ties.data >= int(values["least"])) & (ties.row < ties.col)
    ends = (_named(table, actors[side[enough]]) for side in (ties.row, ties.col))
    rows = [(*sorted(pair), Literal(n)) for *pair, n in zip(*ends, ties.data[enough].tolist(), strict=True)]
    return sorted(rows, key=lambda row: (-int(row[-1]), *row[:-1]))


def treaty_partners(view: View, values: Values) -> list[Row]:
    """Return the states that are party to agreements of a state at the same time as it: partner, and how many."""
    from ..graph.edges.incidence import at_targets

    table = view.edges()
    bound = at_targets(table.edges(["partyship"]), _states(table))
    own, other = _together(bound, _code(table, values["state"]))
    at_once = (bound.first[own] <= bound.last[other]) & (bound.first[other] <= bound.last[own])
    partners, _, agreements = _counted(bound.actor[other[at_once]], bound.target[other[at_once]])
    return sorted(zip(_named(table, partners), map(Literal, agreements.tolist()), strict=True), key=_most_first)


NETWORKS: Final[Mapping[str, Network]] = {
    "closest-states": Network(("a", "b", "meetings"), closest_states),
    "meetings-between": Network(("event", "date", "forA", "forB", "fact"), meetings_between),
    "partners-of": Network(("partner", "meetings", "first", "last"), partners_of),
    "treaty-partners": Network(("partner", "agreements"), treaty_partners),
}
"""The questions of networks by name."""


def _states(table: EdgeTable) -> Mask:
    return table.instances((DG.State,))


def _presences(table: EdgeTable) -> Incidence:
    """Return the states at the events that were held, each by itself or by whom it was represented."""
    from ..graph.edges.incidence import at_events

    return at_events(table, _states(table), None, ("held",))


def _together(incidence: Incidence, actor: int, partner: int | None = None) -> tuple[Ints, Ints]:
    """Return the places of an actor's own incidences, and of the others' at the same targets, each with each.

    With a `partner`, the others are that one alone.
    """
    import numpy as np

    from ..graph.edges.incidence import matches

    own = np.flatnonzero(incidence.actor == actor)
    others = incidence.actor != actor if partner is None else incidence.actor == partner
    there = np.flatnonzero(np.isin(incidence.target, incidence.target[own]) & others)
    at, by = matches(incidence.target[own], incidence.target[there])
    return own[at], there[by]


def _counted(actor: Ints, target: Ints) -> tuple[Ints, NDArray[Any], Ints]:
    """Return the different actors, the place of each among them, and at how many different targets each is."""
    import numpy as np

    actors, place = np.unique(actor, return_inverse=True)
    pairs = np.unique(np.stack([place, target]), axis=1)
    return actors, place, np.bincount(pairs[0], minlength=len(actors))


def _code(table: EdgeTable, term: Identifier) -> int:
    code = table.code(term)
    return -1 if code is None else code


def _dates(view: View, events: set[URIRef]) -> dict[Node, list[Node]]:
    """Return the dates of those events that have any."""
    dates: dict[Node, list[Node]] = defaultdict(list)
    # rdflib fails where there is nothing to look up.
    if not events:
        return dates
    values = " ".join(event.n3() for event in sorted(events))
    for row in view.select(f"SELECT ?event ?date {{ VALUES ?event {{ {values} }} ?event {DG.date.n3()} ?date }}"):
        dates[row["event"]].append(row["date"])
    return dates


def _named(table: EdgeTable, codes: Ints) -> list[URIRef]:
    return [URIRef(iri) for iri in table.terms[codes]]


def _most_first(row: Any) -> tuple[int, str]:
    return -int(row[1]), str(row[0])

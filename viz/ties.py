"""Networks of actors: who met whom, who is bound by the same agreement or in the same body, who visited whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from rdflib import URIRef

from ..errors import InputError, NotFoundError
from ..graph.edges.incidence import Incidence, Matrix, arcs, at_events, at_targets, attendance, common_targets, matches
from ..graph.edges.table import EdgeTable, Ints, Mask, Period
from ..graph.entities import narrower
from ..graph.store import Store, View, edges_of
from ..ontology.terms import DG, ROLE

if TYPE_CHECKING:
    import igraph
    import networkx as nx
    import pandas as pd

ACTORS: Final[dict[str, tuple[URIRef, ...]]] = {
    "people": (DG.Person,),
    "states": (DG.State,),
    "organizations": (DG.Organization,),
    "actors": (DG.Person, DG.State, DG.Organization, DG.Territory),
    "any": (),
}
"""Whom a network can be of; `any` takes whatever stands at the ends of edges."""

SHARED: Final = {"agreement": "partyship", "organization": "membership", "post": "tenure"}
"""The ties that two actors have by something that both are joined to, each with the kind of edges that joins them."""

THROUGH: Final = ("representation", "nationality")
"""By what a state is present where its people are: by those who represent it, or by all of its nationals, too."""


@dataclass(frozen=True)
class Ties:
    """A network of actors: `weights[i, j]` says how often `actors[i]` is tied to `actors[j]`.

    `actors` are codes of terms in the edge table. Where the tie has no direction, the matrix is symmetric. `incidence`
    tells, of ties by something shared, who was where and when.
    """

    table: EdgeTable
    tie: str
    of: str
    actors: Ints
    weights: Matrix
    directed: bool
    incidence: Incidence | None = None

    def __len__(self) -> int:
        return len(self.actors)

    @cached_property
    def names(self) -> list[str]:
        """The IRIs of the actors, in their order."""
        return [str(iri) for iri in self.table.terms[self.actors]]

    @cached_property
    def edges(self) -> tuple[Ints, Ints, Ints]:
        """The ties as three arrays: places of the first and of the second actor, and weights; undirected ones once."""
        found = self.weights.tocoo()
        keep = slice(None) if self.directed else found.row < found.col
        return found.row[keep].astype(np.int64), found.col[keep].astype(np.int64), found.data[keep]

    def place(self, actor: str) -> int:
        """Return where an actor stands; raises NotFoundError for one without ties here."""
        code = self.table.code(actor)
        at = int(np.searchsorted(self.actors, -1 if code is None else code))
        if code is None or at == len(self.actors) or self.actors[at] != code:
            raise NotFoundError(f"<{actor}> has no tie of the kind {self.tie!r} here.")
        return at

    def partners(self, actor: str) -> list[tuple[str, int]]:
        """Return to whom an actor is tied and how often, the most frequent first."""
        at = self.place(actor)
        begin, end = self.weights.indptr[at : at + 2]
        others, weights = self.weights.indices[begin:end], self.weights.data[begin:end]
        order = np.lexsort((others, -weights))
        terms = self.table.terms
        return [(str(terms[self.actors[others[i]]]), int(weights[i])) for i in order]

    def networkx(self) -> nx.Graph[str]:
        """Return the network as networkx has it: a Graph, or a DiGraph where ties have a direction, with `weight`."""
        import networkx as nx

        graph: nx.Graph[str] = nx.DiGraph() if self.directed else nx.Graph()
        graph.add_nodes_from(self.names)
        source, target, weight = self.edges
        names = np.array(self.names, dtype=object)
        graph.add_weighted_edges_from(zip(names[source].tolist(), names[target].tolist(), weight.tolist(), strict=True))
        return graph

    def igraph(self) -> igraph.Graph:
        """Return the network as igraph has it, with `name` and `weight`; raises InputError where there is no igraph."""
        try:
            import igraph
        except ImportError as error:
            raise InputError("This needs igraph: pip install 'diplograph[networks]'.") from error
        source, target, weight = self.edges
        graph = igraph.Graph(n=len(self), edges=np.stack([source, target], axis=1), directed=self.directed)
        graph.vs["name"] = self.names
        graph.es["weight"] = weight.tolist()
        return graph

    def pandas(self) -> pd.DataFrame:
        """Return the ties as a frame with the columns source, target and weight; needs pandas."""
        import pandas as pd

        source, target, weight = self.edges
        names = np.array(self.names, dtype=object)
        return pd.DataFrame({"source": names[source], "target": names[target], "weight": weight})


def ties(
    source: Store | View | EdgeTable,
    tie: str = "met",
    of: str = "people",
    *,
    during: Period | None = None,
    realis: Sequence[str] = ("held",),
    through: str = "representation",
) -> Ties:
    """Return the network of some actors by one kind of tie, of what can have held in a period.

    `met`: both were at the same event, in a role that is one of presence; the weight is the number of events. States
    are there `through` the people who represent them, or through all their nationals. `agreement`: both are party to
    the same agreement at the same time; `organization`: both are members of the same body at the same time; `post`:
    both held the same post, at whatever times. `visited`: one travelled to the other (directed), by the number of
    journeys. Every other name is that of a kind of edges, such as `relations`. Raises InputError for names that are
    none.
    """
    table = source if isinstance(source, EdgeTable) else edges_of(source)
    if of not in ACTORS:
        raise InputError(f"A network can be of {', '.join(ACTORS)}; {of!r} is none of these.")
    if through not in THROUGH:
        raise InputError(f"A state can be present through {' or '.join(THROUGH)}; {through!r} is none of these.")
    mask, incidence, directed = _mask(table, of), None, False
    if tie == "met":
        incidence = at_events(table, mask, during, realis, through)
        actors, weights = common_targets(incidence, at_once=False)
    elif tie in SHARED:
        incidence = at_targets(table.edges([SHARED[tie]], during=during, realis=realis), mask)
        actors, weights = common_targets(incidence, at_once=tie != "post")
    elif tie == "visited":
        directed = True
        actors, weights = _visits(table, mask, during, realis)
    else:
        kinds = {kind.name: kind for kind in table.kinds}
        if tie not in kinds:
            raise InputError(f"There is no tie {tie!r}. Use met, {', '.join(SHARED)}, visited, or {', '.join(kinds)}.")
        edges, directed = table.edges([tie], during=during, realis=realis), kinds[tie].directed
        edges = edges.where(mask[edges["source"]] & mask[edges["target"]])
        actors, weights = arcs(edges["source"], edges["target"], directed=directed)
    return _tied(Ties(table, tie, of, actors, weights, directed, incidence))


def partners(
    source: Store | View | EdgeTable, actor: str, of: str = "people", *, during: Period | None = None
) -> list[tuple[str, int]]:
    """Return whom one actor met and how often, without reckoning the whole network; see `ties`."""
    table = source if isinstance(source, EdgeTable) else edges_of(source)
    return Attendance(table, of, during=during).partners(actor)


class Attendance:
    """Who was at which events, kept for many questions on single actors."""

    def __init__(
        self, table: EdgeTable, of: str = "people", *, during: Period | None = None, through: str = "representation"
    ) -> None:
        self._table = table
        self._actors, self._attended = attendance(at_events(table, _mask(table, of), during, ("held",), through))
        self._present = self._attended.T.tocsr()

    def meetings(self, actor: str) -> Ints:
        """Return the places of the events that an actor was at; none for one who was nowhere."""
        code = self._table.code(actor)
        at = int(np.searchsorted(self._actors, -1 if code is None else code))
        if code is None or at == len(self._actors) or self._actors[at] != code:
            return np.zeros(0, dtype=np.int64)
        found: Ints = self._attended.indices[self._attended.indptr[at] : self._attended.indptr[at + 1]]
        return found

    def partners(self, actor: str) -> list[tuple[str, int]]:
        """Return whom an actor met and how often, the most frequent first; nobody for one who was nowhere."""
        own = self.meetings(actor)
        counts = np.bincount(self._present[own].indices, minlength=len(self._actors))
        counts[self._actors == self._table.code(actor)] = 0
        others = np.flatnonzero(counts)
        order = others[np.lexsort((others, -counts[others]))]
        terms = self._table.terms
        return [(str(terms[self._actors[i]]), int(counts[i])) for i in order]


def _mask(table: EdgeTable, of: str) -> Mask:
    if not ACTORS[of]:
        return np.ones(table.size, dtype=bool)
    return table.instances({each for kind in ACTORS[of] for each in (kind, *narrower(kind))})


def _visits(table: EdgeTable, mask: Mask, during: Period | None, realis: Sequence[str]) -> tuple[Ints, Matrix]:
    """Journeys from an actor, or from the state that sent them, to where they went; each journey once."""
    visits = table.edges(["participation"], during=during, realis=realis, roles=[ROLE.visitor])
    visitor, visit = visits["source"].astype(np.int64), visits["target"].astype(np.int64)
    sent, gone = table.edges(["sentfrom"]), table.edges(["destination"])
    here, there = matches(visit, sent["source"].astype(np.int64))
    by_state = ~mask[visitor[here]]
    origin = np.concatenate([visitor, sent["target"][there[by_state]]])
    event = np.concatenate([visit, visit[here[by_state]]])
    here, there = matches(event, gone["source"].astype(np.int64))
    journeys = np.stack([origin[here], gone["target"][there].astype(np.int64), event[here]])
    journeys = np.unique(journeys[:, mask[journeys[0]] & mask[journeys[1]]], axis=1)
    return arcs(journeys[0], journeys[1], directed=True)


def _tied(network: Ties) -> Ties:
    """The network without actors who are tied to nobody."""
    weights = network.weights.tocsr()
    degree = np.diff(weights.indptr) + np.bincount(weights.indices, minlength=len(network))
    keep = np.flatnonzero(degree)
    if len(keep) < len(network):
        weights = weights[keep][:, keep]
    weights.sort_indices()
    actors = network.actors[keep]
    return Ties(network.table, network.tie, network.of, actors, weights, network.directed, network.incidence)


def described(network: Ties) -> dict[str, Any]:
    """Return how large a network is: actors, ties, whether they have a direction, and the sum of their weights."""
    source, _, weight = network.edges
    return {"actors": len(network), "ties": len(source), "directed": network.directed, "weight": int(weight.sum())}

"""Which part of the network to look at: around an entity, of some kinds, at some time, or what answers a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from rdflib import URIRef
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from ..errors import InputError, NotFoundError
from ..graph.edges.table import STANDINGS, Edges, EdgeTable, Mask, Period
from ..graph.entities import Names, narrower
from ..graph.statements import Fact, facts_alone, facts_with
from ..graph.store import Store, View, edges_of, view_of
from ..ontology.facts import FactClass, fact_classes
from ..queries.engine import ask
from . import timeline
from .network import KINDS, known_kinds, network, retitled
from .thinning import Rule

if TYPE_CHECKING:
    import networkx as nx

SEEN: Final = 1500
"""The most entities that a drawing shows unless it is told how to thin them, or told not to."""


@dataclass(frozen=True)
class Selection:
    """What to take from the whole network; the conditions that are set apply together.

    `question` takes the facts that answer it with `values`; `period` is a first and a last day, month or year; `around`
    is an entity by name or identifier, with what lies within `depth` steps; `kinds` are kinds of nodes; `thin` comes
    last. Where `limit` is set, a network with more entities is thinned to that many of its strongest ties.
    """

    question: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    period: tuple[str, str] | None = None
    around: str | None = None
    depth: int = 1
    kinds: Sequence[str] = ()
    thin: Rule | None = None
    limit: int | None = None


def selected(source: Store | View, selection: Selection, *, title: str = "Diplograph") -> nx.MultiDiGraph[str]:
    """Return the part of a store's network that a selection takes; raises NotFoundError where nothing is left.

    Which facts these are is found in the table of edges, so that only they are read. The subtitle tells how it was
    thinned. Also raises InputError for an unknown kind, DateError, and what asking the question raises.
    """
    view = view_of(source)
    for kind in selection.kinds:
        if kind not in known_kinds():
            raise InputError(f"There is no kind {kind!r}. Use {', '.join(known_kinds())}.")
    period = period_of(selection.period)
    answer = None
    if selection.question:
        answer = ask(view, selection.question, selection.values).facts
    edges, rule = _edges(view, selection, period, answer)
    found = facts_with(view, edges.table.facts(edges.rows))
    entities = {str(end) for fact in found.values() for end in (fact.source, fact.target)}
    # Facts that join no two entities go with those that they are about.
    alone = facts_alone(view, map(URIRef, entities), _kinds_alone(view, edges.table)) if answer is None else answer
    graph = network(view, [*found.values(), *_about(alone.values(), entities, found)], title=title)
    if period:
        graph = timeline.between(graph, *period)
    if not graph:
        raise NotFoundError("No fact joins two entities here, so there is nothing to draw.")
    retitled(graph)
    if rule:
        graph.graph["subtitle"] += f"; {rule}"
    return graph


def period_of(written: tuple[str, str] | None) -> Period | None:
    """Return the period between two dates as written, none for none; raises DateError as `period` does."""
    return None if written is None else timeline.period(*written)


def _edges(
    view: View, selection: Selection, period: Period | None, answer: Mapping[URIRef, Fact] | None
) -> tuple[Edges, Rule | None]:
    table = edges_of(view)
    edges = table.edges(during=period, realis=STANDINGS)
    facts = edges["fact"]
    asked = {str(iri) for iri in answer} if answer is not None else None
    edges = edges.where(np.array([bool(iri) and (asked is None or iri in asked) for iri in facts], dtype=bool))
    if selection.around:
        edges = _around(edges, str(Names(view).entity(selection.around)), selection.depth)
    if selection.kinds:
        wanted = _of_kinds(table, selection.kinds)
        edges = edges.where(wanted[edges["source"]] & wanted[edges["target"]])
    rule = selection.thin
    size = len(np.unique(np.concatenate([edges["source"], edges["target"]])))
    if rule is None and selection.limit is not None and size > selection.limit:
        rule = Rule("strongest", selection.limit)
    if rule is not None:
        edges = edges.where(rule.kept(edges["source"].astype(np.int64), edges["target"].astype(np.int64)))
    return edges, rule


def _around(edges: Edges, entity: str, depth: int) -> Edges:
    """Return the edges between all that lies within so many steps of an entity, in either direction."""
    code = edges.table.code(entity)
    if code is None:
        return edges.where(np.zeros(len(edges), dtype=bool))
    source, target = edges["source"], edges["target"]
    size = edges.table.size
    graph = coo_array((np.ones(len(edges)), (source, target)), shape=(size, size)).tocsr()
    near = np.isfinite(dijkstra(graph, directed=False, indices=code, unweighted=True, limit=depth))
    return edges.where(near[source] & near[target])


def _of_kinds(table: EdgeTable, kinds: Sequence[str]) -> Mask:
    """Return of each term of a table whether it is of one of some kinds; the first kind that fits is a node's own."""
    taken = np.zeros(table.size, dtype=bool)
    wanted = np.zeros(table.size, dtype=bool)
    for name, (_, widest) in KINDS.items():
        of_kind = table.instances((widest, *narrower(widest))) & ~taken
        taken |= of_kind
        if name in kinds:
            wanted |= of_kind
    return wanted


def _kinds_alone(view: View, table: EdgeTable) -> list[FactClass]:
    """The kinds of facts of which some join no two entities: the store has more of them than the table has edges."""
    named = " ".join(kind.n3() for kind in fact_classes())
    rows = view.select(
        f"SELECT ?kind (COUNT(*) AS ?n) WHERE {{ VALUES ?kind {{ {named} }} ?fact a ?kind }} GROUP BY ?kind"
    )
    known = {str(row["kind"]): int(str(row["n"])) for row in rows}
    joining = Counter(table.column("kind").tolist())
    edges = {kind.iri: joining[code] for code, kind in enumerate(table.kinds)}
    return [kind for iri, kind in fact_classes().items() if known.get(str(iri), 0) > edges.get(iri, 0)]


def _about(facts: Iterable[Fact], entities: set[str], edges: Mapping[URIRef, Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.iri not in edges and {str(fact.source), str(fact.target)} & entities]

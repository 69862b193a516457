"""How two entities are connected: the shortest way by facts, or the strongest, with the evidence of each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rdflib import URIRef
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from ..errors import NotFoundError
from ..graph.edges.table import Edges, EdgeTable, Ints, Period
from ..graph.statements import Evidence, Fact, facts_with
from ..graph.store import View
from ..graph.wording import Wording, cited
from ..ontology.identifiers import shortened

Strength: TypeAlias = Literal["evidence", "recency"]
"""By what the strongest of several ways is told: the documents that state its weakest step, or how long ago its oldest
step can last have held."""

_TOLD: Final = 3


@dataclass(frozen=True)
class Step:
    """One step of a way: from one entity to the next, by a fact that leads either forward or backward between them."""

    source: URIRef
    target: URIRef
    fact: Fact
    sentence: str
    dates: str

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What the fact rests on."""
        return self.fact.evidence

    def as_dict(self) -> dict[str, Any]:
        """Return the step as plain values."""
        sources = [
            {"document": str(e.document), "title": e.title, "place": e.place, "quote": e.quote} for e in self.evidence
        ]
        return {
            "source": str(self.source),
            "target": str(self.target),
            "fact": str(self.fact.iri),
            "text": self.sentence,
            "dates": self.dates,
            "realis": self.fact.realis,
            "sources": sources,
        }

    def text(self) -> str:
        """Return the step in words, with the first of its sources below it."""
        when = f" ({self.dates})" if self.dates else ""
        sources = [f"    {cited(evidence)}" for evidence in self.evidence[:_TOLD]]
        more = [f"    … and {len(self.evidence) - _TOLD} more"] if len(self.evidence) > _TOLD else []
        return "\n".join([f"  {self.sentence}{when}", *sources, *more]) + "\n"


def path(
    view: View,
    start: URIRef,
    end: URIRef,
    *,
    kinds: Sequence[str] = (),
    during: Period | None = None,
    realis: Sequence[str] = ("held",),
    strongest: Strength | None = None,
    table: EdgeTable | None = None,
) -> list[Step]:
    """Return the steps that lead from one entity to another; none where both are one.

    Facts are gone along in either direction. Without `strongest` it is a way of the fewest steps. With it, the way
    whose weakest step is strongest, and of these one of the fewest steps: by `evidence`, a step is as strong as the
    number of documents that state it; by `recency`, as the last day on which it can have held is late. Raises
    NotFoundError where there is no way.
    """
    table = view.edges() if table is None else table
    codes = [table.code(iri) for iri in (start, end)]
    edges = table.edges(kinds, during=during, realis=realis)
    # What is no fact has nobody who says so.
    edges = edges.where(
        np.array([table.kinds[kind].source is not None for kind in range(len(table.kinds))])[edges["kind"]]
    )
    if start == end:
        return []
    rows = None
    if codes[0] is not None and codes[1] is not None:
        rows = _way(table, edges, codes[0], codes[1], strongest)
    if rows is None:
        raise NotFoundError(
            f"Nothing leads from {shortened(str(start))} to {shortened(str(end))} by the facts asked for."
        )
    return _steps(view, table, start, rows)


def _way(table: EdgeTable, edges: Edges, start: int, end: int, strongest: Strength | None) -> Ints | None:
    """Return the rows of the edges of a way, in order; None where there is none."""
    if strongest is None:
        return _shortest(table, edges, start, end, np.zeros(len(edges), dtype=np.int64))
    strength = (edges["documents"] if strongest == "evidence" else _recency(table, edges)).astype(np.int64)
    levels = np.unique(strength)
    low, high, best = 0, len(levels) - 1, None
    # The fewest strong edges that still connect the two: each look halves what it can be.
    while low <= high:
        middle = (low + high) // 2
        strong = strength >= levels[middle]
        found = _shortest(table, edges.where(strong), start, end, strength[strong])
        if found is None:
            high = middle - 1
        else:
            best, low = found, middle + 1
    return best


def _recency(table: EdgeTable, edges: Edges) -> NDArray[Any]:
    """The last day on which each can have held; of what has no date, before all others."""
    dated = (edges["start_grain"] > 0) | (edges["end_grain"] > 0)
    return np.where(dated, edges["end_last"], -(2**31))


def _shortest(table: EdgeTable, edges: Edges, start: int, end: int, strength: Ints) -> Ints | None:
    source, target = edges["source"].astype(np.int64), edges["target"].astype(np.int64)
    size = table.size
    i, j = np.concatenate([source, target]), np.concatenate([target, source])
    graph = csr_array((np.ones(len(i), dtype=np.int32), (i, j)), shape=(size, size))
    _, before = breadth_first_order(graph, start, directed=True, return_predecessors=True)
    if before[end] < 0:
        return None
    nodes = [end]
    while nodes[-1] != start:
        nodes.append(int(before[nodes[-1]]))
    nodes.reverse()
    chosen = []
    for a, b in pairwise(nodes):
        between = np.flatnonzero(((source == a) & (target == b)) | ((source == b) & (target == a)))
        chosen.append(edges.rows[between[np.argmax(strength[between])]])
    return np.array(chosen, dtype=np.int64)


def _steps(view: View, table: EdgeTable, start: URIRef, rows: Ints) -> list[Step]:
    iris = table.facts(rows)
    facts = facts_with(view, iris)
    wording = Wording(view, facts.values())
    steps, at = [], start
    for iri, row in zip(iris, rows, strict=True):
        ends = [URIRef(table.terms[table.column(name)[row]]) for name in ("source", "target")]
        following = ends[1] if ends[0] == at else ends[0]
        fact = facts[iri]
        steps.append(Step(at, following, fact, wording.sentence(fact), str(wording.period(fact))))
        at = following
    return steps

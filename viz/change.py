"""What changed between two networks of the same kind: ties that are new, lost, stronger or weaker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from rdflib import Literal, URIRef
from scipy.sparse import coo_array

from ..graph.edges.table import Ints
from ..graph.entities import labels
from ..graph.store import Row, View
from ..queries.results import Table
from .ties import Ties

CHANGES = ("new", "stronger", "same", "weaker", "lost")


@dataclass(frozen=True)
class Change:
    """The ties of either of two networks: places of the two actors among `actors`, and the weights before and after."""

    actors: list[str]
    source: Ints
    target: Ints
    before: Ints
    after: Ints
    directed: bool

    @property
    def kinds(self) -> list[str]:
        """What each tie is: one of CHANGES."""
        sign = np.sign(self.after - self.before)
        changed = np.where(self.before == 0, "new", np.where(self.after == 0, "lost", ""))
        plain = np.select([sign > 0, sign < 0], ["stronger", "weaker"], "same")
        return [str(kind) for kind in np.where(changed == "", plain, changed)]

    def table(self, view: View, limit: int | None = None) -> Table:
        """Return the ties with their weights before and after, those that changed most first."""
        names, kinds = np.array(self.actors, dtype=object), self.kinds
        order = np.lexsort((
            names[self.target].astype(str), names[self.source].astype(str), -np.abs(self.after - self.before)
        ))[:limit]  # fmt: skip
        rows: list[Row] = [
            (
                URIRef(names[self.source[at]]),
                URIRef(names[self.target[at]]),
                Literal(int(self.before[at])),
                Literal(int(self.after[at])),
                Literal(kinds[at]),
            )
            for at in order
        ]
        ends = ("source", "target") if self.directed else ("one", "other")
        terms = {term for row in rows for term in row if term is not None}
        return Table((*ends, "before", "after", "change"), rows, labels(view, terms), {})


def change(before: Ties, after: Ties) -> Change:
    """Return what changed from one network to another, by the same tie of the same store, at another time."""
    codes = np.union1d(before.actors, after.actors)
    pair = [_spread(network, codes) for network in (before, after)]
    # One pattern for both, where what is missing counts nothing.
    either = (pair[0] + pair[1]).tocoo()
    keep = slice(None) if after.directed else either.row < either.col
    i, j = either.row[keep].astype(np.int64), either.col[keep].astype(np.int64)
    weights = [np.asarray(matrix[i, j]).ravel().astype(np.int64) for matrix in pair]
    names = [str(iri) for iri in after.table.terms[codes]]
    return Change(names, i, j, weights[0], weights[1], after.directed)


def _spread(network: Ties, codes: Ints) -> Any:
    place = np.searchsorted(codes, network.actors)
    found = network.weights.tocoo()
    cells = (found.data, (place[found.row], place[found.col]))
    return coo_array(cells, shape=(len(codes),) * 2).tocsr()

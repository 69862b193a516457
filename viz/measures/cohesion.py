"""How a network holds together: components, cores, clustering, constraint, assortativity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ..ties import Ties
from .engines import by_actor, reckoned, symmetric
from .registry import Columns, measure, of_actors

if TYPE_CHECKING:
    import networkx as nx


@measure("components")
def components(ties: Ties) -> Columns:
    """The part of the network that an actor belongs to: all who can be reached along ties, whatever their direction.

    Numbered from 0, the largest first (of equals, the one with the actor that comes first). Two actors in different
    parts have no common acquaintance by any number of steps.
    """
    _, labels = connected_components(symmetric(ties), directed=False)
    return of_actors("component", by_size(labels))


def by_size(labels: np.ndarray) -> np.ndarray:
    """Return the same groups, numbered by size and by who comes first."""
    if not len(labels):
        return labels
    _, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return np.asarray(rank[labels])


@measure("k-core")
def k_core(ties: Ties) -> Columns:
    """The greatest k for which an actor is in a group where everybody is tied to at least k others in it.

    Seidman 1983. Ties count without their direction. The innermost core are those who have all met one another much: a
    stated and reproducible way to thin a network.
    """
    both = Ties(ties.table, ties.tie, ties.of, ties.actors, symmetric(ties), directed=False)
    values = reckoned(
        both,
        lambda graph: graph.coreness(),
        lambda graph: by_actor(both, _core_numbers(graph)),
    )
    return of_actors("k-core", values)


def _core_numbers(graph: nx.Graph[str]) -> dict[str, int]:
    import networkx as nx

    return dict(nx.core_number(graph))


@measure("clustering")
def clustering(ties: Ties) -> Columns:
    """The share of an actor's pairs of partners who are tied to each other, too (Watts and Strogatz 1998).

    Without weights or directions; 0 for those with fewer than two partners. Where it is low the actor's partners have
    not met: the actor sits between circles.
    """
    ones = symmetric(ties)
    degree = np.diff(ones.indptr).astype(float)
    triangles = np.asarray((ones @ ones).multiply(ones).sum(axis=1)).ravel() / 2
    pairs = degree * (degree - 1) / 2
    return of_actors("clustering", np.divide(triangles, pairs, out=np.zeros(len(ties)), where=pairs > 0))


@measure("constraint")
def constraint(ties: Ties) -> Columns:
    """How far all of an actor's effort goes to people who are tied to one another.

    Burt 1992 (Structural Holes, equation 2.4): the sum over partners j of (p_ij + Σ_q p_iq p_qj)², where p_ij is the
    share of j in i's ties by weight, both directions together. Low constraint is a broker's freedom: partners who do
    not meet without them.
    """
    both = (ties.weights + ties.weights.T).astype(float).tocsr()
    total = np.asarray(both.sum(axis=1)).ravel()
    share = (csr_array((np.divide(1.0, total, where=total > 0, out=np.zeros(len(ties))), np.arange(len(ties)),
                        np.arange(len(ties) + 1)), shape=both.shape) @ both).tocsr()  # fmt: skip
    ones = both.astype(bool).astype(float)
    invested = share + (share @ share).multiply(ones)
    return of_actors("constraint", np.asarray(invested.multiply(ones).power(2).sum(axis=1)).ravel())


@measure("assortativity", "network")
def assortativity(ties: Ties) -> Columns:
    """Whether actors with many ties are tied to others with many: the correlation of the degrees at both ends of ties.

    Newman 2002 (Phys. Rev. Lett. 89:208701), of degrees without weights; with a direction, of the degree out of the one
    and into the other. From -1 to 1; below 0 the many meet the few, as in visits to one capital. It is not a number
    where all have the same degree.
    """
    source, target, _ = ties.edges
    if not ties.directed:
        source, target = np.concatenate([source, target]), np.concatenate([target, source])
    matrix = ties.weights.tocsr()
    out, into = np.diff(matrix.indptr), np.bincount(matrix.indices, minlength=len(ties))
    x, y = out[source].astype(float), (into if ties.directed else out)[target].astype(float)
    spread = float(x.std() * y.std()) if len(x) else 0.0
    value = float(((x - x.mean()) * (y - y.mean())).mean()) / spread if spread else float("nan")
    return {"assortativity": np.array([value])}


@measure("density", "network")
def density(ties: Ties) -> Columns:
    """The share of the ties that could be in those that are (Wasserman and Faust 1994, 4.1).

    Only actors with a tie count. A council in which all have met all has 1.
    """
    size = len(ties)
    pairs = size * (size - 1) / (1 if ties.directed else 2)
    return {"density": np.array([len(ties.edges[0]) / pairs if pairs else float("nan")])}

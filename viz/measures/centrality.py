"""Who is at the centre: degree, strength, betweenness, closeness, eigenvector, PageRank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..ties import Ties
from .engines import by_actor, reckoned
from .registry import Columns, measure, of_actors
from .shares import betweenness as betweenness_in_shares

if TYPE_CHECKING:
    import networkx as nx


@measure("degree")
def degree(ties: Ties) -> Columns:
    """The number of actors that an actor is tied to (Freeman 1978).

    Of ties with a direction, those that lead to and from it are counted, and given apart, too. A state of high degree
    has met many different others, however often.
    """
    matrix = ties.weights.tocsr()
    out, into = np.diff(matrix.indptr), np.bincount(matrix.indices, minlength=len(ties))
    if not ties.directed:
        return of_actors("degree", out)
    return of_actors("degree", out + into) | of_actors("degree-in", into) | of_actors("degree-out", out)


@measure("strength")
def strength(ties: Ties) -> Columns:
    """The sum of the weights of an actor's ties (Barrat et al. 2004, PNAS 101:3747).

    Of meetings, with how many people, counted each time, somebody sat at events: a measure of how busy they were.
    """
    out, into = (np.asarray(ties.weights.sum(axis=axis)).ravel() for axis in (1, 0))
    if not ties.directed:
        return of_actors("strength", out)
    return of_actors("strength", out + into) | of_actors("strength-in", into) | of_actors("strength-out", out)


@measure("betweenness")
def betweenness(ties: Ties) -> Columns:
    """How many shortest paths between two others lead over an actor, each two others counting as one in all.

    Freeman 1977, by Brandes' algorithm (2001); paths are counted in steps, and the number is not normalised. Whoever
    has much of it is a way between people who have not met each other.
    """
    values = reckoned(
        ties,
        betweenness_in_shares,
        lambda graph: by_actor(ties, _betweenness(graph)),
    )
    return of_actors("betweenness", values)


@measure("closeness")
def closeness(ties: Ties) -> Columns:
    """How near an actor is to all others: the sum of 1/steps to each, divided by the number of others.

    Harmonic closeness (Marchiori and Latora 2000; Boldi and Vigna 2014), as networks of diplomacy fall into parts, and
    whoever cannot be reached counts 0. Between 0 and 1; of ties with a direction, by the paths that lead to the actor.
    """
    values = reckoned(
        ties,
        lambda graph: graph.harmonic_centrality(mode="in" if ties.directed else "all", normalized=True),
        lambda graph: [v / max(len(ties) - 1, 1) for v in by_actor(ties, _harmonic(graph))],
    )
    return of_actors("closeness", np.nan_to_num(np.asarray(values, dtype=float)))


@measure("eigenvector")
def eigenvector(ties: Ties) -> Columns:
    """How central those are to whom an actor is tied: the entry of the main eigenvector (Bonacich 1972).

    By weight, scaled to 1 for the greatest, of the matrix plus its identity, which has the same eigenvectors and always
    a greatest eigenvalue. Where the network has parts, only the part with the greatest eigenvalue has centre. A small
    state that meets the great ones has more of it than one that meets other small ones.
    """
    matrix = ties.weights.T.astype(float).tocsr()
    size = len(ties)
    vector = np.full(size, 1.0)
    for _ in range(2000):
        following = matrix @ vector + vector
        following /= np.abs(following).max() if size else 1.0
        if np.abs(following - vector).max(initial=0.0) < 1e-12:
            break
        vector = following
    return of_actors("eigenvector", vector)


@measure("pagerank")
def pagerank(ties: Ties, damping: float = 0.85) -> Columns:
    """Where somebody who goes along ties at random, and now and then starts anew, is found: the share of the time.

    Brin and Page 1998, by weight, with the damping 0.85; all values together are 1. Of visits, it says whose visitors
    are themselves much visited.
    """
    size = len(ties)
    matrix = ties.weights.astype(float).tocsr()
    out = np.asarray(matrix.sum(axis=1)).ravel()
    share = np.divide(1.0, out, out=np.zeros(size), where=out > 0)
    following = matrix.T.tocsr()
    rank = np.full(size, 1.0 / max(size, 1))
    for _ in range(500):
        lost = rank[out == 0].sum()
        new = damping * (following @ (rank * share) + lost / max(size, 1)) + (1 - damping) / max(size, 1)
        if np.abs(new - rank).sum() < 1e-14:
            break
        rank = new
    return of_actors("pagerank", rank)


def _betweenness(graph: nx.Graph[str]) -> dict[str, float]:
    import networkx as nx

    return dict(nx.betweenness_centrality(graph, normalized=False))


def _harmonic(graph: nx.Graph[str]) -> dict[str, float]:
    import networkx as nx

    return dict(nx.harmonic_centrality(graph))

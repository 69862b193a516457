"""Which circles a network falls into."""

from __future__ import annotations

import random
from typing import Final

import numpy as np

from ...errors import InputError
from ..ties import Ties
from .cohesion import by_size
from .registry import Columns, measure, of_actors

_ROUNDS: Final = 10
"""How often all circles are looked through: what more rounds find in large networks is hardly worth their time."""


@measure("communities")
def communities(ties: Ties, resolution: float = 1.0, seed: int = 0) -> Columns:
    """The circle that an actor belongs to, so that many ties are inside of circles: the Leiden algorithm.

    Traag, Waltman and van Eck 2019, for the modularity of Newman and Girvan 2004 by weight and without direction;
    numbered from 0, the largest first. More `resolution` makes more and smaller circles; the same `seed` gives the same
    circles. Needs igraph, and raises InputError without it. Of meetings of states, these are the blocs that meet.
    """
    both = ties
    if ties.directed:
        both = Ties(ties.table, ties.tie, ties.of, ties.actors, ties.weights + ties.weights.T, directed=False)
    try:
        import igraph
    except ImportError as error:
        raise InputError("Communities need igraph: pip install 'diplograph[networks]'.") from error
    graph = both.igraph()
    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311
    try:
        found = graph.community_leiden("modularity", weights="weight", resolution=resolution, n_iterations=_ROUNDS)
    finally:
        igraph.set_random_number_generator(random)
    return of_actors("community", by_size(np.asarray(found.membership, dtype=np.int64)))


def modularity(ties: Ties, groups: np.ndarray) -> float:
    """Return how many more ties are inside of groups than there would be by chance, as a share.

    Newman and Girvan 2004, by weight and without direction.
    """
    both = ties.weights + ties.weights.T if ties.directed else ties.weights
    total = float(both.sum())
    matrix = both.tocoo()
    inside = float(matrix.data[groups[matrix.row] == groups[matrix.col]].sum())
    strength = np.bincount(groups.astype(np.int64), weights=np.asarray(both.sum(axis=1)).ravel())
    return inside / total - float((strength**2).sum()) / total**2 if total else float("nan")

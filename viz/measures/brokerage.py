"""Who brokers between groups: the five roles of Gould and Fernandez."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from ..ties import Ties
from .communities import communities
from .registry import Columns, measure

ROLES = ("coordinator", "itinerant", "gatekeeper", "representative", "liaison")


@measure("brokerage")
def brokerage(ties: Ties, groups: np.ndarray | None = None) -> Columns:
    """How often an actor j is the only step between two who are not tied: i to j to k, by the groups of the three.

    Gould and Fernandez 1989 (Sociological Methodology 19:89). `coordinator`: all three in one group; `itinerant`: i and
    k in one, j in another; `gatekeeper`: j and k in one, i in another (j lets in); `representative`: i and j in one, k
    in another (j speaks outward); `liaison`: three groups. A tie without direction counts both ways, so that each pair
    is met twice, and gatekeepers and representatives are the same. `groups` are numbers by actor, the circles of
    `communities` where none are given. Between blocs of states it tells who opens a door for others.
    """
    group = np.asarray(communities(ties)["community"] if groups is None else groups, dtype=np.int64)
    ones = ties.weights.astype(bool).astype(float).tocsr()
    i, j = ones.nonzero()
    same = group[i] == group[j]
    shape = ones.shape
    inside = csr_array((np.ones(int(same.sum())), (i[same], j[same])), shape=shape)
    across = csr_array((np.ones(int((~same).sum())), (i[~same], j[~same])), shape=shape)
    member = csr_array(
        (np.ones(len(group)), (np.arange(len(group)), group)), shape=(len(group), int(group.max(initial=0)) + 1)
    )
    found = {
        "coordinator": _open(inside, inside, ones),
        "gatekeeper": _open(across, inside, ones),
        "representative": _open(inside, across, ones),
    }
    # Those who come back to the group that they came from, and those who go on to a third.
    back = (
        _sum((across.T @ member).multiply(across @ member))
        - _sum(across.T.multiply(across))
        - _sum(across.multiply(across.T @ inside))
    )
    found["itinerant"] = back
    found["liaison"] = _open(across, across, ones) - back
    return {f"brokerage-{role}": np.rint(found[role]) for role in ROLES} | {
        "brokerage": np.rint(sum(found[role] for role in ROLES))
    }


def _open(into: Any, out: Any, ones: Any) -> np.ndarray:
    """Of each j, the pairs i to j (in `into`) and j to k (in `out`) with i other than k, and no tie from i to k."""
    arriving, leaving = np.asarray(into.sum(axis=0)).ravel(), np.asarray(out.sum(axis=1)).ravel()
    return np.asarray(arriving * leaving - _sum(into.T.multiply(out)) - _sum(out.multiply(into.T @ ones)))


def _sum(matrix: Any) -> np.ndarray:
    return np.asarray(matrix.sum(axis=1)).ravel()

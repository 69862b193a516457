"""Whether friends' friends are friends: the balance of ties that bind and ties that divide."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from ..ties import Ties
from .registry import Columns, measure


@measure("balance", "network")
def balance(ties: Ties, signs: np.ndarray | None = None) -> Columns:
    """The share of triangles in which the product of the three signs is positive.

    Heider 1946; Cartwright and Harary 1956. `signs` has 1 for a tie that binds and -1 for one that divides, in the
    order of `Ties.edges`; without it every tie binds, and all triangles are balanced. Ties count without their
    direction; where both directions differ, the tie divides. It is not a number where there is no triangle. A system of
    states of much balance falls into few camps.
    """
    source, target, weight = ties.edges
    sign = np.ones(len(weight)) if signs is None else np.sign(np.asarray(signs, dtype=float))
    shape = (len(ties), len(ties))
    dividing = csr_array((np.ones(len(sign)) * (sign < 0), (source, target)), shape=shape)
    tied = csr_array((np.ones(len(sign)), (source, target)), shape=shape)
    tied, dividing = ((m + m.T).astype(bool).astype(float) for m in (tied, dividing))
    signed = tied - 2 * dividing
    all_ = float((tied @ tied).multiply(tied).sum())
    net = float((signed @ signed).multiply(signed).sum())
    return {"balance": np.array([(all_ + net) / (2 * all_) if all_ else float("nan")])}

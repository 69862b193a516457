"""The programs that reckon with networks: igraph where it is installed, else networkx, which gives the same slowly."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

from ..ties import Ties

if TYPE_CHECKING:
    import igraph
    import networkx as nx

T = TypeVar("T")


def reckoned(ties: Ties, fast: Callable[[igraph.Graph], T], plain: Callable[[nx.Graph[str]], T]) -> T:
    """Return what igraph gives, or networkx where there is no igraph."""
    return fast(ties.igraph()) if find_spec("igraph") else plain(ties.networkx())


def by_actor(ties: Ties, values: Any) -> list[Any]:
    """Return values that networkx gives by actor in the order of the actors."""
    return [values[name] for name in ties.names]


def symmetric(ties: Ties) -> Any:
    """Return the matrix of ones for each two actors who are tied in either direction."""
    both = ties.weights + ties.weights.T if ties.directed else ties.weights
    ones = both.astype(bool).astype(float).tocsr()
    ones.sort_indices()
    return ones

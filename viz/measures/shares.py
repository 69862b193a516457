"""Betweenness of large networks on every processor: each process counts the paths from some of the actors."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack, suppress
from io import BytesIO
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import igraph

_WORTH: Final = 100_000_000
"""From so many times actors by ties on, other processes save more than they cost to begin."""


def betweenness(graph: igraph.Graph) -> NDArray[np.float64]:
    """Return the betweenness of each vertex of a network, which may have a direction: by igraph, not normalised.

    Brandes' algorithm adds up what the paths from each vertex give, so that they can be shared out (2001, section 4). A
    share whose process fails is counted here.
    """
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if count < 2 or not sys.executable or graph.vcount() * graph.ecount() < _WORTH:
        return np.array(graph.betweenness(directed=graph.is_directed()))
    # Every so many, as neighbours in the order of the actors may be alike.
    shares = [np.arange(first, graph.vcount(), count) for first in range(count)]
    edges = np.array(graph.get_edgelist(), dtype=np.int32).reshape(-1, 2)
    with ExitStack() as stack:
        others = [stack.enter_context(_Share(graph, edges, share)) for share in shares[1:]]
        return _from_some(graph, shares[0]) + sum(other.counted() for other in others)


def _from_some(graph: igraph.Graph, sources: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.array(graph.betweenness(directed=graph.is_directed(), sources=sources.tolist()))


class _Share:
    """A share that another process counts, from the beginning of the context on."""

    def __init__(self, graph: igraph.Graph, edges: NDArray[np.int32], sources: NDArray[np.int64]) -> None:
        self._graph, self._sources = graph, sources
        self._told = BytesIO()
        np.savez(self._told, edges=edges, size=graph.vcount(), directed=graph.is_directed(), sources=sources)

    def __enter__(self) -> _Share:
        # Not by multiprocessing, which would run the program of whoever asks for a measure once more.
        command = [sys.executable, "-P", "-c", f"from {__name__} import main; main()"]
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing)  # noqa: S603 - this module
        assert self._process.stdin is not None  # noqa: S101 - both pipes were asked for
        assert self._process.stdout is not None  # noqa: S101
        self._answer = self._process.stdout
        # What has failed already takes no more, and tells that by how it ends.
        with suppress(BrokenPipeError), self._process.stdin as out:
            out.write(self._told.getvalue())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._answer.close()

    def counted(self) -> NDArray[np.float64]:
        """Return what it counted."""
        answer = self._answer.read()
        if self._process.wait():
            return _from_some(self._graph, self._sources)
        found: NDArray[np.float64] = np.load(BytesIO(answer))
        return found


def main() -> None:
    """Count the share that is given, and tell the result."""
    import igraph

    told = np.load(BytesIO(sys.stdin.buffer.read()))
    graph = igraph.Graph(n=int(told["size"]), edges=told["edges"], directed=bool(told["directed"]))
    np.save(sys.stdout.buffer, _from_some(graph, told["sources"]))

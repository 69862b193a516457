"""What a SPARQL Update would make of a store's graphs, found on a copy that is thrown away."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Collection, Iterator, Mapping

import pyoxigraph as ox
from rdflib import URIRef

from ..store import LOADS
from .dataset import do_update
from .generations import Generations, store_errors
from .view import State


def copied(engine: ox.Store) -> ox.Store:
    """Return a copy of an engine's graphs in memory; blank nodes keep their labels."""
    copy = ox.Store()
    copy.bulk_extend(engine)
    for graph in engine.named_graphs():
        copy.add_graph(graph)
    return copy


def tried(
    state: State, sparql: str, base: str | None, prefixes: Mapping[str, str], graphs: Collection[URIRef] | None
) -> dict[URIRef, bytes | None]:
    """Return what an update makes of each named graph that it changes, as N-Triples, None for one that is gone.

    It sees the default graph as it is, and nothing of the store's own records. Only `graphs` are looked at, unless that
    is None. Raises QueryError where it cannot be done.
    """
    with store_errors(state.directory, "written"), _copy(state) as copy:
        copy.remove_graph(ox.NamedNode(LOADS))
        do_update(copy, sparql, base=base, prefixes=prefixes)
        before, after = _names(state.engine) - {LOADS}, _names(copy)
        found: dict[URIRef, bytes | None] = {}
        for graph in sorted(before | after if graphs is None else (before | after).intersection(graphs)):
            if graph not in after:
                found[graph] = None
            elif graph not in before or not _same(state, copy, ox.NamedNode(graph)):
                found[graph] = copy.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph)) or b""
        return found


@contextlib.contextmanager
def _copy(state: State) -> Iterator[ox.Store]:
    if state.directory is None:
        yield copied(state.engine)
        return
    with Generations(state.directory).scratch() as directory:
        state.engine.backup(str(directory))
        yield ox.Store(str(directory))


def _names(engine: ox.Store) -> set[URIRef]:
    return {URIRef(graph.value) for graph in engine.named_graphs() if isinstance(graph, ox.NamedNode)}


def _same(state: State, copy: ox.Store, graph: ox.NamedNode) -> bool:
    if _size(state.engine, graph) != _size(copy, graph):
        return False
    if state.directory is None:
        # In memory, the engine has no order of its own.
        lines = [engine.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b"" for engine in (state.engine, copy)]
        return set(lines[0].splitlines()) == set(lines[1].splitlines())
    return _digest(state.engine, graph) == _digest(copy, graph)


def _size(engine: ox.Store, graph: ox.NamedNode) -> int:
    solutions = engine.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
    return int(next(solutions)["n"].value)  # type: ignore[arg-type]


def _digest(engine: ox.Store, graph: ox.NamedNode) -> bytes:
    hashed = _Hashed()
    engine.dump(hashed, ox.RdfFormat.N_TRIPLES, from_graph=graph)  # type: ignore[arg-type]
    return hashed.digest


class _Hashed:
    """A file of which only the digest is kept: a graph may be larger than the memory."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def write(self, piece: bytes) -> int:
        self._hash.update(piece)
        return len(piece)

    def flush(self) -> None:
        """Do nothing: there is nothing to write out."""

    @property
    def digest(self) -> bytes:
        return self._hash.digest()

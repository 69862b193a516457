"""One state of an Oxigraph store, and how it is read."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Self

import pyoxigraph as ox
from rdflib import URIRef

from ...errors import QueryError, QuerySyntaxError, StoreError
from ..names import NameIndex
from ..store import Answer, ResultSyntax, Row, Solutions, Triples, View
from .generations import store_errors
from .naming import names_in
from .syntax import RESULTS
from .terms import rdflib_term


class State:
    """One state of a store: an engine, until it is closed."""

    def __init__(self, engine: ox.Store, directory: Path | None = None) -> None:
        self._engine: ox.Store | None = engine
        self.directory = directory
        self._settled = False
        self._generation: Path | None = None
        self._names: NameIndex | None = None

    def settle(self, generation: Path | None) -> None:
        """Let the state be read, which is kept in a generation or in memory: it does not change any more."""
        self._settled, self._generation = True, generation

    def names(self, tsv: Callable[[str], bytes]) -> NameIndex:
        """Return the index of names, made anew while the state changes."""
        self.check()
        if self._names is None or not self._settled:
            self._names = names_in(self._generation, tsv)
        return self._names

    @property
    def engine(self) -> ox.Store:
        """The engine; raises StoreError once it is closed."""
        if self._engine is None:
            raise StoreError("This store has been closed. Open it again to use it.")
        return self._engine

    def check(self) -> None:
        """Raise StoreError once it is closed."""
        _ = self.engine

    def close(self) -> None:
        """Let the engine go."""
        self._engine = self._names = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class OxigraphView(View):
    """Reads one state of a store."""

    def __init__(self, state: State) -> None:
        self._state = state

    def _answer(self, sparql: str, prefixes: Mapping[str, str]) -> Answer:
        with self._answering():
            results = self._results(sparql, prefixes)
            if isinstance(results, ox.QueryBoolean):
                return bool(results)
            if isinstance(results, ox.QueryTriples):
                return Triples(ox.serialize(set(results), format=ox.RdfFormat.N_TRIPLES) or b"")
            return Solutions(tuple(variable.value for variable in results.variables), self._rows(results))

    def _rows(self, solutions: ox.QuerySolutions) -> Iterator[Row]:
        with self._answering():
            for solution in solutions:
                yield tuple(None if term is None else rdflib_term(term) for term in solution)

    def _serialized(self, sparql: str, syntax: ResultSyntax, prefixes: Mapping[str, str]) -> bytes:
        with self._answering():
            results = self._results(sparql, prefixes)
            if not isinstance(results, ox.QueryTriples):
                return results.serialize(format=RESULTS[syntax]) or b""
        raise QuerySyntaxError("This query makes a graph, which has no table. Use an RDF format such as turtle.")

    def _results(
        self, sparql: str, prefixes: Mapping[str, str]
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        try:
            return self._state.engine.query(sparql, prefixes=dict(prefixes))
        except SyntaxError as error:
            raise _syntax_error(sparql, str(error)) from error

    @contextlib.contextmanager
    def _answering(self) -> Iterator[None]:
        """Tell a query that cannot be answered from a store that cannot be read: the engine answers row by row."""
        with store_errors(self._state.directory, "read"):
            try:
                yield
            except (RuntimeError, ValueError) as error:
                if str(error).startswith("Corruption"):
                    raise
                raise QueryError(f"The query cannot be answered: {str(error).rstrip('.')}.") from error

    def names(self) -> NameIndex:
        """Return the index of names that is kept with the store, or one made now."""
        return self._state.names(self.tsv)

    def tsv(self, sparql: str) -> bytes:
        """Return the answer to a SELECT query in TSV."""
        return self.serialized(sparql, "tsv")

    def graphs(self) -> tuple[URIRef, ...]:
        """Return the IRIs of the named graphs, sorted."""
        with store_errors(self._state.directory, "read"):
            return tuple(sorted(URIRef(graph.value) for graph in self._state.engine.named_graphs()))

    def ntriples(self, graph: URIRef | None = None) -> bytes:
        """Return a named graph, or the merged view, as N-Triples in the engine's order."""
        with store_errors(self._state.directory, "read"):
            return self._state.engine.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=_graph_name(graph)) or b""

    def size(self, graph: URIRef | None = None) -> int:
        """Return the number of triples in a named graph, or in the merged view."""
        where = "{ ?s ?p ?o }" if graph is None else f"{{ GRAPH {graph.n3()} {{ ?s ?p ?o }} }}"
        with store_errors(self._state.directory, "read"):
            solutions = self._state.engine.query(f"SELECT (COUNT(*) AS ?n) WHERE {where}")
            return int(next(solutions)["n"].value)  # type: ignore[arg-type]


def _graph_name(graph: URIRef | None) -> ox.NamedNode | ox.DefaultGraph:
    return ox.DefaultGraph() if graph is None else ox.NamedNode(graph)


def _syntax_error(sparql: str, message: str) -> QuerySyntaxError:
    match = re.match(r"error at (\d+):(\d+): expected (.*)", message, re.DOTALL)
    if match is None:
        return QuerySyntaxError(f"The query is not SPARQL: {message}.")
    line, column, expected = int(match[1]), int(match[2]), " ".join(match[3].split())
    text = sparql.splitlines()[line - 1] if line <= len(sparql.splitlines()) else ""
    near = f"before {text[column - 1 :].strip()[:30]!r}" if text[column - 1 :].strip() else "at its end"
    hint = f" Expected {expected.removeprefix('one of ')}." if len(expected) <= 60 else ""
    return QuerySyntaxError(
        f"The query does not parse at line {line}, column {column}, {near}.{hint}", line=line, column=column
    )

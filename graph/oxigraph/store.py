"""The Oxigraph store, on disk in one directory or in memory."""

from __future__ import annotations

import contextlib
import re
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

import pyoxigraph as ox
from rdflib import URIRef

from ...errors import QueryError, QuerySyntaxError, StoreError
from ..store import LOADS, Answer, ResultSyntax, Row, Solutions, Store, Triples, View, Writer
from .generations import Generations, store_errors
from .merged import OxigraphMergedView
from .syntax import RESULTS
from .terms import rdflib_term

_BULK = 8_000_000
"""From this many bytes of N-Quads on, writing table files directly is faster than a transaction."""


class OxigraphStore(Store):
    """A store in the Oxigraph engine; `directory` None keeps it in memory."""

    def __init__(self, directory: Path | None = None) -> None:
        self._generations = None if directory is None else Generations(directory)
        self._generation: Path | None = None
        self._held = contextlib.ExitStack()
        self._states: weakref.WeakSet[_State] = weakref.WeakSet()
        self._show(ox.Store())
        self._open()

    def _open(self) -> None:
        if self._generations is None:
            return
        with contextlib.ExitStack() as stack:
            generation = stack.enter_context(self._generations.reading())
            with store_errors(self._generations.directory, "read"):
                engine = ox.Store.read_only(str(generation)) if generation else ox.Store()
            self._held.close()
            self._held = stack.pop_all()
        self._generation = generation
        self._show(engine)

    def _show(self, engine: ox.Store) -> None:
        self._state = _State(engine, self._generations.directory if self._generations else None)
        self._states.add(self._state)

    def view(self) -> View:
        """Return a view of the store as this process last saw it."""
        self._state.check()
        return OxigraphView(self._state)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """Change a copy of the store and publish it when the block ends without an error."""
        self._state.check()
        if self._generations is None:
            copy = ox.Store()
            copy.bulk_extend(self._state.engine)
            for graph in self._state.engine.named_graphs():
                copy.add_graph(graph)
            with _State(copy) as state:
                yield OxigraphWriter(state)
            self._show(copy)
            return
        directory = self._generations.directory
        with self._generations.next() as (draft, final):
            with store_errors(directory, "written"):
                opened = _State(ox.Store(str(draft)), directory)
            with opened as state:
                yield OxigraphWriter(state)
                with store_errors(directory, "written"):
                    # A copy, as the engine goes on tidying the files of the draft until it is closed.
                    state.engine.backup(str(final))
        self._open()

    def backup(self, directory: Path) -> None:
        """Make a store in another directory that holds what this one holds now; one that is there gets a new state."""
        Generations(directory).adopt(self._kept())

    def restore(self, directory: Path) -> None:
        """Take over what the store in another directory holds; what this one held is replaced."""
        self._state.check()
        with OxigraphStore(directory) as source:
            generation = source._kept()
            if self._generations is None:
                raise StoreError("A store in memory cannot be restored. Give --store a directory.")
            self._generations.adopt(generation)
        self._open()

    def _kept(self) -> Path:
        self._state.check()
        if self._generation is None:
            raise StoreError("This store has nothing on disk to copy: it is in memory, or nothing was ever loaded.")
        return self._generation

    def close(self) -> None:
        """Give back the generation that is held open; to use the store or its views then raises StoreError."""
        for state in set(self._states):
            state.close()
        self._held.close()


class _State:
    """One state of a store: an engine, until it is closed."""

    def __init__(self, engine: ox.Store, directory: Path | None = None) -> None:
        self._engine: ox.Store | None = engine
        self.directory = directory

    @property
    def engine(self) -> ox.Store:
        if self._engine is None:
            raise StoreError("This store has been closed. Open it again to use it.")
        return self._engine

    def check(self) -> None:
        _ = self.engine

    def close(self) -> None:
        self._engine = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class OxigraphView(View):
    """Reads one state of a store."""

    def __init__(self, state: _State) -> None:
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


class OxigraphWriter(Writer):
    """Changes a state that nobody else reads yet."""

    # The engine has no name of its own in here: what holds it, as the traceback of an error does, keeps it open.

    def __init__(self, state: _State) -> None:
        self._state = state

    def view(self) -> View:
        """Return a view of the store as it would be."""
        return OxigraphView(self._state)

    def put(self, document: URIRef, ntriples: bytes) -> None:
        """Make a document's statements exactly these."""
        with store_errors(self._state.directory, "written"):
            if self._state.engine.contains_named_graph(ox.NamedNode(document)):
                self.remove(document)
            # One stream for both graphs: the engine renames blank nodes, and they must stay the same in both.
            self._load(ntriples + ntriples.replace(b" .\n", b" <%s> .\n" % document.encode()))
            self._state.engine.add_graph(ox.NamedNode(document))
            OxigraphMergedView(self._state.engine).put(document)

    def remove(self, document: URIRef) -> None:
        """Take a document's contribution back."""
        with store_errors(self._state.directory, "written"):
            OxigraphMergedView(self._state.engine).remove(document)

    def note(self, ntriples: bytes, *, about: URIRef) -> None:
        """Replace what the store's own records say of one subject."""
        graph = ox.NamedNode(LOADS)
        with store_errors(self._state.directory, "written"):
            for quad in list(self._state.engine.quads_for_pattern(ox.NamedNode(about), None, None, graph)):
                self._state.engine.remove(quad)
            self._load(ntriples.replace(b" .\n", b" <%s> .\n" % LOADS.encode()))

    def _load(self, nquads: bytes) -> None:
        if len(nquads) >= _BULK:
            self._state.engine.bulk_load(nquads, ox.RdfFormat.N_QUADS)
        else:
            self._state.engine.load(nquads, ox.RdfFormat.N_QUADS)


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

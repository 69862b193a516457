"""The Oxigraph store, on disk in one directory or in memory."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
from rdflib import URIRef

from ...errors import QuerySyntaxError, StoreError
from ..shortcuts import derivations, retractions
from ..store import LOADS, Answer, ResultSyntax, Solutions, Store, Triples, View, Writer
from .generations import Generations
from .terms import rdflib_term

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_BULK = 8_000_000
"""From this many bytes of N-Quads on, writing table files directly is faster than a transaction."""


class OxigraphStore(Store):
    """A store in the Oxigraph engine; `directory` None keeps it in memory."""

    def __init__(self, directory: Path | None = None) -> None:
        self._generations = None if directory is None else Generations(directory)
        self._stack = contextlib.ExitStack()
        self._open()

    def _open(self) -> None:
        self._stack.close()
        self._engine = ox.Store()
        generation = self._generations.current() if self._generations else None
        if self._generations and generation:
            try:
                self._stack.enter_context(self._generations.held(generation))
                self._engine = ox.Store.read_only(str(generation))
            except OSError as error:
                raise StoreError(f"The store at {str(generation.parent)!r} cannot be read: {error}.") from error

    def view(self) -> View:
        """Return a view of the store as this process last saw it."""
        return OxigraphView(self._engine)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """Change a copy of the store and publish it when the block ends without an error."""
        if self._generations is None:
            copy = ox.Store()
            copy.bulk_extend(self._engine)
            for graph in self._engine.named_graphs():
                copy.add_graph(graph)
            yield OxigraphWriter(copy)
            self._engine = copy
            return
        with self._generations.next() as (draft, final):
            try:
                engine = ox.Store(str(draft))
                yield OxigraphWriter(engine)
                # A copy, as the engine goes on tidying the files of the draft until it is closed.
                engine.backup(str(final))
            except OSError as error:
                raise StoreError(f"The store at {str(draft.parent)!r} cannot be written: {error}.") from error
        self._open()

    def backup(self, directory: Path) -> None:
        """Make a store in another directory that holds what this one holds now; one that is there gets a new state."""
        Generations(directory).adopt(self._current())

    def restore(self, directory: Path) -> None:
        """Take over what the store in another directory holds; what this one held is replaced."""
        source = OxigraphStore(directory)
        try:
            generation = source._current()
            if self._generations is None:
                raise StoreError("A store in memory cannot be restored. Give --store a directory.")
            self._generations.adopt(generation)
        finally:
            source.close()
        self._open()

    def _current(self) -> Path:
        generation = self._generations.current() if self._generations else None
        if generation is None:
            raise StoreError("This store has nothing on disk to copy: it is in memory, or nothing was ever loaded.")
        return generation

    def close(self) -> None:
        """Give back the generation that is held open."""
        self._engine = ox.Store()
        self._stack.close()


class OxigraphView(View):
    """Reads one state of the engine."""

    def __init__(self, engine: ox.Store) -> None:
        self._engine = engine

    def _answer(self, sparql: str, prefixes: Mapping[str, str]) -> Answer:
        results = self._results(sparql, prefixes)
        if isinstance(results, ox.QueryBoolean):
            return bool(results)
        if isinstance(results, ox.QueryTriples):
            return Triples(ox.serialize(set(results), format=ox.RdfFormat.N_TRIPLES) or b"")
        rows = (tuple(None if term is None else rdflib_term(term) for term in solution) for solution in results)
        return Solutions(tuple(variable.value for variable in results.variables), rows)

    def _serialized(self, sparql: str, syntax: ResultSyntax, prefixes: Mapping[str, str]) -> bytes:
        results = self._results(sparql, prefixes)
        if isinstance(results, ox.QueryTriples):
            raise QuerySyntaxError("This query makes a graph, which has no table. Use an RDF format such as turtle.")
        return results.serialize(format=_RESULTS[syntax]) or b""

    def _results(
        self, sparql: str, prefixes: Mapping[str, str]
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        try:
            return self._engine.query(sparql, prefixes=dict(prefixes))
        except SyntaxError as error:
            raise _syntax_error(sparql, str(error)) from error

    def graphs(self) -> tuple[URIRef, ...]:
        """Return the IRIs of the named graphs, sorted."""
        return tuple(sorted(URIRef(graph.value) for graph in self._engine.named_graphs()))

    def ntriples(self, graph: URIRef | None = None) -> bytes:
        """Return a named graph, or the merged view, as N-Triples in the engine's order."""
        return self._engine.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=_graph_name(graph)) or b""

    def size(self, graph: URIRef | None = None) -> int:
        """Return the number of triples in a named graph, or in the merged view."""
        where = "{ ?s ?p ?o }" if graph is None else f"{{ GRAPH {graph.n3()} {{ ?s ?p ?o }} }}"
        solutions = self._engine.query(f"SELECT (COUNT(*) AS ?n) WHERE {where}")
        return int(next(solutions)["n"].value)  # type: ignore[arg-type]


class OxigraphWriter(Writer):
    """Changes one engine that nobody else reads yet."""

    def __init__(self, engine: ox.Store) -> None:
        self._engine = engine

    def put(self, document: URIRef, ntriples: bytes) -> None:
        """Make a document's statements exactly these."""
        if self._engine.contains_named_graph(ox.NamedNode(document)):
            self.remove(document)
        # One stream for both graphs: the engine renames blank nodes, and they must stay the same in both.
        self._load(ntriples + ntriples.replace(b" .\n", b" <%s> .\n" % document.encode()))
        self._engine.add_graph(ox.NamedNode(document))
        self._run(derivations(document))

    def remove(self, document: URIRef) -> None:
        """Take a document's contribution back."""
        self._run(retractions(document))

    def note(self, ntriples: bytes, *, about: URIRef) -> None:
        """Replace what the store's own records say of one subject."""
        graph = ox.NamedNode(LOADS)
        for quad in list(self._engine.quads_for_pattern(ox.NamedNode(about), None, None, graph)):
            self._engine.remove(quad)
        self._load(ntriples.replace(b" .\n", b" <%s> .\n" % LOADS.encode()))

    def _load(self, nquads: bytes) -> None:
        load = self._engine.bulk_load if len(nquads) >= _BULK else self._engine.load
        load(nquads, ox.RdfFormat.N_QUADS)

    def _run(self, updates: Iterator[str]) -> None:
        self._engine.update(" ;\n".join(updates))


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

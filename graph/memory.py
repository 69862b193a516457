"""A store over an rdflib Dataset or Graph, new or the user's own: the reference that answers are compared with."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, cast

import rdflib.plugins.sparql
from pyparsing.exceptions import ParseException
from rdflib import Dataset, Graph, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.sparql import processUpdate
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.query import Result
from rdflib.term import Node

from ..errors import QuerySyntaxError, StoreError
from .formats import syntax_named
from .oxigraph import rdflib_triples, rewritten
from .shortcuts import derivations, retractions
from .store import LOADS, Answer, ResultSyntax, Row, Solutions, Store, Triples, View, Writer


class MemoryStore(Store):
    """A store over `graph`: a Dataset is read and changed in place, a plain Graph is only read."""

    def __init__(self, graph: Graph | None = None) -> None:
        self.graph = Dataset() if graph is None else graph

    def view(self) -> View:
        """Return a view of the graph; it shows later changes too."""
        return MemoryView(self.graph)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """Change the dataset in place; an error in the block puts every statement back."""
        dataset = self.graph
        if not isinstance(dataset, Dataset):
            raise StoreError("A plain rdflib Graph has no room for documents. Open an rdflib Dataset to load into it.")
        before = set(dataset.quads())
        try:
            yield MemoryWriter(dataset)
        except BaseException:
            after = set(dataset.quads())
            for s, p, o, g in after - before:
                dataset.remove((s, p, o, _context(dataset, g)))
            dataset.addN((s, p, o, _context(dataset, g)) for s, p, o, g in before - after)
            raise

    def close(self) -> None:
        """Do nothing: the graph belongs to whoever made it."""


class MemoryView(View):
    """Reads an rdflib graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def _answer(self, sparql: str, prefixes: Mapping[str, str]) -> Answer:
        result = self._result(sparql, prefixes)
        if result.type == "ASK":
            return bool(result.askAnswer)
        if result.type in ("CONSTRUCT", "DESCRIBE"):
            return Triples(_ntriples(cast(Graph, result.graph)))
        names = tuple(str(variable) for variable in result.vars or ())
        rows = (cast(Row, tuple(row)) for row in cast("Iterator[tuple[Node | None, ...]]", iter(result)))
        return Solutions(names, rows)

    def _serialized(self, sparql: str, syntax: ResultSyntax, prefixes: Mapping[str, str]) -> bytes:
        result = self._result(sparql, prefixes)
        if result.type in ("CONSTRUCT", "DESCRIBE"):
            raise QuerySyntaxError("This query makes a graph, which has no table. Use an RDF format such as turtle.")
        return result.serialize(format=syntax) or b""

    def _result(self, sparql: str, prefixes: Mapping[str, str]) -> Result:
        try:
            parseQuery(sparql)
        except ParseException as error:
            raise QuerySyntaxError(
                f"The query does not parse at line {error.lineno}, column {error.column}.",
                line=error.lineno,
                column=error.column,
            ) from error
        settings = cast(Any, rdflib.plugins.sparql)
        loads = settings.SPARQL_LOAD_GRAPHS
        # rdflib would read FROM graphs from files and the web; it looks the flag up while a query runs, rows included.
        settings.SPARQL_LOAD_GRAPHS = False
        try:
            result = self._graph.query(sparql, initNs=dict(prefixes))
            if result.type == "SELECT":
                _ = result.bindings
        finally:
            settings.SPARQL_LOAD_GRAPHS = loads
        return result

    def graphs(self) -> tuple[URIRef, ...]:
        """Return the IRIs of the named graphs, sorted."""
        if not isinstance(self._graph, Dataset):
            return ()
        names = {graph.identifier for graph in self._graph.graphs()}
        return tuple(sorted(URIRef(name) for name in names if name != DATASET_DEFAULT_GRAPH_ID))

    def ntriples(self, graph: URIRef | None = None) -> bytes:
        """Return a named graph, or the merged view, as N-Triples in no particular order."""
        return _ntriples(self._part(graph))

    def size(self, graph: URIRef | None = None) -> int:
        """Return the number of triples in a named graph, or in the merged view."""
        return len(self._part(graph))

    def _part(self, graph: URIRef | None) -> Graph:
        if not isinstance(self._graph, Dataset):
            return self._graph if graph is None else Graph()
        return self._graph.default_graph if graph is None else self._graph.graph(graph)


class MemoryWriter(Writer):
    """Changes a dataset in place."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    def put(self, document: URIRef, ntriples: bytes) -> None:
        """Make a document's statements exactly these."""
        if document in MemoryView(self._dataset).graphs():
            self.remove(document)
        named, merged = self._dataset.graph(document), self._dataset.default_graph
        statements = list(rdflib_triples(ntriples))
        named.addN((s, p, o, named) for s, p, o in statements)
        merged.addN((s, p, o, merged) for s, p, o in statements)
        self._run(derivations(document))

    def remove(self, document: URIRef) -> None:
        """Take a document's contribution back."""
        self._run(retractions(document))
        self._dataset.remove_graph(document)

    def note(self, ntriples: bytes, *, about: URIRef) -> None:
        """Replace what the store's own records say of one subject."""
        records = self._dataset.graph(LOADS)
        records.remove((about, None, None))
        records.addN((s, p, o, records) for s, p, o in rdflib_triples(ntriples))

    def _run(self, updates: Iterator[str]) -> None:
        for update in updates:
            processUpdate(self._dataset, update)


def _context(dataset: Dataset, name: Any) -> Graph:
    return dataset.default_graph if name in (None, DATASET_DEFAULT_GRAPH_ID) else dataset.graph(name)


def _ntriples(graph: Graph) -> bytes:
    # Through the engine's writer, so that every backend escapes in the same, canonical way.
    return rewritten(graph.serialize(format="ntriples", encoding="utf-8"), syntax_named("ntriples"))

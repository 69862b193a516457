"""A store over an rdflib Dataset or Graph, new or the user's own: the reference that answers are compared with."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, cast

from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.term import IdentifiedNode, Node

from ..errors import QuerySyntaxError, StoreError
from .asking import Answering, query_result
from .content import Content, size
from .formats import syntax_named
from .oxigraph import rdflib_triples, results_rewritten, rewritten
from .scope import Scope
from .shortcuts import MergedView
from .store import LOADS, Answer, Progress, ResultSyntax, Solutions, Store, Triples, View, Writer
from .whole import WholeView


class MemoryStore(Store):
    """A store over `graph`: a Dataset is read and changed in place, a plain Graph is only read."""

    def __init__(self, graph: Graph | None = None) -> None:
        self.graph = Dataset() if graph is None else graph
        # The same statements, asked so that the default graph is the merged view and never the union of all graphs.
        self._asked = Dataset(store=self.graph.store) if isinstance(self.graph, Dataset) else self.graph
        self._closed = False

    def view(self) -> View:
        """Return a view of the graph; it shows later changes too."""
        self._check()
        return MemoryView(self._asked)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """Change the dataset in place; an error in the block puts every statement back."""
        self._check()
        dataset = self._asked
        if not isinstance(dataset, Dataset):
            raise StoreError("A plain rdflib Graph has no room for documents. Open an rdflib Dataset to load into it.")
        before, names = set(dataset.quads()), set(_names(dataset))
        try:
            yield MemoryWriter(dataset)
        except BaseException:
            after = set(dataset.quads())
            for s, p, o, g in after - before:
                dataset.remove((s, p, o, _context(dataset, g)))
            dataset.addN((s, p, o, _context(dataset, g)) for s, p, o, g in before - after)
            for name in set(_names(dataset)) - names:
                dataset.remove_graph(dataset.graph(name))
            for name in names - set(_names(dataset)):
                dataset.graph(name)
            raise

    def close(self) -> None:
        """Close the store; the graph belongs to whoever made it, and stays as it is."""
        self._closed = True

    def _check(self) -> None:
        if self._closed:
            raise StoreError("This store has been closed. Open it again to use it.")


class MemoryView(WholeView):
    """Reads an rdflib graph; `scoped` does so whatever a query's FROM says."""

    def __init__(self, graph: Graph, *, scoped: bool = False) -> None:
        self._graph, self._scoped = graph, scoped

    def _answer(self, sparql: str, prefixes: Mapping[str, str]) -> Answer:
        result = query_result(self._graph, sparql, prefixes, scoped=self._scoped)
        if result.type == "ASK":
            return bool(result.askAnswer)
        if result.type in ("CONSTRUCT", "DESCRIBE"):
            return Triples(_ntriples(_sayable(cast(Graph, result.graph))))
        variables = tuple(result.vars or ())
        # Not the result's own rows, which leave out those where nothing is bound.
        rows = (tuple(row.get(variable) for variable in variables) for row in result.bindings)
        return Solutions(tuple(map(str, variables)), rows)

    def _text(self, sparql: str, syntax: ResultSyntax, prefixes: Mapping[str, str]) -> bytes:
        result = query_result(self._graph, sparql, prefixes, scoped=self._scoped)
        if result.type in ("CONSTRUCT", "DESCRIBE"):
            raise QuerySyntaxError("This query makes a graph, which has no table. Use an RDF format such as turtle.")
        with Answering():
            return results_rewritten(result.serialize(format="json") or b"", syntax)

    def graphs(self) -> tuple[URIRef, ...]:
        """Return the IRIs of the named graphs, sorted."""
        if not isinstance(self._graph, Dataset):
            return ()
        return tuple(sorted(URIRef(name) for name in _names(self._graph)))

    def ntriples(self, graph: URIRef | None = None) -> bytes:
        """Return a named graph, or the merged view, as N-Triples in no particular order."""
        return _ntriples(self._part(graph))

    def size(self, graph: URIRef | None = None) -> int:
        """Return the number of triples in a named graph, or in the merged view."""
        return len(self._part(graph))

    def _within(self, scope: Scope) -> WholeView:
        chosen = Dataset()
        for graph in (None,) if scope.default is None else scope.default:
            chosen.default_graph.addN((s, p, o, chosen.default_graph) for s, p, o in self._part(graph))
        for name in self.graphs() if scope.named is None else scope.named:
            named = chosen.graph(name)
            named.addN((s, p, o, named) for s, p, o in self._part(name))
        return MemoryView(chosen, scoped=scope.default is not None)

    def _part(self, graph: URIRef | None) -> Graph:
        if not isinstance(self._graph, Dataset):
            return self._graph if graph is None else Graph()
        # Not Dataset.graph(), which would add the graph to those that there are.
        return self._graph.default_graph if graph is None else self._graph.get_context(graph)


class MemoryWriter(Writer):
    """Changes a dataset in place."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._merged = MemoryMergedView(dataset)

    def view(self) -> View:
        """Return a view of the dataset as it is by now."""
        return MemoryView(self._dataset)

    def put(self, document: URIRef, ntriples: Content, progress: Progress | None = None) -> None:
        """Make a document's statements exactly these."""
        if document in MemoryView(self._dataset).graphs():
            self._take_back(document)
        named, merged = self._dataset.graph(document), self._dataset.default_graph
        statements = list(rdflib_triples(ntriples, renamed=True))
        named.addN((s, p, o, named) for s, p, o in statements)
        merged.addN((s, p, o, merged) for s, p, o in statements)
        self._merged.include(statements)
        self._merged.judge(checked=True)
        if progress:
            progress(document, size(ntriples), size(ntriples))

    def remove(self, document: URIRef) -> None:
        """Take a document's contribution back."""
        self._take_back(document)
        self._merged.judge(checked=False)

    def _take_back(self, document: URIRef) -> None:
        self._merged.retract(list(self._dataset.graph(document)), lambda: self._dataset.remove_graph(document))

    def note(self, ntriples: bytes, *, about: URIRef) -> None:
        """Replace what the store's own records say of one subject."""
        records = self._dataset.graph(LOADS)
        records.remove((about, None, None))
        records.addN((s, p, o, records) for s, p, o in rdflib_triples(ntriples))


class MemoryMergedView(MergedView[Node]):
    """The merged view of a dataset, which is its default graph."""

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(lambda iri: iri)
        self._dataset = dataset
        self.begin()

    def said(self, subject: Node) -> Mapping[Node, Collection[Node]]:
        """Return what the merged view says of a subject."""
        found: dict[Node, set[Node]] = defaultdict(set)
        for predicate, value in self._dataset.default_graph.predicate_objects(subject):
            found[predicate].add(value)
        return found

    def subjects(self, predicate: Node, value: Node) -> Iterator[Node]:
        """Yield the subjects that have a value for a property."""
        yield from self._dataset.default_graph.subjects(predicate, value)

    def statements(
        self, subject: Node | None, predicate: Node | None, value: Node | None
    ) -> Iterator[tuple[tuple[Node, Node, Node], Node]]:
        """Yield the triples of documents that fit a pattern, each with its document."""
        for s, p, o, name in list(self._dataset.quads((subject, predicate, value, None))):
            if name is not None and name not in (DATASET_DEFAULT_GRAPH_ID, LOADS):
                yield (s, p, o), name

    def iri(self, term: Node) -> URIRef | None:
        """Return a term as an IRI."""
        return term if isinstance(term, URIRef) else None

    def is_literal(self, term: Node) -> bool:
        """Return whether a term is a literal."""
        return isinstance(term, Literal)

    def add(self, triples: Iterable[tuple[Node, Node, Node]]) -> None:
        """Add triples to the merged view."""
        merged = self._dataset.default_graph
        merged.addN((s, p, o, merged) for s, p, o in triples)

    def discard(self, triples: Iterable[tuple[Node, Node, Node]]) -> None:
        """Take triples out of the merged view."""
        for triple in triples:
            self._dataset.default_graph.remove(triple)


def _names(dataset: Dataset) -> list[IdentifiedNode]:
    return [graph.identifier for graph in dataset.graphs() if graph.identifier != DATASET_DEFAULT_GRAPH_ID]


def _context(dataset: Dataset, name: Any) -> Graph:
    return dataset.default_graph if name in (None, DATASET_DEFAULT_GRAPH_ID) else dataset.graph(name)


def _sayable(graph: Graph) -> Graph:
    # SPARQL leaves out of a new graph what is no RDF; rdflib does not.
    for s, p, o in list(graph):
        if isinstance(s, Literal) or not isinstance(p, URIRef):
            graph.remove((s, p, o))
    return graph


def _ntriples(graph: Graph) -> bytes:
    # Through the engine's writer, so that every backend escapes in the same, canonical way.
    try:
        return rewritten(graph.serialize(format="ntriples", encoding="utf-8"), syntax_named("ntriples"))
    except SyntaxError as error:
        raise StoreError(f"The rdflib graph holds what no RDF file can: {error.msg}.") from error

"""The merged view of an Oxigraph store, which is its default graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import pyoxigraph as ox
from rdflib import URIRef

from ..shortcuts import MergedView
from ..store import LOADS
from .view import State

Term: TypeAlias = Any
"""A term of the engine; which kinds may stand where is the engine's to say."""

_MERGED = ox.DefaultGraph()
_LOADS = ox.NamedNode(LOADS)


class OxigraphMergedView(MergedView[Term]):
    """Looks statements up, and changes them, in the engine of one state."""

    # Holds the state and not its engine, which is to be let go when the state is closed.

    def __init__(self, state: State) -> None:
        super().__init__(lambda iri: ox.NamedNode(iri))
        self._state = state
        self.begin()

    @property
    def _engine(self) -> ox.Store:
        return self._state.engine

    def put(self, document: URIRef) -> None:
        """Take in what follows from a document that has just been loaded into its own graph and the merged view."""
        self.include((quad.subject, quad.predicate, quad.object) for quad in self._document(document))

    def remove(self, document: URIRef) -> None:
        """Take a document's contribution away, and its graph."""
        triples = [(quad.subject, quad.predicate, quad.object) for quad in self._document(document)]
        self.retract(triples, lambda: self._engine.remove_graph(ox.NamedNode(document)))

    def said(self, subject: Term) -> Mapping[Term, Collection[Term]]:
        """Return what the merged view says of a subject."""
        found: dict[Term, set[Term]] = defaultdict(set)
        for quad in self._engine.quads_for_pattern(subject, None, None, _MERGED):
            found[quad.predicate].add(quad.object)
        return found

    def subjects(self, predicate: Term, value: Term) -> Iterator[Term]:
        """Yield the subjects that have a value for a property."""
        return (quad.subject for quad in self._engine.quads_for_pattern(None, predicate, value, _MERGED))

    def statements(
        self, subject: Term | None, predicate: Term | None, value: Term | None
    ) -> Iterator[tuple[tuple[Term, Term, Term], Term]]:
        """Yield the triples of documents that fit a pattern, each with its document."""
        if isinstance(subject, ox.Literal):
            return
        for quad in self._engine.quads_for_pattern(subject, predicate, value, None):
            if quad.graph_name not in (_MERGED, _LOADS):
                yield (quad.subject, quad.predicate, quad.object), quad.graph_name

    def facts(self, graph: ox.NamedNode) -> list[str]:
        """Return, as N-Triples writes it, all of which a graph says something that decides on shortcuts."""
        paths = " ".join(map(str, self._derivation.properties))
        found = self._engine.query(
            f"SELECT DISTINCT ?fact WHERE {{ VALUES ?path {{ {paths} }} GRAPH {graph} {{ ?fact ?path ?value }} }}"
        )
        assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - it is what SELECT finds
        tsv = found.serialize(format=ox.QueryResultsFormat.TSV) or b""
        return tsv.decode().split("\n")[1:-1]

    def iri(self, term: Term) -> URIRef | None:
        """Return a term as an IRI."""
        return URIRef(term.value) if isinstance(term, ox.NamedNode) else None

    def is_literal(self, term: Term) -> bool:
        """Return whether a term is a literal."""
        return isinstance(term, ox.Literal)

    def add(self, triples: Iterable[tuple[Term, Term, Term]]) -> None:
        """Add triples to the merged view."""
        self._engine.extend([ox.Quad(s, p, o, _MERGED) for s, p, o in triples])

    def discard(self, triples: Iterable[tuple[Term, Term, Term]]) -> None:
        """Take triples out of the merged view."""
        for s, p, o in triples:
            self._engine.remove(ox.Quad(s, p, o, _MERGED))

    def _document(self, document: URIRef) -> Iterator[ox.Quad]:
        return self._engine.quads_for_pattern(None, None, None, ox.NamedNode(document))

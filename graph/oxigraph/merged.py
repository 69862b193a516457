"""The merged view of an Oxigraph store, which is its default graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import pyoxigraph as ox
from rdflib import URIRef

from ..shortcuts import MergedView
from ..store import LOADS

Term: TypeAlias = Any
"""A term of the engine; which kinds may stand where is the engine's to say."""

_MERGED = ox.DefaultGraph()
_LOADS = ox.NamedNode(LOADS)


class OxigraphMergedView(MergedView[Term]):
    """Looks statements up, and changes them, in one engine."""

    def __init__(self, engine: ox.Store) -> None:
        super().__init__(lambda iri: ox.NamedNode(iri))
        self._engine = engine

    def put(self, document: URIRef) -> None:
        """Derive what follows from a document that has just been loaded into its own graph and the merged view."""
        self.derive({quad.subject for quad in self._document(document)})

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

    def stated(self, triple: tuple[Term, Term, Term]) -> bool:
        """Return whether any document states a triple."""
        found = self._engine.quads_for_pattern(*triple, None)
        return any(quad.graph_name not in (_MERGED, _LOADS) for quad in found)

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

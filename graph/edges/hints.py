"""What the vocabulary says the edge table is made from: kinds of edges, and the properties they are read by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from rdflib import URIRef
from rdflib.namespace import OWL, RDF, SKOS

from ...ontology.documents import vocabulary
from ...ontology.facts import edge_properties, fact_classes
from ...ontology.terms import DG


@dataclass(frozen=True)
class Kind:
    """One kind of edges: a class of facts, or a property that joins two entities by itself, which has no `source`.

    `start` and `end` say when an edge holds, else the dates of the value of `via`; `passes` tells that it is over when
    that is over.
    """

    iri: URIRef
    name: str
    words: str
    directed: bool
    source: URIRef | None = None
    target: URIRef | None = None
    words_from: URIRef | None = None
    start: URIRef | None = None
    end: URIRef | None = None
    via: URIRef | None = None

    @property
    def passes(self) -> bool:
        """Whether an edge is over with the event it belongs to: not what follows from an agreement, which goes on."""
        return self.via == DG.event or self.start == self.end


@cache
def kinds() -> tuple[Kind, ...]:
    """Return the kinds of edges in the order of their codes: the classes of facts, then the plain properties."""
    facts = (
        Kind(f.iri, f.name, f.words, f.directed, f.source, f.target, f.words_from, f.start, f.end, f.via)
        for f in fact_classes().values()
    )
    plain = (Kind(p.iri, p.name, p.words, p.directed) for p in edge_properties().values())
    return (*facts, *plain)


NOT_JOINED = (RDF.type, SKOS.altLabel)
"""What an assertion says of a thing itself: its class and its names are no entities."""

TIMES = (DG.date, DG["from"], DG.until)
"""The dates of what facts belong to: of an event its day, or the first and the last."""


@cache
def entity_classes() -> tuple[URIRef, ...]:
    """Return the classes of the vocabulary whose members can be the ends of edges."""
    graph = vocabulary("diplograph")
    facts = {DG.Fact, *fact_classes(), DG.Evidence, DG.Passage}
    return tuple(sorted(URIRef(str(c)) for c in graph.subjects(RDF.type, OWL.Class) if c not in facts))


@cache
def properties() -> dict[URIRef, str]:
    """Return the properties that are read, each with the name of its table."""
    dates = {*TIMES, DG.asOf, *(p for kind in kinds() for p in (kind.start, kind.end) if p)}
    ends = {p for kind in kinds() for p in (kind.source, kind.target, kind.words_from, kind.via) if p}
    plain = {kind.iri for kind in kinds() if kind.source is None}
    named = sorted({*dates, *ends, *plain, DG.realis, DG.evidence, DG.inDocument})
    return {iri: f"{'d' if iri in dates else 'p'}{number}" for number, iri in enumerate(named)}


@cache
def fingerprint() -> str:
    """Return what changes when the vocabulary says something else of edges, or this package reads it otherwise."""
    told = repr((2, kinds(), entity_classes(), properties(), NOT_JOINED, TIMES))
    return hashlib.sha256(told.encode()).hexdigest()

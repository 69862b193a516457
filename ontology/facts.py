"""What the vocabulary says of each class of facts: its key, its two ends, its words and its time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from rdflib import Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from .documents import vocabulary
from .namespaces import CODES
from .terms import DG

PRESENCE: Final = URIRef(f"{CODES}presence")
"""The collection of the roles of presence."""


@dataclass(frozen=True)
class FactClass:
    """One class of facts, as the packaged vocabulary describes it.

    `key` are the properties that make two facts of the class the same fact. `source` and `target` are the properties
    whose values an edge joins; `words` join them when read aloud, unless the value of `words_from` has words of its
    own. `start` and `end` say when the fact holds; where it has neither, the date of the value of `via` applies.
    """

    iri: URIRef
    name: str
    label: str
    key: tuple[URIRef, ...]
    source: URIRef
    target: URIRef
    words: str
    words_from: URIRef | None
    directed: bool
    start: URIRef
    end: URIRef
    via: URIRef | None


@dataclass(frozen=True)
class EdgeProperty:
    """A property that joins two entities by itself, without a fact, a source of its own or a date."""

    iri: URIRef
    name: str
    words: str
    directed: bool


@cache
def edge_properties() -> dict[URIRef, EdgeProperty]:
    """Return the properties of the vocabulary that are edges themselves, by IRI, sorted."""
    graph = vocabulary("diplograph")
    found = sorted(str(p) for p in graph.subjects(DG.edgeDirected) if (p, RDF.type, OWL.ObjectProperty) in graph)
    return {
        URIRef(iri): EdgeProperty(
            iri=URIRef(iri),
            name=iri.partition("#")[2].lower(),
            words=str(graph.value(URIRef(iri), SKOS.prefLabel)),
            directed=str(graph.value(URIRef(iri), DG.edgeDirected)) == "true",
        )
        for iri in found
    }


@cache
def presence_roles() -> tuple[URIRef, ...]:
    """Return the roles in which somebody is present at an event and meets the others there, sorted."""
    return tuple(sorted(URIRef(str(role)) for role in vocabulary("schemes").objects(PRESENCE, SKOS.member)))


@cache
def fact_classes() -> dict[URIRef, FactClass]:
    """Return every fact class of the vocabulary by its IRI, sorted."""
    graph = vocabulary("diplograph")
    found = sorted(c for c in graph.subjects(RDFS.subClassOf, DG.Fact) if isinstance(c, URIRef))
    return {iri: _fact_class(graph, iri) for iri in found}


def _fact_class(graph: Graph, iri: URIRef) -> FactClass:
    def optional(hint: URIRef) -> URIRef | None:
        value = graph.value(iri, hint)
        return value if isinstance(value, URIRef) else None

    def required(hint: URIRef) -> URIRef:
        value = optional(hint)
        if value is None:
            raise LookupError(f"{iri} has no {hint}: the packaged vocabulary is broken.")
        return value

    key = graph.value(iri, OWL.hasKey)
    return FactClass(
        iri=iri,
        name=str(iri).partition("#")[2].lower(),
        label=str(graph.value(iri, SKOS.prefLabel)),
        key=tuple(URIRef(str(p)) for p in Collection(graph, key)) if key is not None else (),
        source=required(DG.edgeSource),
        target=required(DG.edgeTarget),
        words=str(graph.value(iri, DG.edgeLabel)),
        words_from=optional(DG.edgeLabelFrom),
        directed=str(graph.value(iri, DG.edgeDirected)) == "true",
        start=required(DG.temporalStart),
        end=required(DG.temporalEnd),
        via=optional(DG.temporalVia),
    )

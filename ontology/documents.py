"""The packaged Turtle of the vocabulary, and its version."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDFS, SKOS

from .namespaces import BASE

PARTS: Final = ("diplograph", "schemes", "alignments", "shapes", "rules")
"""The files of the vocabulary, without `.ttl`."""

ONTOLOGY: Final = URIRef("https://w3id.org/diplograph/ontology")


def source(part: str) -> bytes:
    """Return one file of the vocabulary as it is packaged; `part` is one of PARTS."""
    return files(__package__).joinpath(f"{part}.ttl").read_bytes()


@cache
def vocabulary(*parts: str) -> Graph:
    """Return the named parts of the vocabulary, all of them where none is named, as one graph. Do not change it."""
    graph = Graph()
    for part in parts or PARTS:
        graph.parse(data=source(part), format="turtle")
    return graph


def published_vocabulary() -> Graph:
    """Return the whole vocabulary for tools that read RDFS alone: with rdfs:label and rdfs:isDefinedBy throughout."""
    graph = Graph()
    for part in PARTS:
        graph.parse(data=source(part), format="turtle")
    for term, label in list(graph.subject_objects(SKOS.prefLabel)):
        if str(term).startswith(BASE):
            graph.add((term, RDFS.label, label))
            graph.add((term, RDFS.isDefinedBy, ONTOLOGY))
    return graph


def version() -> str:
    """Return the vocabulary's version, such as `0.1.0`."""
    return str(vocabulary("diplograph").value(ONTOLOGY, OWL.versionInfo))

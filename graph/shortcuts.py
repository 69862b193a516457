"""The merged view kept true: SPARQL updates that add and take back what one document contributes to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rdflib import URIRef

from ..ontology.rules import ShortcutRule, shortcut_rules
from .store import LOADS

_TOUCHED: Final = "<urn:x-diplograph:touched>"
"""A scratch graph that exists only while a document is being taken back."""


def derivations(document: URIRef) -> Iterator[str]:
    """Yield the updates that derive the shortcuts of a document's facts, once its triples are in the merged view.

    A document states each of its facts whole, type included; what other documents add to the fact counts too.
    """
    for rule in shortcut_rules():
        yield f"INSERT {{ {rule.shortcut_pattern} }} WHERE {{ {_facts_of(document, rule)} }}"


def retractions(document: URIRef) -> Iterator[str]:
    """Yield the updates that take a document's named graph and exactly its contribution to the merged view away."""
    graph = document.n3()
    for rule in shortcut_rules():
        shortcut = rule.shortcut_pattern
        yield f"INSERT {{ GRAPH {_TOUCHED} {{ {shortcut} }} }} WHERE {{ {_facts_of(document, rule)} }}"
    yield f"DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH {_TOUCHED} {{ ?s ?p ?o }} }}"
    others = f"?g != {graph} && ?g != {_TOUCHED} && ?g != {LOADS.n3()}"
    yield (
        f"DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} "
        f"FILTER NOT EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} FILTER({others}) }} }}"
    )
    yield f"DROP SILENT GRAPH {graph}"
    # A shortcut stays where another document states it itself, or where a fact that remains still makes it.
    yield f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH {_TOUCHED} {{ ?s ?p ?o }} GRAPH ?g {{ ?s ?p ?o }} FILTER({others}) }}"
    for rule in shortcut_rules():
        shortcut = rule.shortcut_pattern
        yield f"INSERT {{ {shortcut} }} WHERE {{ GRAPH {_TOUCHED} {{ {shortcut} }} {rule.fact_pattern} }}"
    yield f"DROP SILENT GRAPH {_TOUCHED}"


def _facts_of(document: URIRef, rule: ShortcutRule) -> str:
    return f"GRAPH {document.n3()} {{ ?fact a {rule.fact_class.n3()} }} {rule.fact_pattern}"

"""Which graphs of an endpoint make up the merged view, and which are documents: found out by asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rdflib import URIRef

from ...errors import RemoteError
from ...ontology.namespaces import IDENTIFIERS
from .endpoint import Endpoint

MERGED: Final = URIRef(f"{IDENTIFIERS}graph/merged")
"""The named graph that holds the merged view where the default graph is the union of all graphs, and cannot."""

LAYOUT: Final = URIRef(f"{IDENTIFIERS}graph/layout")
"""The named graph in which a store in an endpoint keeps what it needs itself: its version and its empty documents."""

EMPTY: Final = URIRef(f"{LAYOUT}#Empty")
"""What a document that states nothing is called there."""

STAGING: Final = f"{IDENTIFIERS}graph/staging/"
"""The beginning of the names of graphs in which large changes are put aside before they are made."""

MOST_GRAPHS: Final = 10_000
"""An endpoint with more named graphs is no store of documents that could be listed."""


@dataclass(frozen=True)
class RemoteDataset:
    """What the default graph of a question is made of, () for the endpoint's own, and the named graphs, sorted.

    `is_ours` says that the endpoint holds a store that Diplograph has written.
    """

    defaults: tuple[str, ...]
    documents: tuple[URIRef, ...]
    is_ours: bool


def remote_dataset(endpoint: Endpoint) -> RemoteDataset:
    """Return what the graphs of an endpoint are; raises RemoteError where there are too many to tell."""
    layout = _layout(endpoint)
    names = graphs(endpoint)
    visible = tuple(sorted({name for name in names if not _is_hidden(name)} | layout))
    if MERGED in names or (endpoint.dialect.has_union and not visible):
        return RemoteDataset((str(MERGED),), visible, is_ours=LAYOUT in names)
    is_empty = not endpoint.dialect.has_union and not _truth(endpoint, "ASK { ?s ?p ?o }")
    # A default graph that is empty beside graphs that are not would hide all that there is.
    defaults = tuple(map(str, visible)) if is_empty and LAYOUT not in names else ()
    return RemoteDataset(defaults, visible, is_ours=LAYOUT in names)


def graphs(endpoint: Endpoint) -> frozenset[URIRef]:
    """Return the names of all graphs that hold anything, but for the engine's own."""
    found, cut = endpoint.selected(
        f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {MOST_GRAPHS + 1}", "SELECT"
    )
    names = [row["g"]["value"] for row in found.rows if row.get("g", {}).get("type") == "uri"]
    if len(found.rows) > MOST_GRAPHS or (cut is not None and len(found.rows) >= cut):
        raise RemoteError(
            f"{endpoint.address.url} has more than {min(MOST_GRAPHS, len(found.rows)):,} named graphs, too many to "
            "list. Ask it with `diplograph query` and without FROM.",
            url=endpoint.address.url,
        )
    return frozenset(URIRef(name) for name in names if not endpoint.dialect.is_own(name))


def _layout(endpoint: Endpoint) -> set[URIRef]:
    """Return the documents that hold nothing, which no engine need remember."""
    found, _ = endpoint.selected(
        f"SELECT ?document WHERE {{ GRAPH {LAYOUT.n3()} {{ ?document a {EMPTY.n3()} }} }}", "SELECT"
    )
    return {URIRef(row["document"]["value"]) for row in found.rows}


def _is_hidden(name: URIRef) -> bool:
    return name in (MERGED, LAYOUT) or name.startswith(STAGING)


def _truth(endpoint: Endpoint, sparql: str) -> bool:
    found, _ = endpoint.selected(sparql, "ASK")
    return found.truth is True

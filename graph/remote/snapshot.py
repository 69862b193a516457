"""All that a store in an endpoint holds, read so that a blank node has one label in all graphs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rdflib import URIRef

from .dataset import RemoteDataset
from .endpoint import Endpoint
from .layout import LAYOUT, MERGED
from .results import Binding, ntriples
from .view import RemoteView

_EVERYWHERE: Final = "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"
_NAMED: Final = "GRAPH ?g { ?s ?p ?o }"


def snapshot(endpoint: Endpoint, dataset: RemoteDataset, *, has_union: bool) -> dict[URIRef | None, bytes]:
    """Return the documents and the merged view, whose key is None; raises RemoteError where not all of it came."""
    merged = dataset.layout.merged or has_union
    pattern = _NAMED if merged else _EVERYWHERE
    names: list[URIRef | None] = [None, *dataset.documents]
    counted = endpoint.count(pattern)
    if counted <= endpoint.settings.page:
        found, most = endpoint.selected(f"SELECT ?g ?s ?p ?o WHERE {{ {pattern} }}", "SELECT")
        if most is None or len(found.rows) < most:
            endpoint.check_count(len(found.rows), counted)
            return _by_graph(found.rows, names, merged)
    # Graph by graph they come in pages; blank nodes have no names that last from one to the next, and come in one.
    view = RemoteView(endpoint)
    parts = {name: view.ntriples(name, blank_nodes=False) for name in names}
    if merged and not dataset.layout.merged:
        parts[None] = b""  # there is none yet, and the default graph is no merged view
    blank = endpoint.rows(f"SELECT ?g ?s ?p ?o WHERE {{ {{ {pattern} }} FILTER(isBlank(?s) || isBlank(?o)) }}")
    found_blank = _by_graph(blank, names, merged)
    return {name: parts[name] + found_blank[name] for name in names}


def _by_graph(
    rows: Iterable[dict[str, Binding]], names: Iterable[URIRef | None], merged: bool
) -> dict[URIRef | None, bytes]:
    found: dict[URIRef | None, list[list[Binding]]] = {name: [] for name in names}
    for row in rows:
        name = URIRef(row["g"]["value"]) if "g" in row else None
        key = None if merged and name == MERGED else name
        if key in found and name != LAYOUT:
            found[key].append([row["s"], row["p"], row["o"]])
    return {name: ntriples(triples) for name, triples in found.items()}

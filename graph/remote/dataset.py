"""Which graphs of an endpoint make up the merged view, and which are documents: found out by asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rdflib import URIRef

from ...errors import RemoteError
from ..store import LOADS
from .endpoint import Endpoint
from .layout import LAYOUT, MERGED, STAGING, Layout, layout_of

MOST_GRAPHS: Final = 10_000
"""An endpoint with more named graphs is no store of documents that could be listed."""


@dataclass(frozen=True)
class RemoteDataset:
    """What the default graph of a question is made of, () for the endpoint's own, and the named graphs, sorted.

    `staged` are graphs that a change which was broken off has left behind.
    """

    defaults: tuple[str, ...]
    documents: tuple[URIRef, ...]
    layout: Layout
    staged: tuple[URIRef, ...] = ()

    @property
    def is_ours(self) -> bool:
        """Whether Diplograph has written to it."""
        return self.layout != Layout() or LOADS in self.documents


def remote_dataset(endpoint: Endpoint) -> RemoteDataset:
    """Return what the graphs of an endpoint are; raises RemoteError where there are too many to tell."""
    layout, names = layout_of(endpoint), _graphs(endpoint)
    staged = tuple(sorted(name for name in names if name.startswith(STAGING)))
    documents = tuple(sorted((names - {MERGED, LAYOUT, *staged}) | layout.empty))
    return RemoteDataset(_defaults(endpoint, layout, documents), documents, layout, staged)


def _defaults(endpoint: Endpoint, layout: Layout, documents: tuple[URIRef, ...]) -> tuple[str, ...]:
    has_union = endpoint.dialect.has_union
    if layout.merged or (has_union and not documents):
        return (str(MERGED),)
    if has_union or endpoint.truth("ASK { ?s ?p ?o }"):
        return ()
    # A default graph that is empty beside graphs that are not would hide all that there is.
    return tuple(map(str, documents))


def counts(endpoint: Endpoint, *, has_union: bool) -> dict[URIRef | None, int]:
    """Return how many statements each graph holds; None is the default graph, where it is no union of the others."""
    everywhere = "GRAPH ?g { ?s ?p ?o }" if has_union else "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"
    rows = endpoint.rows(f"SELECT ?g (COUNT(*) AS ?n) WHERE {{ {everywhere} }} GROUP BY ?g HAVING (COUNT(*) > 0)")
    found = {URIRef(row["g"]["value"]) if "g" in row else None: int(row["n"]["value"]) for row in rows}
    return {
        name: number
        for name, number in found.items()
        if name is None or not (endpoint.dialect.is_own(str(name)) or name == LAYOUT or name.startswith(STAGING))
    }


def _graphs(endpoint: Endpoint) -> frozenset[URIRef]:
    """Return the names of all graphs that hold anything, but for the engine's own."""
    found, most = endpoint.selected(
        # Not DISTINCT, which takes Virtuoso a minute where this takes no time.
        f"SELECT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g HAVING (COUNT(*) > 0) LIMIT {MOST_GRAPHS + 1}",
        "SELECT",
    )
    if len(found.rows) > MOST_GRAPHS or (most is not None and len(found.rows) >= most):
        raise RemoteError(
            f"{endpoint.address.url} has {len(found.rows) - 1:,} named graphs or more, which are too many to list. Ask "
            "it with `diplograph query`, without FROM.",
            url=endpoint.address.url,
        )
    names = [row["g"]["value"] for row in found.rows if row.get("g", {}).get("type") == "uri"]
    return frozenset(URIRef(name) for name in names if not endpoint.dialect.is_own(name))

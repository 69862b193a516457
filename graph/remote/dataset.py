"""Which graphs of an endpoint make up the merged view, and which are documents: found out by asking."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from rdflib import Literal, URIRef

from ...errors import RemoteError
from ..store import LOADS
from .endpoint import Endpoint
from .layout import LAYOUT, MERGED, STAGING, Layout, layout_of

MOST_GRAPHS: Final = 10_000
"""An endpoint with more named graphs is no store of documents that could be listed."""


class RemoteDataset:
    """The graphs of an endpoint, each thing about them asked once, and only when it is needed.

    To list the graphs of a large endpoint can take it long, so that no question depends on it that need not.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    @cached_property
    def layout(self) -> Layout:
        """What a store keeps there for itself."""
        return layout_of(self._endpoint)

    @cached_property
    def defaults(self) -> tuple[str, ...]:
        """What the default graph of a question is made of, () for the endpoint's own."""
        if self.layout.merged or (self._endpoint.dialect.has_union and not self._has_documents()):
            return (str(MERGED),)
        if self._endpoint.dialect.has_union or self._endpoint.truth("ASK { ?s ?p ?o }"):
            return ()
        # A default graph that is empty beside graphs that are not would hide all that there is.
        return tuple(map(str, self.documents))

    @cached_property
    def documents(self) -> tuple[URIRef, ...]:
        """The named graphs, sorted; raises RemoteError where there are too many to tell."""
        return tuple(sorted((self._names - {MERGED, LAYOUT, *self.staged}) | self.layout.empty))

    @cached_property
    def staged(self) -> tuple[URIRef, ...]:
        """Graphs that a change which was broken off has left behind."""
        return tuple(sorted(name for name in self._names if name.startswith(STAGING)))

    @property
    def is_ours(self) -> bool:
        """Whether Diplograph has written to it."""
        return self.layout != Layout() or LOADS in self.documents

    @cached_property
    def _names(self) -> frozenset[URIRef]:
        return _graphs(self._endpoint)

    def _has_documents(self) -> bool:
        known = " && ".join(f"?g != <{graph}>" for graph in (*self._endpoint.dialect.own_graphs, MERGED, LAYOUT))
        beside = f"FILTER({known} && !STRSTARTS(STR(?g), {Literal(STAGING).n3()}))"
        return bool(self.layout.empty) or self._endpoint.truth(f"ASK {{ GRAPH ?g {{ ?s ?p ?o }} {beside} }}")


def counts(endpoint: Endpoint, *, has_union: bool) -> dict[URIRef | None, int]:
    """Return how many statements each graph holds; None is the default graph, where it is no union of the others."""
    everywhere = "GRAPH ?g { ?s ?p ?o }" if has_union else "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"
    rows = endpoint.rows(f"SELECT ?g (COUNT(*) AS ?n) WHERE {{ {everywhere} }} GROUP BY ?g HAVING (COUNT(*) > 0)")
    try:
        found = {URIRef(row["g"]["value"]) if "g" in row else None: int(row["n"]["value"]) for row in rows}
    except (LookupError, ValueError) as error:
        raise endpoint.unreadable("number", "it counts nothing") from error
    return {
        name: number
        for name, number in found.items()
        if name is None or not (endpoint.dialect.is_own(str(name)) or name == LAYOUT or name.startswith(STAGING))
    }


def _graphs(endpoint: Endpoint) -> frozenset[URIRef]:
    """Return the names of all graphs that hold anything, but for the engine's own."""
    found, most = endpoint.selected(f"{endpoint.dialect.graphs} LIMIT {MOST_GRAPHS + 1}", "SELECT")
    if len(found.rows) > MOST_GRAPHS or (most is not None and len(found.rows) >= most):
        raise RemoteError(
            f"{endpoint.address.url} has {len(found.rows) - 1:,} named graphs or more, which are too many to list. Ask "
            "it with `diplograph query`, without FROM.",
            url=endpoint.address.url,
        )
    names = [row["g"]["value"] for row in found.rows if row.get("g", {}).get("type") == "uri"]
    return frozenset(URIRef(name) for name in names if not endpoint.dialect.is_own(name))

"""What a store in an endpoint keeps for itself: where its merged view is, and which of its documents say nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rdflib import RDF, URIRef

from ...ontology.namespaces import IDENTIFIERS
from .endpoint import Endpoint

LAYOUT: Final = URIRef(f"{IDENTIFIERS}graph/layout")
"""The named graph of it, which is only there where there is something to say."""

MERGED: Final = URIRef(f"{IDENTIFIERS}graph/merged")
"""The named graph that holds the merged view where the default graph is the union of all graphs, and cannot."""

STAGING: Final = f"{IDENTIFIERS}graph/staging/"
"""The beginning of the names of graphs in which large changes are put aside before they are made."""

_EMPTY, _VIEW, _PROBE = (URIRef(f"{LAYOUT}#{name}") for name in ("Empty", "mergedView", "probe"))


@dataclass(frozen=True)
class Layout:
    """`merged` says that the merged view is in MERGED; `empty` are documents that state nothing.

    Engines need not remember a graph in which nothing is.
    """

    merged: bool = False
    empty: frozenset[URIRef] = frozenset()

    def lines(self) -> list[bytes]:
        """Return it as the graph holds it, in N-Triples."""
        lines = [f"{LAYOUT.n3()} {_VIEW.n3()} {MERGED.n3()} .\n"] if self.merged else []
        lines += [f"{document.n3()} {RDF.type.n3()} {_EMPTY.n3()} .\n" for document in sorted(self.empty)]
        return [line.encode() for line in lines]


def layout_of(endpoint: Endpoint) -> Layout:
    """Return what an endpoint keeps."""
    found = endpoint.rows(f"SELECT ?s ?p ?o WHERE {{ GRAPH {LAYOUT.n3()} {{ ?s ?p ?o }} }}")
    said = [tuple(str(row[name]["value"]) for name in "spo" if name in row) for row in found]
    said = [triple for triple in said if len(triple) == len("spo")]
    return Layout(
        merged=any(p == str(_VIEW) for _, p, _ in said),
        empty=frozenset(URIRef(s) for s, p, o in said if (p, o) == (str(RDF.type), str(_EMPTY))),
    )


def mark(token: str) -> str:
    """Return a statement, as a pattern, that nobody looks for."""
    return f'{LAYOUT.n3()} {_PROBE.n3()} "{token}"'

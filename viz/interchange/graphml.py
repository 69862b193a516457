"""A network as GraphML, for yEd, igraph, Cytoscape and others."""

from __future__ import annotations

import io

import networkx as nx

from .plain import flat


def graphml(network: nx.MultiDiGraph[str]) -> bytes:
    """Return the network as GraphML, lists written out as text; the edge ids are those of the facts.

    GraphML readers differ on files that mix directed and undirected edges, so every edge is written as directed and
    the attribute `directed` says which are not.
    """
    out = io.BytesIO()
    nx.write_graphml_xml(flat(network), out)
    return out.getvalue() + b"\n"

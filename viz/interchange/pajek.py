"""A network as Pajek's .net, for Pajek, igraph and others."""

from __future__ import annotations

from collections import Counter
from typing import Any

import networkx as nx

from .plain import ordered, text

# The shapes that Pajek has, for the kinds that networks have; the others stay round.
_SHAPES = {"state": "diamond", "organization": "box", "post": "triangle", "meeting": "cross", "conference": "cross"}


def pajek(network: nx.MultiDiGraph[str]) -> bytes:
    """Return the network as Pajek's .net in UTF-8: labels, shapes, arcs and edges with the words of their facts.

    Directed facts are arcs and the others edges, each of weight 1 and with its label. Several readers take labels for
    identifiers, so those that repeat get a number in brackets. Dates are left out, as igraph refuses files with the
    intervals of Pajek; GEXF has them.
    """
    copy = ordered(network)
    number = {node: at for at, node in enumerate(copy, start=1)}
    lines = [f"*Vertices {len(copy)}"]
    for label, node in zip(_labels(copy), copy, strict=True):
        shape = _SHAPES.get(str(copy.nodes[node].get("kind")), "ellipse")
        lines.append(f"{number[node]} {_quoted(label)} 0.0 0.0 0.0 {shape}")
    for heading, directed in (("*Arcs", True), ("*Edges", False)):
        facts = [edge for edge in copy.edges(data=True) if bool(edge[2].get("directed", True)) is directed]
        # A section without lines would make readers take the whole network for undirected.
        lines += [heading] if facts else []
        lines += [f"{number[u]} {number[v]} 1 l {_quoted(_words(data))}" for u, v, data in facts]
    return ("\n".join(lines) + "\n").encode()


def _labels(network: nx.MultiDiGraph[str]) -> list[str]:
    own = [_words({"label": node, **data}) for node, data in network.nodes(data=True)]
    seen: Counter[str] = Counter()
    taken, out = set(own), []
    for label in own:
        seen[label] += 1
        unique = label
        while seen[label] > 1 and unique in taken:
            unique = f"{label} ({seen[label]})"
            seen[label] += unique in taken
        taken.add(unique)
        out.append(unique)
    return out


def _words(data: dict[str, Any]) -> str:
    """The label on one line; readers have no way to write a quotation mark, and most take a backslash for more."""
    return " ".join(text(data.get("label") or "").replace('"', "'").replace("\\", "/").split()) or "?"


def _quoted(words: str) -> str:
    return f'"{words}"'

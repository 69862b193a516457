"""A network with its parts in order and plain values only, as files of other programs can hold them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import networkx as nx

# What XML 1.0 has no way to write, and half characters, which no UTF-8 file can hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def ordered(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """A copy with nodes and edges in the order of their identifiers, so that files can be compared."""
    out: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    out.graph.update(network.graph)
    out.add_nodes_from((node, dict(network.nodes[node])) for node in sorted(network))
    edges = network.edges(keys=True, data=True)
    for source, target, key, data in sorted(edges, key=lambda edge: (edge[0], edge[1], str(edge[2]))):
        out.add_edge(source, target, key=key, **data)
    return out


def flat(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """A copy with plain values only: text, truth values and numbers; what is None is left out."""
    copy = ordered(network)
    out: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    out.graph.update(_flat_values(copy.graph))
    for node, data in copy.nodes(data=True):
        out.add_node(text(node), **_flat_values(data))
    for source, target, key, data in copy.edges(keys=True, data=True):
        fact = data.get("fact") or {}
        values = _flat_values({name: value for name, value in data.items() if name != "fact"})
        told = {"text": fact.get("text"), "dates": fact.get("dates"), "sources": sources(fact.get("sources", ()))}
        out.add_edge(text(source), text(target), key=text(key), **values, **_flat_values(told))
    return out


def _flat_values(values: Mapping[str, Any]) -> dict[str, str | bool | int | float]:
    plain: dict[str, str | bool | int | float] = {}
    for name, value in values.items():
        if isinstance(value, bool | int | float):
            plain[name] = value
        elif value is not None:
            plain[name] = text(value)
    return plain


def text(value: object) -> str:
    """The value as a person would read it, lists joined by semicolons."""
    if isinstance(value, Mapping):
        if "text" in value:
            return _told(value)
        return ", ".join(f"{name}: {text(item)}" for name, item in value.items() if item is not None)
    if isinstance(value, list | tuple):
        return "; ".join(text(item) for item in value)
    return _UNWRITABLE.sub("", str(value)).replace("\r\n", "\n").replace("\r", "\n")


def _told(fact: Mapping[str, Any]) -> str:
    parts = [fact.get("text"), fact.get("dates")]
    if fact.get("realis", "held") != "held":
        parts.append(" by ".join(text(part) for part in (fact["realis"], fact.get("claimed_by")) if part))
    cited = sources(fact.get("sources", ()))
    return ", ".join(text(part) for part in parts if part) + (f" [{cited}]" if cited else "")


def sources(cited: object) -> str:
    """The sources of a fact in one line, empty where there are none."""
    if not isinstance(cited, list | tuple):
        return ""
    named = []
    for source in cited:
        parts = (source.get("document"), source.get("published"), source.get("passage"))
        level = f" ({text(source['level'])})" if source.get("level") else ""
        named.append(", ".join(text(part) for part in parts if part) + level)
    return "; ".join(named)

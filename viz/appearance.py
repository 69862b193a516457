"""How the entities of a network look by what is reckoned of it: colours by circle or measure, sizes by measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ..errors import InputError
from ..graph.edges.incidence import arcs
from ..graph.edges.table import EdgeTable
from .measures import measure_called
from .style import KINDS, OTHER_KIND
from .ties import Ties

if TYPE_CHECKING:
    import networkx as nx

GROUPS: Final = 8
"""The most groups that get a colour of their own; the smaller ones share one."""

_PALETTE: Final = ("person", "state", "organization", "meeting", "post", "conference", "agreement", "place")
_SHADES: Final = (("#8fb8dc", "#2c4a66"), ("#5d97c9", "#3d6d99"), ("#2f76b3", "#5a97cc"), ("#0b5fa5", "#86bbea"),
                  ("#063a68", "#c4e0fa"))  # fmt: skip
_RADIUS: Final = (5.0, 24.0)


def dress(graph: nx.MultiDiGraph[str], table: EdgeTable, *, colour_by: str = "kind", size_by: str = "degree") -> None:
    """Give the nodes of a network, in place, what `page` colours and sizes them by.

    `colour_by` is `kind`, or a measure of actors such as `communities`: one with a few values gives a colour to each,
    any other to each fifth of the entities. `size_by` is a measure of actors; the area of a
    mark follows its value. Measures are reckoned from the network that is drawn, each tie as strong as it has facts.
    The legend and the subtitle tell both. Raises InputError for what is no measure of actors.
    """
    if colour_by != "kind":
        _colour(graph, table, colour_by)
    if size_by != "degree":
        names, values = _values(graph, table, size_by)
        _size(graph, names, values, size_by)
    told = [f"colour by {colour_by}"] * (colour_by != "kind") + [f"size by {size_by}"] * (size_by != "degree")
    if told:
        graph.graph["subtitle"] = "; ".join([str(graph.graph.get("subtitle", "")), *told])


def ties_of(graph: nx.MultiDiGraph[str], table: EdgeTable) -> Ties:
    """Return a drawn network as ties without direction, each as strong as it has facts, or as its `weight`."""
    ends = [(u, v, int(data.get("weight", 1))) for u, v, data in graph.edges(data=True) if u != v]
    codes = {node: table.code(node) for node in graph}
    found = [(codes[u], codes[v], weight) for u, v, weight in ends if codes[u] is not None and codes[v] is not None]
    both = np.array(found, dtype=np.int64).reshape(-1, 3)
    both = np.repeat(both, both[:, 2], axis=0)
    actors, weights = arcs(both[:, 0], both[:, 1], directed=False)
    return Ties(table, "any", "any", actors, weights, directed=False)


def _values(graph: nx.MultiDiGraph[str], table: EdgeTable, name: str) -> tuple[list[str], np.ndarray]:
    measure = measure_called(name)
    if measure.about != "actor":
        raise InputError(f"{measure.name} is not of actors, but of a {measure.about}. Take a measure such as pagerank.")
    ties = ties_of(graph, table)
    columns = measure.function(ties)
    return ties.names, np.asarray(next(iter(columns.values())))


def _colour(graph: nx.MultiDiGraph[str], table: EdgeTable, name: str) -> None:
    names, values = _values(graph, table, name)
    if measure_called(name).name in ("communities", "components"):
        groups = _circles(graph, names, values)
        looks = [(KINDS[kind].light, KINDS[kind].dark) for kind in _PALETTE]
    else:
        groups = _classes(names, values)
        looks = list(_SHADES)
    order = list(dict.fromkeys(group for _, group in sorted(groups.items(), key=lambda item: item[1])))
    grey = (OTHER_KIND.light, OTHER_KIND.dark)
    graph.graph["groups"] = [
        {"key": f"g{rank}", "label": label, "light": light, "dark": dark}
        for (rank, label), (light, dark) in zip(order, [*looks[: len(order)], *[grey] * len(order)], strict=False)
    ]
    without = (len(order), "No ties")
    if any(node not in groups for node in graph):
        graph.graph["groups"].append({"key": f"g{without[0]}", "label": without[1], "light": grey[0], "dark": grey[1]})
    for node, data in graph.nodes(data=True):
        data["group"] = f"g{groups.get(node, without)[0]}"
    graph.graph["colour_by"] = name


def _circles(graph: nx.MultiDiGraph[str], names: Sequence[str], values: np.ndarray) -> dict[str, tuple[int, str]]:
    """The circle of each actor, the largest first, called after its best connected member."""
    members: dict[Any, list[str]] = {}
    for node, value in zip(names, values, strict=True):
        members.setdefault(value, []).append(node)
    ranked = sorted(members.values(), key=lambda nodes: (-len(nodes), nodes))
    found: dict[str, tuple[int, str]] = {}
    for rank, nodes in enumerate(ranked):
        first = max(nodes, key=lambda node: (graph.degree(node), node))
        label = f"around {graph.nodes[first]['label']}"
        group = (rank, label) if rank < GROUPS else (GROUPS, f"{len(ranked) - GROUPS} smaller circles")
        found.update(dict.fromkeys(nodes, group))
    return found


def _classes(names: Sequence[str], values: np.ndarray) -> dict[str, tuple[int, str]]:
    """A class of each actor by value: one for each value where there are few, else one for each fifth of the actors."""
    unique = np.unique(values[np.isfinite(values)])
    if len(unique) <= len(_SHADES):
        rank = {float(value): (at, f"{value:.3g}") for at, value in enumerate(unique)}
        return {n: rank[float(v)] for n, v in zip(names, values, strict=True) if np.isfinite(v)}
    bounds = np.unique(np.quantile(values[np.isfinite(values)], (0.2, 0.4, 0.6, 0.8)))
    at = np.searchsorted(bounds, values, side="left")
    words = {}
    for number in Counter(at.tolist()):
        own = values[(at == number) & np.isfinite(values)]
        words[number] = (
            f"{own.min():.3g} to {own.max():.3g}" if len(own) and own.min() < own.max() else f"{own.min():.3g}"
        )
    ranks = {number: place for place, number in enumerate(sorted(words))}
    return {
        n: (ranks[number], words[number])
        for n, v, number in zip(names, values, at.tolist(), strict=True)
        if np.isfinite(v)
    }


def _size(graph: nx.MultiDiGraph[str], names: Sequence[str], values: np.ndarray, name: str) -> None:
    least, greatest = _RADIUS
    top = float(np.nanmax(values)) if len(values) and np.isfinite(values).any() else 0.0
    value = dict(zip(names, values.tolist(), strict=True))
    for node, data in graph.nodes(data=True):
        own = value.get(node, 0.0)
        share = max(own, 0.0) / top if top > 0 and np.isfinite(own) else 0.0
        data["size"] = round(float(np.sqrt(least**2 + share * (greatest**2 - least**2))), 1)
        data["measured"] = f"{measure_called(name).name}: {own:.4g}"
    graph.graph["size_by"] = name

"""Where each entity of a network stands on the page, computed beforehand so that the picture never moves by itself."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx
import numpy as np

from .packing import Points, apart, packed
from .stress import points
from .style import caption

EDGE_LENGTH = 92.0  # pixels between two entities that share one fact, at the page's natural scale
CHARACTER = 6.2  # pixels, the width of an average character of a caption
LINE = 15.0  # pixels, the height of a line of a caption
NODE = 22.0  # pixels, the room kept for the mark itself


def positions(network: nx.MultiDiGraph[str], *, seed: int = 0) -> dict[str, tuple[float, float]]:
    """Return a place in pixels for each node, y growing downwards.

    The same network and seed give the same places, in whatever order its nodes were added. Distances follow the
    number of steps between two nodes, see `stress.points`; marks with their captions are
    pushed apart, and the components that are not connected are packed side by side.
    """
    nodes = sorted(network)
    place = {node: number for number, node in enumerate(nodes)}
    boxes = np.array([_room(str(network.nodes[node].get("label", node))) for node in nodes]).reshape(-1, 2)
    links = sorted({(min(place[u], place[v]), max(place[u], place[v])) for u, v in network.edges() if u != v})
    groups = _components(len(nodes), links)
    drawn = [apart(placed, boxes[group]) for group, placed in zip(groups, _points(groups, links, seed), strict=True)]
    placed = packed(drawn, [boxes[group] for group in groups])
    out: dict[str, tuple[float, float]] = {}
    for group, places in zip(groups, placed, strict=True):
        for number, (x, y) in zip(group, places, strict=True):
            out[nodes[number]] = (round(float(x), 1), round(float(y), 1))
    return {node: out[node] for node in nodes}


def _room(label: str) -> tuple[float, float]:
    rows = caption(label).split("\n")
    return max(NODE, CHARACTER * max(len(row) for row in rows) + 6), NODE + LINE * len(rows)


def _components(size: int, links: list[tuple[int, int]]) -> list[list[int]]:
    """The groups of connected node numbers, the largest first."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(links)
    return sorted((sorted(group) for group in nx.connected_components(graph)), key=lambda group: (-len(group), group))


def _points(groups: list[list[int]], links: list[tuple[int, int]], seed: int) -> Iterator[Points]:
    """The places of each group by itself."""
    group_of = {node: at for at, group in enumerate(groups) for node in group}
    number = {node: at for group in groups for at, node in enumerate(group)}
    own: list[list[tuple[int, int]]] = [[] for _ in groups]
    for u, v in links:
        own[group_of[u]].append((number[u], number[v]))
    for group, pairs in zip(groups, own, strict=True):
        yield points(np.array(pairs, dtype=np.int64).reshape(-1, 2), len(group), length=EDGE_LENGTH, seed=seed)

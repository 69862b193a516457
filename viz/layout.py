"""Where each entity of a network stands on the page, computed beforehand so that the picture never moves by itself."""

from __future__ import annotations

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path

from .style import caption

Points = NDArray[np.float64]

EDGE_LENGTH = 92.0  # pixels between two entities that share one fact, at the page's natural scale
CHARACTER = 6.2  # pixels, the width of an average character of a caption
LINE = 15.0  # pixels, the height of a line of a caption
NODE = 22.0  # pixels, the room kept for the mark itself
GAP = 56.0  # pixels between two components
ASPECT = 1.15  # width to height of the whole, near that of the canvas in a wide window


def positions(network: nx.MultiDiGraph[str], *, seed: int = 0) -> dict[str, tuple[float, float]]:
    """Return a place in pixels for each node, y growing downwards.

    The same network and seed give the same places, in whatever order its nodes were added. Distances follow the
    number of steps between two nodes (stress majorization, Gansner, Koren and North 2004), marks with their captions
    are pushed apart, and the components that are not connected are packed side by side.
    """
    nodes = sorted(network)
    place = {node: number for number, node in enumerate(nodes)}
    boxes = np.array([_room(str(network.nodes[node].get("label", node))) for node in nodes]).reshape(-1, 2)
    links = sorted({(min(place[u], place[v]), max(place[u], place[v])) for u, v in network.edges() if u != v})
    groups = _components(len(nodes), links)
    drawn = []
    for group in groups:
        points = _component_points(group, links, seed)
        drawn.append(_apart(points, boxes[group]))
    placed = _packed(drawn, [boxes[group] for group in groups])
    out: dict[str, tuple[float, float]] = {}
    for group, points in zip(groups, placed, strict=True):
        for number, (x, y) in zip(group, points, strict=True):
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


def _component_points(group: list[int], links: list[tuple[int, int]], seed: int) -> Points:
    size = len(group)
    if size == 1:
        return np.zeros((1, 2))
    number = {node: at for at, node in enumerate(group)}
    pairs = np.array([(number[u], number[v]) for u, v in links if u in number], dtype=np.int64)
    near = np.zeros((size, size))
    near[pairs[:, 0], pairs[:, 1]] = near[pairs[:, 1], pairs[:, 0]] = 1
    # An edge is longer the more neighbours its two ends have that they do not share: it makes room around hubs.
    shared = near @ near
    degree = near.sum(axis=1)
    apart = degree[pairs[:, 0]] + degree[pairs[:, 1]] - 2 * shared[pairs[:, 0], pairs[:, 1]]
    lengths = EDGE_LENGTH * (0.55 + 0.3 * np.sqrt(apart))
    weighted = coo_array((lengths, (pairs[:, 0], pairs[:, 1])), shape=(size, size)).tocsr()
    return _upright(_least_stress(shortest_path(weighted, directed=False), seed))


def _least_stress(distance: Points, seed: int) -> Points:
    """Points whose distances differ least from those given, by majorization with weights 1/d²."""
    size = len(distance)
    weight = np.zeros_like(distance)
    off = ~np.eye(size, dtype=bool)
    weight[off] = distance[off] ** -2.0
    laplacian = np.diag(weight.sum(axis=1)) - weight
    inverse = np.linalg.inv(laplacian + 1.0 / size) - 1.0 / size
    points = _scaled(distance) + np.random.default_rng(seed).normal(scale=EDGE_LENGTH / 8, size=(size, 2))
    stress = np.inf
    for _ in range(60 if size > 400 else 240):
        difference = points[:, None, :] - points[None, :, :]
        actual = np.sqrt((difference**2).sum(axis=2))
        now = float((weight * (actual - distance) ** 2).sum())
        if stress - now < 1e-5 * now:
            break
        stress = now
        ratio = np.where(off, weight * distance / np.maximum(actual, 1e-6), 0.0)
        points = inverse @ (ratio.sum(axis=1)[:, None] * points - ratio @ points)
    return points


def _scaled(distance: Points) -> Points:
    """Classical multidimensional scaling: a good and repeatable start."""
    squared = distance**2
    centred = -0.5 * (squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean())
    values, vectors = np.linalg.eigh(centred)
    top = vectors[:, -2:][:, ::-1] * np.sqrt(np.maximum(values[-2:][::-1], 0.0))
    if top.shape[1] < 2:
        top = np.hstack([top, np.zeros((len(distance), 2 - top.shape[1]))])
    # The sign of an eigenvector is arbitrary; the largest entry is made positive so that it is not left to the machine.
    sign = np.sign(top[np.abs(top).argmax(axis=0), [0, 1]])
    return np.asarray(top * np.where(sign == 0, 1.0, sign))


def _upright(points: Points) -> Points:
    """The same shape with its long side across the page."""
    points = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    turned = points @ axes.T
    sign = np.sign(turned[np.abs(turned).argmax(axis=0), [0, 1]])
    return np.asarray(turned * np.where(sign == 0, 1.0, sign))


def _apart(points: Points, boxes: Points) -> Points:
    """The points, moved until no mark or caption covers another, each pair along the way that needs least."""
    points = points.copy()
    size = len(points)
    if size < 2:
        return points
    half = (boxes[:, None, :] + boxes[None, :, :]) / 2
    upper = np.triu(np.ones((size, size), dtype=bool), 1)
    for _ in range(120 if size <= 400 else 40):
        difference = points[:, None, :] - points[None, :, :]
        overlap = half - np.abs(difference)
        clash = (overlap.min(axis=2) > 0.5) & upper
        if not clash.any():
            break
        first, second = np.nonzero(clash)
        axis = overlap[first, second].argmin(axis=1)
        direction = np.sign(difference[first, second, axis])
        direction[direction == 0] = 1
        push = direction * overlap[first, second, axis] * 0.3
        np.add.at(points, (first, axis), push)
        np.add.at(points, (second, axis), -push)
    return points


def _packed(drawn: list[Points], boxes: list[Points]) -> list[Points]:
    """The components side by side, in rows of the width that makes the whole fit a canvas of `ASPECT` best."""
    if not drawn:
        return []
    lows = [(points - room / 2).min(axis=0) for points, room in zip(drawn, boxes, strict=True)]
    highs = [(points + room / 2).max(axis=0) for points, room in zip(drawn, boxes, strict=True)]
    sizes = [(float(size[0]), float(size[1])) for size in np.array(highs) - np.array(lows) + GAP]
    widths = sorted((size[0] for size in sizes), reverse=True)
    limits = [sum(widths[: count + 1]) for count in range(min(len(widths), 40))]
    corners = min((_corners(sizes, limit) for limit in limits), key=lambda corners: _extent(corners, sizes))
    return [points - low + np.array(at) for points, low, at in zip(drawn, lows, corners, strict=True)]


def _corners(sizes: list[tuple[float, float]], limit: float) -> list[tuple[float, float]]:
    """The upper left corners of boxes laid in rows no wider than `limit`; small ones stack beside a tall one."""
    corners = [(0.0, 0.0)] * len(sizes)
    x = y = row = column = below = 0.0
    for number in sorted(range(len(sizes)), key=lambda number: (-sizes[number][1], number)):
        width, height = sizes[number]
        if width <= column and below + height <= y + row:
            corners[number] = (x, below)
            below += height
            continue
        x += column
        if x > 0 and x + width > limit + 0.5:
            x, y, row = 0.0, y + row, 0.0
        corners[number] = (x, y)
        row, column, below = max(row, height), width, y + height
    return corners


def _extent(corners: list[tuple[float, float]], sizes: list[tuple[float, float]]) -> float:
    right = max(x + width for (x, _), (width, _) in zip(corners, sizes, strict=True))
    foot = max(y + height for (_, y), (_, height) in zip(corners, sizes, strict=True))
    return max(right, foot * ASPECT)

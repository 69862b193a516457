"""Points in the plane whose distances follow those of a graph: stress majorization, whole or by pivots."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra, shortest_path

Points = NDArray[np.float64]

WHOLE: Final = 500
"""The most points for which the distance of every pair is followed; among more, those to some pivots and neighbours."""

_PIVOTS: Final = 80


def points(pairs: NDArray[np.int64], size: int, *, length: float, seed: int = 0) -> Points:
    """Return a place for each of `size` points that `pairs` of them join into one whole, in the units of `length`.

    A line is longer the more neighbours its two ends have that they do not share, which makes room around hubs. Up to
    `WHOLE` points this is stress majorization with weights 1/d² (Gansner, Koren and North 2004); among more, it is the
    sparse stress model of Ortmann, Klimenta and Brandes (2016): pivots far from each other stand for the points around
    them. The start is classical or pivot scaling (Brandes and Pich 2007). The same input gives the same places.
    """
    if size == 1:
        return np.zeros((1, 2))
    lengths = _lengths(pairs, size, length)
    both = np.vstack([pairs, pairs[:, ::-1]])
    graph = coo_array((np.tile(lengths, 2), (both[:, 0], both[:, 1])), shape=(size, size)).tocsr()
    if size <= WHOLE:
        return _upright(_least_stress(shortest_path(graph, directed=False), length, seed))
    return _upright(_least_sparse_stress(graph, both, np.tile(lengths, 2), length, seed))


def _lengths(pairs: NDArray[np.int64], size: int, length: float) -> Points:
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    near = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    degree = near.sum(axis=1)
    shared = near.multiply(near @ near).tocsr()[pairs[:, 0], pairs[:, 1]]
    apart = degree[pairs[:, 0]] + degree[pairs[:, 1]] - 2 * np.asarray(shared).ravel()
    return np.asarray(length * (0.55 + 0.3 * np.sqrt(np.maximum(apart, 0.0))))


def _least_stress(distance: Points, length: float, seed: int) -> Points:
    """Points whose distances differ least from those given, by majorization with weights 1/d²."""
    size = len(distance)
    weight = np.zeros_like(distance)
    off = ~np.eye(size, dtype=bool)
    weight[off] = distance[off] ** -2.0
    laplacian = np.diag(weight.sum(axis=1)) - weight
    inverse = np.linalg.inv(laplacian + 1.0 / size) - 1.0 / size
    places = _scaled(distance) + np.random.default_rng(seed).normal(scale=length / 8, size=(size, 2))
    stress = np.inf
    for _ in range(60 if size > 400 else 240):
        difference = places[:, None, :] - places[None, :, :]
        actual = np.sqrt((difference**2).sum(axis=2))
        now = float((weight * (actual - distance) ** 2).sum())
        if stress - now < 1e-5 * now:
            break
        stress = now
        ratio = np.where(off, weight * distance / np.maximum(actual, 1e-6), 0.0)
        places = inverse @ (ratio.sum(axis=1)[:, None] * places - ratio @ places)
    return places


def _least_sparse_stress(
    graph: csr_array, both: NDArray[np.int64], lengths: Points, length: float, seed: int
) -> Points:
    size = graph.shape[0]
    pivots, distance = _far_apart(graph, min(_PIVOTS, size))
    # Each pivot stands for the points of its region that lie at most half as far from it as the point it acts on.
    region = distance.argmin(axis=0)
    stands_for = np.zeros_like(distance)
    for at in range(len(pivots)):
        reach = np.sort(distance[at, region == at])
        stands_for[at] = np.searchsorted(reach, distance[at] / 2, side="right")
    weight = np.where(distance > 0, np.maximum(stands_for, 1) / np.maximum(distance, 1e-9) ** 2, 0.0)
    places = _pivot_scaled(distance) + np.random.default_rng(seed).normal(scale=length / 8, size=(size, 2))
    near = lengths**-2.0
    source, target = both[:, 0], both[:, 1]
    total = np.bincount(source, weights=near, minlength=size) + weight.sum(axis=0)
    for _ in range(80):
        before = places
        # Every point goes to the mean of where its neighbours and the pivots would have it, as Jacobi's method does.
        towards = places[target] + _along(places[source] - places[target], lengths)
        wanted = np.stack(
            [np.bincount(source, weights=near * towards[:, axis], minlength=size) for axis in (0, 1)], axis=1
        )
        for at, pivot in enumerate(pivots):
            wanted += weight[at][:, None] * (places[pivot] + _along(places - places[pivot], distance[at]))
        places = wanted / total[:, None]
        if np.abs(places - before).max() < length / 50:
            break
    return places


def _along(difference: Points, lengths: Points) -> Points:
    actual = np.sqrt((difference**2).sum(axis=1))
    return np.asarray(difference * (lengths / np.maximum(actual, 1e-6))[:, None])


def _far_apart(graph: csr_array, number: int) -> tuple[list[int], Points]:
    """Pivots, each as far as can be from those before it, and the distances of all points from each."""
    first = int(np.asarray(np.diff(graph.indptr)).argmax())
    pivots, rows = [first], [dijkstra(graph, indices=first)]
    nearest = rows[0].copy()
    while len(pivots) < number:
        following = int(nearest.argmax())
        if nearest[following] <= 0:
            break
        pivots.append(following)
        rows.append(dijkstra(graph, indices=following))
        nearest = np.minimum(nearest, rows[-1])
    return pivots, np.array(rows)


def _pivot_scaled(distance: Points) -> Points:
    """Places by the distances from the pivots alone: the two main axes of their doubly centred squares."""
    squared = distance.T**2
    centred = -0.5 * (squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean())
    _, vectors = np.linalg.eigh(centred.T @ centred)
    flat = centred @ vectors[:, -2:][:, ::-1]
    # The scale that fits the given distances best.
    return _signed(flat * (np.linalg.norm(distance) / max(_spread(flat), 1e-9)))


def _spread(flat: Points) -> float:
    return float(np.linalg.norm(flat - flat.mean(axis=0)) * np.sqrt(2 * min(_PIVOTS, len(flat))))


def _scaled(distance: Points) -> Points:
    """Classical multidimensional scaling: a good and repeatable start."""
    squared = distance**2
    centred = -0.5 * (squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean())
    values, vectors = np.linalg.eigh(centred)
    top = vectors[:, -2:][:, ::-1] * np.sqrt(np.maximum(values[-2:][::-1], 0.0))
    if top.shape[1] < 2:
        top = np.hstack([top, np.zeros((len(distance), 2 - top.shape[1]))])
    return _signed(top)


def _upright(places: Points) -> Points:
    """The same shape with its long side across the page."""
    places = places - places.mean(axis=0)
    _, _, axes = np.linalg.svd(places, full_matrices=False)
    return _signed(places @ axes.T)


def _signed(places: Points) -> Points:
    """The same shape, its largest coordinate on each axis positive: the sign of an eigenvector is arbitrary."""
    sign = np.sign(places[np.abs(places).argmax(axis=0), [0, 1]])
    return np.asarray(places * np.where(sign == 0, 1.0, sign))

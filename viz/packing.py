"""Room for marks and captions: boxes pushed apart until none covers another, and groups laid side by side."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Points = NDArray[np.float64]

GAP: Final = 56.0  # pixels between two groups
ASPECT: Final = 1.15  # width to height of the whole, near that of the canvas in a wide window


def apart(points: Points, boxes: Points) -> Points:
    """Return the points, moved until no box of the given widths and heights covers another, each the shortest way."""
    points = points.copy()
    size = len(points)
    if size < 2:
        return points
    # Where the boxes cannot all find room within the whole, it grows first; pushing alone would take too many steps.
    extent = np.maximum(points.max(axis=0) - points.min(axis=0), boxes.max(axis=0))
    points *= max(1.0, float(np.sqrt(1.6 * boxes.prod(axis=1).sum() / extent.prod())))
    unit = boxes.max(axis=0)
    for step in range(1, 201):
        first, second = _near(points / unit)
        difference = points[first] - points[second]
        overlap = (boxes[first] + boxes[second]) / 2 - np.abs(difference)
        clash = overlap.min(axis=1) > 0.5
        if not clash.any():
            break
        first, second, difference, overlap = first[clash], second[clash], difference[clash], overlap[clash]
        rows = np.arange(len(first))
        axis = overlap.argmin(axis=1)
        direction = np.sign(difference[rows, axis])
        direction[direction == 0] = 1
        push = direction * overlap[rows, axis] * 0.3
        np.add.at(points, (first, axis), push)
        np.add.at(points, (second, axis), -push)
        if step % 20 == 0 and clash.sum() > size / 20:
            # A crowd in the middle has no way out but to grow.
            points *= 1.08
    return points


def _near(points: Points) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The pairs of points less than 1 apart on both axes, each once, in order."""
    pairs = cKDTree(points).query_pairs(1.0, p=np.inf, output_type="ndarray")
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return pairs[:, 0], pairs[:, 1]


def packed(drawn: list[Points], boxes: list[Points]) -> list[Points]:
    """Return the groups side by side, in rows of the width that makes the whole fit a canvas of `ASPECT` best."""
    if not drawn:
        return []
    lows = [(points - room / 2).min(axis=0) for points, room in zip(drawn, boxes, strict=True)]
    highs = [(points + room / 2).max(axis=0) for points, room in zip(drawn, boxes, strict=True)]
    sizes = [(float(size[0]), float(size[1])) for size in np.array(highs) - np.array(lows) + GAP]
    widths = np.cumsum(sorted((size[0] for size in sizes), reverse=True))
    limits = [float(widths[at]) for at in sorted({*np.geomspace(1, len(widths), 40).astype(int) - 1})]
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

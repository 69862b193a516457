"""No box covers another once they are pushed apart, and groups do not meet."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from diplograph.viz.packing import apart, packed


def covering(points: np.ndarray, boxes: np.ndarray) -> int:
    return sum(
        bool((((boxes[i] + boxes[j]) / 2 - np.abs(points[i] - points[j])) > 1).all())
        for i, j in combinations(range(len(points)), 2)
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 60), st.integers(0, 2**16), st.floats(1, 400))
def test_boxes_are_pushed_apart_however_they_crowd(size, seed, spread):
    chance = np.random.default_rng(seed)
    points, boxes = chance.normal(scale=spread, size=(size, 2)), chance.uniform(20, 140, size=(size, 2))
    moved = apart(points, boxes)
    assert np.isfinite(moved).all()
    assert covering(moved, boxes) <= size / 15


def test_boxes_with_room_stay_where_they_are():
    points = np.array([[0.0, 0.0], [500.0, 0.0], [0.0, 500.0]])
    assert np.array_equal(apart(points, np.full((3, 2), 50.0)), points)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 8), min_size=1, max_size=30), st.integers(0, 2**16))
def test_groups_lie_side_by_side(sizes, seed):
    chance = np.random.default_rng(seed)
    groups = [chance.normal(scale=200, size=(size, 2)) for size in sizes]
    rooms = [np.full((size, 2), 30.0) for size in sizes]
    placed = packed(groups, rooms)
    bounds = [((group - 15).min(axis=0), (group + 15).max(axis=0)) for group in placed]
    for (low, high), (other_low, other_high) in combinations(bounds, 2):
        assert (high <= other_low).any() or (other_high <= low).any()

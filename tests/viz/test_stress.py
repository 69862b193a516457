"""Distances on the page follow those of the graph, for few points and for many."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.stats import spearmanr

from diplograph.viz.stress import WHOLE, points


def drawn(graph: nx.Graph) -> np.ndarray:
    return points(np.array(graph.edges, dtype=np.int64).reshape(-1, 2), len(graph), length=100.0)


@pytest.mark.parametrize("width", [6, 20, 35])
def test_places_follow_the_number_of_steps_between_points(width):
    graph = nx.convert_node_labels_to_integers(nx.grid_2d_graph(width, width))
    size = len(graph)
    places = drawn(graph)
    steps = nx.single_source_shortest_path_length(graph, 0)
    apart = [float(np.linalg.norm(places[0] - places[node])) for node in range(1, size)]
    assert spearmanr([steps[node] for node in range(1, size)], apart).statistic > 0.9


@pytest.mark.parametrize("size", [WHOLE - 100, WHOLE + 100])
def test_a_chain_is_drawn_about_as_long_as_it_is(size):
    places = drawn(nx.path_graph(size))
    neighbours = np.linalg.norm(np.diff(places, axis=0), axis=1)
    whole = float(np.linalg.norm(places[0] - places[-1]))
    assert 0.5 < whole / neighbours.sum() <= 1.0
    assert neighbours.max() < 6 * np.median(neighbours)


def test_the_same_graph_stands_the_same():
    graph = nx.barabasi_albert_graph(WHOLE + 200, 2, seed=3)
    assert np.array_equal(drawn(graph), drawn(graph))


def test_points_that_nothing_tells_apart_spread_around_their_hub():
    star = drawn(nx.star_graph(WHOLE + 50))
    assert len(np.unique(star.round(3), axis=0)) > 0.99 * len(star)

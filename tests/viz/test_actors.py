"""Networks of actors as drawn hold each tie with its weight, say what was left out, and look as measures say."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from diplograph import Store, example_store
from diplograph.errors import NotFoundError
from diplograph.viz.actors import actors
from diplograph.viz.appearance import dress, ties_of
from diplograph.viz.thinning import Rule
from diplograph.viz.ties import ties


@pytest.fixture(scope="module")
def example() -> Store:
    return example_store()


def test_each_tie_is_an_edge_with_its_weight_and_its_meetings(example: Store) -> None:
    met = ties(example, "met", "people")
    graph = actors(example.view(), met)
    drawn = {frozenset((u, v)): data for u, v, data in graph.edges(data=True)}
    source, target, weight = met.edges
    assert {pair: data["weight"] for pair, data in drawn.items()} == {
        frozenset((met.names[u], met.names[v])): n for u, v, n in zip(source, target, weight.tolist(), strict=True)
    }
    assert all(len(data["years"]) == data["weight"] for data in drawn.values())
    assert all(data["fact"]["text"].count(";") == data["weight"] - 1 for data in drawn.values())
    assert {data["kind"] for _, data in graph.nodes(data=True)} == {"person"}


def test_what_is_left_out_is_told(example: Store) -> None:
    met = ties(example, "met", "people")
    graph = actors(example.view(), met, rule=Rule("facts", 2))
    assert graph.graph["subtitle"] == "2 of 4 actors, 1 of 6 ties; only ties with at least 2 facts"
    assert actors(example.view(), met, limit=3).number_of_edges() == 3
    with pytest.raises(NotFoundError):
        actors(example.view(), met, rule=Rule("core", 50))


def test_a_drawn_network_is_as_strong_as_its_ties(example: Store) -> None:
    met = ties(example, "met", "people")
    again = ties_of(actors(example.view(), met), met.table)
    assert again.names == met.names
    assert np.array_equal(again.weights.toarray(), met.weights.toarray())


@pytest.mark.parametrize("measure", ["strength", "pagerank", "k-core", "clustering"])
def test_marks_grow_with_the_measure(example: Store, measure: str) -> None:
    pytest.importorskip("igraph")
    met = ties(example, "met", "people")
    graph = actors(example.view(), met)
    dress(graph, met.table, size_by=measure, colour_by=measure)
    sized = sorted((float(data["measured"].split(": ")[1]), data["size"]) for _, data in graph.nodes(data=True))
    assert all(one[1] <= other[1] for one, other in itertools.pairwise(sized))
    assert {data["group"] for _, data in graph.nodes(data=True)} <= {each["key"] for each in graph.graph["groups"]}
    assert graph.graph["subtitle"].endswith(f"; colour by {measure}; size by {measure}")


def test_circles_are_called_after_their_best_connected_member(example: Store) -> None:
    pytest.importorskip("igraph")
    from diplograph.viz.selection import Selection, selected

    graph = selected(example, Selection())
    dress(graph, example.view().edges(), colour_by="communities")
    groups = graph.graph["groups"]
    assert len(groups) > 1
    for each in groups:
        own = [node for node in graph if graph.nodes[node]["group"] == each["key"]]
        best = max(own, key=lambda node: (graph.degree(node), node))
        assert each["label"] == f"around {graph.nodes[best]['label']}"

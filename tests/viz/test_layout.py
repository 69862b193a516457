"""Places are repeatable, leave room for captions, and keep loose parts together."""

from __future__ import annotations

import time
from itertools import combinations

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from diplograph.viz.layout import positions


def named(plain: nx.Graph) -> nx.MultiDiGraph:
    network = nx.MultiDiGraph()
    network.add_nodes_from((f"n{node:03}", {"label": f"Minister number {node}"}) for node in plain)
    network.add_edges_from((f"n{u:03}", f"n{v:03}") for u, v in plain.edges)
    return network


def spread(places: dict[str, tuple[float, float]], nodes: set[str]) -> tuple[float, float, float, float]:
    across, down = zip(*(places[node] for node in nodes), strict=True)
    return min(across), min(down), max(across), max(down)


def test_the_same_network_stands_the_same_in_whatever_order_it_was_built(council):
    shuffled = nx.MultiDiGraph(**council.graph)
    shuffled.add_nodes_from(reversed(list(council.nodes(data=True))))
    shuffled.add_edges_from(reversed(list(council.edges(keys=True, data=True))))
    assert positions(council) == positions(council) == positions(shuffled)


def test_a_network_is_left_as_it_was(council):
    before = nx.node_link_data(council, edges="links")
    positions(council)
    assert nx.node_link_data(council, edges="links") == before


def test_no_network_and_one_entity_have_places_too():
    assert positions(nx.MultiDiGraph()) == {}
    assert len(positions(named(nx.empty_graph(1)))) == 1


def test_neighbours_stand_nearer_than_strangers():
    network = named(nx.path_graph(12))
    places = positions(network)
    ends = [places["n000"], places["n001"], places["n011"]]
    near, far = (
        ((one[0] - two[0]) ** 2 + (one[1] - two[1]) ** 2) ** 0.5
        for one, two in ((ends[0], ends[1]), (ends[0], ends[2]))
    )
    assert far > 4 * near


def test_marks_do_not_cover_each_other():
    for plain in (nx.star_graph(60), nx.barabasi_albert_graph(130, 2, seed=1), nx.complete_graph(12)):
        places = positions(named(plain))
        close = [1 for (ax, ay), (bx, by) in combinations(places.values(), 2) if max(abs(ax - bx), abs(ay - by)) < 14]
        assert len(close) <= len(places) / 20


def test_loose_parts_are_packed_side_by_side():
    plain = nx.disjoint_union_all([nx.star_graph(20), nx.path_graph(3), nx.path_graph(2), *[nx.empty_graph(1)] * 5])
    network = named(plain)
    places = positions(network)
    boxes = [spread(places, part) for part in nx.weakly_connected_components(network)]
    for one, other in combinations(boxes, 2):
        assert one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    left, top, right, bottom = spread(places, set(network))
    assert 0.4 < (right - left) / (bottom - top) < 4
    assert right - left < 2500


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 25), st.data())
def test_every_node_has_a_finite_place(size, data):
    ends = st.tuples(st.integers(0, max(size - 1, 0)), st.integers(0, max(size - 1, 0)))
    plain = nx.empty_graph(size)
    plain.add_edges_from(data.draw(st.lists(ends, max_size=40)) if size else [])
    places = positions(named(plain))
    assert len(places) == size
    assert all(abs(value) < 1e5 for place in places.values() for value in place)


def test_a_hundred_and_fifty_entities_take_a_moment():
    network = named(nx.barabasi_albert_graph(150, 2, seed=2))
    before = time.process_time()
    positions(network)
    assert time.process_time() - before < 6

"""What is selected by the table of edges is what the whole network gives when it is cut down step by step."""

from __future__ import annotations

import networkx as nx
import pytest

from diplograph import Store, example_store
from diplograph.errors import InputError, NotFoundError
from diplograph.graph.entities import Names
from diplograph.ontology.dates import PartialDate
from diplograph.viz.network import around, network, of_kinds, retitled
from diplograph.viz.selection import Selection, selected
from diplograph.viz.thinning import rule_called
from diplograph.viz.timeline import between


@pytest.fixture(scope="module")
def example() -> Store:
    return example_store()


def cut_down(store: Store, selection: Selection) -> nx.MultiDiGraph:
    graph = network(store)
    if selection.period:
        graph = between(graph, *map(PartialDate, selection.period))
    if selection.around:
        graph = around(graph, str(Names(store.view()).entity(selection.around)), selection.depth)
    if selection.kinds:
        graph = of_kinds(graph, selection.kinds)
    # The table knows the ends of facts only: who is left without a fact is not drawn.
    graph.remove_nodes_from([node for node in graph if not graph.degree(node)])
    return retitled(graph)


@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(around="Sergey Lavrov"),
        Selection(around="Azerbaijan", depth=2),
        Selection(kinds=("person", "organization")),
        Selection(kinds=("state", "agreement")),
        Selection(period=("2022", "2022")),
        Selection(period=("1992-04", "2010")),
        Selection(period=("2023-02-28", "2023-02-28"), around="Jeyhun Bayramov"),
        Selection(period=("2020", "2023"), around="Russia", depth=2, kinds=("state", "agreement", "person")),
    ],
    ids=str,
)
def test_it_is_the_whole_network_cut_down(example: Store, selection: Selection) -> None:
    found, expected = selected(example, selection), cut_down(example, selection)
    assert dict(found.nodes(data=True)) == dict(expected.nodes(data=True))
    assert {(u, v, k) for u, v, k in found.edges(keys=True)} == {(u, v, k) for u, v, k in expected.edges(keys=True)}
    assert found.graph["subtitle"] == expected.graph["subtitle"]


def test_a_question_gives_the_facts_of_its_answer(example: Store) -> None:
    values = {"post": "Minister of Foreign Affairs of Azerbaijan"}
    graph = selected(example, Selection(question="holders-of", values=values))
    assert {data["kind"] for _, _, data in graph.edges(data=True)} == {"tenure"}


def test_a_thinned_network_says_by_which_rule(example: Store) -> None:
    thin = selected(example, Selection(thin=rule_called("core:3")))
    assert thin.graph["subtitle"].endswith("; only entities tied to at least 3 others among them (3-core)")
    simple = nx.Graph((u, v) for u, v in thin.edges() if u != v)
    assert min(dict(simple.degree).values()) >= 3


def test_a_network_over_the_limit_is_thinned_and_says_so(example: Store) -> None:
    thin = selected(example, Selection(limit=10))
    assert thin.graph["subtitle"].endswith("; only the 10 ties with the most facts")
    assert len({frozenset(edge) for edge in thin.edges()}) == 10
    assert ";" not in selected(example, Selection(limit=1000)).graph["subtitle"]


def test_nothing_left_is_said(example: Store) -> None:
    with pytest.raises(NotFoundError, match="nothing to draw"):
        selected(example, Selection(thin=rule_called("core:500")))
    with pytest.raises(InputError, match="spaceship"):
        selected(example, Selection(kinds=("spaceship",)))

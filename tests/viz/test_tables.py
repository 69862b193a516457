"""What was reckoned of a network is told as tables, node attributes and RDF; and what changed between two."""

from __future__ import annotations

import numpy as np
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF

from diplograph import example_store
from diplograph.ontology.dates import PartialDate
from diplograph.viz import interchange
from diplograph.viz.change import CHANGES, change
from diplograph.viz.measures import measured
from diplograph.viz.tables import QB, actor_table, drawable, network_table, tie_table, turtle
from diplograph.viz.ties import ties


@pytest.fixture(scope="module")
def example():
    with example_store() as store:
        yield store.view(), ties(store)


def test_actors_are_in_the_order_of_the_first_measure_and_have_their_names(example):
    view, network = example
    found = actor_table(view, network, measured(network, ["strength", "clustering"])["actor"])
    assert found.columns == ("actor", "strength", "clustering")
    rows = found.dicts()
    assert len(rows) == len(network)
    assert [row["strength"] for row in rows] == sorted((row["strength"] for row in rows), reverse=True)
    assert {"Sergey Lavrov", "Jeyhun Bayramov"} == {row["actor"] for row in rows[:2]}
    assert len(actor_table(view, network, {"degree": np.zeros(len(network))}, 2)) == 2


def test_ties_are_in_the_order_of_their_weights_and_dates_are_dates(example):
    view, network = example
    found = tie_table(view, network, measured(network, ["contact", "rhythm"])["tie"])
    assert found.columns[:3] == ("one", "other", "weight")
    first = found.dicts()[0]
    assert (first["one"], first["other"], first["weight"]) == ("Jeyhun Bayramov", "Sergey Lavrov", 2)
    assert str(first["first-contact"]) == "2023-02-28"
    assert first["median-gap"] is None


def test_a_network_as_a_whole_has_one_row_for_each_value(example):
    view, network = example
    rows = network_table(view, measured(network, ["density", "balance"])["network"]).dicts()
    assert rows == [{"measure": "density", "value": 1}, {"measure": "balance", "value": 1}]


def test_measures_as_rdf_are_observations(example):
    _, network = example
    period = (PartialDate("2023"), PartialDate("2023"))
    graph = Graph().parse(data=turtle(network, measured(network, ["degree", "density"]), period), format="turtle")
    observations = set(graph.subjects(RDF.type, QB.Observation))
    assert len(observations) == len(network) + 1
    about = {str(graph.value(each, DCTERMS.subject)) for each in observations}
    assert set(network.names) < about
    value = URIRef("http://purl.org/linked-data/sdmx/2009/measure#obsValue")
    assert set(graph.objects(None, value)) == {Literal(3), Literal(1)}


@pytest.mark.parametrize("form", ["graphml", "gexf", "node_link", "edge_list", "pajek"])
def test_a_network_with_its_measures_can_be_written_in_every_format(example, form):
    view, network = example
    graph = drawable(view, network, measured(network, ["k-core"])["actor"])
    assert {data["k_core"] for _, data in graph.nodes(data=True)} == {3}
    assert {(data["start"], data["end"]) for *_, data in graph.edges(data=True)} == {("2023-02-28", "2023-02-28")}
    assert b"Lavrov" in getattr(interchange, form)(graph)


def test_a_change_tells_what_is_new_and_what_is_lost():
    with example_store() as store:
        table = store.view().edges()
        year, before = ((PartialDate(text), PartialDate(text)) for text in ("2023", "2000"))
        now, then = ties(table, during=year), ties(table, during=before)
        assert len(now.edges[0]) > len(then.edges[0]) == 0
        assert set(change(then, now).kinds) == {"new"}
        assert set(change(now, then).kinds) == {"lost"}
        same = change(now, now)
        assert set(same.kinds) == {"same"}
        assert np.array_equal(same.before, same.after)
        rows = change(then, now).table(store.view()).dicts()
        assert {row["change"] for row in rows} == {"new"} < set(CHANGES)
        assert (rows[0]["one"], rows[0]["before"], rows[0]["after"]) == ("Jeyhun Bayramov", 0, 2)

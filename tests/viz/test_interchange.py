"""Files for other programs carry the whole network, are the same every time, and invent no date."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest

from diplograph.viz.interchange import CSV_COLUMNS, edge_list, gexf, graphml, node_link, pajek

GEXF = "{http://gexf.net/1.3}"
WRITERS = [graphml, gexf, node_link, edge_list, pajek]


def read_graphml(content: bytes) -> nx.MultiDiGraph:
    return nx.read_graphml(io.BytesIO(content), force_multigraph=True)


def read_gexf(content: bytes) -> nx.MultiDiGraph:
    return nx.read_gexf(io.BytesIO(content), version="1.3")


def bounds(network: nx.MultiDiGraph, start: str | None, end: str | None) -> tuple[str | None, str | None]:
    """What GEXF makes of one edge's dates."""
    for _, _, data in network.edges(data=True):
        data["start"], data["end"] = start, end
    edge = ElementTree.fromstring(gexf(network)).find(f".//{GEXF}edge")
    return edge.get("start"), edge.get("end")


@pytest.mark.parametrize("writer", WRITERS)
def test_the_same_network_gives_the_same_bytes_and_stays_as_it_was(writer, council):
    before = nx.node_link_data(council, edges="links")
    other = nx.MultiDiGraph(**council.graph)
    other.add_nodes_from(reversed(list(council.nodes(data=True))))
    other.add_edges_from(reversed(list(council.edges(keys=True, data=True))))
    assert writer(council) == writer(council) == writer(other)
    assert nx.node_link_data(council, edges="links") == before


@pytest.mark.parametrize("writer", WRITERS)
def test_an_empty_network_can_be_written(writer):
    assert writer(nx.MultiDiGraph())


@pytest.mark.parametrize(("writer", "reader"), [(graphml, read_graphml), (gexf, read_gexf)])
def test_nodes_and_edges_come_back(writer, reader, council):
    back = reader(writer(council))
    assert isinstance(back, nx.MultiDiGraph)
    assert {node: data["label"] for node, data in back.nodes(data=True)} == dict(council.nodes(data="label"))
    expected = sorted((u, v, d["label"], d["kind"], d["realis"]) for u, v, d in council.edges(data=True))
    assert sorted((u, v, d["label"], d["kind"], d["realis"]) for u, v, d in back.edges(data=True)) == expected
    lind = back.nodes["https://example.org/id/person/lind"]
    assert lind["aliases"] == "A. Lindqvist"
    assert "born in Uppsala, 1961 [Record of the third meeting, 2023-02-28" in lind["facts"]


def test_graphml_keeps_the_ids_of_facts_and_says_which_edges_have_no_direction(council):
    back = read_graphml(graphml(council))
    assert {key for _, _, key in back.edges(keys=True)} == {key for _, _, key in council.edges(keys=True)}
    undirected = [data["label"] for _, _, data in back.edges(data=True) if not data["directed"]]
    assert undirected == ["diplomatic relations"]


def test_gexf_is_dynamic_and_names_no_day_of_writing(council):
    root = ElementTree.fromstring(gexf(council))
    graph = root.find(f"{GEXF}graph")
    assert (graph.get("mode"), graph.get("timeformat")) == ("dynamic", "date")
    assert root.find(f"{GEXF}meta").attrib == {}
    assert len(graph.findall(f".//{GEXF}edge[@start]")) == 10
    assert len(graph.findall(".//{http://gexf.net/1.3/viz}color")) == len(council)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2022", "2022", ("2022-01-01", "2022-12-31")),
        ("2021-11", "2024-02", ("2021-11-01", "2024-02-29")),
        ("2023-02-28", "2023-02-28", ("2023-02-28", "2023-02-28")),
        ("2023-02-28T17:52+04:00", None, ("2023-02-28", None)),
        ("2022", None, ("2022-01-01", None)),
        (None, "1900-02", (None, "1900-02-28")),
        (None, None, (None, None)),
        ("unknown", "2022-13", (None, None)),
        ("20222", "-0044", (None, None)),
        ("2023", "2022", (None, None)),
        ("2022-05-03", "2022", ("2022-05-03", "2022-12-31")),
    ],
)
def test_an_interval_holds_every_day_that_a_partial_date_allows(start, end, expected):
    pair = nx.MultiDiGraph()
    pair.add_edge("a", "b", key="f", label="met", kind="meeting")
    assert bounds(pair, start, end) == expected
    (_, _, data) = next(iter(read_gexf(gexf(pair)).edges(data=True)))
    assert (data.get("start_as_written"), data.get("end_as_written")) == (start, end)


def test_node_link_loses_nothing(council):
    back = nx.node_link_graph(json.loads(node_link(council)), edges="links")
    assert dict(back.nodes(data=True)) == dict(council.nodes(data=True))
    assert sorted(back.edges(keys=True)) == sorted(council.edges(keys=True))
    assert all(back.edges[edge] == council.edges[edge] for edge in council.edges(keys=True))
    assert back.graph == council.graph


def test_csv_has_a_row_for_each_fact(council):
    rows = list(csv.DictReader(io.StringIO(edge_list(council).decode("utf-8"), newline="")))
    assert len(rows) == council.number_of_edges()
    assert tuple(rows[0]) == CSV_COLUMNS
    speech = next(row for row in rows if row["text"] == "took part as speaker")
    assert (speech["from"], speech["relation"], speech["directed"]) == ("Åsa Lindqvist", "participated in", "yes")
    assert speech["sources"] == "Record of the third meeting, 2023-02-28, characters 10-42 (resolved)"


def test_csv_cells_are_no_formulas():
    pair = nx.MultiDiGraph()
    pair.add_node("a", label="=HYPERLINK(1)")
    pair.add_node("b", label="@SUM(1)")
    pair.add_edge("a", "b", key="f", label="+1")
    (row,) = csv.DictReader(io.StringIO(edge_list(pair).decode()))
    assert (row["from"], row["relation"], row["to"]) == ("'=HYPERLINK(1)", "'+1", "'@SUM(1)")


def test_hostile_text_stays_text(hostile):
    labels = {data["label"].replace("\x00", "").replace("\x07", "") for _, data in hostile.nodes(data=True)}
    for back in (read_graphml(graphml(hostile)), read_gexf(gexf(hostile))):
        assert {data["label"] for _, data in back.nodes(data=True)} == labels
    assert nx.node_link_graph(json.loads(node_link(hostile)), edges="links").nodes == hostile.nodes
    assert len(list(csv.reader(io.StringIO(edge_list(hostile).decode(), newline="")))) == 3


def test_half_characters_are_left_out():
    network = nx.MultiDiGraph(title="a\ud800b")
    network.add_node("n", label="a\ud800b\x01")
    assert read_graphml(graphml(network)).nodes["n"]["label"] == "ab"
    assert json.loads(node_link(network))["graph"]["title"] == "ab"
    gexf(network)
    edge_list(network)


def read_pajek(content: bytes) -> nx.MultiDiGraph:
    return nx.MultiDiGraph(nx.parse_pajek(content.decode().splitlines()))


def test_pajek_comes_back_with_labels_and_the_words_of_facts(council):
    back = read_pajek(pajek(council))
    assert sorted(back) == sorted(label for _, label in council.nodes(data="label"))
    assert len(back.edges) == len(council.edges)
    lind = council.nodes["https://example.org/id/person/lind"]["label"]
    assert sorted(data["l"] for _, _, data in back.edges(lind, data=True)) == ["holds post", "participated in"]


def test_pajek_keeps_entities_of_one_name_apart(council):
    for node in council:
        council.nodes[node]["label"] = 'the "same" \\ name'
    council.nodes["https://example.org/id/state/aland"]["label"] = "the 'same' / name (2)"
    assert len(read_pajek(pajek(council))) == len(council)


def test_pajek_is_what_gephi_reads(hostile):
    lines = pajek(hostile).decode().split("\n")
    assert lines[0] == f"*Vertices {len(hostile)}"
    vertices = lines[1 : len(hostile) + 1]
    assert [int(line.split()[0]) for line in vertices] == list(range(1, len(hostile) + 1))
    assert all(line.count('"') == 2 for line in vertices)
    assert lines[len(hostile) + 1] == "*Arcs"
    for line in lines[len(hostile) + 2 : -1]:
        source, target, weight = line.split()[:3]
        assert 0 < int(source) <= len(hostile)
        assert 0 < int(target) <= len(hostile)
        assert float(weight) == 1


def in_igraph(content: bytes, kind: str, tmp_path: Path):
    igraph = pytest.importorskip("igraph")
    file = tmp_path / f"network.{kind}"
    file.write_bytes(content)
    return igraph.Graph.Read(str(file), format=kind)


def test_igraph_reads_graphml_as_it_was(council, tmp_path):
    back = in_igraph(graphml(council), "graphml", tmp_path)
    assert back.is_directed()
    ends = [(back.vs[edge.source]["label"], back.vs[edge.target]["label"], edge["label"]) for edge in back.es]
    called = dict(council.nodes(data="label"))
    assert sorted(ends) == sorted((called[u], called[v], data["label"]) for u, v, data in council.edges(data=True))


def test_igraph_reads_pajek_with_the_words_of_facts(council, tmp_path):
    back = in_igraph(pajek(council), "pajek", tmp_path)
    ends = [(*sorted((back.vs[e.source]["name"], back.vs[e.target]["name"])), e["label"]) for e in back.es]
    called = dict(council.nodes(data="label"))
    expected = [(*sorted((called[u], called[v])), data["label"]) for u, v, data in council.edges(data=True)]
    assert sorted(ends) == sorted(expected)
    directed = nx.MultiDiGraph([edge for edge in council.edges(data=True) if edge[2]["directed"]])
    assert in_igraph(pajek(directed), "pajek", tmp_path).is_directed()


def test_gexf_keeps_the_rules_that_gephi_checks(hostile, council):
    for network in (council, hostile):
        graph = ElementTree.fromstring(gexf(network)).find(f"{GEXF}graph")
        nodes = [node.get("id") for node in graph.findall(f".//{GEXF}node")]
        edges = graph.findall(f".//{GEXF}edge")
        assert len(set(nodes)) == len(nodes)
        assert len({edge.get("id") for edge in edges}) == len(edges)
        assert {edge.get(end) for edge in edges for end in ("source", "target")} <= set(nodes)
        assert all((edge.get("start") or "") <= (edge.get("end") or "9") for edge in edges)
        declared = {each.get("id") for each in graph.findall(f".//{GEXF}attribute")}
        assert {each.get("for") for each in graph.findall(f".//{GEXF}attvalue")} <= declared

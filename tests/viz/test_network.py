"""Facts become a network: every fact with two entities is an edge and nothing else is, in plain Python throughout."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest
from rdflib import RDF, SKOS, Literal, URIRef

from diplograph import Store, example_store, load, open_store
from diplograph.graph.formats import syntax_named
from diplograph.graph.loading import Source
from diplograph.graph.minting import minted
from diplograph.graph.oxigraph import parsed, rdflib_graph
from diplograph.graph.statements import all_facts
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES
from diplograph.viz.network import around, known_kinds, network, of_kinds, retitled

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
NODE = {"label": str, "kind": str, "kind_label": str, "aliases": list, "facts": list, "note": (str, type(None))}
EDGE = {
    "label": str,
    "kind": str,
    "kind_label": str,
    "realis": str,
    "claimed_by": (str, type(None)),
    "attested": list,
    "start": (str, type(None)),
    "end": (str, type(None)),
    "directed": bool,
    "fact": dict,
}
FACT = {"text": str, "dates": str, "realis": str, "claimed_by": (str, type(None)), "sources": list}
SOURCE = {
    "document": str,
    "published": str,
    "level": str,
    "passage": str,
    "quote": (str, type(None)),
    "decided_by": (str, type(None)),
}


def store_of(turtle: str) -> Store:
    document = document_iri("told")
    graphs = parsed((HEAD + turtle).encode(), syntax_named("turtle"), source="told")
    store = open_store(":memory:")
    load(store, [Source(document, minted(graphs.get(None, b""), document), "told")])
    return store


def iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


@pytest.fixture(scope="module")
def example() -> Store:
    return example_store()


def entities(fact: Any) -> bool:
    said_of_it = fact.value(RDF.predicate) in (RDF.type, SKOS.altLabel)
    return isinstance(fact.source, URIRef) and isinstance(fact.target, URIRef) and not said_of_it


def test_every_fact_with_two_entities_is_an_edge_and_nothing_else_is(example: Store) -> None:
    graph = network(example)
    facts = {str(fact.iri): fact for fact in all_facts(example.view())}
    edges = {key: (source, target) for source, target, key in graph.edges(keys=True)}
    assert edges == {key: (str(f.source), str(f.target)) for key, f in facts.items() if entities(f)}
    assert set(graph) == {end for ends in edges.values() for end in ends}
    assert len(edges) == graph.number_of_edges() > 50


def test_an_edge_tells_what_its_fact_tells(example: Store) -> None:
    facts = {str(fact.iri): fact for fact in all_facts(example.view())}
    for _, _, key, data in network(example).edges(keys=True, data=True):
        fact = facts[key]
        assert (data["kind"], data["realis"], data["directed"]) == (fact.kind.name, fact.realis, fact.kind.directed)
        assert (data["claimed_by"] is not None) == (fact.realis == "claimed")
        assert (data["fact"]["realis"], data["fact"]["claimed_by"]) == (data["realis"], data["claimed_by"])
        assert len(data["fact"]["sources"]) == len(fact.evidence) > 0


def fits(values: dict[str, Any], contract: dict[str, Any]) -> bool:
    return set(values) == set(contract) and all(
        isinstance(values[name], kind) and type(values[name]) in (str, bool, list, dict, type(None))
        for name, kind in contract.items()
    )


def test_all_attributes_are_there_and_plain_python(example: Store) -> None:
    graph = network(example)
    told = [fact for _, data in graph.nodes(data=True) for fact in data["facts"]]
    told += [data["fact"] for _, _, data in graph.edges(data=True)]
    assert all(type(node) is str for node in graph)
    assert all(type(key) is str for *_, key in graph.edges(keys=True))
    assert all(fits(data, NODE) for _, data in graph.nodes(data=True))
    assert all(fits(data, EDGE) for _, _, data in graph.edges(data=True))
    assert all(fits(fact, FACT) for fact in told)
    assert all(fits(source, SOURCE) for fact in told for source in fact["sources"])
    assert all(type(alias) is str for _, data in graph.nodes(data=True) for alias in data["aliases"])
    assert {data["kind"] for _, data in graph.nodes(data=True)} <= {*known_kinds(), "other"}
    assert all(type(value) is str for value in graph.graph.values())


TENURE = """
    person:a a dg:Person ; skos:prefLabel "Anna" ; skos:altLabel "A.", "Ann" .
    post:p a dg:Post ; skos:prefLabel "Envoy" .
    person:c a dg:Person ; skos:prefLabel "Carl" .
"""


def only_edge(turtle: str) -> dict[str, Any]:
    ((_, _, data),) = network(store_of(TENURE + turtle)).edges(data=True)
    return dict(data)


@pytest.mark.parametrize(
    ("said", "start", "end", "dates"),
    [
        ("", None, None, ""),
        ('; dg:from "2020"^^xsd:gYear', "2020", None, "since 2020"),
        ('; dg:until "2020-05"^^xsd:gYearMonth', None, "2020-05", "until 2020-05"),
        ('; dg:from "2020"^^xsd:gYear ; dg:until "2021-01-02"^^xsd:date', "2020", "2021-01-02", "2020 to 2021-01-02"),
        ('; dg:from "2020-01-02T10:00:00Z"^^xsd:dateTime', "2020-01-02", None, "since 2020-01-02"),
        ('; dg:evidence [ dg:asOf "2020-01-02"^^xsd:date ]', None, None, "as of 2020-01-02"),
    ],
)
def test_dates_are_as_written(said: str, start: str | None, end: str | None, dates: str) -> None:
    edge = only_edge(f"[] a dg:Tenure ; dg:person person:a ; dg:post post:p {said} .")
    assert (edge["start"], edge["end"], edge["fact"]["dates"]) == (start, end, dates)
    assert edge["label"] == "holds post"


def test_a_claim_names_who_claims_it() -> None:
    edge = only_edge(
        "[] a dg:Tenure ; dg:person person:a ; dg:post post:p ; dg:realis realis:claimed ; dg:claimedBy person:c ."
    )
    assert (edge["realis"], edge["claimed_by"]) == ("claimed", "Carl")
    assert "as Carl claims" in edge["fact"]["text"]


def test_an_event_gives_its_day_to_those_who_took_part() -> None:
    edge = only_edge("""
        [] a dg:Participation ; dg:agent person:a ; dg:event event:e ; dg:role role:speaker .
        [] a dg:Assertion ; rdf:subject event:e ; rdf:predicate dg:date ; rdf:object "2020-05-05"^^xsd:date .
    """)
    assert (edge["start"], edge["end"]) == ("2020-05-05", "2020-05-05")


def test_a_node_has_its_names_and_the_facts_that_join_it_to_nothing() -> None:
    graph = network(
        store_of(
            TENURE
            + "[] a dg:Tenure ; dg:person person:a ; dg:post post:p ."
            + '[] a dg:Naming ; dg:bearer person:a ; dg:name "Anne" ; dg:from "1990"^^xsd:gYear .'
            + '[] a dg:Utterance ; dg:speaker person:c ; dg:summary "Nothing."@en .'
        )
    )
    anna = graph.nodes[iri("person:a")]
    assert (anna["label"], anna["kind"], anna["kind_label"]) == ("Anna", "person", "Person")
    assert anna["aliases"] == ["A.", "Ann"]
    assert [(fact["text"], fact["dates"]) for fact in anna["facts"]] == [("has been named Anne", "since 1990")]
    assert graph.nodes[iri("post:p")]["facts"] == []
    assert iri("person:c") not in graph, "who is joined to nobody is no node"


def test_the_narrower_kind_names_a_node_and_an_unknown_one_is_other() -> None:
    graph = network(
        store_of("""
        event:e a dg:Conference . event:f a dg:Conflict . organization:x a dg:Council . agreement:k a dg:Treaty .
        state:AAA a dg:State .
        [] a dg:Participation ; dg:agent organization:x ; dg:event event:e ; dg:role role:host .
        [] a dg:Participation ; dg:agent state:AAA ; dg:event event:f ; dg:role role:party .
        [] a dg:Partyship ; dg:party person:nobody ; dg:agreement agreement:k .
        """)
    )
    kinds = {node.rpartition("/")[2]: data["kind"] for node, data in graph.nodes(data=True)}
    assert kinds == {
        "e": "conference",
        "f": "event",
        "x": "organization",
        "k": "agreement",
        "AAA": "state",
        "nobody": "other",
    }


def test_the_network_of_chosen_facts_has_those_only(example: Store) -> None:
    chosen = [fact for fact in all_facts(example.view()) if fact.kind.name == "tenure"]
    graph = network(example, chosen, title="Tenures")
    assert {key for *_, key in graph.edges(keys=True)} == {str(fact.iri) for fact in chosen}
    assert graph.graph["title"] == "Tenures"


def test_a_store_without_facts_has_an_empty_network() -> None:
    for store in (open_store(":memory:"), open_store(rdflib_graph(b""))):
        graph = network(store)
        assert (len(graph), graph.number_of_edges()) == (0, 0)
        assert graph.graph["subtitle"] == "0 entities, 0 facts between them, 0 documents"


def test_the_network_is_the_same_in_rdflibs_engine() -> None:
    for turtle in ("", "[] a dg:Tenure ; dg:person person:a ; dg:post post:p ."):
        store = store_of(TENURE + turtle)
        other = network(open_store(rdflib_graph(store.view().ntriples())))
        assert nx.node_link_data(network(store), edges="edges") == nx.node_link_data(other, edges="edges")


def joined(*edges: tuple[str, str], **kinds: str) -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title="T", subtitle="S")
    for node in sorted({end for edge in edges for end in edge} | set(kinds)):
        graph.add_node(node, kind=kinds.get(node, "person"), facts=[])
    for number, (source, target) in enumerate(edges):
        graph.add_edge(source, target, key=str(number), fact={"sources": [{"document": f"D{number}"}]})
    return graph


@pytest.mark.parametrize(
    ("entity", "depth", "reached"),
    [
        ("c", 1, "bcd"),
        ("c", 2, "abcde"),
        ("a", 1, "ab"),
        ("a", 3, "abcd"),
        ("a", 9, "abcde"),
        ("x", 5, "xy"),
        ("z", 1, "z"),
        ("nobody", 1, ""),
    ],
)
def test_around_goes_so_many_steps_in_either_direction(entity: str, depth: int, reached: str) -> None:
    graph = joined(("a", "b"), ("c", "b"), ("c", "d"), ("e", "d"), ("x", "y"), ("z", "z"))
    before = nx.node_link_data(graph, edges="edges")
    part = around(graph, entity, depth)
    assert set(part) == set(reached)
    assert {key for *_, key in part.edges(keys=True)} == {
        key for source, target, key in graph.edges(keys=True) if {source, target} <= set(reached)
    }
    part.remove_nodes_from(list(part))
    assert nx.node_link_data(graph, edges="edges") == before


def test_kinds_keep_the_facts_between_them() -> None:
    graph = joined(("a", "s"), ("a", "b"), ("s", "t"), s="state", t="state")
    assert set(of_kinds(graph, ["state"])) == {"s", "t"}
    assert of_kinds(graph, ["state"]).number_of_edges() == 1
    assert set(of_kinds(graph, ["state", "person"])) == set(graph)
    assert len(of_kinds(graph, [])) == 0


def test_the_subtitle_counts_what_is_there_now() -> None:
    graph = joined(("a", "b"), ("a", "b"), ("b", "c"))
    assert retitled(graph).graph["subtitle"] == "3 entities, 3 facts between them, 3 documents"
    assert retitled(around(graph, "c")).graph["subtitle"] == "2 entities, 1 fact between them, 1 document"


def test_a_literal_end_makes_no_node(example: Store) -> None:
    literal = [fact for fact in all_facts(example.view()) if isinstance(fact.target, Literal)]
    assert literal
    assert not {str(fact.target) for fact in literal} & set(network(example))

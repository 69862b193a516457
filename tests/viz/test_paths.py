"""Ways between two entities: as few steps as a walk through all facts takes, or as strong as can be."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from diplograph import Store, load
from diplograph.errors import NotFoundError
from diplograph.graph.formats import syntax_named
from diplograph.graph.loading import Source
from diplograph.graph.minting import minted
from diplograph.graph.oxigraph import OxigraphStore, parsed
from diplograph.ontology.dates import PartialDate
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES
from diplograph.viz.paths import path

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
EVIDENCE = "dg:evidence [ a dg:Evidence ; dg:inDocument doc:{} ; dg:level level:stated ; dg:method method:curated ]"
Tenure = tuple[str, str, int, int]


def store_of(turtle: str) -> Store:
    document = document_iri("d")
    graphs = parsed((HEAD + turtle).encode(), syntax_named("turtle"), source="d", base=str(document))
    store = OxigraphStore()
    load(store, [Source(document, minted(graphs.get(None, b""), document), "d")])
    return store


def tenure(person: str, post: str, year: int, documents: int) -> str:
    evidence = " ; ".join(EVIDENCE.format(f"d{n}") for n in range(documents))
    dates = f'dg:from "{year}"^^xsd:gYear ; dg:until "{year}"^^xsd:gYear'
    ends = f"dg:person person:{person} ; dg:post post:{post}"
    return f"[] a dg:Tenure ; {ends} ; {dates} ; dg:realis realis:held ; {evidence} ."


def iri(name: str) -> URIRef:
    return URIRef(PREFIXES["person" if name.islower() else "post"] + name)


def names(steps: list, start: str) -> str:
    return start + "".join(str(step.target).rpartition("/")[2] for step in steps)


TENURES = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("XYZ"), st.integers(1950, 1953), st.integers(1, 3)),
    max_size=10,
    unique_by=lambda t: t[:3],
)


@settings(max_examples=40, deadline=None)
@given(TENURES, st.sampled_from("bcdXYZ"), st.sampled_from([None, "evidence", "recency"]))
def test_a_way_is_as_short_or_as_strong_as_can_be_and_rests_on_facts(tenures, end, strongest):
    graph = nx.MultiGraph()
    graph.add_nodes_from(["a", end])
    for person, post, year, documents in tenures:
        graph.add_edge(person, post, year=year, documents=documents)
    with store_of("\n".join(tenure(*t) for t in tenures)) as store:
        view = store.view()
        if not nx.has_path(graph, "a", end):
            with pytest.raises(NotFoundError, match="Nothing leads from"):
                path(view, iri("a"), iri(end), strongest=strongest)
            return
        steps = path(view, iri("a"), iri(end), strongest=strongest)
    assert steps[0].source == iri("a")
    assert steps[-1].target == iri(end)
    assert all(one.target == two.source for one, two in pairwise(steps))
    for step in steps:
        assert {step.source, step.target} == {step.fact.source, step.fact.target}
    if strongest is None:
        assert len(steps) == nx.shortest_path_length(graph, "a", end)
        return
    name = "documents" if strongest == "evidence" else "year"

    def strength(step) -> int:
        return len(step.evidence) if name == "documents" else int(str(step.fact.value(step.fact.kind.end)))

    weakest = max(
        level
        for level in {data[name] for *_, data in graph.edges(data=True)}
        if _connected(graph, "a", end, name, level)
    )
    assert min(map(strength, steps)) == weakest
    strong = nx.MultiGraph((u, v) for u, v, data in graph.edges(data=True) if data[name] >= weakest)
    assert len(steps) == nx.shortest_path_length(strong, "a", end)


def _connected(graph: nx.MultiGraph, start: str, end: str, name: str, level: int) -> bool:
    strong = nx.MultiGraph((u, v) for u, v, data in graph.edges(data=True) if data[name] >= level)
    return start in strong and end in strong and nx.has_path(strong, start, end)


SHORT = [("a", "X", 1950, 1), ("b", "X", 1950, 1)]
LONG = [("a", "Y", 1990, 3), ("c", "Y", 1990, 3), ("c", "Z", 1990, 3), ("b", "Z", 1990, 3)]


@pytest.fixture
def view():
    with store_of("\n".join(tenure(*t) for t in SHORT + LONG)) as store:
        yield store.view()


@pytest.mark.parametrize(("strongest", "way"), [(None, "aXb"), ("evidence", "aYcZb"), ("recency", "aYcZb")])
def test_the_strongest_way_may_be_longer(view, strongest, way):
    assert names(path(view, iri("a"), iri("b"), strongest=strongest), "a") == way


def test_a_way_can_be_kept_to_a_time_and_to_kinds_of_facts(view):
    year = (PartialDate("1990"), PartialDate("1990"))
    assert names(path(view, iri("a"), iri("b"), during=year), "a") == "aYcZb"
    with pytest.raises(NotFoundError):
        path(view, iri("a"), iri("b"), kinds=["partyship"])


def test_each_step_tells_its_fact_in_words_and_who_says_so(view):
    [first, _] = path(view, iri("a"), iri("b"))
    assert first.sentence == "person:a holds post post:X"
    assert first.dates == "1950"
    assert first.text() == "  person:a holds post post:X (1950)\n    doc:d0\n"
    assert first.as_dict()["sources"][0]["document"] == str(document_iri("d0"))
    [strong, *_] = path(view, iri("a"), iri("b"), strongest="evidence")
    assert len(strong.evidence) == 3


def test_from_one_to_itself_there_is_nothing_to_go(view):
    assert path(view, iri("a"), iri("a")) == []


def test_what_no_fact_names_cannot_be_reached(view):
    with pytest.raises(NotFoundError, match="Nothing leads from person:a to person:nobody"):
        path(view, iri("a"), iri("nobody"))

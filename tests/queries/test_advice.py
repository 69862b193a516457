"""Each advice leaves the answer as it was, on any data, and is given where it is called for and only there."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SKOS, XSD
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from diplograph import Store, open_store
from diplograph.graph.entities import Names
from diplograph.graph.store import Solutions
from diplograph.ontology.namespaces import PREFIXES
from diplograph.ontology.terms import DG
from diplograph.queries import advice
from diplograph.queries.advice import ALL, Advice
from diplograph.queries.diagnosis import findings

each_advice = pytest.mark.parametrize("one", ALL, ids=lambda one: str(one.name))

NAMES = ("Tahirov", "Mutalibov", "Chirac", "Annan", "Lind")
PERSONS = [URIRef(f"{PREFIXES['person']}p{number}") for number in range(4)]
POSTS = [URIRef(f"{PREFIXES['post']}{letter}") for letter in "abc"]
EVENTS = [URIRef(f"{PREFIXES['event']}e{number}") for number in range(3)]
BODIES = [URIRef(f"{PREFIXES['organization']}{letter}") for letter in "abcd"]


def fact(kind: str, number: int) -> URIRef:
    return URIRef(f"{PREFIXES['fact']}{kind}{number}")


@st.composite
def graphs(draw: Any) -> Graph:
    """Persons, tenures with parts missing, participations, bodies within bodies, names and dates, a few of each."""
    graph = Graph()
    for person in draw(st.lists(st.sampled_from(PERSONS), unique=True)):
        graph.add((person, RDF.type, DG.Person))
        for name in draw(st.lists(st.sampled_from(NAMES), max_size=2)):
            graph.add((person, draw(st.sampled_from((SKOS.prefLabel, SKOS.altLabel))), Literal(name, "en")))
    for number in range(draw(st.integers(0, 6))):
        tenure = fact("t", number)
        parts = {
            RDF.type: st.just(DG.Tenure),
            DG.person: st.sampled_from(PERSONS),
            DG.post: st.sampled_from(POSTS),
            DG["from"]: st.sampled_from([Literal(str(year), datatype=XSD.gYear) for year in (1990, 1991)]),
        }
        for prop in draw(st.lists(st.sampled_from(sorted(parts)), unique=True)):
            graph.add((tenure, prop, draw(parts[prop])))
    for number in range(draw(st.integers(0, 6))):
        there = fact("p", number)
        graph.add((there, DG.agent, draw(st.sampled_from(PERSONS))))
        graph.add((there, DG.event, draw(st.sampled_from(EVENTS))))
        graph.add((there, DG.date, Literal(str(draw(st.integers(1990, 1993))), datatype=XSD.gYear)))
    for part, whole in draw(st.lists(st.tuples(st.sampled_from(BODIES), st.sampled_from(BODIES)), max_size=5)):
        graph.add((part, DG.partOf, whole))
    return graph


def answer(store: Store, sparql: str) -> Counter[Any]:
    found = store.view().query(sparql, PREFIXES)
    assert isinstance(found, Solutions)
    return Counter(tuple(row) for row in found.rows)


def filled(store: Store, sparql: str, name: str) -> str:
    entities = " ".join(f"<{each.entity}>" for each in Names(store.view()).containing(name, [], 100))
    return sparql.replace("NAME", name.lower()).replace("ENTITIES", entities)


@each_advice
@settings(max_examples=60, deadline=None)
@given(graph=graphs(), name=st.sampled_from(("hir", "lib", "an", "annan", "d")))
def test_it_leaves_the_answer_as_it_was(one: Advice, graph: Graph, name: str) -> None:
    with open_store(":memory:") as store:
        with store.writing() as writer:
            writer.put(URIRef(f"{PREFIXES['doc']}made-up"), graph.serialize(format="nt", encoding="utf-8"))
        before, after = (filled(store, sparql, name) for sparql in (one.before, one.after))
        assert answer(store, before) == answer(store, after)


def seen(sparql: str, matches: int = 50_000) -> set[Advice]:
    prologue = "".join(f"PREFIX {prefix}: <{name}> " for prefix, name in PREFIXES.items())
    algebra = translateQuery(parseQuery(prologue + sparql.replace("ENTITIES", "person:a person:b"))).algebra
    return {finding.advice for finding in findings(algebra, lambda triple: matches)}


@each_advice
def test_it_is_given_to_what_it_is_for_and_not_to_what_it_makes_of_it(one: Advice) -> None:
    assert one in seen(one.before)
    if one is not advice.FIND:
        assert one not in seen(one.after)


@each_advice
def test_it_is_not_given_where_there_is_little_to_look_at(one: Advice) -> None:
    if one not in (advice.PATH, advice.FIND, advice.SAME_VARIABLE):
        assert one not in seen(one.before, matches=20)


@pytest.mark.parametrize(
    "where",
    [
        # Nothing shared: MINUS would take nothing away.
        "?p a dg:Person FILTER NOT EXISTS { ?t dg:post ?post ; dg:from ?f }",
        # Shared, but not always bound.
        "?p a dg:Person OPTIONAL { ?p dg:born ?d } FILTER NOT EXISTS { ?t dg:from ?d ; dg:person ?p }",
        # The filter within looks at what is bound outside only.
        "?p a dg:Person ; dg:born ?d FILTER NOT EXISTS { ?t dg:person ?p ; dg:from ?f FILTER(?f < ?d) }",
        "?p a dg:Person FILTER NOT EXISTS { ?t dg:person ?p OPTIONAL { ?t dg:from ?f } ?t dg:post ?q }",
        # One among other conditions, of which any will do.
        "?p a dg:Person ; dg:born ?d FILTER(?d > 1900 || NOT EXISTS { ?t dg:person ?p ; dg:from ?f })",
    ],
)
def test_minus_is_not_advised_where_it_would_mean_something_else(where: str) -> None:
    assert advice.MINUS not in seen(f"SELECT ?p WHERE {{ {where} }}")


def test_minus_is_advised_within_sub_selects_and_beside_other_conditions() -> None:
    absent = "NOT EXISTS { ?t dg:person ?p ; dg:from ?f }"
    assert advice.MINUS in seen(f"SELECT * WHERE {{ {{ SELECT ?p WHERE {{ ?p a dg:Person FILTER {absent} }} }} }}")
    assert advice.MINUS in seen(f"SELECT ?p WHERE {{ ?p dg:born ?d FILTER(?d > 1900 && {absent}) }}")


@pytest.mark.parametrize(
    ("sparql", "given"),
    [
        ("SELECT * WHERE { ?a dg:agent ?x . ?b dg:post ?y }", {advice.JOINED}),
        ("SELECT * WHERE { ?a dg:from ?x . ?b dg:until ?y FILTER(STR(?x) < STR(?y)) }", set()),
        ("SELECT * WHERE { ?a dg:agent ?x . ?x dg:nationalOf ?y }", set()),
        ("SELECT * WHERE { ?a dg:partOf* ?b }", {advice.PATH}),
        ("SELECT * WHERE { ?a dg:partOf* ?b . ?b a dg:Organization }", set()),
        ("SELECT * WHERE { organization:a dg:partOf* ?b }", set()),
        ("SELECT * WHERE { ?a dg:date ?d } ORDER BY ?d LIMIT 10", set()),
        ("SELECT ?d (COUNT(*) AS ?n) WHERE { ?a dg:date ?d } GROUP BY ?d ORDER BY ?d", set()),
        ('SELECT * WHERE { ?a dg:summary ?s FILTER(CONTAINS(?s, "peace")) }', set()),
        ('SELECT * WHERE { ?a rdfs:label ?s FILTER(REGEX(?s, "^A")) }', {advice.FIND}),
    ],
)
def test_what_is_well_written_gets_no_advice(sparql: str, given: set[Advice]) -> None:
    assert seen(sparql) == given

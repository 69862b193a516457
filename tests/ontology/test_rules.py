"""The shortcut rules give the same triples as SHACL rules and as SPARQL, and none for what is not held to be so."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from diplograph.ontology.documents import vocabulary
from diplograph.ontology.facts import fact_classes
from diplograph.ontology.namespaces import IDENTIFIERS
from diplograph.ontology.rules import shortcut_rules
from diplograph.ontology.terms import DG, REALIS, ROLE

Triple = tuple[Node, Node, Node]
PARTS_PLAYED = (ROLE.participant, ROLE.speaker, ROLE.organiser, ROLE.party, ROLE.host)


@cache
def facts() -> Graph:
    """Return the facts of all examples, and one participation in each of several roles."""
    graph = Graph()
    for path in (files("diplograph.ontology") / "examples").iterdir():
        graph.parse(data=path.read_bytes(), format="turtle")
    for role in PARTS_PLAYED:
        fact, name = URIRef(f"{IDENTIFIERS}fact/{role.rpartition('/')[2]}"), role.rpartition("/")[2]
        graph.add((fact, RDF.type, DG.Participation))
        graph.add((fact, DG.agent, URIRef(f"{IDENTIFIERS}organization/{name}")))
        graph.add((fact, DG.event, URIRef(f"{IDENTIFIERS}event/{name}")))
        graph.add((fact, DG.role, role))
        graph.add((fact, DG.realis, REALIS.held))
    return graph


def with_realis(realis: URIRef) -> Graph:
    graph = Graph() + facts()
    for fact in list(graph.subjects(DG.realis)):
        graph.set((fact, DG.realis, realis))
    return graph


def by_sparql(graph: Graph) -> dict[str, set[Triple]]:
    return {
        rule.name: set(graph.query(f"CONSTRUCT {{ {rule.shortcut_pattern} }} WHERE {{ {rule.fact_pattern} }}"))
        for rule in shortcut_rules()
    }


def by_shacl(graph: Graph) -> set[Triple]:
    from pyshacl import validate

    derived = Graph() + graph
    validate(derived, shacl_graph=vocabulary("rules"), advanced=True, iterate_rules=False, inplace=True)
    return set(derived) - set(graph)


def test_shacl_rules_and_sparql_give_the_same_shortcuts():
    graph = with_realis(REALIS.held)
    assert by_shacl(graph) == set().union(*by_sparql(graph).values()) - set(graph)


def test_every_rule_gives_a_shortcut():
    assert all(by_sparql(with_realis(REALIS.held)).values())


@pytest.mark.parametrize("realis", [REALIS.planned, REALIS.denied, REALIS.claimed])
def test_what_is_planned_denied_or_claimed_gives_no_shortcut(realis: URIRef):
    graph = with_realis(realis)
    assert not any(by_sparql(graph).values())
    assert by_shacl(graph) == set()


def test_a_tenure_gives_who_holds_which_post():
    shortcuts = by_sparql(facts())["TenureShortcut"]
    assert (
        URIRef(IDENTIFIERS + "person/u-thant"),
        DG.holdsPost,
        URIRef(IDENTIFIERS + "post/secretary-general-of-the-united-nations"),
    ) in shortcuts


def test_an_assertion_gives_the_triple_that_it_asserts():
    assert (
        URIRef(IDENTIFIERS + "event/bandung-conference"),
        DG.heldIn,
        URIRef(IDENTIFIERS + "place/bandung"),
    ) in by_sparql(facts())["AssertionShortcut"]


def test_relations_hold_both_ways():
    shortcuts = set().union(*by_sparql(facts()).values())
    sides = {(s, o) for s, p, o in shortcuts if p == DG.hasRelationsWith}
    assert sides
    assert sides == {(o, s) for s, o in sides}


@pytest.mark.parametrize(
    ("role", "predicate"),
    [
        (ROLE.participant, DG.participatedIn),
        (ROLE.speaker, DG.spokeAt),
        (ROLE.organiser, DG.organised),
        (ROLE.party, DG.partyTo),
        (ROLE.host, None),
    ],
)
def test_a_participation_gives_the_shortcut_of_its_role_and_no_other(role: URIRef, predicate: URIRef | None):
    name = role.rpartition("/")[2]
    shortcuts = set().union(*by_sparql(facts()).values())
    given = {p for s, p, _ in shortcuts if s == URIRef(f"{IDENTIFIERS}organization/{name}")}
    assert given == ({predicate} if predicate else set())


def test_rules_are_read_as_they_are_written():
    rules = {rule.name: rule for rule in shortcut_rules()}
    assert {rule.rpartition("#")[2] for rule in vocabulary("rules").subjects(RDF.type, SH.TripleRule)} == set(rules)
    assert all((DG.realis, REALIS.held) in rule.conditions for rule in rules.values())
    assert {rule.fact_class for rule in rules.values()} <= set(fact_classes())
    assert all((rule.predicate is None) != (rule.predicate_path is None) for rule in rules.values())
    assert rules["SpeakerShortcut"].conditions == ((DG.realis, REALIS.held), (DG.role, ROLE.speaker))


def test_a_rule_takes_the_ends_of_its_facts():
    for rule in shortcut_rules():
        kind = fact_classes()[rule.fact_class]
        assert {rule.subject_path, rule.object_path} == {kind.source, kind.target}

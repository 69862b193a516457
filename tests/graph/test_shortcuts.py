"""Shortcuts follow from facts by the packaged rules, as any other engine that runs them would say."""

from __future__ import annotations

from collections.abc import Callable

import pyshacl
import pytest
from rdflib import Graph, URIRef

from diplograph.graph.loading import Source, load
from diplograph.graph.oxigraph import OxigraphStore, rdflib_graph
from diplograph.ontology.documents import vocabulary
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES
from diplograph.ontology.rules import ShortcutRule, shortcut_rules
from diplograph.ontology.terms import REALIS

A = document_iri("a")
SUBJECT, PREDICATE, OBJECT = (URIRef(f"http://example.org/{end}") for end in "spo")


def statements(rule: ShortcutRule, *, conditions: bool = True, realis: URIRef = REALIS.held) -> bytes:
    """A fact to which a rule applies."""
    fact = "<http://example.org/fact>"
    told = [("a", rule.fact_class), (rule.subject_path.n3(), SUBJECT), (rule.object_path.n3(), OBJECT)]
    if rule.predicate_path:
        told.append((rule.predicate_path.n3(), PREDICATE))
    told += [(path.n3(), value if value != REALIS.held else realis) for path, value in rule.conditions if conditions]
    a = f"<{PREFIXES['rdf']}type>"
    return "".join(f"{fact} {a if path == 'a' else path} {value.n3()} .\n" for path, value in told).encode()


def shortcut(rule: ShortcutRule) -> bytes:
    return f"{SUBJECT.n3()} {(rule.predicate or PREDICATE).n3()} {OBJECT.n3()} .\n".encode()


def merged(ntriples: bytes) -> set[bytes]:
    store = OxigraphStore()
    with store.writing() as writer:
        writer.put(A, ntriples)
    return set(store.view().ntriples().splitlines(keepends=True))


rules = pytest.mark.parametrize("rule", shortcut_rules(), ids=lambda rule: rule.name)


@rules
def test_a_rule_adds_its_shortcut_and_nothing_else(rule: ShortcutRule) -> None:
    ntriples = statements(rule)
    added = merged(ntriples) - set(ntriples.splitlines(keepends=True))
    both_ways = (
        {f"{OBJECT.n3()} {(rule.predicate or PREDICATE).n3()} {SUBJECT.n3()} .\n".encode()}
        if "Relations" in rule.name
        else set()
    )
    assert added == {shortcut(rule)} | both_ways


@rules
@pytest.mark.parametrize("realis", [REALIS.claimed, REALIS.planned, REALIS.denied])
def test_a_rule_asks_for_what_is_held(rule: ShortcutRule, realis: URIRef) -> None:
    ntriples = statements(rule, realis=realis)
    assert merged(ntriples) == set(ntriples.splitlines(keepends=True))


@rules
def test_a_rule_asks_for_its_conditions(rule: ShortcutRule) -> None:
    ntriples = statements(rule, conditions=False)
    assert merged(ntriples) == set(ntriples.splitlines(keepends=True))


def test_a_shacl_engine_derives_the_same(new_source: Callable[[str, str], Source]) -> None:
    source = new_source(
        "a",
        """
        [] a dg:Tenure ; dg:person person:ann ; dg:post post:minister .
        [] a dg:Tenure ; dg:person person:bob ; dg:post post:minister ; dg:realis realis:claimed .
        [] a dg:Participation ; dg:agent person:ann ; dg:event event:e ; dg:role role:speaker .
        [] a dg:Participation ; dg:agent person:bob ; dg:event event:e ; dg:role role:observer .
        [] a dg:Relations ; dg:oneSide state:AZE ; dg:otherSide state:RUS ; dg:relationKind relation:partnership .
        [] a dg:Assertion ; rdf:subject event:e ; rdf:predicate dg:theme ; rdf:object "peace"@en, "trade"@en .
        [] a dg:Utterance ; dg:speaker person:ann ; dg:topic topic:peace .
        """,
    )
    store = OxigraphStore()
    load(store, [source])
    data: Graph = rdflib_graph(source.ntriples)
    before = len(data)
    pyshacl.validate(data, shacl_graph=vocabulary("rules"), advanced=True, inplace=True)
    assert len(data) == before + 7
    assert set(data) == set(rdflib_graph(store.view().ntriples()))

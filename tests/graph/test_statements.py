"""A fact as it is read back: what it says, and its evidence from every source."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from diplograph.graph.loading import Source, example_store, load
from diplograph.graph.memory import MemoryStore
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.provenance import attach
from diplograph.graph.statements import Fact, all_facts, facts_about, facts_with
from diplograph.graph.store import Store
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES
from diplograph.ontology.terms import DG

NewSource = Callable[[str, str], Source]
ANN, BOB = (URIRef(f"{PREFIXES['person']}{name}") for name in ("ann", "bob"))
MINISTER = URIRef(f"{PREFIXES['post']}minister")
A, B = document_iri("a"), document_iri("b")
TENURE = "a dg:Tenure ; dg:person person:ann ; dg:post post:minister"
PASSAGES = "".join(
    f"<{A}#char={start},{end}> a dg:Passage ; oa:hasSource doc:a ; oa:start {start} ; oa:end {end} .\n"
    for start, end in [(0, 3), (4, 7), (8, 11)]
)
CITED = f"""
doc:a dcterms:title "A report"@en ; dcterms:issued "2023-02-28"^^xsd:date .
[] {TENURE} ; dg:evidence [
    prov:wasQuotedFrom <#char=0,3> ; dg:level level:resolved ; dg:decidedBy <#char=8,11>, <#char=4,7> ;
    dg:asOf "2023"^^xsd:gYear ; dg:note "one"@en, "another"@en ] .
{PASSAGES}"""


@pytest.fixture(params=[MemoryStore, OxigraphStore])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store of either engine."""
    made: Store = request.param()
    return made


def only(facts: list[Fact]) -> Fact:
    [fact] = facts
    return fact


def test_a_fact_says_what_its_class_says_of_it(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", f'[] {TENURE} ; dg:from "2020"^^xsd:gYear .')])
    fact = only(all_facts(store.view()))
    assert fact.kind.iri == DG.Tenure
    assert (fact.source, fact.target) == (ANN, MINISTER)
    assert fact.realis == "held"
    assert fact.value(fact.kind.start) == Literal("2020", datatype=XSD.gYear)
    assert fact.value(fact.kind.end) is None
    assert str(fact.iri).startswith(f"{PREFIXES['fact']}tenure-")


def test_evidence_says_where_and_how(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", CITED)])
    [evidence] = only(all_facts(store.view())).evidence
    assert (evidence.document, evidence.title, evidence.published) == (A, "A report", "2023-02-28")
    assert (evidence.level, evidence.method, evidence.as_of) == ("resolved", "curated", "2023")
    assert (evidence.start, evidence.end, evidence.quote) == (0, 3, None)
    assert evidence.decided_by == ((4, 7, None), (8, 11, None))
    assert evidence.notes == ("another", "one")


def test_evidence_quotes_what_its_holder_has_attached(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", CITED)])
    attach(store, "Ann saw Bob.", A)
    [evidence] = only(all_facts(store.view())).evidence
    assert evidence.quote == "Ann"
    assert evidence.decided_by == ((4, 7, "saw"), (8, 11, "Bob"))


def test_a_source_without_title_and_place_is_named_by_its_short_id(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("b", f"[] {TENURE} .")])
    [evidence] = only(all_facts(store.view())).evidence
    assert (evidence.document, evidence.title, evidence.published) == (B, "doc:b", None)
    assert (evidence.level, evidence.method, evidence.start, evidence.end) == ("stated", "curated", None, None)


def test_two_sources_of_one_fact_are_two_pieces_of_evidence_in_order(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("b", f"[] {TENURE} ."), new_source("a", CITED)])
    fact = only(all_facts(store.view()))
    assert [evidence.document for evidence in fact.evidence] == [A, B]


def test_two_sources_that_differ_are_two_facts(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", f"[] {TENURE} ."), new_source("b", f'[] {TENURE} ; dg:from "2020"^^xsd:gYear .')])
    assert [fact.evidence[0].document for fact in sorted(all_facts(store.view()), key=lambda f: len(f.properties))] == [
        A,
        B,
    ]


def test_facts_are_found_by_any_part_that_an_entity_plays(store: Store, new_source: NewSource) -> None:
    told = f"[] {TENURE} ; dg:realis realis:claimed ; dg:claimedBy person:bob . person:bob dg:note 'x' ."
    load(store, [new_source("a", told), new_source("b", "[] a dg:Naming ; dg:bearer person:bob ; dg:name 'Bob' .")])
    view = store.view()
    claimed = only(facts_about(view, ANN))
    assert claimed.realis == "claimed"
    assert only(facts_about(view, MINISTER)) == claimed
    assert [fact.kind.name for fact in facts_about(view, BOB)] == ["naming", "tenure"]
    assert facts_about(view, A) == []
    assert [fact.iri for fact in all_facts(view)] == sorted(fact.iri for fact in all_facts(view))


def test_facts_are_looked_up_by_iri(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", f"[] {TENURE} .")])
    fact = only(all_facts(store.view()))
    assert facts_with(store.view(), [fact.iri, ANN, fact.iri, URIRef("urn:x:nothing")]) == {fact.iri: fact}
    assert facts_with(store.view(), []) == {}


def test_what_has_no_class_of_facts_is_none(store: Store) -> None:
    load(store, [Source(A, f"<urn:x:f> {DG.realis.n3()} <urn:x:held> .\n".encode(), "a")])
    assert all_facts(store.view()) == []


def test_a_fact_lists_every_value_in_order(store: Store, new_source: NewSource) -> None:
    load(store, [new_source("a", f"[] {TENURE}, post:envoy .")])
    fact = only(all_facts(store.view()))
    assert fact.properties[DG.post] == (URIRef(f"{PREFIXES['post']}envoy"), MINISTER)
    assert list(fact.properties) == sorted(fact.properties)


def test_both_engines_read_the_same_facts(new_source: NewSource) -> None:
    oxigraph, memory = OxigraphStore(), MemoryStore()
    for store in (oxigraph, memory):
        load(store, [new_source("a", CITED), new_source("b", f"[] {TENURE}, post:envoy ; dg:realis realis:planned .")])
    assert all_facts(memory.view()) == all_facts(oxigraph.view())


def test_every_packaged_fact_is_read_with_its_evidence() -> None:
    facts = all_facts(example_store().view())
    assert len(facts) > 150
    assert all(fact.evidence for fact in facts)

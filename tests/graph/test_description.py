"""One entity with all that is known of it, each line with its sources."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from rdflib import URIRef

from diplograph.errors import NotFoundError
from diplograph.graph.description import description
from diplograph.graph.loading import Source, example_store, forget, load
from diplograph.graph.memory import MemoryStore
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.store import Store
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

NewSource = Callable[[str, str], Source]
ANN = URIRef(f"{PREFIXES['person']}ann")
TOLD = """
doc:a dcterms:title "A report"@en ; dcterms:issued "2023-02-28"^^xsd:date .
person:ann a dg:Person ; skos:prefLabel "Ann Lind"@en ; skos:altLabel "A. Lind"@en ; dg:note "She paints."@en .
post:minister skos:prefLabel "Minister of Peace"@en . post:envoy skos:prefLabel "Envoy"@en .
[] a dg:Tenure ; dg:person person:ann ; dg:post post:minister ; dg:from "2021"^^xsd:gYear .
[] a dg:Tenure ; dg:person person:ann ; dg:post post:envoy ; dg:from "2010"^^xsd:gYear ; dg:until "2012"^^xsd:gYear .
[] a dg:Assertion ; rdf:subject person:ann ; rdf:predicate skos:altLabel ; rdf:object "Annie"@en .
[] a dg:Position ; dg:holder state:AZE ; dg:summary "Peace."@en ; dg:realis realis:claimed ; dg:claimedBy person:ann .
"""


@pytest.fixture(params=[MemoryStore, OxigraphStore])
def store(request: pytest.FixtureRequest, new_source: NewSource) -> Store:
    """A small world in either engine."""
    made: Store = request.param()
    load(made, [new_source("a", TOLD)])
    return made


def test_an_entity_is_described_with_its_names_and_kinds(store: Store) -> None:
    told = description(store, ANN)
    assert (told.entity, told.label, told.kinds, told.short_id) == (ANN, "Ann Lind", ("Person",), "person:ann")
    assert sorted(told.aliases) == ["A. Lind", "Annie"]
    assert told.properties == (("note", "She paints."),)


def test_its_facts_come_in_order_of_time_and_those_without_a_time_last(store: Store) -> None:
    lines = description(store.view(), ANN).lines
    assert [(line.dates, line.words) for line in lines][:2] == [
        ("2010 to 2012", "holds post Envoy"),
        ("since 2021", "holds post Minister of Peace"),
    ]
    assert [line.dates for line in lines][2:] == [""]


def test_each_line_has_its_sources(store: Store, new_source: NewSource) -> None:
    again = '[] a dg:Tenure ; dg:person person:ann ; dg:post post:minister ; dg:from "2021"^^xsd:gYear .'
    load(store, [new_source("b", again)])
    line = description(store, ANN).lines[1]
    assert [evidence.title for evidence in line.evidence] == ["A report", "doc:b"]
    forget(store, [document_iri("a")])
    [line] = description(store, ANN).lines
    assert [evidence.title for evidence in line.evidence] == ["doc:b"]


def test_what_it_only_claims_is_no_line_of_its_own(store: Store) -> None:
    assert not any("Peace." in line.words for line in description(store, ANN).lines)
    [claimed] = description(store, URIRef(f"{PREFIXES['state']}AZE")).lines
    assert (claimed.words, claimed.realis) == ("holds: Peace, as Ann Lind claims", "claimed")


def test_a_shortcut_is_not_told_beside_its_fact(store: Store) -> None:
    assert not any("Minister" in value for _, value in description(store, ANN).properties)


def test_what_nobody_speaks_of_is_not_found(store: Store) -> None:
    with pytest.raises(NotFoundError, match="says nothing of"):
        description(store, URIRef("urn:x:nothing"))


def test_a_description_is_plain_data_and_text(store: Store) -> None:
    told = description(store, ANN)
    data = json.loads(json.dumps(told.as_dict()))
    assert data["label"] == "Ann Lind"
    assert data["lines"][0]["evidence"][0]["title"] == "A report"
    text = told.text()
    assert text.splitlines()[:4] == ["Ann Lind (Person)", "person:ann", "also: A. Lind, Annie", "note: She paints."]
    assert "since 2021               holds post Minister of Peace\n" in text
    assert text.endswith("\n")


def test_every_entity_of_the_example_can_be_described() -> None:
    view = example_store().view()
    named = f"{{ ?it <{PREFIXES['skos']}prefLabel> ?name }}"
    rows = view.select(f"SELECT DISTINCT ?it {{ GRAPH <{document_iri('trend-2023-02-28')}> {named} }}")
    assert len(rows) > 50
    for row in rows:
        told = description(view, URIRef(str(row["it"])))
        assert told.label
        assert all(line.words and line.evidence for line in told.lines)


def test_of_many_facts_the_latest_are_told_and_the_rest_counted(store: Store) -> None:
    told = description(store, ANN, latest=1)
    assert ([line.dates for line in told.lines], told.earlier) == (["since 2021"], 3)
    assert "holds post" not in dict(told.properties)
    assert "… 3 facts that are earlier or undated are left out." in told.text()
    assert description(store, ANN, latest=4).earlier == 0

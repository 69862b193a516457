"""The vocabulary keeps its own style, and its parts fit together."""

from __future__ import annotations

from functools import cache

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS

from diplograph.ontology.documents import ONTOLOGY, PARTS, published_vocabulary, source, version, vocabulary
from diplograph.ontology.facts import fact_classes
from diplograph.ontology.namespaces import PREFIXES, TERMS
from diplograph.ontology.terms import DG, DGSH, REALIS
from diplograph.ontology.validation import findings

LINTED = ("diplograph", "schemes", "shapes")
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@cache
def style() -> Graph:
    return Graph().parse(data=source("style"), format="turtle")


def copied_vocabulary() -> Graph:
    graph = Graph()
    for part in LINTED:
        graph += vocabulary(part)
    return graph


def lint(graph: Graph) -> list[str]:
    return [finding.message for finding in findings(graph, shapes=style())]


def declared() -> set[URIRef]:
    graph = vocabulary("diplograph")
    return {URIRef(str(term)) for kind in KINDS for term in graph.subjects(RDF.type, kind)}


def dg_terms_in(*parts: str) -> set[URIRef]:
    return {term for triple in vocabulary(*parts) for term in triple if isinstance(term, URIRef) and term in DG_SPACE}


DG_SPACE = type("Space", (), {"__contains__": lambda _, term: str(term).startswith(TERMS)})()


def test_the_vocabulary_has_no_finding():
    assert lint(copied_vocabulary()) == []


LESS = [
    (DG.Tenure, SKOS.prefLabel, "exactly one skos:prefLabel"),
    (DG.Tenure, SKOS.definition, "exactly one skos:definition"),
    (DG.Tenure, SKOS.example, "at least one skos:example"),
    (DG.person, SKOS.definition, "exactly one skos:definition"),
    (DG.summary, SKOS.example, "at least one skos:example"),
    (DG.edgeSource, SKOS.prefLabel, "exactly one skos:prefLabel"),
    (DG.Tenure, DG.edgeSource, "exactly one dg:edgeSource"),
    (DG.Naming, DG.edgeTarget, "exactly one dg:edgeTarget"),
    (DG.Tenure, DG.edgeLabel, "has a dg:edgeLabel"),
    (DG.Tenure, DG.edgeDirected, "exactly one dg:edgeDirected"),
    (DG.Tenure, DG.temporalStart, "exactly one dg:temporalStart"),
    (DG.Tenure, DG.temporalEnd, "exactly one dg:temporalEnd"),
    (DG.Tenure, OWL.hasKey, "exactly one owl:hasKey"),
    (DGSH.TenureShape, SKOS.definition, "A shape has a skos:definition"),
    (REALIS.held, SKOS.inScheme, "in exactly one list"),
    (REALIS.held, SKOS.prefLabel, "A code has exactly one skos:prefLabel"),
    (REALIS.held, SKOS.definition, "A code has exactly one skos:definition"),
    (URIRef(PREFIXES["level"][:-1]), SKOS.prefLabel, "A code list has exactly one skos:prefLabel"),
    (URIRef(PREFIXES["level"][:-1]), SKOS.definition, "A code list has a skos:definition"),
]


MORE = [
    (DG.Tenure, SKOS.prefLabel, Literal("Holding", lang="en"), "exactly one skos:prefLabel"),
    (DG.person, RDFS.domain, DG.Tenure, "No rdfs:domain"),
    (DG.person, RDFS.range, DG.Person, "No rdfs:range"),
    (DG.person, RDFS.label, Literal("person"), "No rdfs:label"),
    (URIRef(TERMS + "lowerCase"), RDF.type, OWL.Class, "in PascalCase"),
    (URIRef(TERMS + "Unshaped"), RDF.type, OWL.Class, "Every class has a shape"),
    (URIRef(TERMS + "UpperCase"), RDF.type, OWL.ObjectProperty, "in camelCase"),
    (URIRef("https://example.org/Other"), RDF.type, OWL.Class, "in the dg: namespace"),
    (REALIS.held, SKOS.inScheme, URIRef(PREFIXES["role"][:-1]), "in exactly one list"),
    (URIRef(PREFIXES["realis"] + "Not_A_Code"), RDF.type, SKOS.Concept, "A code's IRI"),
    (URIRef(PREFIXES["realis"] + "list"), RDF.type, SKOS.ConceptScheme, "two codes or more"),
]


OTHERWISE = [
    (DG.Tenure, SKOS.prefLabel, "tenure", "in Title Case"),
    (DG.TreatyAction, SKOS.prefLabel, "Treaty action", "in Title Case"),
    (DG.person, SKOS.prefLabel, "Person", "in lower case"),
    (DG.person, SKOS.definition, "The person a fact is about", "full stop"),
    (DG.person, SKOS.definition, "the person a fact is about.", "capital letter"),
    (REALIS.held, SKOS.prefLabel, "Held to be so", "lower case"),
    (REALIS.held, SKOS.definition, "The source asserts it", "full stop"),
]


MUTATIONS = [
    *((term, prop, None, message) for term, prop, message in LESS),
    *((term, prop, Literal(text, lang="en"), message) for term, prop, text, message in OTHERWISE),
]


def twin(graph: Graph, term: URIRef, number: int) -> URIRef:
    """Add a term that is like another in all but its name."""
    copy = URIRef(term + "x" + "".join(chr(97 + int(digit)) for digit in f"{number:02}"))
    for _, prop, value in list(graph.triples((term, None, None))):
        graph.add((copy, prop, value))
    for prop in (SH.targetClass, SKOS.inScheme):
        for other in list(graph.subjects(prop, term)):
            graph.add((other, prop, copy))
    return copy


@cache
def lint_of_mutants() -> dict[tuple[int, bool], list[str]]:
    """Return what is said of a twin of each mutation's term, before and after it is changed, found in two runs."""
    graph = copied_vocabulary()
    twins = [twin(graph, term, number) for number, (term, *_) in enumerate(MUTATIONS)]
    said = {}
    for changed in (False, True):
        if changed:
            for of_mutation, (_, prop, value, _) in zip(twins, MUTATIONS, strict=True):
                graph.remove((of_mutation, prop, None))
                if value is not None:
                    graph.add((of_mutation, prop, value))
        found = findings(graph, shapes=style())
        for number, of_mutation in enumerate(twins):
            said[number, changed] = [finding.message for finding in found if finding.focus == of_mutation]
    return said


@pytest.mark.parametrize("number", range(len(MUTATIONS)), ids=lambda number: MUTATIONS[number][3])
def test_what_is_left_out_or_badly_put_is_found(number: int):
    assert lint_of_mutants()[number, False] == []
    assert any(MUTATIONS[number][3] in message for message in lint_of_mutants()[number, True])


def test_what_is_too_much_is_found():
    graph = copied_vocabulary()
    for term, prop, value, _ in MORE:
        graph.add((term, prop, value))
    found = findings(graph, shapes=style())
    for term, _, _, message in MORE:
        assert any(finding.focus == term and message in finding.message for finding in found), message


def test_a_property_shape_without_severity_or_message_and_a_key_without_realis_are_found():
    graph = copied_vocabulary()
    first, second, *_ = graph.objects(DGSH.TenureShape, SH.property)
    graph.remove((first, SH.severity, None))
    graph.remove((second, SH.message, None))
    key = BNode()
    Collection(graph, key, [DG.person, DG.post, DG.claimedBy])
    graph.set((DG.Tenure, OWL.hasKey, key))
    found = lint(graph)
    assert "A property shape has exactly one sh:severity." in found
    assert "A property shape has exactly one sh:message, an English sentence." in found
    assert any("A fact's key has dg:realis" in message for message in found)


def test_every_class_has_one_shape_of_its_own():
    shapes = vocabulary("shapes")
    classes = {term for term in declared() if (term, RDF.type, OWL.Class) in vocabulary("diplograph")}
    assert {DGSH[f"{str(term).removeprefix(TERMS)}Shape"] for term in classes} <= set(shapes.subjects(SH.targetClass))
    for term in classes:
        assert (DGSH[f"{str(term).removeprefix(TERMS)}Shape"], SH.targetClass, term) in shapes


@pytest.mark.parametrize("part", [*PARTS, "style"])
def test_every_term_used_is_declared(part: str):
    assert dg_terms_in(part) - declared() == set()


def test_an_undeclared_term_would_be_found():
    graph = Graph()
    graph.add((DGSH.TenureShape, SH.path, URIRef(TERMS + "nowhere")))
    assert {t for triple in graph for t in triple if t in DG_SPACE} - declared() == {URIRef(TERMS + "nowhere")}


def test_no_term_is_of_two_kinds():
    graph = vocabulary("diplograph")
    assert all(sum((term, RDF.type, kind) in graph for kind in KINDS) == 1 for term in declared())


def test_every_class_of_facts_is_a_direct_subclass_of_fact():
    graph = vocabulary("diplograph")
    assert set(graph.transitive_subjects(RDFS.subClassOf, DG.Fact)) - {DG.Fact} == set(fact_classes())


@pytest.mark.parametrize("kind", fact_classes().values(), ids=lambda kind: kind.name)
def test_the_key_of_a_fact_has_both_ends_realis_and_claimant_and_each_property_once(kind):
    assert {kind.source, kind.target, DG.realis, DG.claimedBy} <= {*kind.key}
    assert len(kind.key) == len({*kind.key})


@pytest.mark.parametrize("kind", fact_classes().values(), ids=lambda kind: kind.name)
def test_the_key_of_a_fact_has_the_properties_that_say_when_and_what_kind(kind):
    assert {kind.start, kind.end} <= {*kind.key}
    assert kind.words_from is None or kind.words_from in kind.key
    assert kind.via is None or kind.via in kind.key


def test_superclasses_are_declared():
    graph = vocabulary("diplograph")
    assert set(graph.objects(None, RDFS.subClassOf)) <= declared()


def test_alignments_say_how_our_terms_relate_to_those_of_others():
    for subject, predicate, target in vocabulary("alignments"):
        assert subject in declared(), f"{subject} is aligned but not declared"
        assert predicate in {RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch, SKOS.relatedMatch, OWL.inverseOf}
        assert not str(target).startswith(TERMS)
        assert any(str(target).startswith(namespace) for namespace in PREFIXES.values())


def test_classes_are_aligned_as_classes_and_properties_as_properties():
    graph = vocabulary("diplograph")
    for subject, predicate, _ in vocabulary("alignments"):
        assert ((subject, RDF.type, OWL.Class) in graph) == (predicate == RDFS.subClassOf)


def test_the_version_stands_in_the_version_iri_alone():
    graph = vocabulary("diplograph")
    assert graph.value(ONTOLOGY, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{version()}")
    assert not any(version() in str(term) for term in declared())


def test_every_published_term_has_a_label_for_tools_that_read_rdfs_alone():
    published = published_vocabulary()
    assert all((term, RDFS.label, None) in published for term in declared())
    assert all((term, RDFS.isDefinedBy, ONTOLOGY) in published for term in declared())

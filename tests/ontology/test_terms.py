"""The Python names are those of the vocabulary, all of them and no others."""

from __future__ import annotations

import keyword

import pytest
from rdflib import URIRef
from rdflib.namespace import OWL, RDF, SKOS

from diplograph.ontology import terms
from diplograph.ontology.documents import vocabulary
from diplograph.ontology.facts import fact_classes
from diplograph.ontology.namespaces import CODE_SCHEMES, PREFIXES, SHAPES, TERMS
from diplograph.ontology.terms import DG, DGSH

KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


def local_names() -> set[str]:
    graph = vocabulary("diplograph")
    return {str(term).removeprefix(TERMS) for kind in KINDS for term in graph.subjects(RDF.type, kind)}


def test_the_names_are_those_of_the_vocabulary():
    named = {name for name in DG.__annotations__ if not name.startswith("_")} | set(DG._extras)
    assert named == local_names()


def test_a_name_gives_its_iri():
    assert all(DG[name] == URIRef(TERMS + name) for name in local_names())


def test_names_that_python_keeps_for_itself_are_read_by_index():
    assert {name for name in local_names() if keyword.iskeyword(name)} == set(DG._extras)


def test_a_name_that_is_no_term_is_refused():
    with pytest.raises(AttributeError, match="nonsense"):
        _ = DG.nonsense


@pytest.mark.parametrize("scheme", CODE_SCHEMES)
def test_every_code_list_has_its_name_in_python(scheme: str):
    namespace = getattr(terms, scheme.upper())
    assert str(namespace) == PREFIXES[scheme]
    codes = list(vocabulary("schemes").subjects(SKOS.inScheme, URIRef(PREFIXES[scheme][:-1])))
    assert codes
    assert all(str(code).startswith(namespace) for code in codes)


def test_shapes_have_a_namespace_of_their_own():
    assert str(DGSH) == SHAPES != TERMS


def test_fact_classes_are_read_as_they_are_declared():
    tenure = fact_classes()[DG.Tenure]
    assert (tenure.name, tenure.label, tenure.words) == ("tenure", "Tenure", "holds post")
    assert (tenure.source, tenure.target, tenure.start, tenure.end) == (DG.person, DG.post, DG["from"], DG.until)
    assert tenure.key == (DG.person, DG.post, DG["from"], DG.until, DG.realis, DG.claimedBy)
    assert tenure.directed
    assert tenure.words_from is tenure.via is None


def test_relations_alone_have_no_direction():
    assert [kind.iri for kind in fact_classes().values() if not kind.directed] == [DG.Relations]


def test_fact_classes_are_in_order_and_their_names_differ():
    assert list(fact_classes()) == sorted(fact_classes())
    assert len({kind.name for kind in fact_classes().values()}) == len(fact_classes())

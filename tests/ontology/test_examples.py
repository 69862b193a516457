"""Every class has an example that is valid by itself."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import pytest
from rdflib import BNode, Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS
from rdflib.term import Node

from diplograph.ontology.documents import vocabulary
from diplograph.ontology.facts import fact_classes
from diplograph.ontology.namespaces import BASE, PREFIXES, TERMS
from diplograph.ontology.terms import DG
from diplograph.ontology.validation import Finding, findings

EXAMPLES = {
    path.name.removesuffix(".ttl"): path.read_text(encoding="utf-8")
    for path in sorted((files("diplograph.ontology") / "examples").iterdir(), key=lambda path: path.name)
}


def file_name(term: URIRef) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", str(term).removeprefix(TERMS)).lower()


CLASSES = {file_name(URIRef(str(term))): term for term in vocabulary("diplograph").subjects(RDF.type, OWL.Class)}


@cache
def example(name: str) -> Graph:
    return Graph().parse(data=EXAMPLES[name], format="turtle")


def set_apart(graph: Graph, name: str) -> Graph:
    """Return the graph with names of its own for all that it describes, so that others cannot complete it."""

    def apart(node: Node) -> Node:
        if isinstance(node, BNode):
            return URIRef(f"{BASE}id/fact/{name}/{node}")
        if isinstance(node, URIRef) and str(node).startswith((f"{BASE}id/", f"{BASE}doc/")):
            kind, _, local = str(node).removeprefix(BASE).rpartition("/")
            return URIRef(f"{BASE}{kind}/{name}/{local}")
        return node

    renamed = Graph(bind_namespaces="none")
    for s, p, o in graph:
        renamed.add((apart(s), p, apart(o)))
    return renamed


@cache
def found_in_all() -> tuple[Finding, ...]:
    together = Graph()
    for name in EXAMPLES:
        together += set_apart(example(name), name)
    return tuple(findings(together))


def found_in(name: str) -> list[Finding]:
    return [finding for finding in found_in_all() if f"/{name}/" in str(finding.focus)]


def test_every_class_has_an_example_and_every_example_a_class():
    assert set(EXAMPLES) == set(CLASSES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_valid_by_itself(name: str):
    assert [str(finding) for finding in found_in(name) if finding.severity != "info"] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_shows_its_class_with_nothing_wanting(name: str):
    graph = set_apart(example(name), name)
    kinds = set(vocabulary("diplograph").transitive_subjects(RDFS.subClassOf, CLASSES[name]))
    shown = {node for kind in kinds for node in graph.subjects(RDF.type, kind)}
    assert shown
    assert [str(finding) for finding in found_in(name) if finding.focus in shown] == []


@pytest.mark.parametrize("name", [file_name(kind) for kind in fact_classes()])
def test_an_example_of_facts_shows_evidence(name: str):
    graph = example(name)
    for fact in graph.subjects(RDF.type, CLASSES[name]):
        evidence = graph.value(fact, DG.evidence)
        assert evidence is not None
        assert graph.value(evidence, DG.inDocument) is not None


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_short_opens_with_a_remark_and_declares_the_prefixes_it_uses(name: str):
    text = EXAMPLES[name]
    lines = text.splitlines()
    assert lines[0].startswith("# ")
    assert len(lines) <= 36
    assert max(map(len, lines)) <= 120
    declared = dict(re.findall(r"^@prefix (\w+): <([^>]+)> \.$", text, re.MULTILINE))
    assert declared.items() <= PREFIXES.items()
    body = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>|^@prefix.*$|^#.*$', "", text, flags=re.MULTILINE)
    assert set(re.findall(r"(\w+):\w", body)) == set(declared)


def test_examples_stay_examples_only():
    told = {
        str(term)
        for name in EXAMPLES
        for triple in example(name)
        for term in triple
        if isinstance(term, URIRef) and not str(term).startswith((*PREFIXES.values(),))
    }
    assert told == set()


def test_an_example_without_the_class_of_an_end_would_be_found():
    graph = set_apart(example("tenure"), "tenure")
    for person in list(graph.objects(None, DG.person)):
        graph.remove((person, RDF.type, None))
    assert any(finding.severity == "warning" and finding.path == "dg:person" for finding in findings(graph))

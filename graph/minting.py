"""Facts written as blank nodes get the IRI that follows from what they state, and the evidence that is understood."""

from __future__ import annotations

from collections import defaultdict
from typing import TypeAlias

from rdflib import URIRef
from rdflib.namespace import RDF

from ..errors import InputError
from ..ontology.facts import FactClass, fact_classes
from ..ontology.identifiers import digest_iri, shortened
from ..ontology.terms import DG, LEVEL, METHOD, REALIS

Properties: TypeAlias = dict[str, set[str]]
"""What is said of one node: values by property, all spelled as in N-Triples."""

_TYPE, _EVIDENCE, _REALIS, _IN_DOCUMENT = RDF.type.n3(), DG.evidence.n3(), DG.realis.n3(), DG.inDocument.n3()
_CONTENT, _SUMMARY = DG.content.n3(), DG.summary.n3()
_DEFAULT_EVIDENCE = {DG.level.n3(): LEVEL.stated.n3(), DG.method.n3(): METHOD.curated.n3()}


def minted(ntriples: bytes, document: URIRef) -> bytes:
    """Return a document's canonical N-Triples with IRIs for its blank facts and their blank evidence.

    A blank fact without dg:realis is held to be so; one without evidence gets the document as a whole, stated and
    curated; evidence that names no document is evidence in this one. The two ends of a fact that holds both ways are
    put in order, so that it does not matter which was written first. The same facts give the same IRIs in any document.
    Raises InputError where a blank node stands for something that a fact's key needs to name.
    """
    if b"_:" not in ntriples:
        return ntriples
    plain, nodes = [], defaultdict[str, Properties](lambda: defaultdict(set))
    for line in ntriples.decode().split("\n")[:-1]:
        subject, predicate, value = line[:-2].split(" ", 2)
        if subject.startswith("_:") or value.startswith("_:"):
            nodes[subject][predicate].add(value)
        else:
            plain.append(line)
    names: dict[str, str] = {}
    supported = defaultdict[str, list[str]](list)
    for node, properties in list(nodes.items()):
        kind = _blank_fact(node, properties)
        if kind:
            _complete(properties, node, kind)
            names[node] = _fact_iri(properties, kind)
        for evidence in properties.get(_EVIDENCE, ()):
            if evidence.startswith("_:") and (kind or not node.startswith("_:")):
                _complete_evidence(nodes[evidence], document)
                supported[evidence].append(names.get(node, node))
    for evidence, facts in supported.items():
        names[evidence] = _evidence_iri(nodes[evidence], facts)
    rest = {
        f"{names.get(subject, subject)} {predicate} {names.get(value, value)} ."
        for subject, properties in nodes.items()
        for predicate, values in properties.items()
        for value in values
    }
    return "".join(f"{line}\n" for line in (*plain, *sorted(rest))).encode()


def _blank_fact(node: str, properties: Properties) -> FactClass | None:
    if not node.startswith("_:"):
        return None
    classes = fact_classes()
    kinds = (classes.get(URIRef(kind[1:-1])) for kind in sorted(properties.get(_TYPE, ())))
    return next((kind for kind in kinds if kind), None)


def _complete(properties: Properties, fact: str, kind: FactClass) -> None:
    if not properties[_REALIS]:
        properties[_REALIS].add(REALIS.held.n3())
    if not properties[_EVIDENCE]:
        properties[_EVIDENCE].add(f"{fact}-evidence")
    ends = sorted(value for end in (kind.source, kind.target) for value in properties[end.n3()])
    if not kind.directed and len(ends) == 2:
        properties[kind.source.n3()], properties[kind.target.n3()] = {ends[0]}, {ends[1]}


def _complete_evidence(evidence: Properties, document: URIRef) -> None:
    evidence[_TYPE].add(DG.Evidence.n3())
    for predicate, value in (*_DEFAULT_EVIDENCE.items(), (_IN_DOCUMENT, document.n3())):
        if not evidence[predicate]:
            evidence[predicate].add(value)


def _fact_iri(properties: Properties, kind: FactClass) -> str:
    key = [prop.n3() for prop in kind.key]
    if _CONTENT in key and not properties.get(_CONTENT):
        # Without the passage that holds what was said, only its summary tells one saying from another.
        key.append(_SUMMARY)
    parts = [(prop, value) for prop in key for value in properties.get(prop, ())]
    _check_named(parts, f"A fact of class {kind.label}")
    return digest_iri("fact", kind.name, parts).n3()


def _evidence_iri(properties: Properties, facts: list[str]) -> str:
    parts = [(prop, value) for prop, values in properties.items() if prop != _TYPE for value in values]
    _check_named(parts, "The evidence of a fact")
    return digest_iri("evidence", "evidence", [*((_EVIDENCE, fact) for fact in facts), *parts]).n3()


def _check_named(parts: list[tuple[str, str]], what: str) -> None:
    for prop, value in parts:
        if value.startswith("_:"):
            raise InputError(
                f"{what} has a blank node for {shortened(prop[1:-1])}, which its identifier needs: give that an IRI."
            )

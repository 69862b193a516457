"""What the vocabulary wants of a property of a fact: whether it must be there, and a value of which kinds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from rdflib import URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, SH, SKOS

from ...ontology.documents import vocabulary
from ...ontology.facts import FactClass, fact_classes
from ...ontology.terms import DG
from ..entities import narrower

PLAIN_KINDS: Final = ("State", "date", "text", "code")
"""Kinds of values that are nothing that a table could make known."""

_ENTITIES: Final = ("Person", "Post", "Organization", "Event", "Agreement", "Place", "Topic")
_BASES: Final = {name: name.lower() for name in _ENTITIES}
_DATES: Final = (DG.date, DG.appointed, DG.arrived, DG.presentedCredentials, DG.born, DG.died, DG.entryIntoForce)
_DATED: Final = frozenset({*_DATES, DG.termination, DG.inception, DG.dissolution, DG["from"], DG.until})


@dataclass(frozen=True)
class Wanted:
    """What the shapes want of a property: `kinds` and `codes` are empty where they say nothing."""

    required: bool
    kinds: frozenset[str]
    codes: frozenset[URIRef]


@cache
def table_classes() -> dict[str, FactClass]:
    """Return the fact classes whose ends a table can give, by name."""
    ours = str(DG.Fact).removesuffix("Fact")
    usable = [kind for kind in fact_classes().values() if kind.source.startswith(ours) and kind.target.startswith(ours)]
    return {kind.iri.removeprefix(ours): kind for kind in usable}


@cache
def entity_kinds() -> dict[str, str]:
    """Return the classes of which a table can make entities known, each with what their identifiers begin with."""
    under = {base: narrower(DG[base]) for base in _BASES}
    found = {str(kind).rpartition("#")[2]: minted for base, minted in _BASES.items() for kind in under[base]}
    # A state is a place, and is not made by a table.
    return {name: minted for name, minted in (found | _BASES).items() if name not in {"State", "Territory"}}


@cache
def properties() -> dict[str, URIRef]:
    """Return the properties of the vocabulary by name."""
    graph = vocabulary("diplograph")
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    found = [p for kind in kinds for p in graph.subjects(RDF.type, kind) if str(p).startswith(str(DG.Fact)[:-4])]
    return {str(prop).rpartition("#")[2]: URIRef(str(prop)) for prop in found}


@cache
def wanted(kind: URIRef, prop: URIRef) -> Wanted:
    """Return what the shapes want of a property of a class, and of any where they have nothing on this one."""
    graph = vocabulary("shapes")
    required, kinds, codes = False, set[str](), set[URIRef]()
    for shape in graph.subjects(SH.targetClass, kind):
        for each in graph.objects(shape, SH.property):
            if graph.value(each, SH.path) != prop:
                continue
            required |= int(str(graph.value(each, SH.minCount) or 0)) > 0
            allowed = graph.value(each, SH["in"])
            codes |= {URIRef(str(code)) for code in Collection(graph, allowed)} if allowed is not None else set()
            named = graph.value(each, SH["class"])
            if isinstance(named, URIRef):
                kinds |= {str(below).rpartition("#")[2] for below in (named, *narrower(named))}
    if codes:
        kinds = {"code"}
    elif prop in _DATED:
        kinds = {"date"}
    elif (prop, RDF.type, OWL.DatatypeProperty) in vocabulary("diplograph"):
        kinds = {"text"}
    return Wanted(required, frozenset(kinds & {*PLAIN_KINDS, *entity_kinds()}), frozenset(codes))


@cache
def codes() -> frozenset[URIRef]:
    """Return every code of the vocabulary's code lists."""
    return frozenset(URIRef(str(code)) for code in vocabulary("schemes").subjects(RDF.type, SKOS.Concept))

"""Every question has the same answer in both engines and in the table of edges, in the same order, whatever the facts.

Facts are made from what the vocabulary and the shapes say of each class, so a new class needs nothing here. Set
DIPLOGRAPH_EXAMPLES to try more than a few of them for each question.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from rdflib import Dataset, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH, XSD
from rdflib.term import Identifier, Node

from diplograph import Source, Store, load, questions
from diplograph.graph.entities import Names
from diplograph.graph.formats import syntax_named
from diplograph.graph.memory import MemoryStore
from diplograph.graph.minting import minted
from diplograph.graph.oxigraph import OxigraphStore, parsed
from diplograph.graph.store import Row, Solutions, View
from diplograph.ontology.documents import vocabulary
from diplograph.ontology.facts import FactClass, fact_classes
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES, TERMS
from diplograph.ontology.terms import DG
from diplograph.queries.binding import bound, terms_of
from diplograph.queries.catalogue import Question
from diplograph.queries.networks import NETWORKS

EXAMPLES = int(os.environ.get("DIPLOGRAPH_EXAMPLES", "3"))
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
VOCABULARY, SHAPES = vocabulary("diplograph"), vocabulary("shapes")

# Few, so that what is said of them meets.
ENTITIES = {
    "Person": ("person:a", "person:b", "person:c"),
    "State": ("state:AAA", "state:BBB"),
    "Council": ("organization:council",),
    "Ministry": ("organization:ministry",),
    "Post": ("post:p", "post:q"),
    "Meeting": ("event:meeting-1", "event:meeting-2"),
    "Visit": ("event:visit",),
    "Anniversary": ("event:anniversary",),
    "Treaty": ("agreement:k", "agreement:l"),
    "City": ("place:town",),
    "Topic": ("topic:t",),
    "Report": ("doc:report",),
}
EVERY = tuple(entity for entities in ENTITIES.values() for entity in entities)
DATED = {
    *(DG["from"], DG.until, DG.date, DG.asOf, DG.appointed, DG.lastUpdated),
    *(DG.inception, DG.dissolution, DG.entryIntoForce, DG.termination, DG.born, DG.died),
}
# Of every exactness, near each other, and at the ends of months and years.
DATES = (
    *('"2019"^^xsd:gYear', '"2020"^^xsd:gYear', '"2020-02"^^xsd:gYearMonth', '"2020-12"^^xsd:gYearMonth'),
    *('"2020-02-29"^^xsd:date', '"2020-03-01"^^xsd:date', '"2020-12-31"^^xsd:date', '"2021-01-01"^^xsd:date'),
    '"2021-01-01T10:00:00Z"^^xsd:dateTime',
)
DAYS = ("2019-12-31", "2020-02-29", "2020-12-31", "2021-01-01")
GROUND = "".join(f'{e} a dg:{kind} ; skos:prefLabel "{e}"@en .\n' for kind, all_ in ENTITIES.items() for e in all_)


def superclasses(kind: Node) -> set[Node]:
    return set(VOCABULARY.transitive_objects(kind, RDFS.subClassOf))


def instances(kind: Node) -> list[str]:
    """The entities that are of a class or of one below it."""
    return [e for name, entities in ENTITIES.items() if kind in superclasses(DG[name]) for e in entities]


def spelled(term: Node) -> str:
    return term.n3() if isinstance(term, URIRef | Literal) else ""


@cache
def values_of(prop: Node) -> tuple[str, ...]:
    """What the shapes let a property have for a value, wherever it is said."""
    found: list[str] = []
    for shape in SHAPES.subjects(SH.path, prop):
        for kind in SHAPES.objects(shape, SH["class"]):
            found += instances(kind)
        for members in SHAPES.objects(shape, SH["in"]):
            found += [spelled(member) for member in Collection(SHAPES, members)]
        datatype = SHAPES.value(shape, SH.datatype)
        if datatype in (XSD.integer, XSD.nonNegativeInteger, XSD.positiveInteger):
            found += ["1", "2", "12"]
        elif datatype == RDF.langString:
            found += ['"said"@en', '"dit"@fr']
        elif datatype == XSD.string:
            found += ['"said"']
    if prop in DATED:
        found += DATES
    elif prop == DG.accreditedTo:
        found += instances(DG.State)
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Plain:
    """A property that stands on an entity, without a fact of its own."""

    subjects: tuple[str, ...]
    prop: URIRef


@cache
def plain_properties() -> tuple[Plain, ...]:
    """Every property that the shapes let an entity have, with the entities."""
    found: dict[URIRef, list[str]] = defaultdict(list)
    for shape, kind in SHAPES.subject_objects(SH.targetClass):
        for inner in SHAPES.objects(shape, SH.property):
            prop = SHAPES.value(inner, SH.path)
            if isinstance(prop, URIRef) and str(prop).startswith(TERMS) and values_of(prop):
                found[prop] += instances(kind)
    # What the shapes leave open.
    found[DG.accreditedTo] += instances(DG.Post)
    for prop in DATED:
        found[prop] += instances(DG.Event) + instances(DG.Agreement) + instances(DG.Person) + instances(DG.Organization)
    return tuple(Plain(tuple(dict.fromkeys(entities)), prop) for prop, entities in found.items() if entities)


def phrase(properties: Mapping[URIRef, str | None]) -> str:
    return " ; ".join(f"{prop.n3()} {value}" for prop, value in properties.items() if value)


@dataclass(frozen=True)
class Maker:
    """Makes facts and plain statements as Turtle, more often of what is `spoken` of, with the values in `favoured`."""

    spoken: frozenset[str]
    favoured: frozenset[str]

    def one(self, values: tuple[str, ...]) -> st.SearchStrategy[str]:
        """One of some values."""
        near = [value for value in values if value in self.favoured]
        return st.sampled_from([*near * 8, *values])

    def chance(self, values: tuple[str, ...]) -> st.SearchStrategy[str | None]:
        """One of some values, or none."""
        return st.none() | self.one(values)

    def anything(self) -> st.SearchStrategy[str]:
        """A fact or a plain statement."""
        classes = list(fact_classes().values())
        near = [kind for kind in classes if self.is_spoken_of(kind)] or classes
        return st.one_of(
            st.sampled_from(near).flatmap(self.fact),
            st.sampled_from(near).flatmap(self.fact),
            st.sampled_from(self.properties()).flatmap(self.statement),
            st.sampled_from(classes).flatmap(self.fact),
        )

    def is_spoken_of(self, kind: FactClass) -> bool:
        """Whether a class of facts is, by its name or by both its ends."""
        ends = {end.removeprefix(TERMS) for end in (kind.source, kind.target)}
        return kind.iri.removeprefix(TERMS) in self.spoken or ends <= self.spoken

    def properties(self) -> list[Plain]:
        """The plain properties that are spoken of, or all."""
        plain = plain_properties()
        return [each for each in plain if each.prop.removeprefix(TERMS) in self.spoken] or list(plain)

    def statement(self, plain: Plain) -> st.SearchStrategy[str]:
        """A plain property of an entity."""
        return st.tuples(self.one(plain.subjects), self.one(values_of(plain.prop))).map(
            lambda pair: f"{pair[0]} {plain.prop.n3()} {pair[1]} .\n"
        )

    def fact(self, kind: FactClass) -> st.SearchStrategy[str]:
        """A fact of a class: its ends always, the rest of its key and its evidence as may be."""
        if kind.iri == DG.Assertion:
            return self.whole("dg:Assertion", st.sampled_from(self.properties()).flatmap(self.assertion))
        said: dict[URIRef, st.SearchStrategy[str | None]] = {}
        for prop in (*kind.key, DG.appointed, DG.onBehalfOf, DG.capacity, DG.summary):
            if prop not in (DG.realis, DG.claimedBy) and (values := values_of(prop)):
                said[prop] = self.one(values) if prop == kind.words_from else self.chance(values)
        # Where the shapes leave open what an end can be, it can be anything.
        said |= {end: self.one(values_of(end) or EVERY) for end in (kind.source, kind.target)}
        return self.whole(f"dg:{kind.iri.removeprefix(TERMS)}", st.fixed_dictionaries(said).map(phrase))

    def assertion(self, plain: Plain) -> st.SearchStrategy[str]:
        """What a fact says that is of one plain property of an entity."""
        return st.tuples(self.one(plain.subjects), self.one(values_of(plain.prop))).map(
            lambda pair: f"rdf:subject {pair[0]} ; rdf:predicate {plain.prop.n3()} ; rdf:object {pair[1]}"
        )

    def whole(self, kind: str, said: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        """A fact of which is known what it says."""
        # Most are held to be so, as most questions ask for those.
        others = ["realis:planned", "realis:denied", "realis:claimed ; dg:claimedBy person:c"]
        realis = st.sampled_from([*["realis:held"] * 8, *others])
        evidence = st.fixed_dictionaries(
            {DG.asOf: self.chance(DATES), DG.level: self.chance(values_of(DG.level)), DG.note: self.chance(NOTES)}
        )
        return st.tuples(said, realis, st.none() | evidence).map(
            lambda parts: (
                f"[] a {kind} ; {parts[0]} ; dg:realis {parts[1]}"
                + (f" ; dg:evidence [ {phrase(parts[2])} ]" if parts[2] is not None else "")
                + " .\n"
            )
        )


def body(question: Question) -> str:
    return re.sub(r"^#.*$", "", question.sparql, flags=re.MULTILINE)


def maker(question: Question, entities: Iterable[str]) -> Maker:
    """Return what makes facts near a question about some entities."""
    codes = (URIRef(PREFIXES[prefix] + name).n3() for prefix, name in CODE.findall(body(question)))
    spoken = frozenset(re.findall(r"\bdg:(\w+)", body(question)))
    # Who is beside those that are asked for; without them too little would meet.
    return Maker(spoken, frozenset((*entities, "event:visit", "event:meeting-1", *codes)))


CODE = re.compile(r"\b(role|relation|action|level|assessment):([\w-]+)")
NOTES = ('"a note"@en', '"une note"@fr')


def documents(made: Maker) -> st.SearchStrategy[list[list[str]]]:
    first = st.lists(made.anything(), min_size=8, max_size=25)
    rest = st.lists(st.lists(made.anything(), max_size=12), max_size=2)
    return st.tuples(first, rest).map(lambda parts: [parts[0], *parts[1]])


def parameters(question: Question) -> st.SearchStrategy[dict[str, str]]:
    def value(kind: str) -> st.SearchStrategy[str]:
        if kind == "number":
            return st.sampled_from(("1", "3", "30", "400"))
        if kind in ("date", "day"):
            return st.sampled_from(DAYS if kind == "day" else (*DAYS, "2020-02", "2020"))
        return st.sampled_from(EVERY if kind == "Entity" else instances(DG[kind]))

    return st.fixed_dictionaries({p.name: value(p.kind) for p in question.parameters})


def in_full(entity: str) -> str:
    prefix, colon, name = entity.partition(":")
    return PREFIXES[prefix] + name if colon else entity


def sources(texts: list[list[str]]) -> Iterator[Source]:
    for number, lines in enumerate(texts):
        document = document_iri(f"source-{number}")
        updated = f'<{document}> a dg:Dataset ; dg:lastUpdated "202{number}-06-01"^^xsd:date .\n'
        text = (HEAD + GROUND + updated + "".join(lines)).encode()
        graphs = parsed(text, syntax_named("turtle"), source="made", base=str(document))
        yield Source(document, minted(graphs[None], document), str(number))


def answer(store: Store, question: Question, values: Mapping[str, str]) -> list[tuple[str, ...]]:
    view = store.view()
    found = view.query(bound(question, terms_in(view, question, values)))
    assert isinstance(found, Solutions)
    return in_text(found.rows)


def terms_in(view: View, question: Question, values: Mapping[str, str]) -> dict[str, Identifier]:
    return terms_of(question, {name: in_full(value) for name, value in values.items()}, Names(view))


def in_text(rows: Iterable[Row]) -> list[tuple[str, ...]]:
    return [tuple("" if term is None else term.n3() for term in row) for row in rows]


@pytest.mark.parametrize("kind", list(fact_classes().values()), ids=lambda kind: str(kind.name))
@given(data=st.data())
@settings(max_examples=2, deadline=None)
def test_a_fact_of_every_class_can_be_made(kind: FactClass, data: st.DataObject) -> None:
    (source,) = sources([[data.draw(Maker(frozenset(), frozenset()).fact(kind))]])
    assert f"{RDF.type.n3()} {kind.iri.n3()} .".encode() in source.ntriples  # type: ignore[operator]


@pytest.mark.parametrize("question", list(questions().values()), ids=lambda question: str(question.name))
@given(data=st.data())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
def test_both_engines_give_the_same_answer(question: Question, data: st.DataObject) -> None:
    values = data.draw(parameters(question))
    texts = data.draw(documents(maker(question, values.values())))
    answers = []
    for store in (OxigraphStore(), MemoryStore(Dataset())):
        with store:
            load(store, list(sources(texts)))
            answers.append(answer(store, question, values))
            if question.name in NETWORKS:
                view = store.view()
                network = NETWORKS[question.name].rows(view, terms_in(view, question, values))
                assert in_text(network) == answers[-1]
    event("something is answered" if answers[0] else "nothing is answered")
    assert answers[0] == answers[1]

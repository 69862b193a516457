"""Each rule of the shapes finds what breaks it, says so once, and lets through what does not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, RDF, RDFS, SH, SKOS, XSD
from rdflib.term import Node

from diplograph.ontology.documents import vocabulary
from diplograph.ontology.facts import fact_classes
from diplograph.ontology.identifiers import passage_span
from diplograph.ontology.namespaces import BASE, DOCUMENTS, IDENTIFIERS, PREFIXES, TERMS
from diplograph.ontology.terms import ACTION, ASSESSMENT, DG, LEVEL, METHOD, REALIS, RELATION, ROLE
from diplograph.ontology.validation import OA, Finding, findings

PROV_QUOTED = URIRef(PREFIXES["prov"] + "wasQuotedFrom")
SOMEBODY = URIRef(IDENTIFIERS + "person/somebody")
PASSAGE = URIRef(DOCUMENTS + "example#char=5,9")
UN_LIKE = DG.IntergovernmentalOrganization
OPTIONAL_ENDS = {
    (DG.Utterance, DG.topic),
    (DG.Assessment, DG.assessor),
    (DG.Position, DG.topic),
    (DG.Proposal, DG.addressee),
    (DG.Recommendation, DG.addressee),
}


@dataclass(frozen=True)
class Case:
    """One change to an instance of an example's class, and what must be found then; None where nothing may be."""

    example: str
    prop: URIRef
    values: tuple[Node, ...]
    severity: str
    fragment: str | None

    def __str__(self) -> str:
        values = "nothing" if not self.values else ",".join(value.n3() for value in self.values)
        return f"{self.example} {self.prop.rpartition('#')[2]} {values}".replace(BASE, "")


def file_name(term: URIRef) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", str(term).removeprefix(TERMS)).lower()


def en(text: str) -> Literal:
    return Literal(text, lang="en")


def typed(text: str, datatype: URIRef) -> Literal:
    return Literal(text, datatype=datatype, normalize=False)


def day(text: str) -> Literal:
    return typed(text, {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}[len(text)])


def breaks(example: str, prop: URIRef, *values: Node, because: str) -> Case:
    return Case(example, prop, values, "violation", because)


def warns(example: str, prop: URIRef, *values: Node, because: str) -> Case:
    return Case(example, prop, values, "warning", because)


def informs(example: str, prop: URIRef, *values: Node, because: str) -> Case:
    return Case(example, prop, values, "info", because)


def fits(example: str, prop: URIRef, *values: Node) -> Case:
    return Case(example, prop, values, "", None)


def of_every_fact() -> list[Case]:
    cases = []
    for kind in fact_classes().values():
        name, a, b = file_name(kind.iri), day("1901"), day("1902")
        for end in (kind.source, kind.target):
            plain = DG.name if end == DG.name else end
            required = (kind.iri, end) not in OPTIONAL_ENDS
            if required:
                cases.append(breaks(name, end, because=_told(plain)))
            if end not in (DG.name, RDF.object):
                cases.append(breaks(name, end, SOMEBODY, URIRef(SOMEBODY + "-else"), because=_told(plain)))
        cases += [
            breaks(name, DG.realis, because="Exactly one dg:realis"),
            breaks(name, DG.realis, REALIS.held, REALIS.planned, because="Exactly one dg:realis"),
            breaks(name, DG.realis, REALIS.nonsense, because="Exactly one dg:realis"),
            warns(name, DG.evidence, because="Who says so?"),
            breaks(name, kind.start, a, b, because="At most one"),
            breaks(name, kind.start, Literal("2001"), because="is a date"),
            fits(name, kind.start, a),
        ]
        if kind.iri != DG.Position:
            cases += [
                breaks(name, DG.realis, REALIS.claimed, because="Who claims it?"),
                breaks(name, DG.claimedBy, SOMEBODY, because="Only a fact with realis:claimed"),
                fits(name, DG.realis, REALIS.planned),
                fits(name, DG.realis, REALIS.denied),
            ]
    return cases


def _told(end: URIRef) -> str:
    namespace, prefix = (TERMS, "dg:") if str(end).startswith(TERMS) else (str(RDF), "rdf:")
    return prefix + str(end).removeprefix(namespace)


def of_every_property_shape() -> list[Case]:
    """A property that names something gets a word instead, and the name of something that is not described."""
    shapes, cases = vocabulary("shapes"), []
    for shape, target in sorted(shapes.subject_objects(SH.targetClass)):
        for prop in shapes.objects(shape, SH.property):
            path, told = shapes.value(prop, SH.path), str(shapes.value(prop, SH.message))
            if isinstance(path, URIRef) and (prop, SH.nodeKind, SH.IRI) in shapes:
                cases.append(Case(file_name(target), path, (Literal("word"),), _severity(prop), told))
            if isinstance(path, URIRef) and (prop, SH["class"], None) in shapes:
                cases.append(Case(file_name(target), path, (SOMEBODY,), _severity(prop), told))
    return sorted(cases, key=str)


def _severity(prop: Node) -> str:
    return str(vocabulary("shapes").value(prop, SH.severity)).rpartition("#")[2].lower()


CASES = [
    *of_every_fact(),
    *of_every_property_shape(),
    # records
    informs("dataset", DG.lastUpdated, because="Up to when was the dataset kept?"),
    informs("visit", DG.destination, because="Where did the visit go?"),
    breaks("judgement", DG.verdict, because="Exactly one dg:verdict"),
    breaks("judgement", DG.reason, because="At least one dg:reason"),
    breaks("judgement", DG.judgedBy, because="At least one dg:judgedBy"),
    # codes
    breaks("participation", DG.role, because="Exactly one dg:role"),
    breaks("participation", DG.role, ROLE.guest, because="code list role"),
    breaks("membership", DG.role, ROLE.guest, because="code list role"),
    fits("membership", DG.role, ROLE.observer),
    breaks("relations", DG.relationKind, RELATION.enmity, because="code list relation"),
    breaks("treaty-action", DG.action, ACTION.read, because="code list action"),
    breaks("assessment", DG.assessmentKind, ASSESSMENT.praise, because="code list assessment"),
    breaks("evidence", DG.level, LEVEL.sure, because="code list level"),
    breaks("evidence", DG.level, because="Exactly one dg:level"),
    breaks("evidence", DG.method, METHOD.guessed, because="code list method"),
    breaks("evidence", DG.method, because="Exactly one dg:method"),
    # evidence and passages
    breaks("evidence", DG.inDocument, because="Exactly one dg:inDocument"),
    breaks("evidence", PROV_QUOTED, PASSAGE, URIRef(PASSAGE + "9"), because="At most one prov:wasQuotedFrom"),
    warns("evidence", PROV_QUOTED, PASSAGE, because="dg:Passage"),
    fits("evidence", PROV_QUOTED),
    fits("evidence", DG.decidedBy),
    fits("evidence", DG.note),
    breaks("evidence", DG.asOf, typed("yesterday", XSD.date), because="dg:asOf is a date"),
    warns("fact", DG.evidence, because="Who says so?"),
    breaks("fact", DG.evidence, SOMEBODY, because="must be a dg:Evidence"),
    breaks("passage", OA.hasSource, because="Exactly one oa:hasSource"),
    breaks("passage", OA.start, because="Exactly one oa:start"),
    breaks("passage", OA.end, Literal(16), because="less than oa:end"),
    breaks("passage", OA.start, Literal(-1), because="Exactly one oa:start"),
    breaks("passage", OA.end, Literal("22"), because="Exactly one oa:end"),
    breaks("passage", OA.end, Literal(23), because="The passage's IRI says 22"),
    breaks("passage", DG.sha256, Literal("AB" * 32), because="64 lower-case hexadecimal"),
    breaks("passage", DG.sha256, Literal("ab" * 31), because="64 lower-case hexadecimal"),
    warns("passage", DG.sha256, because="Add dg:sha256"),
    breaks("passage", OA.exact, Literal("Geneva"), Literal("Genf"), because="At most one oa:exact"),
    fits("passage", OA.exact),
    breaks("passage", DG.mentions, Literal("Geneva"), because="dg:mentions"),
    # what was said
    breaks("assessment", DG.summary, because="Say how it is assessed"),
    breaks("position", DG.summary, because="Say what the position is"),
    breaks("proposal", DG.summary, because="Say what is proposed"),
    breaks("recommendation", DG.summary, because="Say what is recommended"),
    fits("utterance", DG.summary),
    fits("utterance", DG.topic),
    warns("utterance", DG.summary, Literal("without a language"), because="language tag"),
    breaks("utterance", DG.content, Literal("text"), because="At most one dg:content"),
    breaks("recommendation", DG.event, because="Add dg:event"),
    breaks("participation", DG.event, because="Add dg:event"),
    breaks("naming", DG.name, Literal("Ceylon"), because="Exactly one dg:name"),
    breaks("position", DG.claimedBy, because="Who claims it?"),
    breaks("position", DG.realis, REALIS.held, because="Only a fact with realis:claimed"),
    # names
    breaks("person", SKOS.prefLabel, because="An entity needs a name"),
    breaks("topic", SKOS.prefLabel, Literal("arms control"), because="An entity needs a name"),
    warns("person", SKOS.prefLabel, en("One"), en("Two"), because="Two skos:prefLabel in one language"),
    fits("person", SKOS.prefLabel, en("One"), Literal("Un", lang="fr")),
    warns("person", SKOS.altLabel, Literal("One"), because="skos:altLabel is text"),
    informs("topic", SKOS.prefLabel, en("very " * 40 + "long"), because="at most 150 characters"),
    breaks("document", DCTERMS.title, because="A document needs a name"),
    # codes of states and territories
    breaks("state", DG.isoAlpha2, Literal("na"), because="two capital letters"),
    breaks("state", DG.isoAlpha3, Literal("NAMI"), because="three capital letters"),
    breaks("state", DG.isoAlpha3, Literal("NAM"), Literal("NMB"), because="at most once"),
    breaks("state", DG.isoNumeric, Literal(516), because="three digits in quotes"),
    breaks("state", DG.m49, Literal("51"), because="three digits in quotes"),
    breaks("state", DG.iso31663, Literal("NAM"), because="four capital letters"),
    fits("state", DG.iso31663, Literal("SUHH")),
    breaks("state", DG.adjective, Literal("Namibian"), because="language tag"),
    breaks("state", DG.capital, en("Windhoek"), because="dg:capital"),
    breaks("territory", DG.dependencyOf, en("Denmark"), because="dg:dependencyOf"),
    breaks("territory", DG.isoAlpha2, Literal("gl"), because="two capital letters"),
    # life spans
    breaks("state", DG.dissolution, day("1989"), because="It ends before dg:inception 1990-03-21"),
    fits("state", DG.dissolution, day("1990")),
    breaks("state", DG.inception, Literal("1990"), because="dg:inception is a date"),
    breaks("tenure", DG.until, day("1961"), because="It ends before dg:from 1962-11-30"),
    breaks("tenure", DG.until, typed("2001", XSD.date), because="dg:until is a date"),
    breaks("tenure", DG.until, typed("2001-12-26", XSD.gYear), because="dg:until is a date"),
    breaks("tenure", DG.until, day("2001-13"), because="dg:until is a date"),
    fits("tenure", DG["from"], day("1961-11")),
    fits("tenure", DG.until, day("1962")),
    fits("tenure", DG.until),
    breaks("naming", DG["from"], day("1972-06"), because="It ends before dg:from 1972-06"),
    # dates of documents and events
    fits("news-article", DCTERMS.issued, day("2024-05")),
    fits("news-article", DCTERMS.issued, typed("2024-05-02T09:30:00Z", XSD.dateTime)),
    breaks("news-article", DCTERMS.issued, typed("2024-05-02T09:30", XSD.dateTime), because="dcterms:issued is a date"),
    breaks("news-article", DG.datelineDate, en("May 2"), because="dg:datelineDate is a date"),
    fits("meeting", DG.date, typed("1964-10-05T10:00:00+02:00", XSD.dateTime)),
    breaks("meeting", DG.date, typed("1964-10-32", XSD.date), because="dg:date is a date"),
    breaks("meeting", DG.date, typed("1964-02-30", XSD.date), because="dg:date is a date"),
    breaks("meeting", DG.date, typed("1964-10-05Z", XSD.date), because="dg:date is a date"),
    breaks("meeting", DG.ordinal, Literal(0), because="1 or greater"),
    breaks("meeting", DG.ordinal, Literal("2"), because="whole number"),
    informs("meeting", DG.ordinal, because="Which meeting of the series"),
    informs("meeting", DG.date, because="When did it happen?"),
    informs("conference", DG.topic, because="What was the conference about?"),
    warns("anniversary", DG.commemorates, because="which event is remembered?"),
    warns("post", DG.postIn, because="Whose post is it?"),
    informs("city", DG.locatedIn, because="Where is the city?"),
    informs("ministry", DG.basedIn, because="Which state is the ministry in?"),
    informs("resolution", DG.issuedBy, because="Which organ decided it?"),
    informs("report", DG.presentedBy, because="Who reported?"),
    # two things under one IRI
    breaks("person", RDF.type, DG.Person, DG.Organization, because="a person cannot also be".capitalize()),
    breaks("person", RDF.type, DG.Person, DG.Meeting, because="An agent cannot also be"),
    breaks("organization", RDF.type, DG.Organization, DG.City, because="An organization cannot also be"),
    breaks("post", RDF.type, DG.Post, DG.Topic, because="A post cannot also be"),
    breaks("meeting", RDF.type, DG.Meeting, DG.Treaty, because="An event cannot also be"),
    warns("territory", RDF.type, DG.Territory, DG.State, because="not a sovereign state"),
    breaks("place", RDF.type, DG.Place, DG.Event, because="A place cannot also be"),
    breaks("document", RDF.type, DG.Document, DG.Topic, because="A document cannot also be"),
    breaks("person", RDF.type, DG.Passage, because="A passage's IRI is"),
    warns("region", RDF.type, DG.Region, DG.City, because="neither a state nor a city"),
    warns(
        "intergovernmental-body", RDF.type, DG.IntergovernmentalBody, DG.IntergovernmentalOrganization, because="organ"
    ),
    # what may be wanting
    informs("agent", RDF.type, DG.State, because="neither ISO code nor life span"),
    informs("organization", RDF.type, DG.Council, because="No meeting of the council"),
    informs("person", RDF.type, DG.IntergovernmentalOrganization, because="When was the organization founded?"),
    informs("news-agency", DG.basedIn, because="Which state is the news agency in?"),
    informs("think-tank", DG.basedIn, because="Which state is the think tank in?"),
    informs("event", RDF.type, DG.Conflict, because="Who fought?"),
    informs("event", RDF.type, DG.EstablishmentOfRelations, because="Between whom?"),
    informs("anniversary", DG.ordinal, because="Which anniversary is it?"),
    informs("agreement", DG.date, because="When was it made?"),
    informs("agreement", RDF.type, DG.Treaty, because="Between whom?"),
    informs("agreement", RDF.type, DG.Declaration, because="Who declared it?"),
    informs("agreement", RDF.type, DG.JointStatement, because="two or more makers"),
    informs("agreement", RDF.type, DG.Communique, because="Where was it adopted?"),
    informs("agreement", RDF.type, DG.NewsArticle, because="When was the article published?"),
    informs("agreement", RDF.type, DG.ReferenceWork, because="Of when is the reference work?"),
    informs("agreement", RDF.type, DG.Publication, because="Whose publication is it?"),
    # at most one, and of the right kind
    breaks("participation", DG.capacity, SOMEBODY, URIRef(SOMEBODY + "-else"), because="At most one dg:capacity"),
    breaks("meeting", DG.inSeries, SOMEBODY, URIRef(SOMEBODY + "-else"), because="At most one dg:inSeries"),
    breaks("tenure", DG.until, day("1971"), day("1972"), because="At most one dg:until"),
    breaks("tenure", RDF.type, DG.Utterance, because="Say what was said or spoken about"),
    breaks("news-article", DG.characters, Literal("43"), because="dg:characters"),
    breaks("publication", DG.edition, Literal("7th"), because="dg:edition"),
    breaks("state", DG.dissolution, Literal("1990"), because="dg:dissolution is a date"),
    warns("conference", DG.theme, Literal("cooperation"), because="dg:theme"),
    # both sides
    breaks("relations", DG.oneSide, URIRef(IDENTIFIERS + "state/USA"), because="not the same"),
]


@cache
def example(name: str) -> Graph:
    text = (files("diplograph.ontology") / "examples" / f"{name}.ttl").read_bytes()
    return Graph().parse(data=text, format="turtle")


@cache
def kinds_of(name: str) -> frozenset[Node]:
    classes = {file_name(URIRef(str(term))): term for term in vocabulary("shapes").objects(None, SH.targetClass)}
    return frozenset(vocabulary("diplograph").transitive_subjects(RDFS.subClassOf, classes[name]))


def instance(graph: Graph, name: str) -> Node:
    return min(node for kind in kinds_of(name) for node in graph.subjects(RDF.type, kind))


def changed(case: Case) -> Graph:
    graph = Graph(bind_namespaces="none")
    graph += example(case.example)
    subject = instance(graph, case.example)
    graph.remove((subject, case.prop, None))
    for value in case.values:
        graph.add((subject, case.prop, value))
    return graph


def set_apart(graph: Graph, subject: Node, name: str) -> Graph:
    """Return the graph with a name of its own for a subject, its document and all blank nodes; the rest is shared."""
    span = passage_span(str(subject))
    own = {subject} if span is None else {subject, span[0]}

    def apart(node: Node) -> Node:
        if isinstance(node, BNode):
            return URIRef(f"{BASE}id/fact/{name}/{node}")
        if node in own:
            kind, _, local = str(node).removeprefix(BASE).rpartition("/")
            return URIRef(f"{BASE}{kind}/{name}/{local}")
        return node

    renamed = Graph(bind_namespaces="none")
    for s, p, o in graph:
        renamed.add((apart(s), p, apart(o)))
    return renamed


@cache
def found_in_cases() -> dict[int, list[Finding]]:
    """Return the findings of each case, all of them found in one run."""
    together = Graph()
    for number, case in enumerate(CASES):
        together += set_apart(changed(case), instance(example(case.example), case.example), f"case-{number}")
    found: dict[int, list[Finding]] = {number: [] for number in range(len(CASES))}
    for finding in findings(together):
        match = re.search(r"/case-(\d+)/", str(finding.focus))
        if match:
            found[int(match[1])].append(finding)
    return found


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: str(CASES[number]))
def test_a_change_for_the_worse_is_found_and_one_that_fits_is_not(number: int):
    case, found = CASES[number], found_in_cases()[number]
    if case.fragment is None:
        assert [str(finding) for finding in found if finding.severity != "info"] == []
    else:
        assert [f for f in found if f.severity == case.severity and case.fragment in f.message], list(map(str, found))


def test_nothing_is_said_twice_of_one_value():
    for found in found_in_cases().values():
        said = [(finding.focus, finding.path, finding.value, finding.message) for finding in found]
        assert len(said) == len(set(said))


def test_what_is_resolved_should_say_what_decides_it():
    graph = changed(warns("evidence", DG.note, because=""))
    graph.remove((None, DG.decidedBy, None))
    assert [finding.shape for finding in findings(graph) if "What decides the reading?" in finding.message]


def test_every_message_of_the_shapes_is_tried_by_some_case():
    tried = {finding.message for found in found_in_cases().values() for finding in found}
    written = {str(message) for message in vocabulary("shapes").objects(None, SH.message)}
    assert {message for message in written - tried if "What decides the reading?" not in message} == set()


LISTED = {
    DG.realis: "realis",
    DG.level: "level",
    DG.method: "method",
    DG.role: "role",
    DG.relationKind: "relation",
    DG.action: "action",
    DG.assessmentKind: "assessment",
    DG.verdict: "verdict",
}


def test_the_codes_that_shapes_allow_are_those_of_the_code_lists():
    shapes, schemes = vocabulary("shapes"), vocabulary("schemes")
    allowed = [(shapes.value(shape, SH.path), set(Collection(shapes, codes))) for shape, codes in shapes[: SH["in"]]]
    assert {path for path, _ in allowed} == set(LISTED)
    for path, codes in allowed:
        assert codes == set(schemes.subjects(SKOS.inScheme, URIRef(PREFIXES[LISTED[path]][:-1])))


def test_nothing_is_found_in_nothing():
    assert findings(Graph()) == []

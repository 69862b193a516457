"""Validation: what the shapes, and two rules that SHACL Core cannot say, find in a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias

from rdflib import BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH, Namespace
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

from ..errors import DateError, ValidationError
from .dates import partial_date
from .documents import vocabulary
from .identifiers import passage_span, shortened
from .rules import shortcut_rules
from .terms import DG, DGSH

Severity: TypeAlias = Literal["violation", "warning", "info"]

OA: Final = Namespace("http://www.w3.org/ns/oa#")

_SEVERITIES: Final[dict[Node | None, Severity]] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
_ORDER: Final = tuple(_SEVERITIES.values())
_SPANS: Final = ((DG["from"], DG.until), (DG.inception, DG.dissolution))
_QUANTIFIERS: Final = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
_SHOWN = 3
"""How many violations the message of a ValidationError tells."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a node: where, how grave, and what to do.

    A violation breaks answers, a warning wants a curator's eye, an info is a hint. `path` is the property, or the path
    of properties as SPARQL spells it, and None where the node itself is meant; `value` is what was found there, None
    where something is missing. `shape` is the prefixed name of the shape that says so.
    """

    severity: Severity
    focus: Node
    path: str | None
    value: Node | None
    message: str
    shape: str

    def __str__(self) -> str:
        """Return the finding as one line."""
        where = _spelled(self.focus) + (f" {self.path}" if self.path else "")
        seen = f" (found: {_spelled(self.value)})" if self.value is not None and self.value != self.focus else ""
        return f"{where}: {self.message}{seen}"


def findings(data: Graph, *, shapes: Graph | None = None) -> list[Finding]:
    """Return what is wrong with a graph, violations first, then by node, in the same order every time.

    The shortcuts that follow from the graph's facts count as said. Other `shapes` than the packaged ones can be given,
    and are then all that is checked; the vocabulary's subclasses hold in any case. The graph is never changed.
    """
    whole = _with_what_follows(data)
    found = set(_by_shapes(whole, vocabulary("shapes") if shapes is None else shapes))
    if shapes is None:
        found |= {*_ends_before_it_begins(whole), *_cited_elsewhere(whole)}
    return sorted(found, key=_rank)


def check(data: Graph) -> None:
    """Raise ValidationError, telling the first violations and how many there are, where a graph has any."""
    violations = [finding for finding in findings(data) if finding.severity == "violation"]
    if violations:
        count = "1 violation" if len(violations) == 1 else f"{len(violations)} violations"
        rest = len(violations) - _SHOWN
        told = [str(finding) for finding in violations[:_SHOWN]] + ([f"and {rest} more"] if rest > 0 else [])
        raise ValidationError(f"The facts do not fit the shapes, {count}: " + "; ".join(told))


def report(data: Graph, shapes: Graph) -> Graph:
    """Return the validation report of SHACL (https://www.w3.org/TR/shacl/#validation-report) on a graph as it is.

    Only the vocabulary's subclasses are added to what the graph says. Raises ValidationError for shapes that are none.
    """
    from pyshacl import errors, validate  # slow to import, and not needed by those who only ask

    try:
        _, found, _ = validate(
            data, shacl_graph=shapes, ont_graph=_subclasses(), inference="none", advanced=False, inplace=False
        )
    except errors.ReportableRuntimeError as error:
        raise _unusable(error) from error
    if not isinstance(found, Graph):
        raise _unusable(found)
    return found


def _unusable(reason: object) -> ValidationError:
    told = " ".join(str(reason).split()).rstrip(".")
    return ValidationError(f"The shapes cannot be used: {told}. They must be well-formed SHACL Core.")


def _by_shapes(data: Graph, shapes: Graph) -> Iterator[Finding]:
    told = report(data, shapes)
    for result in told.objects(None, SH.result):
        source, path = told.value(result, SH.sourceShape), told.value(result, SH.resultPath)
        messages = sorted(str(message) for message in told.objects(result, SH.resultMessage))
        yield Finding(
            # Shapes may make severities of their own, of which it is not known that they are less than the gravest.
            severity=_SEVERITIES.get(told.value(result, SH.resultSeverity), "violation"),
            focus=told.value(result, SH.focusNode) or source or result,
            path=None if path is None else spelled_path(told, path),
            value=told.value(result, SH.value),
            message=" ".join(messages),
            shape=_owner(shapes, source),
        )


def _with_what_follows(data: Graph) -> Graph:
    whole = Graph()
    whole += data
    for query in _derivations():
        follows = data.query(query).graph or ()
        whole += (triple for triple in follows if isinstance(triple[0], URIRef | BNode))
    return whole


@cache
def _derivations() -> tuple[Query, ...]:
    return tuple(
        prepareQuery(f"CONSTRUCT {{ {rule.shortcut_pattern} }} WHERE {{ {rule.fact_pattern} }}")
        for rule in shortcut_rules()
    )


@cache
def _subclasses() -> Graph:
    hierarchy = Graph()
    for subclass, superclass in vocabulary("diplograph").subject_objects(RDFS.subClassOf):
        hierarchy.add((subclass, RDFS.subClassOf, superclass))
    return hierarchy


def _ends_before_it_begins(data: Graph) -> Iterator[Finding]:
    """SHACL's sh:lessThan cannot compare a year with a day."""
    for begin, end in _SPANS:
        for node, until in data.subject_objects(end):
            for since in data.objects(node, begin):
                try:
                    disordered = partial_date(str(since)).first_day > partial_date(str(until)).last_day
                except DateError:
                    continue  # the shapes tell it
                if disordered:
                    message = f"It ends before {shortened(begin)} {since}: which of the two dates is wrong?"
                    yield Finding("violation", node, shortened(end), until, message, shortened(DGSH.DatedShape))


def _cited_elsewhere(data: Graph) -> Iterator[Finding]:
    """A shape cannot compare an IRI with the values of properties."""
    for passage in data.subjects(RDF.type, DG.Passage):
        span = passage_span(str(passage))
        if span is None:
            continue  # the shapes tell it
        for prop, said in zip((OA.hasSource, OA.start, OA.end), span, strict=True):
            for value in data.objects(passage, prop):
                if str(value) != str(said):
                    message = f"The passage's IRI says {said}: correct {shortened(prop)} or the IRI."
                    yield Finding("violation", passage, shortened(prop), value, message, shortened(DGSH.PassageShape))


def spelled_path(graph: Graph, path: Node) -> str:
    """Return a path of properties, which a graph spells with blank nodes, as SPARQL spells it."""
    if isinstance(path, URIRef):
        return shortened(path)
    if (path, RDF.first, None) in graph:
        return "/".join(spelled_path(graph, step) for step in Collection(graph, path))
    for construct, inner in graph.predicate_objects(path):
        if construct == SH.alternativePath:
            return "(" + "|".join(spelled_path(graph, step) for step in Collection(graph, inner)) + ")"
        if construct == SH.inversePath:
            return f"^{spelled_path(graph, inner)}"
        if construct in _QUANTIFIERS:
            return spelled_path(graph, inner) + _QUANTIFIERS[URIRef(str(construct))]
    return str(path)


def _owner(shapes: Graph, shape: Node | None) -> str:
    while shape is not None and not isinstance(shape, URIRef):
        shape = next(shapes.subjects(None, shape), None)
    return "" if shape is None else shortened(shape)


def _rank(finding: Finding) -> tuple[object, ...]:
    named = finding.focus.n3() if isinstance(finding.focus, URIRef) else ""  # blank names differ from run to run
    value = "" if finding.value is None or isinstance(finding.value, BNode) else finding.value.n3()
    path = finding.path or ""
    return _ORDER.index(finding.severity), named, path, value, finding.message, finding.shape, finding.focus.n3()


def _spelled(node: Node) -> str:
    return shortened(node) if isinstance(node, URIRef) else node.n3()

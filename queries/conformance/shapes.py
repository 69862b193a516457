"""Tests of SHACL: a graph is validated as `diplograph validate` does it, and the report is the one expected."""

from __future__ import annotations

from typing import Final

from rdflib import Graph, Literal, Namespace
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from ...errors import DiplographError
from ...ontology.validation import findings, report, spelled_path
from .isomorphism import same
from .manifests import MF, Case
from .tables import of_rdflib
from .terms import Row
from .verdicts import PASSED, Verdict, difference, failed

SHT: Final = Namespace("http://www.w3.org/ns/shacl-test#")
_TOLD: Final = (SH.focusNode, SH.value, SH.sourceConstraintComponent, SH.resultSeverity, SH.sourceShape)
"""What a result says that can be right or wrong, beside its path; messages are each implementation's own."""


def validation(case: Case) -> Verdict:
    """Return whether the validation report says what was expected, but for the wording of its messages."""
    action = case.action()
    data = _graph(case, case.value(SHT.dataGraph, of=action))
    shapes = _graph(case, case.value(SHT.shapesGraph, of=action))
    expected = case.value(MF.result)
    try:
        found = report(data, shapes)
        told = findings(data, shapes=shapes)
    except DiplographError as error:
        return PASSED if expected == SHT.Failure else failed(f"{type(error).__name__}: {error}")
    if expected is None or expected == SHT.Failure:
        return failed("The shapes were to be refused.")
    root = found.value(None, RDF.type, SH.ValidationReport)
    if bool(told) == (found.value(root, SH.conforms) == Literal(True)):
        return failed(f"The report and the findings do not agree: {[str(finding) for finding in told]}.")
    wanted, seen = _results(case.manifest, expected), _results(found, root)
    return PASSED if same(wanted, seen) else failed(difference(wanted, seen))


def _graph(case: Case, node: Node | None) -> Graph:
    return case.tree.graph(case.tree.path(str(node)))


def _results(graph: Graph, root: Node | None) -> list[Row]:
    rows = [_row(root, SH.conforms, value) for value in graph.objects(root, SH.conforms)]
    for result in graph.objects(root, SH.result):
        rows.append(_row(root, SH.result, result))
        rows += [_row(result, prop, value) for prop in _TOLD for value in graph.objects(result, prop)]
        rows += [
            _row(result, SH.resultPath, Literal(spelled_path(graph, path)))
            for path in graph.objects(result, SH.resultPath)
        ]
    return rows


def _row(*terms: Node | None) -> Row:
    return tuple(None if term is None else of_rdflib(term) for term in terms)

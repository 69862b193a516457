"""Tests of queries: whether a text is SPARQL, and whether its answer over a dataset is the right one."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urljoin

from rdflib import Namespace, URIRef
from rdflib.term import Node

from ...errors import DiplographError, QueryError, QueryRefusedError, QuerySyntaxError
from ...graph.formats import syntax_of
from ...graph.oxigraph import OxigraphDataset, check_query_syntax, parsed, rdflib_graph
from ...graph.store import ResultSyntax, Triples, View
from .isomorphism import same
from .manifests import MF, Case
from .syntax import Language
from .tables import ResultTable, results, results_in_rdf
from .terms import Row, statements
from .values import by_value, numbers_in_text
from .verdicts import PASSED, Verdict, difference, failed

QT: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
_FORMATS: Final[dict[str, ResultSyntax]] = {".srx": "xml", ".srj": "json", ".csv": "csv", ".tsv": "tsv"}
_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)


def evaluation(case: Case) -> Verdict:
    """Return whether the answer to a query is the one expected, in the format of the results that are expected."""
    action = case.action()
    iri, expected_iri = str(case.value(QT.query, of=action)), str(case.value(MF.result))
    sparql = query_text(case, iri)
    try:
        view = OxigraphDataset(_data(case, action, sparql, iri)).view()
        return _compared(case, view, sparql, expected_iri)
    except DiplographError as error:
        return failed(f"{type(error).__name__}: {error}")


def query_text(case: Case, iri: str) -> str:
    """Return a query's text with the base that it was read from, on the line of its first words."""
    return f"BASE <{iri}> {case.tree.data(iri).decode()}"


def _check_syntax(case: Case) -> None:
    # Asked as a user asks; what is refused for what it would do is then only parsed.
    iri = str(case.action())
    sparql = query_text(case, iri)
    # The graphs that the query names, empty: those that a store does not have are refused before anything is parsed.
    graphs: dict[URIRef | None, bytes] = {URIRef(urljoin(iri, found)): b"" for found in _FROM.findall(sparql)}
    try:
        OxigraphDataset(graphs).view().query(sparql)
    except QueryRefusedError:
        check_query_syntax(sparql)
    except QuerySyntaxError:
        raise
    except QueryError:
        return  # it is SPARQL, and has no answer for another reason, such as a function that is not there


QUERIES: Final = Language("SPARQL", _check_syntax)


def _data(case: Case, action: Node, sparql: str, iri: str) -> dict[URIRef | None, bytes]:
    graphs: dict[URIRef | None, bytes] = {None: b""}
    for source in case.iris(QT.data, of=action):
        for name, ntriples in file_graphs(case, source).items():
            graphs[name] = graphs.get(name, b"") + ntriples
    named = set(case.iris(QT.graphData, of=action)) | {urljoin(iri, found) for found in _FROM.findall(sparql)}
    for source in sorted(named):
        graphs[URIRef(source)] = file_graphs(case, source).get(None, b"")
    return graphs


def file_graphs(case: Case, iri: str) -> dict[URIRef | None, bytes]:
    """Return the graphs that a file of a suite states, as N-Triples by name; blank nodes are its own."""
    path = case.tree.path(iri)
    return parsed(case.tree.data(iri), syntax_of(path), source=path.name, base=iri)


def _compared(case: Case, view: View, sparql: str, expected_iri: str) -> Verdict:
    answer = view.query(sparql)
    syntax = _FORMATS.get(PurePosixPath(expected_iri).suffix)
    if syntax is None:
        return _compared_with_rdf(case, view, sparql, answer, expected_iri)
    expected = results(case.tree.data(expected_iri), syntax)
    return _verdict(expected, results(view.serialized(sparql, syntax), syntax), case)


def _compared_with_rdf(case: Case, view: View, sparql: str, answer: object, expected_iri: str) -> Verdict:
    graphs = file_graphs(case, expected_iri)
    if isinstance(answer, Triples):
        wanted = statements({None: graphs.get(None, b"")})
        return graph_verdict(wanted, statements({None: answer.ntriples}))
    expected = results_in_rdf(rdflib_graph(graphs.get(None, b"")))
    if expected is None:
        return failed("A graph was expected, and the query makes none.")
    return _verdict(expected, results(view.serialized(sparql, "json"), "json"), case)


def _verdict(expected: ResultTable | bool, found: ResultTable | bool, case: Case) -> Verdict:
    if isinstance(expected, bool) or isinstance(found, bool):
        return PASSED if expected is found else failed(f"The answer is {found}, expected was {expected}.")
    if set(expected.variables) != set(found.variables):
        return failed(f"The variables are {found.variables}, expected were {expected.variables}.")
    wanted, rows = by_value(expected.rows), by_value(found.by(expected.variables))
    if str(case.value(MF.result)).endswith(".csv"):
        wanted, rows = numbers_in_text(wanted), numbers_in_text(rows)
    if case.value(MF.resultCardinality) == MF.LaxCardinality:
        wanted, rows = list(dict.fromkeys(wanted)), list(dict.fromkeys(rows))
    if same(wanted, rows, ordered=expected.ordered):
        return PASSED
    return failed(difference(wanted, rows))


def graph_verdict(wanted: list[Row], found: list[Row]) -> Verdict:
    """Return whether two graphs, or two datasets, are the same but for their blank nodes."""
    wanted, found = by_value(wanted), by_value(found)
    return PASSED if same(wanted, found) else failed(difference(wanted, found))

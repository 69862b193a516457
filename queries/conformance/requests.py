"""Tests of the SPARQL Protocol and the Graph Store Protocol: requests, one after the other, and what comes back."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, quote

from rdflib import Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDFS
from rdflib.term import Node

from ...errors import DiplographError
from ...graph.formats import syntax_named
from ...graph.loading import Source
from ...graph.oxigraph import parsed
from ...graph.store import ResultSyntax
from .asgi import AUTHORITY, Answer, Service
from .isomorphism import same
from .manifests import MF, Case
from .querying import file_graphs
from .tables import ResultTable, results
from .terms import statements
from .updating import UT
from .verdicts import PASSED, Verdict, failed

HT: Final = Namespace("http://www.w3.org/2011/http#")
CNT: Final = Namespace("http://www.w3.org/2011/content#")
_CODES: Final = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404"}
_PLACES: Final = {"/sparql/": "/sparql", "/gsp": "/graphs"}
"""Where the suites look for the SPARQL endpoint and the graph store, and where they are."""
_SYNTAXES: Final[dict[str, ResultSyntax]] = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
_LOCATION: Final = "$LOCATION$"


def exchange(case: Case) -> Verdict:
    """Return whether every request of a test, one after the other, is answered as expected."""
    return asyncio.run(_exchanged(case))


async def _exchanged(case: Case) -> Verdict:
    requests = _listed(case, case.value(HT.requests, of=case.action()))
    with tempfile.TemporaryDirectory() as directory:
        service = Service(Path(directory) / "store", _sources(case, requests))
        location = ""
        for number, request in enumerate(requests, 1):
            target = _target(case, request).replace(_LOCATION, quote(location, safe=""))
            method = str(case.value(HT.methodName, of=request))
            answer = await service.answer(method, target, _headers(case, request), _body(case, request))
            location = answer.headers.get("location", location)
            wrong = fault(case, case.value(HT.resp, of=request), answer, head=method == "HEAD")
            if wrong:
                return failed(f"Request {number}, {method} {target[:80]}: {wrong}")
    return PASSED


def _sources(case: Case, requests: list[Node]) -> Iterator[Source]:
    # The graphs that the manifest gives, and those that the requests take to be there, empty.
    given = {}
    for named in case.manifest.objects(case.node, UT.graphData):
        file, label = case.value(UT.graph, of=named), case.value(RDFS.label, of=named)
        given[str(label)] = file_graphs(case, str(file)).get(None, b"")
    for request in requests:
        fields = parse_qs(_target(case, request).partition("?")[2])
        for name in (*fields.get("default-graph-uri", ()), *fields.get("named-graph-uri", ())):
            given.setdefault(name, b"")
    return (Source(URIRef(name), ntriples, "the suite") for name, ntriples in given.items())


def _target(case: Case, request: Node) -> str:
    target = str(case.value(HT.absolutePath, of=request))
    for place, ours in _PLACES.items():
        if target.startswith(place):
            return ours + target.removeprefix(place)
    return target


def _headers(case: Case, node: Node | None) -> dict[str, str]:
    fields = case.value(HT.headers, of=node) if node is not None else None
    return {
        str(case.value(HT.fieldName, of=field)): str(case.value(HT.fieldValue, of=field))
        for field in _listed(case, fields)
    }


def _listed(case: Case, members: Node | None) -> list[Node]:
    return [] if members is None else list(Collection(case.manifest, members))


def _body(case: Case, request: Node) -> bytes:
    text = case.value(HT.body, CNT.chars, of=request)
    encoding = case.value(HT.body, CNT.characterEncoding, of=request)
    return b"" if text is None else str(text).encode(str(encoding or "utf-8"))


def fault(case: Case, expected: Node | None, answer: Answer, *, head: bool) -> str:
    """Return what is wrong with an answer, or nothing."""
    codes = [_code(status) for status in case.manifest.objects(expected, MF.expectedStatus)]
    if not any(str(answer.status).startswith(code) for code in codes):
        return f"the status is {answer.status}, expected was {' or '.join(codes)}: {answer.body[:200]!r}"
    wanted = {name: value.partition(";")[0] for name, value in _headers(case, expected).items()}
    if "content-type" in wanted and wanted["content-type"] != answer.media_type:
        return f"the type is {answer.media_type}, expected was {wanted['content-type']}"
    if case.value(MF.expectedLocation, of=expected) is not None and "location" not in answer.headers:
        return "there is no Location"
    wrong = _format_fault(case, expected, answer)
    text = case.value(HT.body, CNT.chars, of=expected) if expected is not None else None
    if wrong or text is None or head:
        return wrong
    base = f"http://{AUTHORITY}/"
    syntax = syntax_named(wanted["content-type"])
    ours = parsed(answer.body, syntax, source="the answer", base=base)
    theirs = parsed(str(text).encode(), syntax, source="the suite", base=base)
    return "" if same(statements(ours), statements(theirs)) else f"the graph is another: {answer.body[:200]!r}"


def _code(status: Node) -> str:
    name = str(status).rpartition("#")[2]
    return _CODES.get(name) or name.removeprefix("StatusCode")[0]


def _format_fault(case: Case, expected: Node | None, answer: Answer) -> str:
    kind = case.value(MF.expectedFormat, of=expected) if expected is not None else None
    if kind is None:
        return ""
    if str(kind) == "RDF":
        try:
            parsed(answer.body, syntax_named(answer.media_type), source="the answer")
        except DiplographError as error:
            return f"the answer is no RDF: {error}"
        return ""
    syntax: ResultSyntax | None = _SYNTAXES.get(answer.media_type)
    if syntax is None:
        return f"{answer.media_type} is no format of results"
    found = results(answer.body, syntax)
    if isinstance(found, ResultTable) != (str(kind) == "tabular"):
        return f"the answer is {found}, expected was {kind}"
    wanted = case.value(MF.expectedBoolean, of=expected) if expected is not None else None
    return "" if wanted is None or str(wanted) == str(found).lower() else f"the answer is {found}, not {wanted}"

"""SPARQL results as a table or a truth, read from each of the formats that the W3C has for them."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, XSD
from rdflib.term import Node

from ...graph.store import ResultSyntax
from .terms import Blank, Iri, Row, Statement, Term, Text, terms, text

RS: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
_SRX: Final = "{http://www.w3.org/2005/sparql-results#}"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_XML_DIRECTION: Final = "{http://www.w3.org/2005/11/its}dir"
_NUMBERS: Final = (
    (re.compile(r"[+-]?\d+"), XSD.integer),
    (re.compile(r"[+-]?\d*\.\d+"), XSD.decimal),
    (re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+"), XSD.double),
)


@dataclass(frozen=True)
class ResultTable:
    """Solutions: their variables, and rows in the order of these. `ordered` tells whether the order of rows counts."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    ordered: bool = False

    def by(self, variables: tuple[str, ...]) -> tuple[Row, ...]:
        """Return the rows with their values in another order of the same variables."""
        places = [self.variables.index(variable) for variable in variables]
        return tuple(tuple(row[place] for place in places) for row in self.rows)


def results(data: bytes, syntax: ResultSyntax) -> ResultTable | bool:
    """Return what SPARQL results in a W3C format say. CSV says no more of a term than its text."""
    return _READERS[syntax](data)


def _from_json(data: bytes) -> ResultTable | bool:
    document = json.loads(data)
    if "boolean" in document:
        return bool(document["boolean"])
    variables = tuple(document["head"]["vars"])
    bindings = document["results"]["bindings"]
    return ResultTable(variables, tuple(tuple(_json_term(row.get(name)) for name in variables) for row in bindings))


def _json_term(value: Any) -> Term | None:
    if value is None:
        return None
    if value["type"] == "uri":
        return Iri(value["value"])
    if value["type"] == "bnode":
        return Blank(value["value"])
    if value["type"] == "triple":
        parts = (_json_term(value["value"][part]) for part in ("subject", "predicate", "object"))
        return Statement(*parts)  # type: ignore[arg-type]
    return text(
        value["value"],
        datatype=value.get("datatype", ""),
        language=value.get("xml:lang", ""),
        direction=value.get("its:dir", ""),
    )


def _from_xml(data: bytes) -> ResultTable | bool:
    root = ET.fromstring(data)  # noqa: S314 - results of our own and of the W3C, not of strangers
    truth = root.find(f"{_SRX}boolean")
    if truth is not None:
        return (truth.text or "").strip() == "true"
    variables = tuple(str(variable.get("name")) for variable in root.iterfind(f"{_SRX}head/{_SRX}variable"))
    rows = []
    for result in root.iterfind(f"{_SRX}results/{_SRX}result"):
        row = {str(binding.get("name")): _xml_term(binding[0]) for binding in result.iterfind(f"{_SRX}binding")}
        rows.append(tuple(row.get(name) for name in variables))
    return ResultTable(variables, tuple(rows))


def _xml_term(element: ET.Element) -> Term:
    kind, value = element.tag.removeprefix(_SRX), element.text or ""
    if kind == "uri":
        return Iri(value)
    if kind == "bnode":
        return Blank(value)
    if kind == "triple":
        parts = (element.find(f"{_SRX}{part}") for part in ("subject", "predicate", "object"))
        return Statement(*(_xml_term(part[0]) for part in parts if part is not None))
    return text(
        value,
        datatype=element.get("datatype", ""),
        language=element.get(_XML_LANG, ""),
        direction=element.get(_XML_DIRECTION, ""),
    )


def _from_tsv(data: bytes) -> ResultTable:
    head, *lines = data.decode().splitlines()
    variables = tuple(name.removeprefix("?") for name in head.split("\t") if name)
    # Without variables, each solution is an empty line.
    rows = (tuple(_tsv_term(cell) for cell in line.split("\t")) if variables else () for line in lines)
    return ResultTable(variables, tuple(rows))


def _tsv_term(cell: str) -> Term | None:
    if not cell.strip():
        return None
    for pattern, datatype in _NUMBERS:
        if pattern.fullmatch(cell):
            return Text(cell, str(datatype))
    if cell in ("true", "false"):
        return Text(cell, str(XSD.boolean))
    (term,) = terms(cell)
    return term


def _from_csv(data: bytes) -> ResultTable:
    head, *lines = csv.reader(io.StringIO(data.decode(), newline=""))
    return ResultTable(tuple(head), tuple(tuple(_csv_term(cell) for cell in line) for line in lines))


def _csv_term(cell: str) -> Term:
    return Blank(cell[2:]) if cell.startswith("_:") else Text(cell)


_READERS: Final[dict[ResultSyntax, Callable[[bytes], ResultTable | bool]]] = {
    "json": _from_json,
    "xml": _from_xml,
    "tsv": _from_tsv,
    "csv": _from_csv,
}


def results_in_rdf(graph: Graph) -> ResultTable | bool | None:
    """Return results that are written as RDF in the test suites' own vocabulary, or None where the graph has none."""
    root = graph.value(None, RDF.type, RS.ResultSet)
    if root is None:
        return None
    truth = graph.value(root, RS.boolean)
    if truth is not None:
        return str(truth) == "true"
    variables = tuple(sorted(str(variable) for variable in graph.objects(root, RS.resultVariable)))
    solutions = list(graph.objects(root, RS.solution))
    ordered = bool(solutions) and all(graph.value(solution, RS["index"]) is not None for solution in solutions)
    if ordered:
        solutions.sort(key=lambda solution: int(str(graph.value(solution, RS["index"]))))
    rows = tuple(_rdf_row(graph, solution, variables) for solution in solutions)
    return ResultTable(variables, rows, ordered)


def _rdf_row(graph: Graph, solution: Node, variables: tuple[str, ...]) -> Row:
    row = dict(_rdf_bindings(graph, solution))
    return tuple(row.get(name) for name in variables)


def _rdf_bindings(graph: Graph, solution: Node) -> Iterator[tuple[str, Term]]:
    for binding in graph.objects(solution, RS.binding):
        value = graph.value(binding, RS.value)
        if value is not None:
            yield str(graph.value(binding, RS.variable)), of_rdflib(value)


def of_rdflib(term: Node) -> Term:
    """Return a term of rdflib as a value that compares as terms do."""
    if isinstance(term, URIRef):
        return Iri(str(term))
    if isinstance(term, BNode):
        return Blank(str(term))
    if isinstance(term, Literal):
        return text(str(term), datatype=str(term.datatype or ""), language=term.language or "")
    raise TypeError(f"{term!r} is no RDF term.")

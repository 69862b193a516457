"""The results of a query as an endpoint gives them: checked to be whole, as rdflib terms and as N-Triples."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from ..formats import syntax_named
from ..oxigraph import rewritten
from ..store import Row

Binding: TypeAlias = dict[str, Any]
"""One term in the JSON format of results: https://www.w3.org/TR/sparql11-results-json/#select-encode-terms."""

_PLAIN_LABEL: Final = re.compile(r"[A-Za-z0-9]+")
_ESCAPES: Final = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\r"): "\\r"}


class UnreadableResultsError(ValueError):
    """What an endpoint sent is not the results that it should be, or only a part of them."""


@dataclass(frozen=True)
class Results:
    """Solutions as they came: variables and rows of terms. Or a truth, with no rows."""

    variables: tuple[str, ...]
    rows: tuple[dict[str, Binding], ...]
    truth: bool | None = None

    def terms(self) -> Iterator[Row]:
        """Yield the rows as rdflib terms, None for what is unbound."""
        for row in self.rows:
            yield tuple(rdflib_term(row[name]) if name in row else None for name in self.variables)

    def json(self) -> bytes:
        """Return them in the JSON format of results, as the standard has it."""
        head: dict[str, Any] = {"vars": list(self.variables)} if self.truth is None else {}
        body: dict[str, Any] = {"results": {"bindings": self.rows}} if self.truth is None else {"boolean": self.truth}
        return json.dumps({"head": head, **body}).encode()


def results(data: bytes, read: Callable[[Binding], Binding]) -> Results:
    """Return the results that JSON holds, each term as `read` gives it; raises UnreadableResultsError."""
    try:
        found = json.loads(data)
        if "boolean" in found:
            return Results((), (), truth=found["boolean"] is True)
        variables = tuple(map(str, found["head"]["vars"]))
        rows = tuple(
            {str(name): _checked(read(term)) for name, term in row.items()} for row in found["results"]["bindings"]
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableResultsError(str(error)) from error
    return Results(variables, rows)


def _checked(term: Binding) -> Binding:
    kind, value = term["type"], term["value"]
    if not isinstance(value, str):
        raise UnreadableResultsError(f"{value!r} is no text")
    if kind == "uri":
        return {"type": "uri", "value": value}
    if kind == "bnode":
        label = value if _PLAIN_LABEL.fullmatch(value) else f"x{value.encode().hex()}"
        return {"type": "bnode", "value": label}
    if kind not in ("literal", "typed-literal"):
        raise UnreadableResultsError(f"{kind!r} is no kind of term")
    found: Binding = {"type": "literal", "value": value}
    if term.get("xml:lang"):
        found["xml:lang"] = term["xml:lang"]
    elif term.get("datatype", str(XSD.string)) != str(XSD.string):
        found["datatype"] = term["datatype"]
    return found


def rdflib_term(term: Binding) -> Node:
    """Return a term of the results as rdflib's; lexical forms stay as written."""
    value = term["value"]
    if term["type"] == "uri":
        return URIRef(value)
    if term["type"] == "bnode":
        return BNode(value)
    if "xml:lang" in term:
        return Literal(value, lang=term["xml:lang"])
    return Literal(value, datatype=URIRef(term["datatype"]), normalize=False) if "datatype" in term else Literal(value)


def ntriples(rows: Iterable[Iterable[Binding]]) -> bytes:
    """Return rows of three terms as N-Triples, each statement once."""
    lines = dict.fromkeys(f"{' '.join(map(_spelled, row))} .\n" for row in rows)
    # Through the engine's writer, so that every backend escapes in the same, canonical way.
    return rewritten("".join(lines).encode(), syntax_named("ntriples"))


def _spelled(term: Binding) -> str:
    value = str(term["value"])
    if term["type"] == "uri":
        return f"<{value}>"
    if term["type"] == "bnode":
        return f"_:{value}"
    quoted = f'"{value.translate(_ESCAPES)}"'
    if "xml:lang" in term:
        return f"{quoted}@{term['xml:lang']}"
    return f"{quoted}^^<{term['datatype']}>" if "datatype" in term else quoted

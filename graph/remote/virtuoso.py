"""What Virtuoso does in its own way, as it was seen in version 7.2."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Sequence
from email.message import Message
from typing import Final

from rdflib.namespace import XSD

from .blank import BLANK
from .dialect import Dialect
from .results import Binding, Results
from .text import QueryText

_OWN: Final = frozenset(
    [
        "http://www.openlinksw.com/schemas/virtrdf#",
        "http://www.w3.org/ns/ldp#",
        "http://localuriqaserver/sparql",
        "http://www.w3.org/2002/07/owl#",
        "urn:activitystreams-owl:map",
        "urn:core:services:sparql",
    ]
)
_TERM: Final = (
    r"""(?:<[^<>\s]*>|"(?:[^"\\\n\r]|\\.)*"(?:@[\w-]+|\^\^(?:<[^<>\s]*>|[\w-]*:[\w.-]*\w))?"""
    r"|[\w.%-]*:[\w.%-]*|[+-]?[\d.]+|true|false)"
)
_ROW: Final = re.compile(
    rf"VALUES\s*\(\s*((?:[?$]\w+\s*){{2,}})\)\s*\{{\s*\(\s*({_TERM}(?:\s+{_TERM})+)\s*\)\s*\}}", re.IGNORECASE
)
"""A table of one row, of more than one variable."""
_ONE_TERM: Final = re.compile(_TERM)
_REFUSAL: Final = re.compile(r"Virtuoso (?:37000|22\w{3}|42\w{3}) ")
"""A query that does not compile, or that fails on its data or on a limit."""
_TRUTHS: Final = {"0": "false", "1": "true"}
_NODE: Final = "nodeID://"


class Virtuoso(Dialect):
    """Virtuoso: its default graph is the union of all, it cuts results, and its ASK answers with a number."""

    is_virtuoso = True
    has_union = True
    cuts_graphs = True
    own_graphs = _OWN
    # DISTINCT can take it a minute where this takes no time.
    graphs = "SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g HAVING (COUNT(*) > 0)"
    # Its compiler runs out of memory at about 5,000 in one operation.
    statements_in_operation = 1_000

    def __init__(self) -> None:
        self._new: dict[str, str] = {}

    def query(self, sparql: str) -> str:
        """Return a query in which a table of one row is one table for each variable, which means the same.

        Of one row with two variables its compiler makes constants, and fails on them where an OPTIONAL follows.
        """

        def split(match: re.Match[str]) -> str:
            variables, terms = match[1].split(), _ONE_TERM.findall(match[2])
            if len(variables) != len(terms) or words[match.start()] == " ":
                return match[0]
            return " ".join(f"VALUES {name} {{ {term} }}" for name, term in zip(variables, terms, strict=True))

        words = QueryText("", sparql).words
        return _ROW.sub(split, sparql)

    def is_own(self, graph: str) -> bool:
        """Return whether a named graph is one of those that it has from the beginning."""
        return graph in _OWN or "/DAV/" in graph

    def term(self, term: Binding) -> Binding:
        """Return a term as the standard has it: booleans are numbers, and blank nodes are named with a scheme."""
        value = term["value"]
        if term.get("datatype") == str(XSD.boolean):
            return {**term, "value": _TRUTHS.get(value, value)}
        if term["type"] == "bnode":
            return {**term, "value": value.removeprefix(_NODE)}
        return term

    def results(self, results: Results, form: str) -> Results:
        """Return the truth that ASK gives as a row with a number, or as no row."""
        if form != "ASK" or results.truth is not None:
            return results
        return Results((), (), truth=any(term["value"] == "1" for row in results.rows for term in row.values()))

    def limit(self, headers: Message) -> int | None:
        """Return how many rows it gives at most, which it says when there are as many."""
        most = headers.get("X-SPARQL-MaxRows", "")
        return int(most) if most.isascii() and most.isdecimal() else None

    def cut(self, headers: Message) -> str | None:
        """Return what it says of an answer that it gave up on, when the time that it gives itself was over."""
        return headers.get("X-SQL-Message") or headers.get("X-SQL-State")

    def page(self, prologue: str, query: str, variables: Sequence[str], limit: int, offset: int) -> str:
        """Return the query for a page: it sorts only so many rows, unless they are cut outside of the order."""
        keys = " ".join(f"?{variable}" for variable in variables)
        return (
            f"{prologue} SELECT * WHERE {{ {{ SELECT * WHERE {{ {{ {query} }} }} ORDER BY {keys} }} }} "
            f"LIMIT {limit} OFFSET {offset}"
        )

    def named_blank_nodes(self, ntriples: bytes, known: Collection[str]) -> bytes:
        """Return N-Triples in which blank nodes have the names that the engine itself gives them, or new ones."""

        def named(label: re.Match[bytes]) -> bytes:
            text = label[0][2:].decode()
            if text not in known:
                # A number that the engine will not have reached.
                text = self._new.setdefault(text, f"b{10**15 + secrets.randbelow(10**16)}")
            return f"<{_NODE}{text}>".encode()

        return BLANK.sub(named, ntriples)

    def refused(self, status: int | None, text: str) -> bool:
        """Return whether it refuses a query, which it also does with status 500."""
        return status == 400 or (status == 500 and _REFUSAL.match(text) is not None)

"""What a query may not do: write, or reach outside the store. Decided on the query's tokens, never on its raw text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urljoin

from rdflib import URIRef

from ..errors import QueryRefusedError

# The terminals of SPARQL 1.1 (https://www.w3.org/TR/sparql11-query/#sparqlGrammar, rules 139-173), as far as they can
# contain or border a keyword. An alternative earlier in the list wins, so a keyword inside a string, an IRI, a comment,
# a variable, a language tag or a prefixed name is never seen as one.
_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n\r]*)
    | (?P<string>'''(?:\\.|[^\\])*?''' | \"\"\"(?:\\.|[^\\])*?\"\"\" | '(?:\\.|[^'\\\n\r])*' | "(?:\\.|[^"\\\n\r])*")
    | <(?P<iri>[^<>"{}|^`\\\x00-\x20]*)>
    | (?P<variable>[?$]\w+)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<blank>_:[\w.\-·]+)
    | (?P<prefixed>(?:[^\W\d_][\w.\-·]*)?:(?:[\w.:\-·]|%[0-9A-Fa-f]{2}|\\.)*)
    | (?P<word>[A-Za-z_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"])
_FORMS = frozenset(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])


def checked_query(sparql: str, graphs: Callable[[], Sequence[URIRef]]) -> str:
    """Return the query as it is; raises QueryRefusedError if it would write or reach outside `graphs`."""
    prefixes: dict[str, str] = {}
    base, form, tokens = "", None, list(_tokens(sparql))
    for position, (kind, text) in enumerate(tokens):
        word = text.upper() if kind == "word" else ""
        following = tokens[position + 1 :]
        if form is None and word == "BASE" and following:
            base = urljoin(base, following[0][1])
        elif form is None and word == "PREFIX" and len(following) > 1:
            prefixes[following[0][1]] = urljoin(base, following[1][1])
        elif form is None and word in _UPDATES:
            raise QueryRefusedError(
                f"This would write ({word}), and queries only read. Use `diplograph load` to add data."
            )
        elif form is None and word in _FORMS:
            form = word
        elif word == "SERVICE":
            raise QueryRefusedError("SERVICE would ask another endpoint, and nothing leaves this machine unasked.")
        elif word == "FROM":
            _check_graph(_named(following, prefixes, base), graphs())
    return sparql


def _tokens(sparql: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(sparql):
        kind = str(match.lastgroup)
        if kind != "comment":
            yield kind, match[kind]


def _named(following: Sequence[tuple[str, str]], prefixes: dict[str, str], base: str) -> str:
    target = following[1:] if following and following[0][1].upper() == "NAMED" else following
    if not target:
        return ""
    kind, text = target[0]
    if kind == "iri":
        return urljoin(base, text)
    prefix, _, local = text.partition(":")
    return prefixes.get(f"{prefix}:", "") + local


def _check_graph(graph: str, graphs: Sequence[URIRef]) -> None:
    if URIRef(graph) not in graphs:
        raise QueryRefusedError(
            f"FROM names the graph <{graph}>, which is not in the store. `diplograph sources` lists those that are."
        )

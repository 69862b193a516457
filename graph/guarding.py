"""What a query may not do: write, or reach outside the store. Decided on the query's tokens, never on its raw text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urljoin

from rdflib import URIRef

from ..errors import QueryRefusedError, QuerySyntaxError

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


def checked_query(sparql: str, graphs: Callable[[], Sequence[URIRef]], prefixes: Mapping[str, str]) -> str:
    """Return the query as it is; raises QueryRefusedError if it would write or reach outside `graphs`.

    `prefixes` are those that need no declaration; raises QuerySyntaxError for another that is not declared.
    """
    known = {f"{prefix}:": namespace for prefix, namespace in prefixes.items()}
    base, form, tokens = "", None, list(_tokens(sparql))
    for position, token in enumerate(tokens):
        word = token.text.upper() if token.kind == "word" else ""
        following = tokens[position + 1 :]
        if form is None and word == "BASE" and following:
            base = urljoin(base, following[0].text)
        elif form is None and word == "PREFIX" and len(following) > 1:
            known[following[0].text] = urljoin(base, following[1].text)
        elif form is None and word in _UPDATES:
            raise QueryRefusedError(f"This would write ({word}); queries only read. Use `diplograph load` to add data.")
        elif form is None and word in _FORMS:
            form = word
        elif word == "SERVICE":
            raise QueryRefusedError("SERVICE would ask another endpoint, and nothing leaves this machine unasked.")
        elif word == "FROM":
            _check_graph(_named(following, known, base), graphs())
        elif form and token.kind == "prefixed" and f"{token.text.partition(':')[0]}:" not in known:
            raise _undeclared(sparql, token)
    return sparql


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


def _tokens(sparql: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(sparql):
        kind = str(match.lastgroup)
        if kind != "comment":
            yield _Token(kind, match[kind], match.start())


def _named(following: Sequence[_Token], prefixes: Mapping[str, str], base: str) -> str:
    target = following[1:] if following and following[0].text.upper() == "NAMED" else following
    if not target:
        return ""
    if target[0].kind == "iri":
        return urljoin(base, target[0].text)
    prefix, _, local = target[0].text.partition(":")
    return prefixes.get(f"{prefix}:", "") + local


def _check_graph(graph: str, graphs: Sequence[URIRef]) -> None:
    if URIRef(graph) not in graphs:
        raise QueryRefusedError(
            f"FROM names the graph <{graph}>, which is not in the store. `diplograph sources` lists those that are."
        )


def _undeclared(sparql: str, token: _Token) -> QuerySyntaxError:
    line = sparql.count("\n", 0, token.start) + 1
    column = token.start - sparql.rfind("\n", 0, token.start)
    prefix = token.text.partition(":")[0]
    return QuerySyntaxError(
        f"The query uses the prefix {prefix}: at line {line}, column {column}, and does not declare it. "
        f"Begin with PREFIX {prefix}: <…>.",
        line=line,
        column=column,
    )

"""What a query may not do: write, or reach outside the store. Decided on its tokens, in every way they can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from urllib.parse import urlsplit

from rdflib import URIRef

from ..errors import QueryRefusedError, QuerySyntaxError
from .federation import CLOSED, Endpoints
from .prologue import FORM, UPDATE, Prologue, prologue, resolved
from .service_clauses import check_nesting, check_service
from .tokens import PROLOGUE, Token, following, readings, unescaped
from .web import OPTION

# One engine needs no space around a keyword, the other takes some letters for others, such as ſ for S. IGNORECASE does.
_LOAD = re.compile("LOAD", re.IGNORECASE)
_FROM = re.compile("FROM(?:NAMED)?", re.IGNORECASE)
_OPENING, _CLOSING, _SEPARATORS = frozenset("{(["), frozenset("})]"), frozenset(".,;")
_OPERATOR = re.compile("UNION|MINUS|OPTIONAL|FILTER|BIND|EXISTS|GRAPH|SELECT", re.IGNORECASE)
_DEEPEST = 250
_MOST_OPERATORS = 2000
_LOOKED_FOR = re.compile(f"SERVICE|FROM|PREFIX|BASE|{UPDATE.pattern}|['\"]", re.IGNORECASE)
_LIKE_PREFIX = re.compile(r"<[a-z]+://[^<>\s]*>|([^\s<>{}()\[\],;|/^!?$*+=&-]*:)")
_PLAIN_FORM = re.compile(f"{PROLOGUE}({FORM.pattern})", re.IGNORECASE)


def checked_query(
    sparql: str,
    graphs: Callable[[], Sequence[URIRef]],
    prefixes: Mapping[str, str],
    endpoints: Endpoints = CLOSED,
) -> str:
    """Return the query, its codepoint escapes replaced; raises QueryRefusedError if it would write or leave `graphs`.

    `prefixes` are those that need no declaration; raises QuerySyntaxError for another that is not declared, and for
    characters that do not exist. Other `endpoints` than these are not asked either.
    """
    text = unescaped(sparql)
    if _is_surely_harmless(text, prefixes):
        return text
    plain, *others = readings(text)
    if len(text) > _DEEPEST:
        for reading in (plain, *others):
            _check_depth(reading)
    declared = prologue(text, plain, prefixes)
    for token in chain(plain, *others):
        if token.kind in ("word", "prefixed"):
            check_service(text, token, declared, endpoints)
            _check_from(text, token, declared, graphs)
    check_nesting(plain)
    if undeclared := declared.undeclared:
        prefix, start = undeclared.prefix, undeclared.start
        line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
        raise QuerySyntaxError(
            f"The query uses the prefix {prefix}: at line {line}, column {column}, and does not declare it. "
            f"Begin with PREFIX {prefix}: <…>.",
            line=line,
            column=column,
        )
    return text


def _is_surely_harmless(text: str, prefixes: Mapping[str, str]) -> bool:
    # Most queries are short, have none of the words that are looked for, and no prefix but those that are given: then
    # no reading of them could be refused.
    return (
        len(text) <= _DEEPEST
        and not _LOOKED_FOR.search(text)
        and all(not prefix or prefix[:-1] in prefixes for prefix in _LIKE_PREFIX.findall(text))
    )


def checked_update(sparql: str, base: str, *, may_load: bool = False) -> str:
    """Return an update, its codepoint escapes replaced; raises QueryRefusedError if it would fetch anything.

    It is also raised for one that is nested too deep, or has too many operators beside the data that it states. If it
    `may_load`, LOAD is not looked at: then `check_load` is for whatever an engine gets.
    """
    text = unescaped(sparql)
    for reading in readings(text):
        _check_depth(_without_data(reading))
        for token in reading:
            if token.kind in ("word", "prefixed"):
                check_service(text, token, Prologue({}, base, None), CLOSED)
    if not may_load:
        check_load(text, base)
    return text


def check_load(text: str, base: str) -> None:
    """Raise QueryRefusedError where an engine could read that an update, without escapes, loads anything.

    LOAD is let through where no engine can fetch what it names, by its scheme: the engine says so, or not if SILENT.
    """
    for token in chain.from_iterable(readings(text)):
        if token.kind in ("word", "prefixed"):
            _check_load(text, token, base)


def dataset_of(sparql: str, prefixes: Mapping[str, str]) -> tuple[tuple[URIRef, ...], tuple[URIRef, ...]] | None:
    """Return the graphs that a query, which has been checked, names by FROM and by FROM NAMED, None without either."""
    if not _FROM.search(sparql):
        return None
    plain = next(readings(sparql), [])
    declared = prologue(sparql, plain, prefixes)
    tokens = (token for token in plain if token.kind in ("word", "prefixed"))
    clauses = [clause for token in tokens if (clause := _dataset_clause(sparql, token, declared))]
    if not clauses:
        return None
    merged, named = ([graph for graph, is_named in clauses if is_named == kind] for kind in (False, True))
    return tuple(dict.fromkeys(merged)), tuple(dict.fromkeys(named))


def query_form(sparql: str) -> str | None:
    """Return SELECT, ASK, CONSTRUCT or DESCRIBE as a query says it, None where it says none of them.

    Whether the rest is SPARQL is not looked at. Raises QuerySyntaxError for characters that do not exist.
    """
    text = unescaped(sparql)
    match = _PLAIN_FORM.match(text)
    if match:
        return match[1].upper()
    words = (token.text for token in next(readings(text), []) if token.kind == "word")
    return next((form[0].upper() for word in words if (form := FORM.match(word))), None)


def _check_depth(reading: list[Token]) -> None:
    # Engines follow nesting, and chains of operators, by calling themselves: too deep, and the process is gone.
    depth = deepest = operators = 0
    for token in reading:
        if token.text in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif token.text in _CLOSING:
            depth -= 1
        elif token.kind == "other" or _OPERATOR.fullmatch(token.text):
            operators += token.text not in _SEPARATORS
    if deepest > _DEEPEST:
        raise QueryRefusedError(f"The query is nested {deepest:,} deep. At most {_DEEPEST} is answered.")
    if operators > _MOST_OPERATORS:
        raise QueryRefusedError(
            f"The query has {operators:,} operators. At most {_MOST_OPERATORS:,} are answered; put lists into VALUES."
        )


def _without_data(reading: list[Token]) -> list[Token]:
    # In INSERT DATA and DELETE DATA there are no expressions: a sign or the mark of a datatype is no operator there.
    kept, words, depth = list[Token](), ["", ""], 0
    for token in reading:
        if token.text == "{" and (depth or (words[-1] == "DATA" and words[-2] in ("INSERT", "DELETE"))):
            depth += 1
        elif token.text == "}" and depth:
            depth -= 1
        if not depth or token.text not in ("+", "-", "^"):
            kept.append(token)
        if token.kind not in ("blanks", "comment"):
            words = [words[-1], token.text.upper()]
    return kept


def _check_load(text: str, token: Token, base: str) -> None:
    keyword = token.prefix if token.kind == "prefixed" else token.text
    if not _LOAD.search(keyword):
        return
    target = following(text, token)
    if target.text.upper() == "SILENT":
        target = following(text, target)
    scheme = urlsplit(resolved(base, target.text)).scheme if target.kind == "iri" else ""
    if token.kind == "prefixed" or scheme in ("", "http", "https", "file", "ftp"):
        raise QueryRefusedError(
            "LOAD would fetch a document, and nothing leaves this machine unasked. Use `diplograph load` with the "
            f"file, or allow the document's host by {OPTION}."
        )


def _check_from(text: str, token: Token, declared: Prologue, graphs: Callable[[], Sequence[URIRef]]) -> None:
    clause = _dataset_clause(text, token, declared)
    if clause and (graph := clause[0]) not in graphs():
        hint = f" If no FROM is meant, rename the prefix {token.prefix}:." if token.kind == "prefixed" else ""
        raise QueryRefusedError(
            f"FROM names the graph <{graph}>, which is not in the store. "
            f"`diplograph sources` lists those that are; another is loaded first.{hint}"
        )


def _dataset_clause(text: str, token: Token, declared: Prologue) -> tuple[URIRef, bool] | None:
    """Return the graph that a FROM clause names which begins with a token, and whether it is FROM NAMED."""
    keyword, target = _FROM.search(token.prefix), following(text, token)
    if keyword is None:
        return None
    is_named = len(keyword[0]) > len("FROM")
    if token.kind == "prefixed":  # a keyword and a graph only where another prefix is left over and the clause can end
        target, ending = token._replace(text=token.text[keyword.end() :]), target
        if target.prefix not in declared.known or not (ending.kind == "word" or ending.text in ("{", "")):
            return None
    elif target.text.upper() == "NAMED":
        is_named, target = True, following(text, target)
    return URIRef(declared.iri(target)), is_named

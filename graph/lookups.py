"""Lookups: queries for the statements that fit one triple pattern, with nothing else in them.

An engine reads their answer from an index, row by row: each row costs about the same, and none that it looks at is
without a row in the answer. So whoever takes only so many of them bounds the work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from rdflib.namespace import RDF

MOST_ROWS: Final = 256
"""The most rows of a lookup that are waited for."""
MOST_CHARACTERS: Final = 32 * 1024
"""The most characters of a lookup's answer that are waited for."""

_BLANK = r"[ \t\r\n]"
_IRI = r"<[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\x00-\x20]*>"
_NAME = r"[A-Za-z][A-Za-z0-9]*:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_VARIABLE = r"[?$][A-Za-z_][A-Za-z0-9_]*"
_TERM = f"({_VARIABLE}|{_IRI}|{_NAME}|a)"
_LOOKUP = re.compile(
    rf"{_BLANK}*(?:SELECT{_BLANK}+(\*|{_VARIABLE}(?:{_BLANK}+{_VARIABLE})*+)|ASK){_BLANK}*(?:WHERE{_BLANK}*)?"
    rf"\{{{_BLANK}*{_TERM}{_BLANK}+{_TERM}{_BLANK}+{_TERM}{_BLANK}*(?:\.{_BLANK}*)?\}}{_BLANK}*"
    rf"(?:LIMIT{_BLANK}+([0-9]{{1,9}}){_BLANK}*)?(?:\#[^\r\n]*)?",
    re.IGNORECASE | re.ASCII,
)
_TYPE = str(RDF.type)


class Lookup(NamedTuple):
    """A lookup: the pattern as IRIs, None in the place of variables, and these; the variables that are asked for.

    None is asked for where it is only asked whether there is a row. Rows are at most `limit`, if it is given.
    """

    pattern: tuple[str | None, str | None, str | None]
    variables: tuple[str, str, str]
    asked: tuple[str, ...] | None
    limit: int | None


def lookup(sparql: str, prefixes: Mapping[str, str]) -> Lookup | None:
    """Return what a query looks up, None for one that is no lookup; `prefixes` are those that need no declaration.

    Whether an IRI is one is not looked at.
    """
    # Escapes are replaced before a query is read, and could end a comment.
    match = None if "\\" in sparql else _LOOKUP.fullmatch(sparql)
    if match is None:
        return None
    terms = match.group(2, 3, 4)
    subject, predicate, value = (_iri(term, prefixes) for term in terms)
    if "" in (subject, predicate, value) or terms[0] == "a" or terms[2] == "a":
        return None
    variables = [term[1:] for term in terms if term[0] in "?$"]
    asked = _asked(match[1], variables)
    # What has a variable twice is sought among all that would fit without that.
    if len(set(variables)) < len(variables) or (asked and len(set(asked)) < len(asked)):
        return None
    names = tuple(term[1:] if term[0] in "?$" else "" for term in terms)
    return Lookup((subject, predicate, value), names, asked, int(match[5]) if match[5] else None)  # type: ignore[arg-type]


def _asked(text: str | None, variables: list[str]) -> tuple[str, ...] | None:
    if text is None:
        return None
    # In an order that does not depend on where they stand, as the engine has it.
    return tuple(sorted(variables)) if text == "*" else tuple(name[1:] for name in text.split())


def _iri(term: str, prefixes: Mapping[str, str]) -> str | None:
    """Return the IRI of a term, None for a variable, and nothing where the prefix is unknown."""
    if term[0] in "?$":
        return None
    if term[0] == "<":
        return term[1:-1]
    if term == "a":
        return _TYPE
    prefix, _, local = term.partition(":")
    return prefixes[prefix] + local if prefix in prefixes else ""

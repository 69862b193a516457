"""Lookups: queries for the statements that fit one triple pattern, with nothing else in them.

An engine reads their answer from an index, row by row: each row costs about the same, and none that it looks at is
without a row in the answer. So whoever takes only so much of their answer bounds their work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

MOST_BYTES: Final = 32 * 1024
"""The most of a lookup's answer that is waited for."""

_BLANK = r"[ \t\r\n]"
_IRI = r"<[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\x00-\x20]*>"
_NAME = r"[A-Za-z][A-Za-z0-9]*:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_VARIABLE = r"[?$][A-Za-z_][A-Za-z0-9_]*"
_TERM = f"({_VARIABLE}|{_IRI}|{_NAME}|a)"
_LOOKUP = re.compile(
    rf"{_BLANK}*(?:SELECT{_BLANK}+(?:\*|{_VARIABLE}(?:{_BLANK}+{_VARIABLE})*+)|ASK){_BLANK}*(?:WHERE{_BLANK}*)?"
    rf"\{{{_BLANK}*{_TERM}{_BLANK}+{_TERM}{_BLANK}+{_TERM}{_BLANK}*(?:\.{_BLANK}*)?\}}{_BLANK}*"
    rf"(?:LIMIT{_BLANK}+[0-9]+{_BLANK}*)?(?:\#[^\r\n]*)?",
    re.IGNORECASE | re.ASCII,
)


def is_lookup(sparql: str, prefixes: Mapping[str, str]) -> bool:
    """Whether a query is a lookup; `prefixes` are those that need no declaration.

    Whether it is a query at all need not be looked at: whatever comes of it, nothing in it leads out of the store.
    """
    # Escapes are replaced before a query is read, and could end a comment.
    match = None if "\\" in sparql else _LOOKUP.fullmatch(sparql)
    if match is None:
        return False
    terms = match.groups()
    variables = [term[1:] for term in terms if term[0] in "?$"]
    # What has a variable twice is sought among all that would fit without that.
    return len(set(variables)) == len(variables) and all(
        term[0] in "?$<" or term == "a" or term.partition(":")[0] in prefixes for term in terms
    )

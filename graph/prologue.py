"""What a query declares before it begins: its prefixes and its base."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urljoin

from ..errors import QueryRefusedError, QuerySyntaxError
from .tokens import Token, following

FORM: Final = re.compile("SELECT|ASK|CONSTRUCT|DESCRIBE", re.IGNORECASE)
"""The word with which a query begins after its prologue."""
UPDATE: Final = re.compile("INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD|WITH", re.IGNORECASE)
"""The words with which an update begins."""
_PREFIX = re.compile("PREFIX", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Prologue(NamedTuple):
    """The prefixes and the base that a query has, and the first name with a prefix that it has not."""

    known: Mapping[str, str]
    base: str
    undeclared: Token | None

    def iri(self, token: Token) -> str:
        """Return what an IRI, or a name with a prefix, stands for in the query; an unknown prefix for nothing."""
        if token.kind == "iri":
            return resolved(self.base, token.text)
        local = token.text.partition(":")[2]
        return self.known.get(token.prefix, "") + _ESCAPED.sub(r"\1", local)


def prologue(text: str, reading: list[Token], given: Mapping[str, str]) -> Prologue:
    """Return the prologue of a query in one reading; prefixes that are `given` need no declaration.

    Raises QueryRefusedError for an update, and QuerySyntaxError for what cannot be resolved.
    """
    known, base, has_begun = dict(given), "", False
    for token in (token for token in reading if token.kind in ("word", "prefixed")):
        after = following(text, token)
        if has_begun:
            if token.kind == "prefixed" and token.prefix not in known:
                return Prologue(known, base, token)
        elif token.kind == "prefixed" and after.kind == "iri":
            known[token.prefix] = known[_PREFIX.sub("", token.prefix, count=1)] = resolved(base, after.text)
        elif token.text.upper() == "BASE":
            base = resolved(base, after.text)
        elif token.kind == "word" and (update := UPDATE.match(token.text)):
            word = update[0].upper()
            raise QueryRefusedError(f"This would write ({word}); queries only read. Use `diplograph load` to add data.")
        else:
            has_begun = FORM.match(token.text) is not None
    return Prologue(known, base, None)


def resolved(base: str, iri: str) -> str:
    """Return an IRI resolved against a base; raises QuerySyntaxError for what is none."""
    try:
        return urljoin(base, iri)
    except ValueError as error:
        raise QuerySyntaxError(f"The query has <{iri}>, which is not an IRI: {error}.") from error

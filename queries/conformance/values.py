"""Literals by their values: the SPARQL suites let an answer write a number or a truth in another way than they do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from rdflib.namespace import XSD

from .terms import STRING, Row, Statement, Term, Text

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(rf"{_DECIMAL.pattern}(?:[eE][+-]?[0-9]+)?")
_TRUTHS: Final = {"1": "true", "0": "false"}


def by_value(rows: Iterable[Row]) -> list[Row]:
    """Return rows in which every number and truth is written in one way, its datatype as it was."""
    return [tuple(_term(term) for term in row) for row in rows]


def numbers_in_text(rows: Iterable[Row]) -> list[Row]:
    """Return rows of CSV, which does not tell texts from numbers, with all that can be a number written in one way."""
    return [tuple(_number_in_text(term) for term in row) for row in rows]


def _term(term: Term | None) -> Term | None:
    if isinstance(term, Statement):
        return Statement(*(_term(part) for part in (term.subject, term.predicate, term.object)))  # type: ignore[arg-type]
    if isinstance(term, Text) and (written := _WRITTEN.get(term.datatype)):
        return replace(term, lexical=written(term.lexical))
    return term


def _number_in_text(term: Term | None) -> Term | None:
    if isinstance(term, Text) and term.datatype == STRING and _DOUBLE.fullmatch(term.lexical):
        return replace(term, lexical=_double(term.lexical))
    return term


def _integer(lexical: str) -> str:
    return str(int(lexical)) if _INTEGER.fullmatch(lexical) else lexical


def _decimal(lexical: str) -> str:
    # As it is, where it is no number: then it has no value but itself.
    return f"{Decimal(lexical).normalize():f}" if _DECIMAL.fullmatch(lexical) else lexical


def _double(lexical: str) -> str:
    return repr(float(lexical)) if _DOUBLE.fullmatch(lexical) else lexical


def _truth(lexical: str) -> str:
    return _TRUTHS.get(lexical, lexical)


_WRITTEN: Final[dict[str, Callable[[str], str]]] = {
    str(XSD.integer): _integer,
    str(XSD.decimal): _decimal,
    str(XSD.double): _double,
    str(XSD.float): _double,
    str(XSD.boolean): _truth,
}

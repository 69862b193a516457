"""Which rows of the tables of treaties speak of the same agreement."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from rdflib import URIRef

from ...ontology.identifiers import entity_iri, folded

_BRACKETS: Final = re.compile(r"\[.*?\]")
_HALF: Final = 40
"""How many characters of the beginning and of the end of a long title tell it from others."""


class Known(NamedTuple):
    """An agreement of a table: its identifier, its title, and when it was signed."""

    identifier: str
    title: str
    signed: str


class Agreements:
    """The agreements of one dataset, by the identifiers, titles and dates of signature of its rows.

    Under one identifier there may be several agreements; a row of another table, whose title is worded otherwise, is of
    the one that was signed at the same time. `number` is the column, if there is one, whose number tells rows of one
    agreement together where identifiers differ.
    """

    def __init__(self, number: str = "") -> None:
        self._number = number
        self._known: dict[str, dict[str, Known]] = defaultdict(dict)
        self._titles: dict[str, list[str]] = defaultdict(list)
        self._said: dict[URIRef, str] = {}
        self._found: dict[tuple[str, ...], URIRef] = {}

    def add(self, row: Mapping[str, str]) -> None:
        """Take a row of the table of agreements in, before any is asked for."""
        known, title = self._known[self._family(row)], row.get("Title") or ""
        if folded(title) not in known:
            identifier = _BRACKETS.sub("", row["treatyID"])
            known[folded(title)] = Known(identifier, title, _signed(row))
            if folded(title) not in map(folded, self._titles[identifier]):
                self._titles[identifier].append(title)

    def of(self, row: Mapping[str, str]) -> URIRef:
        """Return the agreement that a row of any table speaks of."""
        key = self._family(row), row["treatyID"], row.get("Title") or "", row.get("Signature") or ""
        if key not in self._found:
            self._found[key] = entity_iri("agreement", self._name(row))
        return self._found[key]

    def is_known(self, agreement: URIRef) -> bool:
        """Return whether a row has described an agreement already."""
        return agreement in self._said

    def say(self, agreement: URIRef, title: str) -> str:
        """Note that a row has described an agreement by a title; return the title by which the first one did."""
        return self._said.setdefault(agreement, title)

    def _family(self, row: Mapping[str, str]) -> str:
        return (row.get(self._number) if self._number else "") or _BRACKETS.sub("", row["treatyID"])

    def _name(self, row: Mapping[str, str]) -> str:
        if self._family(row) not in self._known:
            self.add(row)
        known = self._known[self._family(row)]
        title = row.get("Title") or ""
        found = known.get(folded(title))
        if found is None:
            alike = [each for each in known.values() if self._number or each.signed == _signed(row)]
            if len(alike) != 1:
                # The identifier alone is that of another agreement.
                return f"{_BRACKETS.sub('', row['treatyID'])} {_short(title)}"
            [found] = alike
        titles = self._titles[found.identifier]
        if len(titles) == 1:
            return found.identifier
        confused = [each for each in titles if folded(_short(each)) == folded(_short(found.title))]
        return f"{found.identifier} {found.title if len(confused) > 1 else _short(found.title)}"


def _signed(row: Mapping[str, str]) -> str:
    return (row.get("Signature") or "").rstrip("?~")


def _short(title: str) -> str:
    """Return a title, the middle of a long one left out."""
    return title if len(title) <= 2 * _HALF else f"{title[:_HALF]} {title[-_HALF:]}"

"""Which rows of the tables of treaties speak of the same agreement."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from rdflib import URIRef

from ...ontology.identifiers import entity_iri, folded

_BRACKETS: Final = re.compile(r"\[.*?\]")
_LONGEST: Final = 80


class Agreements:
    """The agreements of one dataset, by the identifiers and titles of its rows.

    `by_number` is the column whose number tells rows of one agreement together, empty where the identifier does.
    """

    def __init__(self, by_number: str = "") -> None:
        self._number = by_number
        self._titles: dict[str, dict[str, str]] = defaultdict(dict)
        self._numbered: dict[str, str] = {}
        self._said: dict[URIRef, str] = {}
        self._found: dict[tuple[str, str], URIRef] = {}

    def add(self, row: Mapping[str, str]) -> None:
        """Take a row of the table of agreements in, before any is asked for."""
        identifier = row["treatyID"]
        if self._number:
            self._numbered.setdefault(row[self._number], identifier)
        else:
            self._titles[identifier].setdefault(folded(row["Title"]), row["Title"])

    def of(self, row: Mapping[str, str]) -> URIRef:
        """Return the agreement that a row of any table speaks of."""
        identifier, title = row["treatyID"], row.get("Title") or ""
        if self._number:
            identifier = self._numbered.get(row.get(self._number) or "", _BRACKETS.sub("", identifier))
            title = ""
        key = (identifier, title)
        if key not in self._found:
            self._found[key] = entity_iri("agreement", self._name(identifier, title))
        return self._found[key]

    def is_known(self, agreement: URIRef) -> bool:
        """Return whether a row has described an agreement already."""
        return agreement in self._said

    def say(self, agreement: URIRef, title: str) -> str:
        """Note that a row has described an agreement by a title; return the title by which the first one did."""
        return self._said.setdefault(agreement, title)

    def _name(self, identifier: str, title: str) -> str:
        titles = self._titles.get(identifier, {})
        if len(titles) < 2:
            return identifier
        # The identifier alone is that of none of them: a row whose title is another is not known to be one of these.
        return f"{identifier} {titles.get(folded(title), title)[:_LONGEST]}"

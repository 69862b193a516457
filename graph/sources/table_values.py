"""What a cell means by its mapping: a date, a text, a code, a known state, or an entity that the table makes known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from rdflib import URIRef
from rdflib.namespace import SKOS

from ...errors import DateError, IdentifierError
from ...ontology.dates import PartialDate
from ...ontology.identifiers import entity_iri, expanded, slug
from ...ontology.namespaces import CODE_SCHEMES, PREFIXES
from ...ontology.terms import DG
from .drafts import Draft, Pair, Spelled, date, iri, text
from .states import StateNames, reference
from .table_file import Row
from .table_mapping import TableMapping, ValueMap
from .table_terms import codes, entity_kinds

_OPEN: Final = ("9999", "2999", "2899")
"""Years that records write for an end that is still open."""


class Unread(Exception):  # noqa: N818 - what a cell lacks, for the one who reads the row
    """A cell that does not mean what its mapping says; the message tells what it has."""


@dataclass
class Values:
    """What the cells of one table mean; the entities they name are described in the draft once a fact is kept."""

    mapping: TableMapping
    draft: Draft
    states: StateNames
    _labels: dict[URIRef, str] = field(default_factory=dict)
    _pending: list[tuple[URIRef, str, str, list[Pair]]] = field(default_factory=list)

    def of(self, value: ValueMap, row: Row, unread: list[str]) -> list[Spelled]:
        """Return the values that a row has of a property; what cannot be read is told in `unread`, and left out."""
        words = value.words.of(row)
        parts = [part.strip() for part in words.split(value.split)] if value.split else [words]
        found = []
        for part in filter(None, parts):
            try:
                found += self._spelled(value, part, row, unread)
            except (Unread, DateError, IdentifierError) as error:
                unread.append(f"{value.name} ({value.words}): {error}")
        return found

    def pairs(self, values: tuple[ValueMap, ...], row: Row, unread: list[str]) -> Iterator[Pair]:
        """Yield the properties that a row has."""
        for value in values:
            for spelled in self.of(value, row, unread):
                yield value.prop, spelled

    def keep(self) -> None:
        """Describe the entities that were named since a fact was last kept or dropped."""
        for named in self._pending:
            self._describe(*named)
        self._pending.clear()

    def drop(self) -> None:
        """Forget the entities that were named since, as their fact is left out."""
        self._pending.clear()

    def day(self, cell: str) -> str:
        """Return a date in the form of RDF, or nothing where it is the mark of an open end; raises DateError."""
        match = self._form.fullmatch(cell) if self._form else None
        day = f"{match['YYYY']}-{match['MM']:0>2}-{match['DD']:0>2}" if match else cell
        return "" if day.startswith(_OPEN) else PartialDate(day).lexical

    @cached_property
    def _form(self) -> re.Pattern[str] | None:
        if not self.mapping.dates:
            return None
        digits = {"DD": r"\d{1,2}", "MM": r"\d{1,2}", "YYYY": r"\d{4}"}
        parts = re.split("(DD|MM|YYYY)", self.mapping.dates)
        return re.compile("".join(f"(?P<{p}>{digits[p]})" if p in digits else re.escape(p) for p in parts), re.ASCII)

    def _spelled(self, value: ValueMap, words: str, row: Row, unread: list[str]) -> list[Spelled]:
        if value.kind == "date":
            day = self.day(words)
            return [date(day)] if day else []
        if value.kind == "text":
            return [text(words, value.language)]
        if value.kind == "code":
            return [_code(value, words)]
        if value.kind == "State":
            return [self._state(value, words, row)]
        return [self._entity(value, words, row, unread)]

    def _state(self, value: ValueMap, words: str, row: Row) -> Spelled:
        on = ""
        if value.on and row[value.on]:
            with suppress(DateError):  # It is told of where the date is read as one.
                on = self.day(row[value.on])
        entity = self.states.entity(words, on)
        if entity is None:
            raise Unread(f"{words!r} does not name one known state or territory" + (f" at {on}." if on else "."))
        return iri(entity)

    def _entity(self, value: ValueMap, words: str, row: Row, unread: list[str]) -> Spelled:
        entity = self._named(value, words, row[value.id] if value.id else "")
        self._pending.append((entity, value.kind, " ".join(words.split()), [*self.pairs(value.also, row, unread)]))
        return iri(entity)

    def _describe(self, entity: URIRef, kind: str, words: str, pairs: list[Pair]) -> None:
        known = reference().value(entity, SKOS.prefLabel)
        label = str(known) if known else self._labels.setdefault(entity, words)
        more = dict.fromkeys([*pairs, *([(SKOS.altLabel, text(words, "en"))] if words != label else [])])
        if known:
            self.draft.say(iri(entity), more)
        else:
            self.draft.describe(entity, DG[kind], label, more)

    def _named(self, value: ValueMap, words: str, local: str) -> URIRef:
        minted = entity_kinds()[value.kind]
        whole = expanded(local) if local else None
        if whole is not None:
            if not whole.startswith(PREFIXES[minted]):
                raise Unread(f"{local!r} in column {value.id!r} is no identifier of a {value.kind}.")
            return whole
        name = slug(local or words)
        return entity_iri(minted, name if value.shared else f"{name} {self.mapping.document['name']}")


def _code(value: ValueMap, words: str) -> Spelled:
    scheme, colon, local = words.partition(":")
    if not colon or scheme not in CODE_SCHEMES:
        raise Unread(f"{words!r} is no code such as role:participant.")
    code, known = URIRef(PREFIXES[scheme] + slug(local)), value.codes or codes()
    if code not in known:
        lists = ", ".join(sorted(f"{each.split('/')[-2]}:{each.split('/')[-1]}" for each in known))
        raise Unread(f"{words!r} is no code of the list. Use one of {lists}.")
    return iri(code)

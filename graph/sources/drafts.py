"""A document in the making: what a record says, minted and written to a file of N-Triples as it is read."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

from rdflib import URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from ...ontology.dates import date_term
from ...ontology.facts import FactClass, fact_classes
from ...ontology.identifiers import digest_name
from ...ontology.terms import DG, LEVEL, METHOD, REALIS
from ..derivation import Derivation
from ..store import Delivery, Derived

Spelled: TypeAlias = str
"""A term as canonical N-Triples writes it."""

Pair: TypeAlias = tuple[URIRef, Spelled]
"""A property, and its value."""

_BATCH: Final = 20_000
# Looked up once: a large dataset asks for them millions of times.
_TYPE: Final = RDF.type.n3()
_EVIDENCE: Final = DG.evidence.n3()
_LEVEL: Final = DG.level
_REALIS: Final = DG.realis
_CONTENT: Final = DG.content
_SUMMARY: Final = DG.summary
_HELD: Final[Pair] = (_REALIS, REALIS.held.n3())
_STATED: Final = f"{DG.level.n3()} {LEVEL.stated.n3()}"
_IMPORTED: Final = (f"{_TYPE} {DG.Evidence.n3()}", f"{DG.method.n3()} {METHOD.imported.n3()}")
_FILE: Final = DG.file.n3()
_RECORD: Final = DG.record.n3()
_ESCAPED: Final = re.compile(r'["\\\x00-\x1f\x7f\ufffe\uffff]')
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_FORBIDDEN: Final = re.compile(r'[\x00-\x20<>"{}|\\^`]')


def iri(term: str) -> Spelled:
    """Return an IRI as N-Triples spells it; raises ValueError for one with a character that none may have."""
    if _FORBIDDEN.search(term):
        raise ValueError(f"{term!r} is no IRI.")
    return f"<{term}>"


def text(value: str, language: str | None = None) -> Spelled:
    """Return a text, its white space made single spaces, as N-Triples spells it."""
    plain = _ESCAPED.sub(lambda m: _ESCAPES.get(m[0]) or f"\\u{ord(m[0]):04X}", " ".join(value.split()))
    return f'"{plain}"@{language}' if language else f'"{plain}"'


def number(value: int) -> Spelled:
    """Return a whole number as N-Triples spells it."""
    return f'"{value}"^^<http://www.w3.org/2001/XMLSchema#integer>'


@lru_cache(maxsize=100_000)
def date(value: str) -> Spelled:
    """Return YYYY, YYYY-MM, YYYY-MM-DD or a timestamp as N-Triples spells it, as exact as written; raises DateError."""
    term = date_term(value)
    return f'"{term}"^^<{term.datatype}>'


class Draft:
    """One document that is being written; the same record said twice is written once.

    `path` is where its N-Triples go, which have no blank nodes; they go to `delivery` instead where there is one, which
    is ended with the draft, and not closed. `counts` tells how many there are of each class.
    """

    def __init__(self, document: URIRef, path: Path, delivery: Delivery | None = None) -> None:
        self.document, self.path = document, path
        self.counts: Counter[str] = Counter()
        self._delivery = delivery
        path.write_bytes(b"")
        self._digest = hashlib.sha256()
        self._lines: list[str] = []
        self._described: set[str] = set()
        self._facts: set[str] = set()
        self._shortcuts: list[str] = []
        self._in_document = f"{DG.inDocument.n3()} {document.n3()}"
        derivation = Derivation(URIRef.n3, lambda term: term.startswith('"'))
        self._classes = {kind.iri: _Written(kind, derivation) for kind in fact_classes().values()}

    def describe(self, entity: URIRef, kind: URIRef, label: str, pairs: Iterable[Pair] = ()) -> Spelled:
        """Say what an entity is, its English label and more, unless this draft has said it; return it spelled."""
        spelled = iri(entity)
        if spelled not in self._described:
            self._described.add(spelled)
            self.counts[str(kind).rpartition("#")[2]] += 1
            self.say(spelled, [(RDF.type, iri(kind)), (SKOS.prefLabel, text(label, "en"))])
        self.say(spelled, pairs)
        return spelled

    def title(self, title: str, kind: URIRef, pairs: Iterable[Pair] = ()) -> None:
        """Say what the document itself is."""
        self.say(self.document.n3(), [(RDF.type, iri(kind)), (DCTERMS.title, text(title, "en")), *pairs])

    def say(self, subject: Spelled, pairs: Iterable[Pair]) -> None:
        """Write triples with one subject."""
        self._lines += [f"{subject} <{predicate}> {value} .\n" for predicate, value in pairs]
        if len(self._lines) >= _BATCH:
            self._flush()

    def evidence(self, file: str, record: str, pairs: Iterable[Pair] = ()) -> Spelled:
        """Return the evidence that one record of a file gives, stated unless `pairs` has another level."""
        name = digest_name("evidence", "evidence", [("document", self.document), ("file", file), ("record", record)])
        spelled, more = f"<{name}>", list(pairs)
        if spelled not in self._described:
            self._described.add(spelled)
            said = [self._in_document, *_IMPORTED, f"{_FILE} {text(file)}", f"{_RECORD} {text(record)}"]
            if _LEVEL not in dict(more):
                said.append(_STATED)
            self._lines += [f"{spelled} {each} .\n" for each in said]
        self.say(spelled, more)
        return spelled

    def fact(self, kind: URIRef, key: Iterable[Pair], evidence: Spelled, more: Iterable[Pair] = ()) -> Spelled:
        """Write a fact with its evidence, and return it.

        `key` are the properties that the vocabulary makes the class's key, those without a value left out; a fact is
        held to be so unless it has a dg:realis. `more` are further properties.
        """
        written = self._classes[kind]
        pairs = list(key)
        said = dict(pairs)
        if _REALIS not in said:
            pairs.append(_HELD)
        if written.by_content and _CONTENT not in said:
            # Without the passage that holds what was said, only its summary tells one saying from another.
            more = list(more)
            spelled = written.iri(pairs, [pair for pair in more if pair[0] == _SUMMARY])
        else:
            spelled = written.iri(pairs)
        if spelled not in self._facts:
            self._facts.add(spelled)
            self.counts[written.name] += 1
            self._lines.append(f"{spelled} {written.typed} .\n")
            self.say(spelled, pairs)
            if self._delivery:
                self._shortcuts += written.shortcuts(pairs)
        self._lines.append(f"{spelled} {_EVIDENCE} {evidence} .\n")
        self.say(spelled, more)
        return spelled

    def close(self) -> str:
        """Write what is left, and return the SHA-256 of the file's content; closing twice is harmless."""
        if self._lines:
            self._flush()
        if self._delivery:
            self._delivery.end(Derived(self._facts, "".join(self._shortcuts).encode()))
        return self._digest.hexdigest()

    def _flush(self) -> None:
        data = "".join(self._lines).encode()
        self._lines.clear()
        self._digest.update(data)
        if self._delivery:
            self._delivery.write(data)
            return
        # Opened for each batch: a reader that gives up half-way leaves nothing open.
        with self.path.open("ab") as file:
            file.write(data)


class _Written:
    """A class of facts, with what its identifiers are made of."""

    def __init__(self, kind: FactClass, derivation: Derivation[Spelled]) -> None:
        self.name = str(kind.iri).rpartition("#")[2]
        self.typed = f"{_TYPE} {kind.iri.n3()}"
        self._kind = kind.name
        self._key = frozenset(kind.key)
        self.by_content = _CONTENT in self._key
        self._ends = None if kind.directed else (kind.source, kind.target)
        self._checked: set[tuple[URIRef, ...]] = set()
        self._class = kind.iri.n3()
        self._derivation = derivation if self._class in derivation.fact_classes else None

    def shortcuts(self, pairs: Iterable[Pair]) -> list[str]:
        """Return the shortcuts of a fact as lines; what decides on them is all in the key."""
        if self._derivation is None:
            return []
        said: dict[Spelled, list[Spelled]] = {_TYPE: [self._class]}
        for prop, value in pairs:
            said.setdefault(f"<{prop}>", []).append(value)
        return [f"{s} {p} {o} .\n" for s, p, o in self._derivation.shortcuts(said)]

    def iri(self, pairs: list[Pair], besides: Sequence[Pair] = ()) -> Spelled:
        if self._ends:
            # Of a relation that holds both ways it does not matter which end is named first.
            first, second = sorted(value for prop, value in pairs if prop in self._ends)
            pairs[:] = [(prop, value) for prop, value in pairs if prop not in self._ends]
            pairs += [(self._ends[0], first), (self._ends[1], second)]
        props = tuple([prop for prop, _ in pairs])
        if props not in self._checked:
            wrong = [prop for prop in props if prop not in self._key]
            if wrong:
                raise ValueError(f"{wrong[0]} is not in the key of {self.name}: give it among `more`.")
            self._checked.add(props)
        parts = [(f"<{prop}>", value) for prop, value in (*pairs, *besides)]
        return f"<{digest_name('fact', self._kind, parts)}>"

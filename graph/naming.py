"""Writing the index of names: whole, or for the entities that a change has touched."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from rdflib import URIRef
from rdflib.namespace import DCTERMS, RDFS, SKOS
from rdflib.term import Node

from ..errors import StoreError
from ..ontology.identifiers import folded, shortened
from ..ontology.terms import DG
from .names import FORMAT, LENGTH_SHIFT, NAME_SHIFT, NameIndex
from .sounds import sounds

FILE: Final = "names.sqlite"
"""The file of the index, in the directory of what it is an index of."""
LABELS: Final = (SKOS.prefLabel, RDFS.label, DCTERMS.title)
"""The properties that an entity's label is taken from, the best first."""
NAMES: Final = (*LABELS, SKOS.altLabel, DG.officialName, DG.isoAlpha2, DG.isoAlpha3, DG.iso31663)
"""The properties whose values an entity is found by."""

_CHUNK: Final = 2000
_ESCAPE: Final = re.compile(r"\\(.)")
_ESCAPED: Final = {"t": "\t", "n": "\n", "r": "\r"}
_TRIGRAMS: Final = "content='', columnsize=0, tokenize='trigram case_sensitive 1'"
_TABLES: Final = f"""
    CREATE TABLE entity (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, label TEXT NOT NULL);
    CREATE TABLE name (id INTEGER PRIMARY KEY, folded TEXT NOT NULL, written TEXT NOT NULL);
    CREATE TABLE word (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
    CREATE TABLE sound (sound TEXT NOT NULL, word INTEGER NOT NULL, PRIMARY KEY (sound, word)) WITHOUT ROWID;
    CREATE VIRTUAL TABLE spelling USING fts5(name, {_TRIGRAMS});
    CREATE VIRTUAL TABLE wording USING fts5(name, content='', columnsize=0, detail=none, tokenize='ascii');
    CREATE VIRTUAL TABLE word_spelling USING fts5(word, detail=none, {_TRIGRAMS});
    PRAGMA user_version = {FORMAT};
"""
_KEYS: Final = "CREATE INDEX name_folded ON name (folded); CREATE UNIQUE INDEX entity_iri ON entity (iri);"
_UNGUARDED: Final = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;"
"""What fails half way is thrown away, and who publishes the file sees to it that it is on the disk."""


class NameRow(NamedTuple):
    """One name of an entity: the rank of its property among NAMES, its language or "", and its text."""

    entity: str
    rank: int
    language: str
    text: str


def names_query(entities: Iterable[str] | None = None) -> str:
    """Return the query for ?entity ?rank ?name of all entities with a name, or of those given."""
    ranks = " ".join(f'({name.n3()} "{rank}")' for rank, name in enumerate(NAMES))
    given = "" if entities is None else f"VALUES ?entity {{ {' '.join(f'<{entity}>' for entity in entities)} }} "
    return (
        f"SELECT ?entity ?rank ?name WHERE {{ {given}VALUES (?p ?rank) {{ {ranks} }} "
        "?entity ?p ?name FILTER(isIRI(?entity)) }"
    )


def rows_of(solutions: Iterable[Mapping[str, Node]]) -> Iterator[NameRow]:
    """Yield the answer to `names_query` from its solutions."""
    for row in solutions:
        language = getattr(row["name"], "language", None) or ""
        yield NameRow(str(row["entity"]), int(str(row["rank"])), language, str(row["name"]))


def rows_in_tsv(tsv: bytes) -> Iterator[NameRow]:
    """Yield the answer to `names_query` from its W3C TSV, which is much faster where there are many."""
    for line in tsv.decode().split("\n")[1:]:
        if line:
            entity, rank, name = line.split("\t")
            yield NameRow(entity[1:-1], int(rank[1:-1]), *_unquoted(name))


def _unquoted(term: str) -> tuple[str, str]:
    """Return the language and the text of a term in TSV."""
    if not term.startswith(('"', "<")):
        # Numbers are written bare. Blank nodes are, too, and have no name.
        return "", "" if term.startswith("_:") else term
    text, _, mark = term[1:].rpartition('"' if term.startswith('"') else ">")
    if "\\" in text:
        text = _ESCAPE.sub(lambda escape: _ESCAPED.get(escape[1], escape[1]), text)
    return mark[1:] if mark.startswith("@") else "", text


def index_in_memory(rows: Iterable[NameRow]) -> NameIndex:
    """Return an index of names that lives as long as it is used."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _fill(connection, rows)
    return NameIndex(connection)


def write_index(path: Path, rows: Iterable[NameRow]) -> None:
    """Write an index of names to a new file; raises StoreError where it cannot be written."""
    with _writing(path) as connection:
        _fill(connection, rows)


def write_changed_index(path: Path, earlier: Path, rows: Iterable[NameRow], entities: Iterable[str]) -> None:
    """Write an index like an earlier one, in which the names of some entities are those given, and no others."""
    shutil.copyfile(earlier, path)
    with _writing(path) as connection:
        connection.execute("BEGIN")
        _remove(connection, entities)
        _add(connection, rows)
        connection.execute("COMMIT")


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.executescript(_UNGUARDED)
            yield connection
    except sqlite3.Error as error:
        raise StoreError(f"The index of names at {str(path)!r} cannot be written: {error}.") from error


def _fill(connection: sqlite3.Connection, rows: Iterable[NameRow]) -> None:
    connection.executescript(_TABLES)
    # Names are gathered in memory before they are written as one part of the full text index.
    connection.execute("INSERT INTO spelling(spelling, rank) VALUES ('hashsize', ?)", (64 << 20,))
    connection.execute("INSERT INTO wording(wording, rank) VALUES ('hashsize', ?)", (64 << 20,))
    connection.execute("BEGIN")
    _add(connection, rows)
    connection.execute("COMMIT")
    connection.executescript(_KEYS)


@dataclass
class _Entity:
    """What an entity is called: the best claim to be its label, and its names by how they fold."""

    claim: tuple[int, bool, str] = (len(LABELS), False, "")
    names: dict[str, str] = field(default_factory=dict)

    def take(self, row: NameRow) -> None:
        if row.rank < len(LABELS):
            self.claim = min(self.claim, (row.rank, not row.language.startswith("en"), row.text))
        key = folded(row.text)
        if key:
            self.names[key] = max(self.names.get(key, ""), row.text)


def _add(connection: sqlite3.Connection, rows: Iterable[NameRow]) -> None:
    entities: defaultdict[str, _Entity] = defaultdict(_Entity)
    for row in rows:
        entities[row.entity].take(row)
    called = ((iri, entity.claim[2] or shortened(URIRef(iri)), entity.names) for iri, entity in entities.items())
    numbers = "SELECT coalesce(max(id & ?), 0) FROM entity"
    (last,) = connection.execute(numbers, ((1 << LENGTH_SHIFT) - 1,)).fetchone()
    # Rising ids, as the full text index wants them.
    ordered = sorted(called, key=lambda entity: (len(entity[1]), entity[1], entity[0]))
    numbered = [
        (min(len(label), 1023) << LENGTH_SHIFT | n, iri, label, names)
        for n, (iri, label, names) in enumerate(ordered, last + 1)
    ]
    connection.executemany("INSERT INTO entity VALUES (?, ?, ?)", (entity[:3] for entity in numbered))
    names = [
        (id_ << NAME_SHIFT | n, key, written)
        for id_, _, _, of_one in numbered
        for n, (key, written) in enumerate(sorted(of_one.items())[: 1 << NAME_SHIFT])
    ]
    connection.executemany("INSERT INTO name VALUES (?, ?, ?)", names)
    spaced = ((number, _spaced(key)) for number, key, _ in names)
    connection.executemany("INSERT INTO spelling(rowid, name) VALUES (?, ?)", spaced)
    connection.executemany("INSERT INTO wording(rowid, name) VALUES (?, ?)", (name[:2] for name in names))
    _add_words(connection, {word for _, key, _ in names for word in key.split()})


def _add_words(connection: sqlite3.Connection, words: set[str]) -> None:
    known = {word for word in words if connection.execute("SELECT 1 FROM word WHERE word = ?", (word,)).fetchone()}
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM word").fetchone()
    new = list(enumerate(sorted(words - known), last + 1))
    connection.executemany("INSERT INTO word VALUES (?, ?)", new)
    connection.executemany("INSERT INTO word_spelling(rowid, word) VALUES (?, ?)", ((n, _spaced(w)) for n, w in new))
    connection.executemany("INSERT INTO sound VALUES (?, ?)", sorted((s, n) for n, word in new for s in sounds(word)))


def _remove(connection: sqlite3.Connection, entities: Iterable[str]) -> None:
    """Take entities out; a word that no name has any more stays, and leads to nothing."""
    found = (connection.execute("SELECT id FROM entity WHERE iri = ?", (entity,)).fetchone() for entity in entities)
    for (id_,) in sorted(row for row in found if row):
        of_one = "FROM name WHERE id BETWEEN ? AND ?", (id_ << NAME_SHIFT, (id_ + 1 << NAME_SHIFT) - 1)
        for number, key in connection.execute(f"SELECT id, folded {of_one[0]} ORDER BY id", of_one[1]).fetchall():
            # An index without contents has to be told what it held.
            for index, told in (("spelling", _spaced(key)), ("wording", key)):
                delete = f"INSERT INTO {index}({index}, rowid, name) VALUES ('delete', ?, ?)"  # noqa: S608 - two names
                connection.execute(delete, (number, told))
        connection.execute(f"DELETE {of_one[0]}", of_one[1])
        connection.execute("DELETE FROM entity WHERE id = ?", (id_,))


def _spaced(key: str) -> str:
    return f"  {key.replace(' ', '  ')}  "


def in_chunks(entities: Iterable[str]) -> Iterator[list[str]]:
    """Yield entities in lists as long as one query should name."""
    ordered = sorted(entities)
    return (ordered[begin : begin + _CHUNK] for begin in range(0, len(ordered), _CHUNK))

"""An index of names: found whole, in part, or misspelt, without reading them all.

It is one SQLite database. `spelling` is a full text index of the trigrams of folded names, in which each word stands
between two spaces on either side: so the beginning of a word is text like any other, and its first letter a trigram.
The id of a name begins with the length of its entity's label and then has the entity's number: so the index itself
gives names in the order of the answer, and counts entities. `wording` indexes the same names by whole words, `word` and
`sound` the words by themselves, which misspelt ones may mean.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from ..errors import StoreError

FORMAT: Final = 1
"""The version of the tables, of how names are folded and of what words sound like."""

LENGTH_SHIFT: Final = 32
"""In the id of an entity, the length of its label stands above its number."""
NAME_SHIFT: Final = 12
"""In the id of a name, the id of its entity stands above the number of the name."""

_LONGEST: Final = 1000
_COLUMNS: Final = "entity.iri, entity.label, name.written, name.folded, entity.id"
_ENTITY: Final = f"CROSS JOIN entity ON entity.id = name.id >> {NAME_SHIFT}"


class Named(NamedTuple):
    """An entity that was found, the label it goes by, and the name that matched, as written and folded."""

    entity: str
    label: str
    name: str
    folded: str
    number: int


class NameIndex:
    """The names of one state of a store; every text to look for is a folded one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        weakref.finalize(self, connection.close)

    @classmethod
    def opened(cls, path: Path) -> Self | None:
        """Return the index in a file that nobody changes any more; None where there is none that can be used."""
        if not path.is_file():
            return None
        # Immutable: nothing is locked, or written beside it. Threads may share what nobody changes.
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            connection.execute(f"PRAGMA mmap_size = {1 << 31}")
        except sqlite3.DatabaseError:
            version = None
        if version == FORMAT:
            return cls(connection)
        connection.close()
        return None

    def entities(self) -> int:
        """Return how many entities have a name."""
        ((number,),) = self.rows("SELECT count(*) FROM entity")
        return int(number)

    def called(self, text: str) -> list[Named]:
        """Return the entities that have exactly this name."""
        return list(self._named(f"FROM name {_ENTITY} WHERE folded = ? ORDER BY name.id", text))

    def containing(self, text: str) -> Iterator[Named]:
        """Yield the entities with a name that has the words of a text, or their beginnings, or the text itself in it.

        The best come first: the text is the whole name, or its beginning, whole words of it, beginnings of words, or
        anywhere in it; among equals, those with a shorter label. One or two letters are looked for inside of words only
        where no word begins with them, and more than a thousand only as a whole name.
        """
        seen: set[int] = set()
        yield from _new(self.called(text), seen)
        if not 0 < len(text) <= _LONGEST:
            return
        yield from _new(self._spelled(f"^ {_phrase(f'  {_spaced(text)}')}"), seen)
        yield from _new(self.worded(" AND ".join(map(_phrase, text.split()))), seen)
        for expression in (_beginnings(text), *_inside(text)):
            yield from _new(self._spelled(expression), seen)
        if len(text) < 3 and not seen:
            yield from _new(self._scanned(text), seen)

    def count(self, text: str) -> int:
        """Return how many entities `containing` yields."""
        if not 0 < len(text) <= _LONGEST:
            return sum(1 for _ in self.containing(text))
        expression = " OR ".join([f"({_beginnings(text)})", *_inside(text)])
        query = "SELECT count(DISTINCT rowid >> ?) FROM spelling WHERE spelling MATCH ?"
        ((number,),) = self.rows(query, NAME_SHIFT, expression)
        return number or (sum(1 for _ in _new(self._scanned(text), set())) if len(text) < 3 else 0)

    def worded(self, expression: str) -> Iterator[Named]:
        """Yield the names that match an expression of the index of whole words, those of shorter labels first."""
        joined = f"CROSS JOIN name ON name.id = wording.rowid {_ENTITY}"
        return self._named(f"FROM wording {joined} WHERE wording MATCH ? ORDER BY wording.rowid", expression)

    def rows(self, query: str, *values: object) -> Iterator[Any]:
        """Yield the rows of a query of the tables; raises StoreError where they cannot be read."""
        try:
            yield from self._connection.execute(query, values)
        except sqlite3.Error as error:
            raise StoreError(f"The index of names cannot be read: {error}. Restore the store from a backup.") from error

    def _spelled(self, expression: str) -> Iterator[Named]:
        joined = f"CROSS JOIN name ON name.id = spelling.rowid {_ENTITY}"
        return self._named(f"FROM spelling {joined} WHERE spelling MATCH ? ORDER BY spelling.rowid", expression)

    def _scanned(self, text: str) -> Iterator[Named]:
        return self._named(f"FROM name {_ENTITY} WHERE instr(folded, ?) ORDER BY name.id", text)

    def _named(self, source: str, value: str) -> Iterator[Named]:
        return (Named(*row) for row in self.rows(f"SELECT {_COLUMNS} {source}", value))


def _new(found: Iterator[Named] | list[Named], seen: set[int]) -> Iterator[Named]:
    """Yield each entity that was not seen before with the last of its names, in the order of their labels.

    What is found comes by the length of the label, so only those of one length have to be held and sorted.
    """
    for _, alike in groupby(found, lambda named: named.number >> LENGTH_SHIFT):
        best: dict[int, Named] = {}
        for named in alike:
            if named.number not in seen and (named.number not in best or named.name > best[named.number].name):
                best[named.number] = named
        seen.update(best)
        yield from sorted(best.values(), key=lambda named: (len(named.label), named.label, named.entity))


def _beginnings(text: str) -> str:
    return " AND ".join(_phrase(f"  {word}") for word in dict.fromkeys(text.split()))


def _inside(text: str) -> list[str]:
    """Return the expression for text anywhere in a name, if it is long enough to have a trigram."""
    return [_phrase(_spaced(text))] if len(text) > 2 else []


def _spaced(text: str) -> str:
    return text.replace(" ", "  ")


def _phrase(text: str) -> str:
    # Folded text has letters, digits and spaces only.
    return f'"{text}"'

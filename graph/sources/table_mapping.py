"""What the columns of a table mean, as a small file in YAML says it; what is wrong with one is told by file and key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rdflib import URIRef

from ...errors import DateError, IdentifierError
from ...ontology.dates import PartialDate
from ...ontology.facts import FactClass
from ...ontology.identifiers import checked_iri, slug
from ...ontology.terms import DG
from .table_file import Row
from .table_node import Node, loaded
from .table_terms import PLAIN_KINDS, Wanted, entity_kinds, properties, table_classes, wanted

_COLUMN: Final = re.compile(r"\{([^{}]*)\}")
_SOURCES: Final = ("column", "value", "text")
_COMMON: Final = (*_SOURCES, "kind", "split")
_OPTIONS: Final = {"State": ("on",), "text": ("language",), "date": (), "code": ()}
_IDENTITIES: Final = ("name", "table")
_RESERVED: Final = ("class", "where")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
_PARTS_OF_DATES: Final = ("DD", "MM", "YYYY")


@dataclass(frozen=True)
class Words:
    """Text made of columns: each piece is what stands before a column, and the column, None at the end."""

    pieces: tuple[tuple[str, str | None], ...]

    def of(self, row: Row) -> str:
        """Return the text in a row, or nothing where one of its columns is blank."""
        cells = [(before, row[column] if column is not None else "") for before, column in self.pieces]
        blank = any(not cell for (_, cell), (_, column) in zip(cells, self.pieces, strict=True) if column is not None)
        return "" if blank else "".join(before + cell for before, cell in cells)

    def __str__(self) -> str:
        """Return the columns as an error message names them."""
        return " and ".join(f"column {column!r}" for _, column in self.pieces if column is not None) or "the mapping"


@dataclass(frozen=True)
class ValueMap:
    """What a property's value is made of: see the module `table` for the keys."""

    name: str
    prop: URIRef
    words: Words
    kind: str
    codes: frozenset[URIRef]
    split: str
    language: str | None
    on: str | None
    id: str | None
    shared: bool
    also: tuple[ValueMap, ...]


@dataclass(frozen=True)
class FactMap:
    """Which fact each row gives that has, in the columns of `where`, one of the cells there."""

    kind: FactClass
    name: str
    values: tuple[ValueMap, ...]
    required: tuple[str, ...]
    where: tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True)
class TableMapping:
    """A mapping that has been checked: against the vocabulary, and against the columns of the table."""

    document: dict[str, str]
    dates: str
    facts: tuple[FactMap, ...]


def table_mapping(path: Path, columns: Sequence[str]) -> TableMapping:
    """Read what the columns of a table mean; raises InputError with the file, the key, and what would be right."""
    whole = Node(path, "", loaded(path), columns)
    whole.keys(("document", "dates", "facts"), needed=("document", "facts"))
    document = whole["document"]
    document.keys(("name", "title", "lastUpdated", "publisher", "license", "source"), needed=("name", "title"))
    facts = tuple(_fact(each) for each in whole["facts"].items())
    return TableMapping(_document(document), _dates(whole["dates"]) if "dates" in whole.content else "", facts)


def _document(node: Node) -> dict[str, str]:
    said = {key: node[key].text() for key in node.content}
    try:
        slug(said["name"])
    except IdentifierError as error:
        raise node["name"].error(str(error)) from error
    try:
        PartialDate(said.get("lastUpdated", "2000"))
    except DateError as error:
        raise node["lastUpdated"].error(str(error)) from error
    for key in ("license", "source"):
        try:
            checked_iri(said.get(key, "https:"))
        except IdentifierError as error:
            raise node[key].error(str(error)) from error
    return said


def _dates(node: Node) -> str:
    if sorted(re.split(r"[^A-Z]+", node.text())) != sorted(_PARTS_OF_DATES):
        raise node.error(f"{node.text()!r} is no form of dates. Write one such as DD.MM.YYYY or MM/DD/YYYY.")
    return node.text()


def _fact(node: Node) -> FactMap:
    node.keys((*_RESERVED, *properties()), needed=("class",))
    name = node["class"].one_of(table_classes(), "class of facts")
    kind = table_classes()[name]
    values = _values(node, kind.iri, [key for key in node.content if key not in _RESERVED])
    must = [p for p in properties().values() if p in (kind.source, kind.target) or wanted(kind.iri, p).required]
    required = tuple(sorted(prop.rpartition("#")[2] for prop in must))
    for prop in required:
        if prop not in node.content:
            raise node.error(f"The key {prop!r} is missing: every {name} has one.")
    return FactMap(kind, name, values, required, _where(node["where"]) if "where" in node.content else ())


def _where(node: Node) -> tuple[tuple[str, frozenset[str]], ...]:
    node.keys(node.columns)
    cells = {key: node[key].items() if isinstance(node[key].content, list) else [node[key]] for key in node.content}
    return tuple((column, frozenset(each.cell() for each in some)) for column, some in cells.items())


def _values(node: Node, of: URIRef, keys: Iterable[str]) -> tuple[ValueMap, ...]:
    return tuple(_value(node[key], key, wanted(of, properties()[key])) for key in keys)


def _value(node: Node, name: str, want: Wanted) -> ValueMap:
    minted = ("id", "identity", "also")
    node.keys({*_COMMON, *minted, *(option for some in _OPTIONS.values() for option in some)})
    kinds = (*PLAIN_KINDS, *sorted(entity_kinds()))
    if "kind" not in node.content:
        raise node.error(f"The key 'kind' is missing. It is one of {', '.join(sorted(want.kinds) or kinds)}.")
    kind = node["kind"].one_of(kinds, "kind of value")
    if want.kinds and kind not in want.kinds:
        raise node["kind"].error(f"{name} is no {kind}: it is one of {', '.join(sorted(want.kinds))}.")
    node.keys((*_COMMON, *_OPTIONS.get(kind, minted)))
    get = {key: node[key] for key in node.content if key != "also"}
    language = get["language"].text() if "language" in get else None
    if language and not _LANGUAGE.match(language):
        raise get["language"].error(f"{language!r} is no language tag such as en or fr.")
    identity = get["identity"].one_of(_IDENTITIES, "identity") if "identity" in get else ""
    also = node["also"] if "also" in node.content else None
    if also:
        also.keys(properties())
    return ValueMap(
        name=name,
        prop=properties()[name],
        words=_words(node),
        kind=kind,
        codes=want.codes,
        split=node["split"].text() if "split" in get else "",
        language=language,
        on=get["on"].column() if "on" in get else None,
        id=get["id"].column() if "id" in get else None,
        shared=identity == "name" or (not identity and kind != "Person" and "id" not in get),
        also=_values(also, DG[kind], also.content) if also else (),
    )


def _words(node: Node) -> Words:
    given = [key for key in _SOURCES if key in node.content]
    if len(given) != 1:
        seen = " and ".join(given) or "none of them"
        raise node.error(f"One of column, value or text says what the value is made of: here it is {seen}.")
    source = node[given[0]]
    if given[0] == "column":
        return Words((("", source.column()),))
    if given[0] == "value":
        return Words(((source.text(), None),))
    pieces, end = list[tuple[str, str | None]](), 0
    for match in _COLUMN.finditer(source.text()):
        column = Node(source.path, source.key, match[1], source.columns).column()
        pieces.append((source.content[end : match.start()], column))
        end = match.end()
    return Words((*pieces, (source.content[end:], None)))

"""A picture as a list of simple marks, drawn alike on a page and in a paper, with the table that says the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from ..style import BACKGROUND_DARK, BACKGROUND_LIGHT, kind_style, printable

Years: TypeAlias = tuple[tuple[int | None, int | None], ...]
"""The periods, in first and last years, for which something is shown; None is an open end, none at all is always."""

CHARACTER: Final = 0.56
"""The width of an average character, in units of the type's size."""


@dataclass(frozen=True)
class Bar:
    """A filled box; `x` and `y` are its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    opacity: float = 1.0
    title: str = ""
    years: Years = ()
    keys: tuple[str, ...] = ()
    count: bool = False
    round: float = 0.0


@dataclass(frozen=True)
class Mark:
    """One of the shapes of `style.SHAPES`, around a middle."""

    x: float
    y: float
    size: float
    shape: str
    colour: str
    title: str = ""
    years: Years = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line between two points, straight or with ends that leave level."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = "edge"
    width: float = 1.0
    opacity: float = 1.0
    level: bool = False
    dashes: tuple[int, ...] = ()
    title: str = ""
    years: Years = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """One line of text; `anchor` is `start`, `middle` or `end`, `turn` an angle in degrees."""

    x: float
    y: float
    text: str
    size: float = 12.0
    anchor: str = "start"
    colour: str = "ink"
    bold: bool = False
    turn: int = 0
    title: str = ""
    years: Years = ()
    keys: tuple[str, ...] = ()
    count: bool = False


Item: TypeAlias = Bar | Mark | Line | Text


@dataclass(frozen=True)
class Row:
    """One row of a table: its cells as text, and when it is shown."""

    cells: tuple[str, ...]
    years: Years = ()


@dataclass(frozen=True)
class Listing:
    """A table that says what the picture shows, for screen readers and for whoever prefers rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Scene:
    """A picture: its size in pixels, its marks from back to front, its legend, and its tables.

    Colours are `ink`, `muted`, `edge`, `line`, `accent`, `surface`, `tint`, or a kind of entities.
    """

    title: str
    subtitle: str
    summary: str
    width: float
    height: float
    items: tuple[Item, ...]
    tables: tuple[Listing, ...]
    legend: tuple[tuple[str, str], ...] = ()
    note: str = ""


PLAIN: Final[Mapping[str, tuple[str, str]]] = {
    "ink": ("#1d1f23", "#e9e7e2"),
    "muted": ("#5b5f67", "#a6aab2"),
    "edge": ("#8f8b83", "#71767e"),
    "line": ("#e3dfd7", "#30343b"),
    "accent": ("#0b5fa5", "#7cb8f0"),
    "warm": ("#b3402a", "#ff9478"),
    "tint": ("#eef3f8", "#222b36"),
    "surface": ("#ffffff", "#1b1e23"),
    "paper": (BACKGROUND_LIGHT, BACKGROUND_DARK),
}
"""The colours that are no kind's, on light and on dark ground."""


def colour(name: str) -> tuple[str, str]:
    """Return a colour of a scene on light and on dark ground."""
    if name in PLAIN:
        return PLAIN[name]
    look = kind_style(name)
    return look.light, look.dark


def wide(text: str, size: float = 12.0) -> float:
    """Return about how wide a text is, in pixels."""
    return CHARACTER * size * len(text)


def short(text: str, most: int) -> str:
    """Return a text on one line, of at most so many characters: what is left out is in its middle.

    It is often the end that tells two names apart.
    """
    line = printable(text)
    if len(line) <= most:
        return line
    head, tail = line[: (most - 1) * 2 // 5], line[(most - 1) * 2 // 5 - most + 1 :]
    # At the end of a word, unless that would leave too little of it.
    head = head.rsplit(" ", 1)[0] if len(head.rsplit(" ", 1)[0]) > len(head) // 2 else head
    tail = tail.split(" ", 1)[-1] if len(tail.split(" ", 1)[-1]) > len(tail) // 2 else tail
    return f"{head.rstrip()} … {tail.lstrip()}" if len(head) + len(tail) + 3 <= most else f"{head}…{tail}"


def year_span(items: Iterable[Item | Row]) -> tuple[int, int] | None:
    """Return the first and the last year that something in a picture has, None where nothing has one."""
    found = [year for item in items for period in item.years for year in period if year is not None]
    return (min(found), max(found)) if found else None


def all_rows(tables: Sequence[Listing]) -> list[Row]:
    """Return the rows of all tables."""
    return [row for table in tables for row in table.rows]

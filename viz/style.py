"""How each kind of entity and each standing of a fact looks: colour, shape, line, legend order, caption."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

BACKGROUND_LIGHT = "#fbfaf8"
BACKGROUND_DARK = "#15171b"

# Outlines as SVG paths in the box -1..1: the canvas and the legend draw the same path, so they cannot differ.
SHAPES: Mapping[str, str] = {
    "circle": "M-.9 0A.9 .9 0 1 1 .9 0A.9 .9 0 1 1 -.9 0Z",
    "hexagon": "M0 -1L.87 -.5L.87 .5L0 1L-.87 .5L-.87 -.5Z",
    "square": "M-.8 -.8H.8V.8H-.8Z",
    "diamond": "M0 -1.08L1.08 0L0 1.08L-1.08 0Z",
    "triangle": "M0 -1L1.04 .8L-1.04 .8Z",
    "pin": "M0 1L1.04 -.8L-1.04 -.8Z",
    "pentagon": "M0 -1L.97 -.29L.6 .83L-.6 .83L-.97 -.29Z",
    "star": "M0 -1.15L.29 -.4L1.09 -.36L.47 .15L.68 .93L0 .49L-.68 .93L-.47 .15L-1.09 -.36L-.29 -.4Z",
    "bar": "M-1.1 -.62H1.1V.62H-1.1Z",
    "page": "M-.7 -.98H.2L.7 -.48V.98H-.7Z",
    "slant": "M-.55 -.75H1.15L.55 .75H-1.15Z",
    "trapezoid": "M-.6 -.75H.6L1.1 .75H-1.1Z",
    "cross": "M-.34 -1H.34V-.34H1V.34H.34V1H-.34V.34H-1V-.34H-.34Z",
    "ring": "M-.9 0A.9 .9 0 1 1 .9 0A.9 .9 0 1 1 -.9 0ZM-.45 0A.45 .45 0 1 0 .45 0A.45 .45 0 1 0 -.45 0Z",
}


@dataclass(frozen=True)
class KindStyle:
    """The look of one kind of entity: a colour for each theme and the name of a shape."""

    light: str
    dark: str
    shape: str


@dataclass(frozen=True)
class LineStyle:
    """The look of one standing of a fact: its words in the legend and its dash pattern, empty for a solid line."""

    label: str
    dashes: tuple[int, ...]


# In legend order. Every kind has a shape of its own, so that colour is never the only difference.
KINDS: Mapping[str, KindStyle] = {
    "person": KindStyle("#0b5fa5", "#6fb2f2", "circle"),
    "state": KindStyle("#b3402a", "#ff9478", "hexagon"),
    "organization": KindStyle("#00725c", "#3cc7a2", "square"),
    "post": KindStyle("#6d55a8", "#b9a3f0", "diamond"),
    "meeting": KindStyle("#96610a", "#e3b04b", "triangle"),
    "conference": KindStyle("#a83277", "#f08dc2", "pentagon"),
    "event": KindStyle("#b5560b", "#f0a060", "star"),
    "agreement": KindStyle("#1d6f8c", "#62c3e0", "bar"),
    "place": KindStyle("#557a1f", "#a3cc5f", "pin"),
    "territory": KindStyle("#77700f", "#cfc94a", "trapezoid"),
    "work": KindStyle("#7a5c3e", "#c9a683", "slant"),
    "document": KindStyle("#5f6670", "#a9b2bd", "page"),
    "topic": KindStyle("#8a4a5e", "#dc9db0", "cross"),
}
OTHER_KIND = KindStyle("#6b6b6b", "#a5a5a5", "ring")

REALIS: Mapping[str, LineStyle] = {
    "held": LineStyle("held", ()),
    "planned": LineStyle("only planned", (11, 6)),
    "claimed": LineStyle("only claimed", (6, 5)),
    "denied": LineStyle("denied", (1, 5)),
}


def kind_style(kind: str) -> KindStyle:
    """The look of a kind of entity; kinds without a look of their own share one."""
    return KINDS.get(kind, OTHER_KIND)


def standing(realis: object) -> str:
    """The standing of a fact as it is drawn: one that has no line of its own, or is not told, counts as held."""
    return realis if isinstance(realis, str) and realis in REALIS else "held"


def legend_order(kinds: Iterable[str]) -> list[str]:
    """The kinds, each once, in the order of the legend; unknown kinds follow by name."""
    rank = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(set(kinds), key=lambda kind: (rank.get(kind, len(rank)), kind))


# Control characters, line separators, half characters, and the marks that turn the direction of the text around them:
# in a heading or a caption they can only mislead.
_MISLEADING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")


def printable(text: str) -> str:
    """The text on one line, without what cannot be printed or would disturb its surroundings."""
    return " ".join(_MISLEADING.sub(" ", text).split())


def caption(name: str, *, width: int = 24, lines: int = 2) -> str:
    """The name as the canvas shows it: at most `lines` lines of `width` characters, an ellipsis where it was cut.

    A name too long for two lines keeps its beginning and its end, as it is often the end that tells two names apart.
    """
    words = printable(name[:1000]).split()
    rows = _rows(words, width)
    if len(rows) <= lines and all(len(row) <= width for row in rows) and len(name) <= 1000:
        return "\n".join(rows)
    if lines == 1 or len(words) < 2:
        return _cut(" ".join(words), width)
    head = rows[: lines - 1]
    used = sum(len(row.split()) for row in head)
    tail = ""
    for word in reversed(words[used:]):
        if len(word) + 1 + len(tail) > width - 1:
            break
        tail = f"{word} {tail}".rstrip()
    return "\n".join([*(_cut(row, width) for row in head), f"…{tail}" if tail else _cut(" ".join(words[used:]), width)])


def _rows(words: list[str], width: int) -> list[str]:
    rows: list[str] = []
    for word in words:
        if rows and len(rows[-1]) + 1 + len(word) <= width:
            rows[-1] += " " + word
        else:
            rows.append(word)
    return rows


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"

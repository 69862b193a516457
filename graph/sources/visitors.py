"""Visitors as a record writes them, `Prime Minister X and Foreign Minister Y`, parsed into titles, posts and names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .titles import TITLES, Title

_BY_WORDS: Final = {words.casefold(): title for title in TITLES for words in title.words}
_ANY: Final = "|".join(re.escape(words) for words in sorted(_BY_WORDS, key=len, reverse=True))
# A title may be run together with the name, `Prime MinisterX`.
_TITLE: Final = re.compile(rf"(?P<title>(?i:{_ANY}))(?=[\s,&-]|[A-Z]|\Z)")
_AND_TITLE: Final = re.compile(rf"\s*(?:\band\b|&|-|,)\s*(?i:{_ANY})(?=[\s,&-]|\Z)")
_PARTED: Final = re.compile(rf"\s*(?:,\s*and\s+|\s+and\s+|&|[,;])\s*(?=(?i:{_ANY})\s)")
_TITLE_AFTER: Final = re.compile(rf"(?P<name>.+?),?\s+(?P<title>(?i:{_ANY}))(?P<of>\s+of\s.+)?\Z")
_SPOUSE: Final = re.compile(r"(?:,|\s+and|\s*&)\s+(?P<spouse>(?:Mrs|Mr|Ms|Madame|Mme|Lady)\b.*)\Z")
_HONORIFIC: Final = re.compile(r"(?:Dr\.?|Archbishop|H\.\s?E\.|His Excellency|Her Excellency)\s+")
_PARTICLES: Final = frozenset(
    (
        *("abu", "al", "arap", "ben", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "di", "do"),
        *("dos", "du", "e", "el", "ibn", "la", "le", "van", "von", "y"),
    )
)
_NO_NAME: Final = re.compile(
    r"\b(?:and|of|the|delegation|family|party|others|representatives?)\b|[/:?]|\d(?![nrst]?[dht]\b)"
)


@dataclass(frozen=True)
class Visitor:
    """A visitor: the words as written, the title, None where it has none, and the name without it."""

    written: str
    title: Title | None
    name: str


@dataclass(frozen=True)
class Visitors:
    """Those whom a text names, and what of it could not be understood."""

    named: tuple[Visitor, ...]
    rest: tuple[str, ...]


def visitors(text: str) -> Visitors:
    """Return the visitors that a text names.

    A text is parted where `and`, `&`, a semicolon or a comma joins a name and a title. A person is a title and a name,
    in either order, or a name of two words and more alone. All else, and somebody's spouse, is returned as the rest.
    """
    named, rest = [], []
    for part in _parts(re.sub(r"-\s+", "-", " ".join(text.split()))):
        spouse = _SPOUSE.search(part)
        alone = part[: spouse.start()] if spouse else part
        visitor = _visitor(alone)
        if visitor:
            named.append(visitor)
        elif alone:
            rest.append(alone)
        if spouse:
            rest.append(spouse["spouse"])
    return Visitors(tuple(named), tuple(rest))


def _parts(text: str) -> list[str]:
    """Part a text before a title, unless what is before it is a title alone, as in `Premier and Prince X`."""
    parts = [""]
    for piece, joint in zip(*_pieces(text), strict=True):
        if parts[-1] and not _TITLE.fullmatch(parts[-1]):
            parts.append(piece)
        else:
            parts[-1] += joint + piece
    return parts


def _pieces(text: str) -> tuple[list[str], list[str]]:
    joints = list(_PARTED.finditer(text))
    ends = [*(joint.start() for joint in joints), len(text)]
    starts = [0, *(joint.end() for joint in joints)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)], ["", *(joint[0] for joint in joints)]


def _visitor(text: str) -> Visitor | None:
    first = _TITLE.match(text)
    if first is None:
        return _untitled(text)
    title, end = _BY_WORDS[first["title"].casefold()], first.end()
    while joined := _AND_TITLE.match(text, end):
        end = joined.end()
    name = _HONORIFIC.sub("", text[end:].strip(" ,"), count=1)
    return Visitor(text, title, name) if _is_name(name) else None


def _untitled(text: str) -> Visitor | None:
    match = _TITLE_AFTER.match(text)
    if match and _is_name(match["name"], shortest=2):
        # `Chairman of the Interim Authority`: of what, only a list of all offices could tell.
        title = None if match["of"] else _BY_WORDS[match["title"].casefold()]
        return Visitor(text, title, match["name"])
    name = _HONORIFIC.sub("", text, count=1)
    return Visitor(text, None, name) if _is_name(name, shortest=2) else None


def _is_name(text: str, shortest: int = 1) -> bool:
    """Tell whether a text can be a person's name: words that begin with a capital, or particles such as `bin`."""
    if text.startswith("Earl of "):
        text = text.removeprefix("Earl of ")
    words = text.replace("(", "").replace(")", "").split()
    if not shortest <= len(words) <= 9 or _NO_NAME.search(text):
        return False
    return all(not word[0].islower() or _particle(word) for word in words)


def _particle(word: str) -> bool:
    head = re.split(r"[-’']", word, maxsplit=1)[0]
    return head in _PARTICLES or (head in ("d", "ul") and head != word)

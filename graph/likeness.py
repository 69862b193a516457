"""How alike two names of persons are, word by word: the same, in another order, shortened, or written another way."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from ..ontology.identifiers import folded
from .sounds import latin, sounds

_NUMBERS = frozenset(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "jr", "sr"))
_ALIKE = 0.8
_ALIKE_IN_SOUND = 0.4
_ALIKE_IN_SOUND_AND_SHORT = 0.6


class Likeness(IntEnum):
    """What two names have in common; the number is what it counts for."""

    PART = 1
    """One has all words of the other, but does not begin as that does."""
    ALIKE = 2
    """Their words sound alike, or differ by few letters."""
    SHORTENED = 3
    """One leaves words of the other out, or has only their first letters."""
    SAME = 4
    """They have the same words, in whatever order."""


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name, folded and in Latin letters."""
    return tuple(word for part in folded(name).split() if (word := latin(part)))


def closest(some: Iterable[tuple[str, ...]], others: Iterable[tuple[str, ...]]) -> tuple[Likeness, int, int] | None:
    """Return how alike the closest two of the names of two persons are, and their places; None where none are."""
    others = tuple(others)
    found = [
        (like, -i, -j) for i, one in enumerate(some) for j, other in enumerate(others) if (like := likeness(one, other))
    ]
    if not found:
        return None
    like, i, j = max(found)
    return like, -i, -j


def likeness(one: tuple[str, ...], other: tuple[str, ...]) -> Likeness | None:
    """Return what two names, as words, have in common; None where they are not alike."""
    if one == other or (len(one) == len(other) and sorted(one) == sorted(other)):
        return Likeness.SAME if one else None
    short, long = (one, other) if (len(one), one) < (len(other), other) else (other, one)
    if len(short) < 2:
        return None
    places: list[int] = []
    matches: list[_Match] = []
    for word in short:
        match, place = max((_match(word, long[place]), -place) for place in range(len(long)) if place not in places)
        if not match:
            return None
        places.append(-place)
        matches.append(match)
    full = sum(len(word) > 1 for word in short)
    if not full or (full == 1 and len(short[-1]) == 1) or not _numbered_alike(short, long):
        return None
    if len(short) < len(long) and places[0] != 0:
        return Likeness.PART
    return Likeness.ALIKE if _Match.NEAR in matches else Likeness.SHORTENED


class _Match(IntEnum):
    NONE = 0
    NEAR = 1
    INITIAL = 2
    SAME = 3


def _match(word: str, other: str) -> _Match:
    if word == other:
        return _Match.SAME
    if word[0] == other[0] and 1 in (len(word), len(other)):
        return _Match.INITIAL
    return _Match.NEAR if _alike(word, other) else _Match.NONE


def _numbered_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two names can be those of one person, as far as they are numbered."""
    numbers = [[word for word in name[1:] if word in _NUMBERS and len(word) > 1] for name in (one, other)]
    return not (numbers[0] and numbers[1]) or numbers[0] == numbers[1]


@lru_cache(maxsize=200_000)
def _alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 3 or _NUMBERS & {one, other}:
        return False
    similar = OSA.normalized_similarity(one, other)
    if similar >= _ALIKE:
        return True
    needed = _ALIKE_IN_SOUND if min(len(one), len(other)) > 4 else _ALIKE_IN_SOUND_AND_SHORT
    return similar >= needed and bool(heard(one) & heard(other))


@lru_cache(maxsize=200_000)
def heard(word: str) -> frozenset[str]:
    """Return the sounds of a word, which are asked for again and again."""
    return sounds(word)

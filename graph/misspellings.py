"""Names that a misspelt text may mean: word by word, those that sound alike or differ by few letters."""

from __future__ import annotations

from itertools import combinations, islice, pairwise
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .names import Named, NameIndex
from .sounds import latin, sounds

_ALIKE: Final = 0.7
"""The share of letters that two words have to have in common: one of four may differ, or three of ten."""
_ALIKE_IN_SOUND: Final = 0.4
"""The same for words that sound alike: of Dzheikhun, as Джейхун is romanised, Jeyhun has four letters of nine."""
_CANDIDATES: Final = 12
_NAMES: Final = 500
_WORDS: Final = 8
_LETTERS: Final = 60


def nearest(index: NameIndex, text: str, limit: int) -> list[Named]:
    """Return up to `limit` entities that a folded text comes near to, the nearest first.

    A name comes near if it has a word like each word of the text, or like all but one of three and more; of a text of
    more than eight words the first eight count.
    """
    words = [word for word in dict.fromkeys(text.split()) if len(word) <= _LETTERS][:_WORDS]
    likely = {word: _likely(index, word) for word in words}
    if not words:
        return []
    needed = len(words) - (len(words) > 2)
    best: dict[str, tuple[float, Named]] = {}
    for named in _with_words_like(index, [likely[word] for word in sorted(words, key=len, reverse=True)], needed):
        scores = [max(like.get(word, 0.0) for word in named.folded.split()) for like in likely.values()]
        score = sum(scores)
        if sum(map(bool, scores)) >= needed and score > best.get(named.entity, (0.0, named))[0]:
            best[named.entity] = score, named
    ordered = sorted(best.values(), key=lambda one: (-round(one[0], 3), len(one[1].label), one[1].label, one[1].entity))
    return [named for _, named in ordered[:limit]]


def _with_words_like(index: NameIndex, likely: list[dict[str, float]], needed: int) -> list[Named]:
    """Return names among which are those with words like so many of the words, from the longest to the shortest."""
    groups = ["(" + " OR ".join(f'"{word}"' for word in like) + ")" for like in likely if like]
    if len(groups) < needed:
        return []
    # A name with enough of the words has one of the first; long words are rare, and the others then need no search.
    found = list(islice(index.worded(" OR ".join(groups[: len(groups) - needed + 1])), _NAMES))
    if len(found) < _NAMES:
        return found
    narrow = " OR ".join(f"({' AND '.join(some)})" for some in combinations(groups, needed))
    return list(islice(index.worded(narrow), _NAMES))


def _likely(index: NameIndex, word: str) -> dict[str, float]:
    """Return the words of the index that a word may mean, and how alike they are, from 0 to 1."""
    written, found = latin(word), {}
    for other in _sounding(index, word):
        alike = OSA.normalized_similarity(written, latin(other))
        if alike >= _ALIKE_IN_SOUND:
            found[other] = (1 + alike) / 2
    spelled = process.extract(
        written, _sharing(index, written), scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=_CANDIDATES
    )
    for other, alike, _ in spelled:
        found[other] = max(alike, found.get(other, 0.0))
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return dict(best[:_CANDIDATES])


def _sounding(index: NameIndex, word: str) -> list[str]:
    """Return the words of the index that sound like a word."""
    query = "SELECT word.word FROM sound JOIN word ON word.id = sound.word WHERE sound.sound = ?"
    return [other for sound in sorted(sounds(word)) for (other,) in index.rows(query, sound)]


def _sharing(index: NameIndex, word: str) -> list[str]:
    """Return the words of the index that share two neighbouring trigrams with a word, or its first and its last.

    A word with one letter wrong does, unless it is very short.
    """
    spaced = f"  {word}  "
    trigrams = [f'"{spaced[begin : begin + 3]}"' for begin in range(len(spaced) - 2)]
    pairs = [*pairwise(trigrams), (trigrams[0], trigrams[-1])]
    expression = " OR ".join(f"({one} AND {other})" for one, other in dict.fromkeys(pairs))
    query = "SELECT word.word FROM word_spelling JOIN word ON word.id = word_spelling.rowid WHERE word_spelling MATCH ?"
    return [other for (other,) in index.rows(query, expression)]

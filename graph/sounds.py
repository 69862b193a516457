"""How words sound, whichever way they were written in Latin letters: what Ceyhun and Jeyhun have in common.

The sound of a word is a skeleton. Letters that one romanisation writes where another writes others fall together, and
vowels count only at the beginning, where all are one. It is wide on purpose: it proposes words, whose letters are then
compared. Letters that are read in two ways, such as the Turkish and the English c, give a word more than one sound.
"""

from __future__ import annotations

import re
from itertools import product
from typing import Final

from ..ontology.identifiers import folded

_GROUPS: Final = {
    # Sibilants and affricates: Shevardnadze, Schewardnadse; Chruschtschow, Khrushchev; Tchaikovsky, Chaikovskii.
    **dict.fromkeys(("tzsch", "shch", "tsch", "dsch", "sch", "tch", "tsh", "dzh", "dsh"), "s"),
    **dict.fromkeys(("sh", "zh", "cz", "cs", "ts", "tz", "dz", "ds", "dj"), "s"),
    # Qaddafi, Gaddafi, Kadhafi; Heydar, Geidar; Akhmed, Ahmad.
    **dict.fromkeys(("ck", "kh", "gh"), "k"),
    **dict.fromkeys(("th", "dh"), "t"),
    "ph": "v",
    "bh": "p",
}
_GROUP: Final = re.compile("|".join(sorted(_GROUPS, key=len, reverse=True)))
_LETTERS: Final = str.maketrans("zgqhdbfw", "skkktpvv") | {ord("x"): "ks"}
_READINGS: Final = {"ch": "sk", "c": "sk", "j": "sy"}
"""Letters read in two ways: Chirac and Christos, Cem and Carter, Jeyhun and Jelzin."""
_DOUBLED: Final = re.compile(r"(.)\1+")
_FINAL_H: Final = re.compile(r"(?<=[aeiouy])h\Z")
_FIRST_VOWELS: Final = re.compile(r"\A[aeiouy]+")
_VOWELS: Final = re.compile(r"[eiouy]|(?<!\A)a")


def latin(word: str) -> str:
    """Return a folded word in Latin letters, whatever its script."""
    if word.isascii():
        return word
    # Not at the top: names in other scripts are few, and the tables are many.
    from anyascii import anyascii

    return folded(anyascii(word)).replace(" ", "")


def sounds(word: str) -> frozenset[str]:
    """Return the sounds that a folded word may have; one without letters or digits has none."""
    plain = _GROUP.sub(lambda group: _GROUPS[group[0]], _FINAL_H.sub("", latin(word)))
    double = [letters for letters in _READINGS if letters in plain]
    found = set()
    for readings in product(*(_READINGS[letters] for letters in double)):
        read = plain
        for letters, reading in zip(double, readings, strict=True):
            read = read.replace(letters, reading)
        single = _DOUBLED.sub(r"\1", read.translate(_LETTERS))
        found.add(_VOWELS.sub("", _FIRST_VOWELS.sub("a", single)))
    return frozenset(found - {""})

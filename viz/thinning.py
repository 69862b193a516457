"""A large network made small enough to be seen, by a rule that can be stated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError

Ints = NDArray[np.int64]

_RULE: Final = re.compile(r"(strongest|facts|core):([1-9][0-9]{0,8})\Z")


@dataclass(frozen=True)
class Rule:
    """How a network is thinned.

    `strongest` keeps that many ties, those with the most facts; `facts` keeps ties with at least so many; `core` keeps
    the largest part in which everybody is tied to at least so many others of it (k-core, Seidman 1983).
    """

    name: Literal["strongest", "facts", "core"]
    number: int

    def kept(self, source: Ints, target: Ints, weights: Ints | None = None) -> NDArray[np.bool_]:
        """Return which of the facts between `source` and `target`, numbers of entities, stay; direction plays no part.

        Each counts once, or as often as its weight says. Among ties with equally many facts, those between the better
        connected come first.
        """
        if not len(source):
            return np.zeros(0, dtype=bool)
        low, high = np.minimum(source, target), np.maximum(source, target)
        _, first, of_tie = np.unique(low * (high.max() + 1) + high, return_index=True, return_inverse=True)
        facts = np.bincount(of_tie, weights=weights)
        ends = np.stack([low[first], high[first]])
        own = ends[0] == ends[1]
        if self.name == "core":
            return np.asarray((_core(ends, own, self.number)[ends].all(axis=0))[of_tie])
        if self.name == "facts":
            return np.asarray((facts >= self.number)[of_tie])
        degree = np.bincount(ends[:, ~own].ravel(), minlength=int(high.max()) + 1)
        weaker, stronger = np.sort(degree[ends], axis=0)
        order = np.lexsort((ends[1], ends[0], -stronger, -weaker, -facts))
        keep = np.zeros(len(facts), dtype=bool)
        keep[order[: self.number]] = True
        return np.asarray(keep[of_tie])

    def __str__(self) -> str:
        """Return the rule in words, as a subtitle tells it."""
        if self.name == "core":
            return f"only entities tied to at least {self.number} others among them ({self.number}-core)"
        if self.name == "facts":
            return f"only ties with at least {self.number} facts"
        return f"only the {self.number:,} ties with the most facts"


def rule_called(text: str) -> Rule:
    """Return the rule that is written as `strongest:N`, `facts:N` or `core:N`; raises InputError for anything else."""
    match = _RULE.match(text)
    if match is None:
        raise InputError(f"{text!r} is no rule for thinning. Use strongest:300, facts:2 or core:3, with your number.")
    name = match[1]
    assert name in ("strongest", "facts", "core")  # noqa: S101 - the pattern has no others
    return Rule(name, int(match[2]))  # type: ignore[arg-type]


def _core(ends: Ints, own: NDArray[np.bool_], number: int) -> NDArray[np.bool_]:
    """Whether each entity is left when those with too few ties are taken away, again and again."""
    alive = np.ones(int(ends.max()) + 1, dtype=bool)
    pairs = ends[:, ~own]
    while True:
        pairs = pairs[:, alive[pairs].all(axis=0)]
        enough = np.bincount(pairs.ravel(), minlength=len(alive)) >= number
        if (alive == enough).all():
            return alive
        alive &= enough

"""Who was where, and what that makes of them: incidences of actors, and the ties that follow as sparse products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from ...ontology.facts import presence_roles
from .table import Edges, EdgeTable, Ints, Mask, Period

Matrix: TypeAlias = Any
"""A sparse matrix of scipy, which has no types of its own."""

_OPEN: Final = (-(2**31), 2**31 - 1)


@dataclass(frozen=True)
class Incidence:
    """Actors at targets (events, agreements, organisations, posts), both as codes of terms, each with when and by what.

    `first` and `last` are the first and the last day on which each can have held, in days from 1970; `row` is the row
    of the edge table that says so.
    """

    actor: Ints
    target: Ints
    first: Ints
    last: Ints
    row: Ints

    def of(self, mask: Mask) -> Incidence:
        """Return those for which a mask is true."""
        if mask.all():
            return self
        return Incidence(self.actor[mask], self.target[mask], self.first[mask], self.last[mask], self.row[mask])

    def __len__(self) -> int:
        return len(self.actor)


def at_targets(edges: Edges, of: Mask) -> Incidence:
    """Return the actors among the sources of edges, each at the edge's target."""
    source = edges["source"].astype(np.int64)
    target, first, last = edges["target"].astype(np.int64), edges["start_first"], edges["end_last"]
    return Incidence(source, target, first, last, edges.rows).of(of[source])


def at_events(
    table: EdgeTable, of: Mask, during: Period | None, realis: Sequence[str], through: str = "representation"
) -> Incidence:
    """Return the actors who were present at events: themselves, or by somebody who stood for them there.

    Who is said to represent somebody at an event does so there, and who is said to represent somebody in general does
    so at every event that can have been in that time. With `through="nationality"` everybody stands for the state whose
    national they are, too.
    """
    everybody = np.ones(len(of), dtype=bool)
    presences = table.edges(["participation"], during=during, realis=realis, roles=presence_roles())
    present = at_targets(presences, everybody)
    found = [present.of(of[present.actor])]
    stands = table.edges(["representation"], realis=realis)
    if len(stands):
        found += _represented(present, stands)
    if through == "nationality":
        nationals = table.edges(["nationality"])
        here, there = matches(present.actor, nationals["source"].astype(np.int64), table.size)
        found.append(_replaced(present, here, nationals["target"][there].astype(np.int64)))
    found = [each for each in found if len(each)] or found[:1]
    if len(found) == 1:
        return found[0].of(of[found[0].actor])
    joined = Incidence(
        *(
            np.concatenate([getattr(each, name) for each in found])
            for name in ("actor", "target", "first", "last", "row")
        )
    )
    return joined.of(of[joined.actor])


def _represented(present: Incidence, stands: Edges) -> list[Incidence]:
    agent, principal, event = (stands[name].astype(np.int64) for name in ("source", "target", "via"))
    size, own = np.int64(stands.table.size), event >= 0
    here, there = matches(present.actor * size + present.target, np.where(own, agent * size + event, -1))
    at_event = _replaced(present, here, principal[there])
    here, there = matches(present.actor, np.where(own, -1, agent))
    meanwhile = (stands["start_first"][there] <= present.last[here]) & (
        stands["end_last"][there] >= present.first[here]
    )
    return [at_event, _replaced(present, here[meanwhile], principal[there[meanwhile]])]


def _replaced(present: Incidence, at: Ints, actor: Ints) -> Incidence:
    if len(at) == len(present) and (at == np.arange(len(at))).all():
        return replace(present, actor=actor)
    return Incidence(actor, present.target[at], present.first[at], present.last[at], present.row[at])


def matches(left: Ints, right: Ints, size: int = 0) -> tuple[Ints, Ints]:
    """Return the places in two arrays that hold the same value, as pairs, each with each; -1 fits nothing.

    Where a `size` is given that all values are below, those on the right that are there once are found without sorting.
    """
    if not len(left) or not len(right):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    if size:
        # A value of -1 finds the last place, which nothing stands in.
        places, place = np.full(size + 1, -1), np.arange(len(right))
        places[right] = place
        if ((places[right] == place) | (right < 0)).all():
            places[-1] = -1
            found = places[left]
            at = np.flatnonzero(found >= 0)
            return at, found[at]
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    low = np.searchsorted(ordered, left, "left")
    counts = np.where(left < 0, 0, np.searchsorted(ordered, left, "right") - low)
    at = np.repeat(np.arange(len(left)), counts)
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return at, order[np.repeat(low, counts) + within]


def attendance(incidence: Incidence) -> tuple[Ints, Matrix]:
    """Return the actors, and a matrix of ones: a row for each of them, a column for each target."""
    actors, i = _compact(incidence.actor)
    targets, j = _compact(incidence.target)
    shape = (len(actors), len(targets))
    if not len(actors):
        return actors, csr_array(shape, dtype=np.int32)
    # By columns, which are short, and then by rows, so that scipy has not to sort the rows, which are long.
    cells = coo_array((np.ones(len(i), dtype=np.int32), (i, j)), shape=shape).tocsc().tocsr()
    # Once for each actor and target, in whatever roles.
    cells.data[:] = 1
    return actors, cells


def _compact(codes: Ints) -> tuple[Ints, Ints]:
    """Return the different codes in order, and the place of each among them."""
    there = np.zeros(int(codes.max(initial=-1)) + 1, dtype=bool)
    there[codes] = True
    return np.flatnonzero(there), (np.cumsum(there, dtype=np.int32) - np.int32(1))[codes]


def _distinct(keys: Ints) -> Ints:
    """Return the different keys in order: sorting finds them several times faster than numpy's own table of hashes."""
    keys = np.sort(keys)
    return keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys


def common_targets(incidence: Incidence, *, at_once: bool) -> tuple[Ints, Matrix]:
    """Return the actors, and by how many targets each two of them are joined; with `at_once` only at the same time.

    A target at which all can have been at the same time takes part in one sparse product. Of the others, whose members
    came and went, each two are looked at: on the line of time all intervals have a day in common when each two have.
    """
    if not at_once or not len(incidence):
        actors, attended = attendance(incidence)
        return actors, _without_own(attended @ attended.T)
    actors = _distinct(incidence.actor)
    targets, at = _compact(incidence.target)
    latest, earliest = np.full(len(targets), _OPEN[0]), np.full(len(targets), _OPEN[1])
    np.maximum.at(latest, at, incidence.first)
    np.minimum.at(earliest, at, incidence.last)
    plain = (latest <= earliest)[at]
    mine, attended = attendance(incidence.of(plain))
    counted = (attended @ attended.T).tocoo()
    place = np.searchsorted(actors, mine)
    a, b = _overlapping(incidence.of(~plain), actors)
    rows, columns = np.concatenate([place[counted.row], a, b]), np.concatenate([place[counted.col], b, a])
    weights = np.concatenate([counted.data, np.ones(2 * len(a), dtype=counted.data.dtype)])
    return actors, _without_own(coo_array((weights, (rows, columns)), shape=(len(actors),) * 2).tocsr())


def _overlapping(incidence: Incidence, actors: Ints) -> tuple[Ints, Ints]:
    """Return the places of each two actors once for each target at which both can have been at the same time."""
    _, target = _compact(incidence.target)
    order = np.lexsort((incidence.actor, target))
    target, actor = target[order], np.searchsorted(actors, incidence.actor[order])
    first, last = incidence.first[order], incidence.last[order]
    one, other = pairs_of_equals(target)
    meet = (first[one] <= last[other]) & (first[other] <= last[one]) & (actor[one] != actor[other])
    one, other = one[meet], other[meet]
    size = len(actors)
    keys = (target[one].astype(np.int64) * size + actor[one]) * size + actor[other]
    if len(_distinct(target * np.int64(size) + actor)) < len(target):
        # Who was there twice is to be counted once.
        keys = _distinct(keys)
    return keys // size % size, keys % size


def pairs_of_equals(ordered: Ints) -> tuple[Ints, Ints]:
    """Return the places of each two equal values of an ordered array: each with those that stand after it."""
    after = np.searchsorted(ordered, ordered, "right") - np.arange(len(ordered)) - 1
    one = np.repeat(np.arange(len(ordered)), after)
    return one, one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(after) - after, after)


def _without_own(matrix: Matrix) -> Matrix:
    matrix = matrix.tocoo()
    keep = matrix.row != matrix.col
    return csr_array((matrix.data[keep], (matrix.row[keep], matrix.col[keep])), shape=matrix.shape)


def arcs(source: NDArray[Any], target: NDArray[Any], *, directed: bool) -> tuple[Ints, Matrix]:
    """Return the actors, and how many edges lead from each to each; an edge without direction counts both ways."""
    actors, at = _compact(np.concatenate([source, target]).astype(np.int64))
    i, j = at[: len(source)], at[len(source) :]
    if not directed:
        i, j = np.concatenate([i, j]), np.concatenate([j, i])
    ones = np.ones(len(i), dtype=np.int32)
    return actors, _without_own(coo_array((ones, (i, j)), shape=(len(actors),) * 2).tocsr())

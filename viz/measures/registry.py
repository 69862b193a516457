"""The measures by their names: what each is of, what it gives, and its definition in its own docstring."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ..ties import Ties

About: TypeAlias = Literal["actor", "tie", "network"]
"""What a measure gives values for: each actor, each tie (in the order of `Ties.edges`), or the network as a whole."""

Columns: TypeAlias = dict[str, NDArray[Any]]
"""Values by the name of their column, each with one for every actor or tie; of a network, with one in all."""

Function: TypeAlias = Callable[..., Columns]


@dataclass(frozen=True)
class Measure:
    """One measure: its name, what it is of, and the function that reckons it from a network and options by name."""

    name: str
    about: About
    function: Function
    options: tuple[str, ...] = field(default=())

    @property
    def definition(self) -> str:
        """What it is, by which source, and what it means here."""
        return inspect.getdoc(self.function) or ""

    @property
    def summary(self) -> str:
        """The first sentence of its definition."""
        return " ".join(self.definition.partition("\n\n")[0].split())


MEASURES: Final[dict[str, Measure]] = {}
"""All measures by name."""


def measure(name: str, about: About = "actor") -> Callable[[Function], Function]:
    """Return a decorator that makes a function known as the measure of a name."""

    def known(function: Function) -> Function:
        options = tuple(inspect.signature(function).parameters)[1:]
        MEASURES[name] = Measure(name, about, function, options)
        return function

    return known


def measure_called(name: str) -> Measure:
    """Return the measure of a name; raises InputError, with near names, where there is none."""
    found = MEASURES.get(name.lower().replace("_", "-"))
    if found is None:
        near = difflib.get_close_matches(name.lower(), MEASURES, 3, 0.5) or sorted(MEASURES)
        raise InputError(f"There is no measure {name!r}. Use {', '.join(near)}.")
    return found


def measured(ties: Ties, names: Iterable[str], options: Mapping[str, object] | None = None) -> dict[About, Columns]:
    """Return the values of some measures, by what they are of; each takes those of the options that it has."""
    found: dict[About, Columns] = {}
    for each in map(measure_called, names):
        taken = {name: value for name, value in (options or {}).items() if name in each.options}
        found.setdefault(each.about, {}).update(each.function(ties, **taken))
    return found


def of_actors(name: str, values: Any) -> Columns:
    """Return one column of numbers."""
    return {name: np.asarray(values, dtype=float)}

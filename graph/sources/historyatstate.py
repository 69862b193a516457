"""The records of the US Office of the Historian: each of its repositories is a dataset, told by what it contains."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from ...errors import InputError
from . import pocom, rdcr, travels, visits
from .intake import Intake
from .states import StateNames

_DATASETS: Final[dict[str, tuple[str, Callable[[Path, Intake, StateNames], None]]]] = {
    "pocom": ("missions-countries", pocom.read),
    "visits": ("data", visits.read),
    "travels": ("president-travels", travels.read),
    "rdcr": ("articles", rdcr.read),
}
"""Each dataset, with the directory that its repository has and no other one, and what reads it."""


def read(paths: Sequence[Path], intake: Intake) -> None:
    """Read repositories, or directories that hold some of them; raises InputError for a path that is neither."""
    found: dict[str, Path] = {}
    for path in paths:
        for name, directory in _datasets(path):
            if name in found:
                raise InputError(f"{path}: {name} is in {found[name]} too. Import one of the two.")
            found[name] = directory
    states = StateNames()
    for name, (_, reader) in _DATASETS.items():
        if name in found:
            reader(found[name], intake, states)


def _datasets(path: Path) -> list[tuple[str, Path]]:
    if not path.is_dir():
        raise InputError(f"{path}: there is no such directory.")
    found = list(_known(path)) or [each for child in sorted(path.iterdir()) if child.is_dir() for each in _known(child)]
    if not found:
        wanted = ", ".join(f"{name} (with {mark}/)" for name, (mark, _) in _DATASETS.items())
        raise InputError(f"{path}: it is none of the repositories {wanted}, and holds none of them.")
    return found


def _known(directory: Path) -> Iterator[tuple[str, Path]]:
    for name, (mark, _) in _DATASETS.items():
        if (directory / mark).is_dir() and any((directory / mark).glob("*.xml")):
            yield name, directory

"""The records of the US Office of the Historian: each of its repositories is a dataset, told by what it contains."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from ...errors import InputError
from . import pocom, rdcr, travels, visits
from .intake import Intake
from .states import StateNames

_DATASETS: Final[dict[str, tuple[str, str, Callable[[Path, Intake, StateNames], None]]]] = {
    "pocom": ("missions-countries", "country-mission", pocom.read),
    "visits": ("data", "visits", visits.read),
    "travels": ("president-travels", "trips", travels.read),
    "rdcr": ("articles", "TEI", rdcr.read),
}
"""Each dataset: a directory that its repository has, the root element of the files in it, and what reads it."""

_BEGINNING: Final = 4_096
"""In so many bytes, a file has told its root element."""


def read(paths: Sequence[Path], intake: Intake) -> None:
    """Read repositories, or directories that hold some of them; raises InputError for a path that is neither."""
    found: dict[str, Path] = {}
    for path in paths:
        for name, directory in _datasets(path):
            if name in found:
                raise InputError(f"{path}: {name} is in {found[name]} too. Import one of the two.")
            found[name] = directory
    states = StateNames()
    for name, (_, _, reader) in _DATASETS.items():
        if name in found:
            intake.origin = found[name]
            reader(found[name], intake, states)


def _datasets(path: Path) -> list[tuple[str, Path]]:
    if not path.is_dir():
        raise InputError(f"{path}: there is no such directory.")
    found = list(_known(path)) or [each for child in sorted(path.iterdir()) if child.is_dir() for each in _known(child)]
    if not found:
        wanted = ", ".join(f"{name} (with <{tag}> in {mark}/*.xml)" for name, (mark, tag, _) in _DATASETS.items())
        raise InputError(f"{path}: it is none of the repositories {wanted}, and holds none of them.")
    return found


def _known(directory: Path) -> Iterator[tuple[str, Path]]:
    for name, (mark, tag, _) in _DATASETS.items():
        if any(path.is_file() and _begins(path, tag) for path in (directory / mark).glob("*.xml")):
            yield name, directory


def _begins(path: Path, tag: str) -> bool:
    """Tell whether a file's first element seems to be of a tag; one that is no XML otherwise may still be."""
    with path.open("rb") as file:
        return re.search(rb"<%b[\s/>]" % tag.encode(), file.read(_BEGINNING)) is not None

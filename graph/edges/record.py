"""What a directory of the edge table holds: its parts, of which state of a store, and what has been touched since."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from .hints import fingerprint

TEMPORARY: Final = ".new"
"""What files end with that are still being written."""

_RECORD: Final = "table.json"


@dataclass(frozen=True)
class Part:
    """Some rows of the table, in one file for each of its tables: their sizes in bytes tell whether they are whole.

    `gone` are rows of earlier parts that hold no more, `reset` the terms whose classes in earlier parts do not.
    """

    name: str
    rows: int
    terms: int
    sizes: dict[str, int]

    def file(self, directory: Path, table: str) -> Path:
        """Return the file of one of its tables."""
        return directory / f"{self.name}-{table}.parquet"

    def files(self, directory: Path) -> Iterator[Path]:
        """Return the files of all of its tables."""
        return (self.file(directory, table) for table in self.sizes)


@dataclass(frozen=True)
class Record:
    """What a directory holds: of which state of a store, by which vocabulary, and what has been touched since."""

    stamp: str
    fingerprint: str
    parts: tuple[Part, ...]
    pending: tuple[str, ...] = field(default=())

    @property
    def is_current(self) -> bool:
        """Whether the vocabulary says the same of edges now as when the table was made."""
        return self.fingerprint == fingerprint()

    def is_whole(self, directory: Path) -> bool:
        """Return whether all files are there, each of its size."""
        try:
            return all(
                part.file(directory, table).stat().st_size == size
                for part in self.parts
                for table, size in part.sizes.items()
            )
        except OSError:
            return False


def record_in(directory: Path) -> Record | None:
    """Return the record of a directory, None where there is none that can be read."""
    try:
        told: Any = json.loads((directory / _RECORD).read_bytes())
        parts = tuple(Part(**part) for part in told.pop("parts"))
        return Record(parts=parts, pending=tuple(told.pop("pending")), **told)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write_record(directory: Path, record: Record) -> None:
    """Write the record of a directory at one stroke."""
    new = directory / f"{_RECORD}.{secrets.token_hex(4)}{TEMPORARY}"
    new.write_text(json.dumps(asdict(record)), encoding="utf-8")
    new.replace(directory / _RECORD)

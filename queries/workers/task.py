"""What a worker can be asked to do."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from ...graph.store import ResultSyntax, View


class Task(Protocol):
    """Something that can be asked for: a value that can be pickled."""

    @property
    def rows(self) -> ResultSyntax | None:
        """The format in which it writes a query's results, so that rows can be counted; None for anything else."""

    def write(self, view: View, out: Path) -> None:
        """Write the answer to a pipe, at the path that it has in this process."""

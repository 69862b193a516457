"""What is printed: results to standard output or a file, progress to standard error."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ..queries.results import Table


def printed(table: Table, format_: str, width: int) -> str:
    """Return a table in a format."""
    if format_ == "table":
        return table.text(width)
    return table.csv("\t") if format_ == "tsv" else str(getattr(table, format_)())


def terminal_width() -> int:
    """Return how many characters a line of a table may have."""
    return shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 120


def tell(data: object, text: str, format_: str) -> None:
    """Print what was found as JSON, or in words that cannot steer a terminal."""
    import json

    from ..graph.wording import visible

    if format_ == "json":
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for line in text.splitlines():
        click.echo(visible(line))


def put(data: str | bytes, output: Path | None) -> None:
    """Write data to a file, or print it."""
    from ..graph.files import write_file

    if output:
        write_file(output, data.encode() if isinstance(data, str) else data)
    else:
        click.echo(data, nl=not data.endswith("\n" if isinstance(data, str) else b"\n"))  # type: ignore[arg-type]


@contextmanager
def stages() -> Iterator[Callable[[str, int, int], None]]:
    """Show the stages of long work on a terminal, each with its count, in all if known and not 0, and the time left."""
    if not sys.stderr.isatty():
        yield lambda name, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def stage(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total or None)
            bars.update(tasks[name], completed=done, total=total or None)

        yield stage

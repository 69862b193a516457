"""Importing: the records of an origin are read into documents, and put into a store whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from rdflib import URIRef

from ..errors import InputError
from ..ontology.identifiers import shortened
from .loading import Loading, Source, packaged_sources
from .sources.intake import Intake, Problem
from .store import Store, View
from .wording import visible

ORIGINS: Final = ("historyatstate", "manytreaties", "country-codes", "table")
"""Where records can come from; each is read by the module of `sources` that bears its name."""


_SHOWN: Final = 10
"""How many of a kind of line a short report shows."""


@dataclass(frozen=True)
class Imported:
    """One document of an import: what became of it, and how many of each class its records gave."""

    document: URIRef
    outcome: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class ImportReport:
    """What an import did: the documents, what was kept as written since nothing known was found for it (what was
    sought, the words, how often), and what could not be read.
    """

    documents: tuple[Imported, ...]
    unresolved: tuple[tuple[str, str, int], ...]
    problems: tuple[Problem, ...]

    def text(self, limit: int | None = _SHOWN) -> str:
        """Return the report for reading, with `limit` lines of what was left unresolved and of what was unread."""
        lines = []
        for each in self.documents:
            lines.append(f"{each.document}: {each.outcome}")
            lines += [
                f"  {number:>9,} {name}" for name, number in sorted(each.counts.items(), key=lambda c: (-c[1], c[0]))
            ]
        unresolved = [f"  {what} {words!r}" + (f" ({n} times)" if n > 1 else "") for what, words, n in self.unresolved]
        lines += _listed("Kept as written, as nothing known was found for them", unresolved, limit)
        lines += _listed(
            "Noted while reading, with what was left out", [f"  {problem}" for problem in self.problems], limit
        )
        return "".join(f"{visible(line)}\n" for line in lines)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain Python, ready for JSON."""
        told = asdict(self)
        told["unresolved"] = [{"sought": what, "words": words, "times": n} for what, words, n in self.unresolved]
        return told


def import_records(
    store: Store,
    origin: str,
    paths: Sequence[Path],
    *,
    replace: bool = False,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
    **options: object,
) -> ImportReport:
    """Read the records of an origin, one of ORIGINS, from files and directories, and load what they say.

    A record that cannot be read is reported and does not stop the rest. The reference graph of states is loaded too
    where the store lacks it. A dataset that is there already is replaced by its new state; a table only if it came
    from the same file, or with `replace`. `progress` is told the stage, the steps done and those in all, 0 where these
    are not known. Raises InputError where a path is not what the origin's records look like; then, and after any other
    error, the store is as it was.
    """
    if origin not in ORIGINS:
        raise InputError(f"{origin!r} is no origin of records. Use one of {', '.join(ORIGINS)}.")
    reader = import_module(f".sources.{origin.replace('-', '_')}", __package__)

    def loading_progress(document: URIRef, done: int, total: int) -> None:
        progress(f"Loading {shortened(document)}", done, total)

    with (
        tempfile.TemporaryDirectory(prefix="diplograph-", ignore_cleanup_errors=True) as workspace,
        store.writing() as writer,
    ):
        loading = Loading(writer, replace=replace or origin != "table", progress=loading_progress)
        for source in _reference(writer.view()):
            loading.take(source)
        intake = Intake(Path(workspace), partial(progress, "Reading"), loading.delivery)
        reader.read(paths, intake, **options)
        shown = ", ".join(str(path.resolve()) for path in paths)
        for each in intake.finished:
            draft, lies = each.draft, str(each.origin.resolve()) if each.origin else shown
            loading.take(Source(draft.document, draft.path, lies, each.digest))
        progress("Storing", 0, 0)
        loading.finish()
    progress("Storing", 1, 1)
    return ImportReport(
        documents=tuple(
            Imported(each.draft.document, loading.outcomes[each.draft.document], dict(each.draft.counts))
            for each in intake.finished
        ),
        unresolved=tuple((what, words, n) for (what, words), n in sorted(intake.unresolved.items())),
        problems=tuple(intake.problems),
    )


def _listed(heading: str, lines: Sequence[str], limit: int | None) -> list[str]:
    if not lines:
        return []
    shown = lines if limit is None else lines[:limit]
    rest = [f"  … and {len(lines) - len(shown):,} more"] if len(lines) > len(shown) else []
    return [f"{heading}: {len(lines):,}", *shown, *rest]


def _reference(view: View) -> list[Source]:
    return [source for source in packaged_sources("states") if source.document not in view.graphs()]

"""Importing: the records of an origin are read into documents, and put into a store whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from rdflib import URIRef

from ..errors import InputError
from .loading import Source, load, packaged_sources
from .sources.intake import Intake, Problem
from .store import Store

ORIGINS: Final = ("historyatstate", "manytreaties", "country-codes", "table")
"""Where records can come from; each is read by the module of `sources` that bears its name."""


@dataclass(frozen=True)
class ImportReport:
    """What an import did: documents with their counts by class, what was not resolved, and what could not be read."""

    documents: tuple[tuple[URIRef, dict[str, int]], ...]
    unresolved: tuple[tuple[str, str, int], ...]
    problems: tuple[Problem, ...]


def import_records(
    store: Store,
    origin: str,
    paths: Sequence[Path],
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    **options: object,
) -> ImportReport:
    """Read the records of an origin, one of ORIGINS, from files and directories, and load what they say.

    A record that cannot be read is reported and does not stop the rest. The reference graph of states is loaded too
    where the store lacks it. Raises InputError where a path is not what the origin's records look like; then, and after
    any other error, the store is as it was.
    """
    if origin not in ORIGINS:
        raise InputError(f"{origin!r} is no origin of records. Use one of {', '.join(ORIGINS)}.")
    reader = import_module(f".sources.{origin.replace('-', '_')}", __package__)
    with tempfile.TemporaryDirectory(prefix="diplograph-", ignore_cleanup_errors=True) as workspace:
        intake = Intake(Path(workspace), progress)
        reader.read(paths, intake, **options)
        shown = ", ".join(str(path.resolve()) for path in paths)
        sources = [
            *_reference(store),
            *(Source(f.draft.document, f.draft.path, shown, f.digest) for f in intake.finished),
        ]
        load(store, sources)
    return ImportReport(
        documents=tuple((f.draft.document, dict(f.draft.counts)) for f in intake.finished),
        unresolved=tuple((what, words, n) for (what, words), n in sorted(intake.unresolved.items())),
        problems=tuple(intake.problems),
    )


def _reference(store: Store) -> Iterable[Source]:
    states = packaged_sources("states")
    return [source for source in states if source.document not in store.view().graphs()]

"""One import: the drafts that it makes, what it could not read or resolve, and how far it has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rdflib import URIRef

from ...ontology.identifiers import document_iri, slug
from ..store import Delivery
from .drafts import Draft


@dataclass(frozen=True)
class Problem:
    """A record that could not be read, or a part of one that was left out: where, and why."""

    file: str
    record: str
    message: str

    def __str__(self) -> str:
        """Return the problem as one line."""
        return f"{self.file}, {self.record}: {self.message}" if self.record else f"{self.file}: {self.message}"


@dataclass(frozen=True)
class Finished:
    """A draft that is complete, the SHA-256 of its content, and the directory it was read from, if that was told."""

    draft: Draft
    digest: str
    origin: Path | None = None


@dataclass
class Intake:
    """What a reader of records is given to work with.

    `workspace` is a directory for the drafts' files. `unresolved` counts, by what was sought and the words of the
    records, what no entity was found for: it is kept as written. `origin` is where the dataset that is being read lies,
    where it is one of several. `progress` is told the steps done and those in all. `delivery` returns what takes a
    document while it is being written, None for one that goes to a file.
    """

    workspace: Path
    progress: Callable[[int, int], None] = lambda done, total: None
    delivery: Callable[[URIRef], Delivery | None] = lambda document: None
    problems: list[Problem] = field(default_factory=list)
    unresolved: Counter[tuple[str, str]] = field(default_factory=Counter)
    finished: list[Finished] = field(default_factory=list)
    origin: Path | None = None

    def draft(self, name: str) -> Draft:
        """Return a new draft of the document of a short name."""
        document: URIRef = document_iri(name)
        path = self.workspace / f"{len(self.finished):02}-{slug(name)}.nt"
        return Draft(document, path, self.delivery(document))

    def finish(self, draft: Draft) -> None:
        """Take a complete draft in."""
        self.finished.append(Finished(draft, draft.close(), self.origin))

    def problem(self, file: str, record: str, message: str) -> None:
        """Note what could not be read; the rest is read on."""
        self.problems.append(Problem(file, record, message))

    def missing(self, what: str, words: str) -> None:
        """Note words of a record, such as a country's name, that no entity was found for."""
        self.unresolved[what, " ".join(words.split())] += 1

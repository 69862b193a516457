"""Every error that Diplograph raises on purpose, in one tree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


class DiplographError(Exception):
    """The root of the tree: the message is a sentence with what, where, what was seen and what would be right."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors cross between processes by what they came to say, not by what they were made from.
        return _remade, (type(self), self.args, self.__dict__)


def _remade(kind: type[DiplographError], said: tuple[Any, ...], facts: dict[str, Any]) -> DiplographError:
    error = kind.__new__(kind, *said)
    error.args = said
    error.__dict__.update(facts)
    return error


class InputError(DiplographError):
    """What was given cannot be used as it is: a file, a term, a date, a document."""


class ParseError(InputError):
    """A file is not what it claims to be; `line` and `column` count from 1 and are None where the parser gives none."""

    def __init__(self, message: str, *, source: str, line: int | None = None, column: int | None = None) -> None:
        where = source if line is None else f"{source}, line {line}" + (f", column {column}" if column else "")
        super().__init__(f"{where}: {message}")
        self.source, self.line, self.column = source, line, column


class FormatError(InputError):
    """A file name or media type from which no RDF syntax can be told."""


class IdentifierError(InputError):
    """An IRI, or a part of one, that may not be used."""


class DateError(InputError):
    """A date that is neither YYYY, YYYY-MM, YYYY-MM-DD nor a full timestamp, or does not exist."""


class DocumentError(InputError):
    """A document that is unknown, already loaded from elsewhere, or not what was cited."""


class JudgementError(InputError):
    """A judgement on whether two entities are one that contradicts another, or cannot be made of these two."""


class HostError(InputError):
    """Another host, which may be asked, did not give what it was asked for."""


class ValidationError(InputError):
    """Facts that do not fit the shapes."""


class QueryError(DiplographError):
    """A query or a question that cannot be asked."""


class QuerySyntaxError(QueryError):
    """SPARQL that does not parse; `line` and `column` count from 1 and are None where the engine gives none."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line, self.column = line, column


class QueryRefusedError(QueryError):
    """A query that would write, or reach outside the store."""


class ServiceError(QueryError):
    """Another endpoint, which a query asked by SERVICE, failed."""


class UnknownQuestionError(QueryError):
    """No question of that name is in the library."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        hint = f" Did you mean {' or '.join(near)}?" if near else " `diplograph questions` lists them all."
        super().__init__(f"There is no question named {name!r}.{hint}")
        self.name, self.near = name, tuple(near)


class ParameterError(QueryError):
    """A parameter of a question is missing, unknown or of the wrong kind."""


class LibraryError(QueryError):
    """A file of the question library that breaks the library's own rules."""


class ProtocolError(InputError):
    """A request over HTTP that is not as the protocols say.

    `status` is the HTTP status for it; `headers` go along, such as the methods that would do.
    """

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class NotFoundError(DiplographError):
    """Something asked for by name is not in the store."""


class AmbiguousNameError(ParameterError):
    """A name that several entities bear; `candidates` holds (label, IRI) pairs."""

    def __init__(self, name: str, candidates: Sequence[tuple[str, str]]) -> None:
        listed = "; ".join(f"{label} <{iri}>" for label, iri in candidates)
        super().__init__(f"{name!r} could be any of {len(candidates)}: {listed}. Give the full name, short id or IRI.")
        self.name, self.candidates = name, tuple(candidates)


class StoreError(DiplographError):
    """The store could not be opened, read or written."""


class StoreMissingError(StoreError):
    """There is no store at the location."""

    def __init__(self, location: Path) -> None:
        super().__init__(
            f"There is no store at {str(location)!r}. `diplograph load FILE` makes one, `diplograph demo` an example."
        )
        self.location = location


class StoreVersionError(StoreError):
    """The store was written by another layout version."""

    def __init__(self, location: Path, found: object, expected: int) -> None:
        super().__init__(
            f"The store at {str(location)!r} has layout version {found!r}; this Diplograph reads version {expected}. "
            "Export it with the version that wrote it and load the export."
        )
        self.location, self.found, self.expected = location, found, expected


class StoreLockedError(StoreError):
    """Another process is writing to the store."""

    def __init__(self, location: Path) -> None:
        super().__init__(
            f"The store at {str(location)!r} is being written by another process. Try again when it has finished; "
            "reading is possible meanwhile."
        )
        self.location = location


class WorkerError(StoreError):
    """A process that was to read the store ended before it had answered."""


class RemoteError(StoreError):
    """An endpoint failed, or did not answer in time; `status` is None where no answer came."""

    def __init__(self, message: str, *, url: str, status: int | None = None) -> None:
        super().__init__(message)
        self.url, self.status = url, status


class UnknownDocumentError(DocumentError, NotFoundError):
    """No document of that name is in the store."""

    def __init__(self, document: str) -> None:
        super().__init__(f"The store has no document {document}. `diplograph sources` lists those it has.")
        self.document = document


class LimitError(DiplographError):
    """A limit ended the work; `limit` names it (a field of `Limits`, or `waiting`), `value` is what it was set to."""

    def __init__(self, message: str, *, limit: str, value: float) -> None:
        super().__init__(message)
        self.limit, self.value = limit, value


class BusyError(LimitError):
    """More is asked than can be answered now; after `retry_after` seconds it is worth another try."""

    def __init__(self, message: str, *, limit: str, value: float, retry_after: int) -> None:
        super().__init__(message, limit=limit, value=value)
        self.retry_after = retry_after


class OutputError(DiplographError):
    """A result cannot be written where it was asked for."""

"""The library of named questions: finding, reading and checking its files."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from ..errors import LibraryError, UnknownQuestionError

PARAMETER_ROW: Final = re.compile(
    r"^(?P<before>[ \t]*VALUES \((?P<names>\?\w+(?: \?\w+)*)\) \{ \()(?P<values>.*)(?P<after>\) \}[ \t]*)$",
    re.MULTILINE,
)
"""The one line of a question that holds its parameters, and an example of each."""

_VALUE_TYPES: Final = ("date", "day", "number", "text")


@dataclass(frozen=True)
class Parameter:
    """One parameter: `kind` is a class of the vocabulary, or `date`, `day`, `number` or `text`.

    `default` applies where no value is given; None makes the parameter required.
    """

    name: str
    kind: str
    meaning: str
    example: str
    default: str | None

    @property
    def is_entity(self) -> bool:
        """Whether the value is an entity, to be given by name or identifier."""
        return self.kind not in _VALUE_TYPES


@dataclass(frozen=True)
class Question:
    """A named question: `sparql` is the whole file, which runs as it is with the values of the example."""

    name: str
    theme: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    sparql: str

    @property
    def example(self) -> str:
        """The example as one would type it after `diplograph ask`."""
        given = (f'{p.name}="{p.example}"' if " " in p.example else f"{p.name}={p.example}" for p in self.parameters)
        return " ".join((self.name, *given))


def question(name: str) -> Question:
    """Return the question of a name; raises UnknownQuestionError, which carries names near it."""
    library = questions()
    if name not in library:
        raise UnknownQuestionError(name, difflib.get_close_matches(name, library, n=3))
    return library[name]


@cache
def questions() -> dict[str, Question]:
    """Return every question of the library by name, in order of theme and name."""
    read = (read_question(theme, file.name, file.read_text("utf-8")) for theme, file in _files())
    return {found.name: found for found in sorted(read, key=lambda found: (found.theme, found.name))}


def read_question(theme: str, filename: str, text: str) -> Question:
    """Return the question that a library file holds; raises LibraryError where the file breaks the library's rules."""
    import yaml

    lines = [line.removeprefix("#+").removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    try:
        header = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError as error:
        raise LibraryError(f"{theme}/{filename}: its #+ header is not YAML: {error}.") from error
    if not isinstance(header, dict) or not str(header.get("summary", "")).endswith("?"):
        raise LibraryError(f"{theme}/{filename}: its #+ header needs a summary that asks a question, ending in '?'.")
    return Question(
        name=filename.removesuffix(".rq"),
        theme=theme,
        summary=str(header["summary"]),
        description=str(header.get("description", "")),
        tags=tuple(str(tag) for tag in header.get("tags", ())),
        parameters=tuple(_parameters(f"{theme}/{filename}", header.get("parameters") or {}, text)),
        sparql=text,
    )


def _parameters(where: str, described: Any, text: str) -> Iterator[Parameter]:
    if not isinstance(described, dict):
        raise LibraryError(f"{where}: its parameters are {described!r}. Write each as `name: {{kind: …, meaning: …}}`.")
    rows = list(PARAMETER_ROW.finditer(text))
    in_row = [name[1:] for name in rows[0]["names"].split()] if rows else []
    if len(rows) > 1 or in_row != list(described):
        raise LibraryError(f"{where}: its header has the parameters {list(described)}, its VALUES row {in_row}.")
    for name, fields in described.items():
        if not isinstance(fields, dict) or not {"kind", "meaning", "example"} <= set(fields):
            raise LibraryError(f"{where}: parameter {name!r} needs a kind, a meaning and an example.")
        default = fields.get("default")
        yield Parameter(
            name=name,
            kind=str(fields["kind"]),
            meaning=str(fields["meaning"]),
            example=str(fields["example"]),
            default=None if default is None else str(default),
        )


def _files() -> Iterator[tuple[str, Traversable]]:
    library = files(__package__).joinpath("library")
    for theme in sorted(library.iterdir(), key=lambda entry: entry.name):
        if theme.is_dir():
            yield from ((theme.name, file) for file in theme.iterdir() if file.name.endswith(".rq"))

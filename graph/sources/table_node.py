"""A file in YAML as a tree whose parts know where they stand, and say so when they are wrong."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ...errors import InputError


class _Loader(yaml.BaseLoader):
    """Takes every scalar for text, as Norway's `NO`, the key `on`, and dates are; a key twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key is a text, and this is none", problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key.value!r} is there twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def loaded(path: Path) -> object:
    """Return what a file in YAML says; raises InputError, with the line, where it is none."""
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Loader)  # noqa: S506 - makes plain text alone
    except yaml.MarkedYAMLError as error:
        where = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise InputError(f"{path}{where}: it is no mapping in YAML: {error.problem}.") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{path}: it cannot be read as YAML: {error}") from error


@dataclass(frozen=True)
class Node:
    """A part of a mapping; `columns` are the columns of the table that it is of."""

    path: Path
    key: str
    content: Any
    columns: Sequence[str]

    def __getitem__(self, key: str | int) -> Node:
        """Return what stands under a key, or at a place of a list, counted from 0."""
        below = f"{self.key}[{key + 1}]" if isinstance(key, int) else f"{self.key}.{key}".lstrip(".")
        return Node(self.path, below, self.content[key], self.columns)

    def error(self, message: str) -> InputError:
        """Return an error that names the file and the key."""
        return InputError(f"{self.path}: {self.key}: {message}" if self.key else f"{self.path}: {message}")

    def text(self) -> str:
        """Return the text here; like the others, raises InputError where something else is."""
        if not isinstance(self.content, str) or not self.content:
            raise self.error(f"A text belongs here, not {_shape(self.content)}.")
        return self.content

    def cell(self) -> str:
        """Return what a cell of the table may have, which is nothing where it is blank."""
        if not isinstance(self.content, str):
            raise self.error(f"What stands in a cell belongs here, not {_shape(self.content)}.")
        return " ".join(self.content.split())

    def one_of(self, options: Iterable[str], what: str) -> str:
        """Return the text here, one of the options."""
        if self.text() not in options:
            raise self.error(_unknown(self.content, options, what))
        return self.text()

    def column(self) -> str:
        """Return the column that is named here."""
        return self.one_of(self.columns, "column of the table")

    def items(self) -> list[Node]:
        """Return the members of the list here."""
        if not isinstance(self.content, list) or not self.content:
            raise self.error(f"A list belongs here, each line led by a hyphen, not {_shape(self.content)}.")
        return [self[number] for number in range(len(self.content))]

    def keys(self, allowed: Iterable[str], needed: Iterable[str] = ()) -> None:
        """Check that there are keys here, none but those allowed, and all that are needed."""
        if not isinstance(self.content, dict):
            raise self.error(f"Keys with values belong here, not {_shape(self.content)}.")
        for key in self.content:
            if key not in allowed:
                raise self.error(_unknown(key, allowed, "key"))
        for key in needed:
            if key not in self.content:
                raise self.error(f"The key {key!r} is missing.")


def _unknown(seen: str, options: Iterable[str], what: str) -> str:
    known = {option.lower(): option for option in options}
    near = [known[each] for each in difflib.get_close_matches(seen.lower(), known, 3)]
    if near:
        return f"{seen!r} is no {what}. Did you mean {' or '.join(map(repr, near))}?"
    return f"{seen!r} is no {what}. Use one of {', '.join(sorted(known.values()))}."


def _shape(content: object) -> str:
    if isinstance(content, dict):
        return f"keys ({', '.join(map(str, content))})"
    return "a list" if isinstance(content, list) else repr(content) if content else "nothing"

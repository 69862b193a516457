"""XML files of records, read so that one that breaks off keeps what came before, and each element knows its line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from .intake import Intake

_NAMESPACE_END: Final = "}"


class Located(Element):
    """An element that knows the line where it begins."""

    line = 0


class _RefusedError(Exception):
    """The file has what no record needs and what can be used to exhaust a reader."""


def root(path: Path, name: str, intake: Intake, lists: Collection[str] = ()) -> Located | None:
    """Return the root element of a file, names without their namespaces, or None where there is none.

    Where the file is no XML, or breaks off, that is noted with its line under `name`, and what is complete right
    under the root is returned, and right under elements of `lists` there. Declarations of entities are refused.
    """
    builder = TreeBuilder(element_factory=Located)
    parser = expat.ParserCreate(namespace_separator=_NAMESPACE_END)
    parser.buffer_text = True
    begun: list[Located] = []
    unfinished: list[Located] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        element = builder.start(_local(tag), {_local(key): value for key, value in attributes.items()})
        assert isinstance(element, Located)  # noqa: S101 - it is what the builder was told to make
        element.line = parser.CurrentLineNumber
        begun.append(element)
        unfinished.append(element)

    def end(tag: str) -> None:
        builder.end(_local(tag))
        unfinished.pop()

    def refuse(*declared: Any) -> None:
        raise _RefusedError(f"it declares the entity {declared[0]!r}")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = builder.data, refuse
    try:
        parser.Parse(path.read_bytes(), True)
    except expat.ExpatError as error:
        intake.problem(name, f"line {error.lineno}", f"No XML from here on, so the rest was not read: {error}.")
        for parent, broken in pairwise(unfinished):
            if broken.tag not in lists:
                parent.remove(broken)
                break
    except _RefusedError as error:
        intake.problem(name, f"line {parser.CurrentLineNumber}", f"The file was not read: {error}.")
        return None
    return begun[0] if begun else None


def records(path: Path, name: str, tag: str, intake: Intake) -> Iterator[Located]:
    """Yield the elements of one tag right under a file's root, those that are complete."""
    top = root(path, name, intake)
    for element in () if top is None else top:
        if element.tag == tag and isinstance(element, Located):
            yield element


def words(element: Element | None, tag: str = "") -> str:
    """Return an element's text, or that of its first child of a tag, with single spaces; empty where there is none."""
    found = element.find(tag) if element is not None and tag else element
    return "" if found is None else " ".join("".join(found.itertext()).split())


def _local(tag: str) -> str:
    return tag.rpartition(_NAMESPACE_END)[2]

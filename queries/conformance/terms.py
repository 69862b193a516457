"""RDF terms of every version of RDF as values that compare as terms do, read from N-Triples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from rdflib import URIRef

STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_LANGUAGE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

_TOKEN = re.compile(
    r"""
      (?P<open><<\() | (?P<close>\)>>)
    | <(?P<iri>[^<>"{}|^`\x00-\x20]*)>
    | _:(?P<blank>\w(?:[\w.\-·]*[\w\-·])?)
    | "(?P<text>(?:[^"\\]|\\.)*)"
        (?:@(?P<language>[A-Za-z]+(?:-[A-Za-z0-9]+)*)(?:--(?P<direction>[a-z]+))?|\^\^<(?P<datatype>[^>]*)>)?
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_SHORT: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Iri:
    """An IRI."""

    value: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank node; its label means nothing outside its graph or its results."""

    label: str


@dataclass(frozen=True, slots=True)
class Text:
    """A literal, by its lexical form; language tags are in lower case, as they are compared."""

    lexical: str
    datatype: str = STRING
    language: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple that is a term, as RDF 1.2 has it."""

    subject: Term
    predicate: Term
    object: Term


Term: TypeAlias = Iri | Blank | Text | Statement
Row: TypeAlias = tuple[Term | None, ...]
"""A solution by the order of its variables, or a statement: subject, predicate, object and graph."""


def text(lexical: str, *, datatype: str = "", language: str = "", direction: str = "") -> Text:
    """Return a literal from the parts that a format gives."""
    return Text(lexical, datatype or (_LANGUAGE if language else STRING), language.lower(), direction)


def terms(line: str) -> list[Term]:
    """Return the terms of a line of N-Triples or N-Quads; raises ValueError for what is none."""
    tokens = _TOKEN.finditer(line)
    found = list(_terms(tokens, line, nested=False))
    rest = _TOKEN.sub("", line).strip(" \t.")
    if rest:
        raise ValueError(f"{line!r} has {rest!r}, which is no term of N-Triples.")
    return found


def _terms(tokens: Iterator[re.Match[str]], line: str, *, nested: bool) -> Iterator[Term]:
    for match in tokens:
        if match["close"]:
            if nested:
                return
            raise ValueError(f"{line!r} ends a triple that it does not begin.")
        if match["open"]:
            subject, predicate, value = _terms(tokens, line, nested=True)
            yield Statement(subject, predicate, value)
        elif match["iri"] is not None:
            yield Iri(unescaped(match["iri"]))
        elif match["blank"]:
            yield Blank(match["blank"])
        else:
            yield text(
                unescaped(match["text"]),
                datatype=match["datatype"] or "",
                language=match["language"] or "",
                direction=match["direction"] or "",
            )


def unescaped(lexical: str) -> str:
    """Return a text of N-Triples without its escapes."""

    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _SHORT.get(match[3], match[3])

    return _ESCAPE.sub(character, lexical) if "\\" in lexical else lexical


def statements(graphs: Mapping[URIRef | None, bytes]) -> list[Row]:
    """Return the statements of graphs in N-Triples by their names, None for the default graph, each once."""
    rows = {
        (*terms(line), None if name is None else Iri(str(name)))
        for name, ntriples in graphs.items()
        for line in ntriples.decode().split("\n")
        if line
    }
    return list(rows)

"""What people give, made into what the library takes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import InputError, OutputError, ParameterError

if TYPE_CHECKING:
    from rdflib import URIRef

    from ..graph.formats import Syntax
    from ..graph.store import View


def entity_named(view: View, text: str) -> URIRef:
    """Return the entity that a name, alias, short id or IRI means."""
    from ..graph.entities import Names

    return Names(view).entity(text)


def document_named(text: str) -> URIRef:
    """Return the IRI of a document by its IRI or short name."""
    from ..ontology.identifiers import document_iri, expanded

    return expanded(text) or document_iri(text)


def syntax_for(name: str | None, output: Path | None) -> Syntax:
    """Return the RDF syntax of a name, else of a file, Turtle unless they tell another."""
    from ..graph.formats import COMPRESSIONS, syntax_named, syntax_of

    if name:
        return syntax_named(name)
    if output and output.suffix.lower() in COMPRESSIONS:
        raise OutputError(
            f"{output}: exports are not compressed. Leave {output.suffix} away and compress the file then."
        )
    return syntax_of(output) if output and output.suffix else syntax_named("turtle")


def pairs(values: Sequence[str]) -> dict[str, str]:
    """Return values given as KEY=VALUE by their keys; raises ParameterError for one that is not, or is twice."""
    pairs: dict[str, str] = {}
    for value in values:
        key, equals, text = value.partition("=")
        if not equals:
            raise ParameterError(f"{value!r} is no parameter. Write KEY=VALUE, for example on=2023-02-28.")
        if key in pairs:
            raise ParameterError(f"{key} is given twice, as {pairs[key]!r} and as {text!r}. Give it once.")
        pairs[key] = text
    return pairs


def query_text(sparql: str | None, file: Path | None, what: str = "query") -> str:
    """Return a query, or what else is said in SPARQL, from the command line, standard input or a file."""
    from ..graph.files import file_text

    if (sparql is None) == (file is None):
        raise click.UsageError(f"Give the {what} as an argument, as - for standard input, or with --file.")
    if file is None:
        text = sys.stdin.buffer.read() if sparql == "-" else os.fsencode(str(sparql))
        try:
            return text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"The {what} is not UTF-8 text ({error.reason} at byte {error.start}).") from error
    return file_text(file)


def period_of(as_of: str | None, between: tuple[str, str] | None) -> tuple[str, str] | None:
    """Return the period that is asked for: one date for both of its ends, or two; None for all times."""
    if as_of and between:
        raise click.UsageError("--as-of and --between exclude each other.")
    return (as_of, as_of) if as_of else between

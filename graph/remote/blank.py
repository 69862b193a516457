"""Blank nodes of N-Triples: found by line, and the documents that they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from rdflib import URIRef

Lines = frozenset[bytes]
"""Statements, each a line of N-Triples."""

BLANK: Final = re.compile(rb"^_:\S+|(?<= )_:\S+(?= \.$)", re.MULTILINE)
"""A blank node as subject or object; what looks like one within a literal is none."""


def labels(line: bytes) -> Iterator[bytes]:
    """Yield the labels of the blank nodes in a line."""
    return (match[0] for match in BLANK.finditer(line)) if b"_:" in line else iter(())


def with_blank_nodes(lines: Iterable[bytes]) -> Lines:
    """Return those lines that have a blank node."""
    return frozenset(line for line in lines if any(labels(line)))


def owners(graphs: Mapping[URIRef | None, Lines]) -> dict[bytes, set[URIRef]]:
    """Return the documents that each label stands in."""
    found: dict[bytes, set[URIRef]] = {}
    for document, lines in graphs.items():
        if document is not None:
            for line in with_blank_nodes(lines):
                for label in labels(line):
                    found.setdefault(label, set()).add(document)
    return found

"""The index of names that lies beside the engine's files in each generation of a store."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib import URIRef

from ...errors import StoreError
from ..names import NameIndex
from ..naming import (
    FILE,
    NAMES,
    NameRow,
    in_chunks,
    index_in_memory,
    names_query,
    rows_in_tsv,
    write_changed_index,
    write_index,
)

_FEW: Final = 8
"""From one entity in so many on, writing all names anew is faster than changing those of the entities."""

Tsv = Callable[[str], bytes]
"""Answers a query in TSV."""


def names_in(generation: Path | None, tsv: Tsv) -> NameIndex:
    """Return the index that a generation has, or one in memory: stores of earlier versions have none."""
    return (generation and NameIndex.opened(generation / FILE)) or index_in_memory(_rows(tsv))


def named_in(engine: ox.Store, document: URIRef) -> set[str]:
    """Return the IRIs of all that a document names."""
    graph = ox.NamedNode(document)
    quads = chain.from_iterable(engine.quads_for_pattern(None, ox.NamedNode(p), None, graph) for p in NAMES)
    return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}


def write_names(after: Path, before: Path, renamed: set[str], tsv: Tsv) -> None:
    """Write the index of a new generation, whose names are those of the one before but for the entities renamed."""
    index = NameIndex.opened(before)
    if index is not None and not renamed:
        # Not every file system has links.
        with contextlib.suppress(OSError):
            os.link(before, after)
            return
        shutil.copyfile(before, after)
        return
    if index is not None:
        # An index that is damaged is no reason to refuse a change that repairs it.
        with contextlib.suppress(StoreError):
            if len(renamed) * _FEW < index.entities():
                write_changed_index(after, before, _rows(tsv, renamed), renamed)
                return
    after.unlink(missing_ok=True)
    write_index(after, _rows(tsv))


def _rows(tsv: Tsv, entities: Iterable[str] | None = None) -> Iterable[NameRow]:
    queries = [names_query()] if entities is None else map(names_query, in_chunks(entities))
    return chain.from_iterable(rows_in_tsv(tsv(query)) for query in queries)

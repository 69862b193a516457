"""The edge table that lies beside the engine's files in each generation of a store, and what of it a change touches."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from rdflib import URIRef

from ..edges.keeping import DIRECTORY, carry, is_kept, kept_table
from ..edges.reading import Write

if TYPE_CHECKING:
    from ..edges.table import EdgeTable

_MOST: Final = 500_000
"""The statements of a document that are looked at, to know of what it speaks; one with more may change any edge."""


def edges_in(generation: Path | None, write: Write) -> EdgeTable:
    """Return the edge table of a generation, which is kept in its directory, or of what is in memory."""
    if generation is None:
        from ..edges.building import table_in_memory

        return table_in_memory(write)
    return kept_table(generation / DIRECTORY, write, _stamp(generation))


def has_edges(generation: Path) -> bool:
    """Return whether a generation has an edge table that the next could go on with."""
    return is_kept(generation / DIRECTORY)


def carry_edges(draft: Path, final: Path, touched: set[str] | None) -> None:
    """Hand the edge table of a draft on to the generation that was made of it; None where any edge may have changed."""
    carry(draft / DIRECTORY, final / DIRECTORY, touched, _stamp(final))


def touched_by(engine: ox.Store, document: URIRef, kept: Mapping[URIRef, URIRef]) -> set[str] | None:
    """Return the subjects of a document, and those that they are shown as; None where there are too many to look at."""
    quads = engine.quads_for_pattern(None, None, None, ox.NamedNode(document))
    found: set[str] = set()
    for number, quad in enumerate(islice(quads, _MOST + 1)):
        if number == _MOST:
            return None
        if isinstance(quad.subject, ox.NamedNode):
            found.add(quad.subject.value)
    return found | {str(kept[iri]) for iri in map(URIRef, found) if iri in kept} if kept else found


def _stamp(generation: Path) -> str:
    """Return what tells the engine's files in a generation from those in another: they never change."""
    files = sorted(path.name for path in generation.iterdir() if path.suffix == ".sst")
    return hashlib.sha256("\n".join(files).encode()).hexdigest()

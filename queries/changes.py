"""Changes that come over the Graph Store Protocol: a document put, added to or taken back, whole and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rdflib import URIRef

from ..errors import InputError, QueryRefusedError
from ..graph.formats import syntax_named
from ..graph.loading import Outcome, Source, forget, load
from ..graph.minting import minted
from ..graph.opening import disk_store
from ..graph.oxigraph import parsed
from ..graph.provenance import quotation_graphs
from ..graph.store import LOADS


@dataclass(frozen=True)
class Change:
    """What is to be done to one document; `body` is its RDF, or what is added to it."""

    kind: Literal["put", "add", "remove"]
    document: URIRef
    body: bytes = b""
    syntax: str = "turtle"


def change(directory: Path, asked: Change) -> Outcome:
    """Do it, all or nothing, and return what that did to the document.

    Raises InputError for what is not RDF or violates the shapes, UnknownDocumentError, QueryRefusedError for what is no
    document, and StoreLockedError while another process writes.
    """
    with disk_store(directory, create=False) as store:
        view = store.view()
        if asked.document == LOADS or asked.document in quotation_graphs(view):
            raise QueryRefusedError(f"<{asked.document}> is no document: the store keeps it itself.")
        if asked.kind == "remove":
            forget(store, [asked.document])
            return "changed"
        added = _statements(asked)
        if asked.kind == "add" and asked.document in view.graphs():
            added = view.ntriples(asked.document) + added
        ntriples = minted(added, asked.document)
        source = Source(asked.document, ntriples, "the service")
        return load(store, [source], replace=True, check=True)[asked.document]


def _statements(asked: Change) -> bytes:
    syntax = syntax_named(asked.syntax)
    graphs = parsed(asked.body, syntax, source="the body", base=str(asked.document))
    if others := [name for name in graphs if name not in (None, asked.document)]:
        raise InputError(f"The body has a graph of its own, <{others[0]}>. Send one document at a time.")
    return b"".join(graphs.values())

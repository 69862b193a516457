"""Changes that come over the Graph Store Protocol: a document put, added to or taken back, whole and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rdflib import URIRef

from ..errors import InputError, ProtocolError, QueryRefusedError
from ..graph.formats import syntax_named
from ..graph.loading import Loading, Outcome, Source, take_back
from ..graph.minting import minted
from ..graph.opening import disk_store
from ..graph.oxigraph import parsed, rdflib_graph
from ..graph.oxigraph.generations import Generations
from ..graph.provenance import quotation_graphs
from ..graph.store import LOADS, View
from ..ontology import validation


@dataclass(frozen=True)
class Condition:
    """What a client has seen, and on which its change depends.

    `versions` are states of the store, of which one must still be the current one; None means any. `exists` is whether
    the document must be there, None where that is all the same.
    """

    versions: frozenset[str] | None = None
    exists: bool | None = None


@dataclass(frozen=True)
class Change:
    """What is to be done to one document; `body` is its RDF, or what is added to it."""

    kind: Literal["put", "add", "remove"]
    document: URIRef
    body: bytes = b""
    syntax: str = "turtle"
    condition: Condition = Condition()


def change(directory: Path, asked: Change) -> Outcome:
    """Do it, all or nothing, and return what that did to the document.

    Nobody else changes the store between what is looked at and what is done. Raises ProtocolError (412) where the
    condition does not hold, InputError for what is not RDF or violates the shapes, UnknownDocumentError,
    QueryRefusedError for what is no document, and StoreLockedError while another process writes.
    """
    given = b"" if asked.kind == "remove" else _statements(asked)
    with disk_store(directory, create=False) as store, store.writing() as writer:
        view = writer.view()
        if asked.document == LOADS or asked.document in quotation_graphs(view):
            raise QueryRefusedError(f"<{asked.document}> is no document: the store keeps it itself.")
        _check_condition(directory, view, asked)
        if asked.kind == "remove":
            take_back(writer, [asked.document])
            return "changed"
        if asked.kind == "add" and asked.document in view.graphs():
            given = view.ntriples(asked.document) + given
        source = Source(asked.document, minted(given, asked.document), "the service")
        validation.check(rdflib_graph(source.ntriples))
        loading = Loading(writer, replace=True)
        loading.take(source)
        loading.finish()
        return loading.outcomes[asked.document]


def _check_condition(directory: Path, view: View, asked: Change) -> None:
    condition = asked.condition
    if condition.versions is not None and Generations(directory).version() not in condition.versions:
        raise ProtocolError(412, "The store has changed since. Read the document again, and change what it is now.")
    if condition.exists is not None and condition.exists != (asked.document in view.graphs()):
        state = "is not in the store" if condition.exists else "is in the store already"
        raise ProtocolError(412, f"<{asked.document}> {state}, against the condition of the request.")


def _statements(asked: Change) -> bytes:
    syntax = syntax_named(asked.syntax)
    graphs = parsed(asked.body, syntax, source="the body", base=str(asked.document))
    if others := [name for name in graphs if name not in (None, asked.document)]:
        raise InputError(f"The body has a graph of its own, <{others[0]}>. Send one document at a time.")
    return b"".join(graphs.values())

"""Changes that come over HTTP: a document put, added to or taken back whole, or several changed by SPARQL Update."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from rdflib import URIRef

from ..errors import ProtocolError, QueryRefusedError
from ..graph.formats import syntax_named
from ..graph.loading import Loading, Outcome, Source, take_back
from ..graph.minting import minted
from ..graph.opening import disk_store
from ..graph.operations import Using
from ..graph.oxigraph import rdflib_graph
from ..graph.oxigraph.generations import Generations
from ..graph.provenance import quotation_graphs
from ..graph.retrieval import statements
from ..graph.store import LOADS, View
from ..graph.updating import Effect, planned, updated
from ..graph.web import OFFLINE, Web
from ..ontology import validation

ORIGIN: Final = "the service"
"""Where a document comes from that was changed over HTTP."""


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
    """What is to be done to one document; `body` is its RDF, or what is added to it.

    Contexts of JSON-LD that are given by address are read from the `web`.
    """

    kind: Literal["put", "add", "remove"]
    document: URIRef
    body: bytes = b""
    syntax: str = "turtle"
    condition: Condition = Condition()
    web: Web = OFFLINE

    def done(self, directory: Path) -> Outcome:
        """Do it and return what that did to the document; see `change`."""
        return change(directory, self)


@dataclass(frozen=True)
class Revision:
    """A SPARQL Update that is to be done; `base` is the address at which it is asked for.

    Of its condition only the versions count: it names no document that could be there or not. LOAD fetches from the
    `web`.
    """

    sparql: str
    base: str
    using: Using | None = None
    condition: Condition = Condition()
    web: Web = OFFLINE

    def done(self, directory: Path) -> dict[URIRef, Effect]:
        """Do it, all or nothing, and return what that did, by document.

        Raises ProtocolError (412) where the condition does not hold, and what `updating.planned` and `updated` raise.
        """
        plan = planned(self.sparql, base=self.base, using=self.using, web=self.web)
        with disk_store(directory, create=False) as store, store.writing() as writer:
            _check_version(directory, self.condition)
            return updated(writer, plan, origin=ORIGIN)


def change(directory: Path, asked: Change) -> Outcome:
    """Do it, all or nothing, and return what that did to the document.

    Nobody else changes the store between what is looked at and what is done. Raises ProtocolError (412) where the
    condition does not hold, InputError for what is not RDF or violates the shapes, UnknownDocumentError,
    QueryRefusedError for what is no document or may not be fetched, HostError for a context that cannot be, and
    StoreLockedError while another process writes.
    """
    given = b""
    if asked.kind != "remove":
        syntax = syntax_named(asked.syntax)
        given = statements(asked.body, syntax, asked.document, source="The body", web=asked.web)
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
        source = Source(asked.document, minted(given, asked.document), ORIGIN)
        validation.check(rdflib_graph(source.ntriples))
        loading = Loading(writer, replace=True)
        loading.take(source)
        loading.finish()
        return loading.outcomes[asked.document]


def _check_condition(directory: Path, view: View, asked: Change) -> None:
    condition = asked.condition
    _check_version(directory, condition)
    if condition.exists is not None and condition.exists != (asked.document in view.graphs()):
        state = "is not in the store" if condition.exists else "is in the store already"
        raise ProtocolError(412, f"<{asked.document}> {state}, against the condition of the request.")


def _check_version(directory: Path, condition: Condition) -> None:
    if condition.versions is not None and Generations(directory).version() not in condition.versions:
        raise ProtocolError(412, "The store has changed since. Read the document again, and change what it is now.")

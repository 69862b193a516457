"""Loading: a source is read, checked and put into a store whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeAlias
from typing import Literal as OneOf

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import XSD

from ..errors import DocumentError, InputError, UnknownDocumentError
from ..ontology import validation
from ..ontology.identifiers import document_iri
from ..ontology.terms import DG
from .content import Content, blank_nodes, digest, statement_count
from .files import file_bytes
from .formats import COMPRESSIONS, SYNTAXES, Syntax, decompressed, syntax_named, syntax_of
from .minting import minted
from .oxigraph import OxigraphStore, parsed, rdflib_graph, rdflib_triples
from .provenance import quote_again
from .store import LOADS, Delivery, Progress, Store, View, Writer
from .web import OFFLINE, Web

PACKAGED: Final = {"states": "reference/states.ttl", "trend-2023-02-28": "dossiers/trend-2023-02-28.ttl"}
"""Documents that come with Diplograph: the reference graph of states, and the dossier of one article."""

Outcome: TypeAlias = OneOf["new", "changed", "unchanged"]
"""What loading a document did to a store; one that is unchanged was not touched."""


@dataclass(frozen=True)
class Source:
    """A document ready to be put into a store, and where it was read from.

    What is large can be a file of N-Triples. `sha256` tells its content from others, where that is known already.
    `shares` is another document of the same file that has a blank node in common with it, if there is one.
    """

    document: URIRef
    ntriples: Content
    origin: str
    sha256: str = ""
    shares: URIRef | None = None

    @property
    def statements(self) -> int:
        """The number of its statements."""
        return statement_count(self.ntriples)

    @property
    def digest(self) -> str:
        """The SHA-256 by which a store tells its content from what it holds."""
        return self.sha256 or digest(self.ntriples)


def file_sources(
    path: Path, *, syntax: Syntax | None = None, document: URIRef | None = None, web: Web = OFFLINE
) -> list[Source]:
    """Return the documents that an RDF file states: itself, and each named graph in it.

    The file's own document is named after the file, unless `document` names it. Contexts that JSON-LD gives by address
    are read from the `web`. Raises InputError (ParseError with line and column) where it cannot be read, and
    QueryRefusedError for a context that may not be fetched.
    """
    chosen = syntax or syntax_of(path)
    data = file_bytes(path)
    name = document or document_iri(_stem(path))
    return _sources(decompressed(path, data), chosen, name, str(path.resolve()), str(path), web)


def _stem(path: Path) -> str:
    """Return a file's name without the extensions of compression and syntax, and with all others."""
    known = {*COMPRESSIONS, *(extension for syntax in SYNTAXES for extension in syntax.extensions)}
    while path.suffix.lower() in known:
        path = path.with_suffix("")
    return path.name


def packaged_sources(name: str) -> list[Source]:
    """Return a document that comes with Diplograph, by its name in PACKAGED."""
    data = files(__package__).joinpath(PACKAGED[name]).read_bytes()
    return _sources(data, syntax_named("turtle"), document_iri(name), f"packaged {name}", f"packaged {name}")


def _sources(
    data: bytes, syntax: Syntax, document: URIRef, origin: str, shown: str, web: Web = OFFLINE
) -> list[Source]:
    graphs = parsed(data, syntax, source=shown, base=str(document), web=web)
    graphs.pop(LOADS, None)
    if not graphs:
        # A file that says nothing, or nothing any more, is a document that says nothing.
        graphs[None] = b""
    shared = _shared(graphs, document)
    return [
        # As parsed: what is minted comes in an order that depends on the labels of blank nodes.
        Source(graph or document, minted(ntriples, graph or document), origin, digest(ntriples), shared.get(graph))
        for graph, ntriples in sorted(graphs.items(), key=lambda item: str(item[0] or ""))
    ]


def _shared(graphs: Mapping[URIRef | None, bytes], document: URIRef) -> dict[URIRef | None, URIRef]:
    """Return, for each graph with a blank node that one before it has too, the name of that one."""
    seen: dict[bytes, URIRef | None] = {}
    shared: dict[URIRef | None, URIRef] = {}
    for graph, ntriples in graphs.items() if len(graphs) > 1 else ():
        for label in blank_nodes(ntriples):
            if (other := seen.setdefault(label, graph)) != graph:
                shared[graph] = other or document
    return shared


class Loading:
    """Documents on their way into a store through one writer: each is taken by its name, its origin and its content.

    One that is there already is replaced by its new state; one that is there from the same origin with the same content
    is left alone. `outcomes` tells what that did, by document. Finish it when all have been taken.
    """

    def __init__(self, writer: Writer, *, replace: bool = False, progress: Progress | None = None) -> None:
        self._writer, self._replace, self._progress = writer, replace, progress
        view = writer.view()
        self._known, self._graphs = _known(view), frozenset(view.graphs())
        self._taken: dict[URIRef, Source] = {}
        self._deliveries: dict[URIRef, Delivery] = {}
        self.outcomes: dict[URIRef, Outcome] = {}

    def delivery(self, document: URIRef) -> Delivery | None:
        """Return what takes a document's N-Triples while they are being written; `take` it when they are complete.

        None for one that the store may have already: only its whole content tells whether it has changed.
        """
        if document in self._graphs or document in self._deliveries or document in self._taken:
            return None
        self._deliveries[document] = self._writer.delivery(document)
        return self._deliveries[document]

    def take(self, source: Source) -> None:
        """Put a document into the store; of one that was delivered only the origin and the digest are looked at.

        Raises DocumentError where one of its name was taken already, or is there from another origin and is not to be
        replaced, and InputError for one that shares a blank node with another.
        """
        document = source.document
        if source.shares is not None:
            raise InputError(
                f"{source.origin}: <{document}> and <{source.shares}> share a blank node, and as documents that come "
                "and go by themselves each would have another. Give the node an IRI, or put what is said of it into "
                "one graph."
            )
        if document in self._taken:
            raise DocumentError(
                f"{document} is what both {self._taken[document].origin!r} and {source.origin!r} would be "
                "called. Load one of them on its own, with a name given by --document."
            )
        self._taken[document] = source
        earlier = self._known.get(document, {}) if document in self._graphs else {}
        origin = earlier.get(DG.loadedFrom)
        if origin is not None and str(origin) != source.origin and not self._replace:
            raise DocumentError(
                f"{document} was loaded from {str(origin)!r}, and would be replaced by {source.origin!r}. "
                "Give the new one a name of its own with --document, or say --replace."
            )
        record = {DG.loadedFrom: Literal(source.origin), DG.sha256: Literal(source.digest)}
        if all(earlier.get(predicate) == value for predicate, value in record.items()):
            self.outcomes[document] = "unchanged"
            return
        self.outcomes[document] = "changed" if document in self._graphs else "new"
        if document in self._deliveries:
            self._deliveries[document].close()
        else:
            self._writer.put(document, source.ntriples, self._progress)
        self._writer.note(_record(document, record, earlier), about=document)

    def finish(self) -> None:
        """Quote the passages again whose texts the store has, if anything has changed."""
        if any(outcome != "unchanged" for outcome in self.outcomes.values()):
            quote_again(self._writer)


def load(
    store: Store,
    sources: Sequence[Source],
    *,
    replace: bool = False,
    check: bool = False,
    done: Callable[[Source], None] | None = None,
    progress: Progress | None = None,
) -> dict[URIRef, Outcome]:
    """Put documents into a store, all of them or none, and return what that did, by document.

    One that is there already is replaced by its new state; one that is there from the same origin with the same content
    is left alone, and a store to which nothing is new stays as it is. Raises DocumentError where a document of the same
    name was read from somewhere else, unless `replace` is set, InputError where two share a blank node, and
    ValidationError where `check` is set and facts violate the vocabulary's shapes. Calls `done` after each document,
    and `progress` while a large one is put in.
    """
    if check:
        for source in sources:
            validation.check(rdflib_graph(source.ntriples))
    with store.writing() as writer:
        loading = Loading(writer, replace=replace, progress=progress)
        for source in sources:
            loading.take(source)
            if done:
                done(source)
        loading.finish()
    return loading.outcomes


def example_store() -> Store:
    """Return a store in memory with the reference graph of states and the dossier of one article."""
    store = OxigraphStore()
    load(store, [source for name in PACKAGED for source in packaged_sources(name)])
    return store


def forget(store: Store, documents: Iterable[URIRef]) -> None:
    """Take documents back, with exactly what they contributed; raises DocumentError for one that is not there."""
    with store.writing() as writer:
        take_back(writer, documents)


def take_back(writer: Writer, documents: Iterable[URIRef]) -> None:
    """Take documents back as one of several changes; see `forget`."""
    graphs, known = writer.view().graphs(), _known(writer.view())
    for document in documents:
        if document == LOADS or (document not in graphs and document not in known):
            raise UnknownDocumentError(document)
        writer.remove(document)
        writer.note(b"", about=document)
    quote_again(writer)


def _known(view: View) -> dict[URIRef, dict[URIRef, Literal]]:
    known: dict[URIRef, dict[URIRef, Literal]] = {}
    for s, p, o in rdflib_triples(view.ntriples(LOADS)):
        if isinstance(s, URIRef) and isinstance(p, URIRef) and isinstance(o, Literal):
            known.setdefault(s, {})[p] = o
    return known


def _record(document: URIRef, told: dict[URIRef, Literal], earlier: dict[URIRef, Literal]) -> bytes:
    # As written: rdflib would make +00:00 of the Z, and only one of the engines would make a Z of that.
    now = Literal(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=XSD.dateTime, normalize=False)
    record = Graph()
    record.add((document, DG.takenIn, earlier.get(DG.takenIn, now)))
    if earlier:
        record.add((document, DG.refreshed, now))
    for predicate, value in told.items():
        record.add((document, predicate, value))
    if DG.text in earlier:
        record.add((document, DG.text, earlier[DG.text]))
    text: bytes = record.serialize(format="ntriples", encoding="utf-8")
    return text

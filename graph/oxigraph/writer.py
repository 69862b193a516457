"""How an Oxigraph store is changed: what is small by transactions, what is large in bulk."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from typing import Any, Self

import pyoxigraph as ox
from rdflib import URIRef

from ..content import Content, in_graph, size, statement_count, whole
from ..store import LOADS, Delivery, Derived, Progress, View, Writer
from . import bulk
from .edging import touched_by
from .generations import store_errors
from .merged import OxigraphMergedView
from .naming import named_in
from .trial import tried
from .view import OxigraphView, State


class OxigraphWriter(Writer):
    """Changes a state that nobody else reads yet."""

    # The engine has no name of its own in here: what holds it, as the traceback of an error does, keeps it open.

    def __init__(self, state: State, *, has_edges: bool = False) -> None:
        self._state = state
        self.changed = False
        self.renamed: set[str] = set()
        self.touched: set[str] | None = set() if has_edges else None
        """The subjects of documents that came or went; None where there is no edge table for which it matters, or where
        they are too many."""
        self._is_scattered = False
        self._lacks_shortcuts = False
        self._derived: dict[URIRef, Collection[str]] = {}
        """The facts of the documents that came with the shortcuts of these."""
        self._elsewhere: set[int] | None = None
        """The hashes of what other documents say something of that decides on shortcuts, from the first load on."""
        self._merged = OxigraphMergedView(state)
        self._loads = contextlib.ExitStack()
        self._quads: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        """Wait for what is still being loaded: the engine cannot be closed before."""
        self._loads.__exit__(*error)

    def view(self) -> View:
        """Return a view of the store as it would be."""
        self.settle()
        return OxigraphView(self._state)

    def put(self, document: URIRef, ntriples: Content, progress: Progress | None = None) -> None:
        """Make a document's statements exactly these."""
        self.changed = True
        length, done = size(ntriples), 0

        def tell(more: int) -> None:
            nonlocal done
            done += more
            if progress:
                progress(document, done, length)

        with store_errors(self._state.directory, "written"):
            if self._state.engine.contains_named_graph(ox.NamedNode(document)):
                self._take_back(document)
            if self.is_large(length):
                self._count()
                bulk.load(self._state.engine, ntriples, (ox.NamedNode(document), bulk.MERGED), tell)
                self._loaded_in_bulk(document, statement_count(ntriples))
            else:
                content = whole(ntriples)
                # One stream for both graphs: the engine renames blank nodes, and they must stay the same in both.
                self._state.engine.load(content + in_graph(content, document), ox.RdfFormat.N_QUADS)
                self._loaded(document, at_once=False)
                tell(length)

    def delivery(self, document: URIRef) -> Delivery:
        """Return what takes a document piece by piece: the engine loads some while the next are made."""
        return BulkDelivery(self, document)

    def is_large(self, length: int) -> bool:
        """Return whether so many bytes are better loaded in bulk."""
        return bulk.is_large(length, compacted=self._is_scattered)

    def begin_load(self, document: URIRef) -> bulk.Load:
        """Return a load of a document's graph and the merged view, which ends with the writer at the latest."""
        self.changed = self._is_scattered = True
        self._count()
        if self._elsewhere is None:
            graphs = [graph for graph in self._state.engine.named_graphs() if isinstance(graph, ox.NamedNode)]
            self._elsewhere = {hash(fact) for graph in graphs for fact in self._merged.facts(graph)}
        into = (ox.NamedNode(document), bulk.MERGED)
        return self._loads.enter_context(bulk.Load(self._state.engine, into, lambda _: None, lenient=True))

    def add(self, load: bulk.Load, ntriples: bytes) -> None:
        """Add whole lines to a load."""
        with store_errors(self._state.directory, "written"):
            load.add(ntriples)

    def end_load(self, document: URIRef, load: bulk.Load, statements: int, derived: Derived | None) -> None:
        """Wait for a load, and make what follows from the document, as far as that is not known."""
        with store_errors(self._state.directory, "written"):
            load.finish()
            self._loaded_in_bulk(document, statements, self._undisputed(derived))

    def _undisputed(self, derived: Derived | None) -> Derived | None:
        """Return what follows from a document by itself, unless some entities are shown as others."""
        return None if self._merged.kept else derived

    def _count(self) -> int:
        """Return about how many quads there are: counted once, as that takes long when they are many."""
        if self._quads is None:
            self._quads = len(self._state.engine)
        return self._quads

    def _loaded_in_bulk(self, document: URIRef, statements: int, derived: Derived | None = None) -> None:
        self._is_scattered = True
        if derived is None:
            # Where all shortcuts will be derived anyway, those of this document are too.
            self._lacks_shortcuts |= bulk.outweighs(statements, self._count())
        self._quads = self._count() + 2 * statements
        self._loaded(document, at_once=self._lacks_shortcuts, derived=derived)

    def _loaded(self, document: URIRef, *, at_once: bool, derived: Derived | None = None) -> None:
        """Make what follows from a document that is in both graphs by now."""
        self._state.engine.add_graph(ox.NamedNode(document))
        self.renamed |= named_in(self._state.engine, document)
        self._touch(document)
        if derived is not None:
            self._derived[document] = derived.facts
            bulk.add_shortcuts(self._state.engine, derived.shortcuts)
        elif self._elsewhere is not None:
            self._elsewhere.update(map(hash, self._merged.facts(ox.NamedNode(document))))
        if at_once or derived is not None:
            self._merged.include_all()
        else:
            self._merged.put(document)
        self._judge(checked=True)

    def remove(self, document: URIRef) -> None:
        """Take a document's contribution back."""
        self.changed = True
        with store_errors(self._state.directory, "written"):
            self._take_back(document)
            self._judge(checked=False)

    def _take_back(self, document: URIRef) -> None:
        self.renamed |= named_in(self._state.engine, document)
        self._touch(document)
        self._derived.pop(document, None)
        graph = ox.NamedNode(document)
        statements, self._quads = bulk.statements(self._state.engine, graph), None
        if statements and bulk.outweighs(statements, len(self._state.engine) - 2 * statements):
            bulk.rebuild(self._state.engine, without=graph)
            self._is_scattered = self._lacks_shortcuts = True
            self._merged.include_all()
        else:
            self._merged.remove(document)

    def _touch(self, document: URIRef) -> None:
        if self.touched is not None:
            more = touched_by(self._state.engine, document, self._merged.kept)
            self.touched = None if more is None else self.touched | more

    def _judge(self, *, checked: bool) -> None:
        # Once for a document that is replaced, by what it says in the end.
        self._merged.judge(checked=checked)
        if self._merged.rejudged:
            self.touched = None
        self.renamed |= self._merged.relabelled

    def tried(
        self, sparql: str, base: str | None, prefixes: Mapping[str, str], graphs: Collection[URIRef] | None
    ) -> dict[URIRef, bytes | None]:
        """Return what a SPARQL Update would make of the named graphs that it changes; see `trial.tried`."""
        self.settle()
        return tried(self._state, sparql, base, prefixes, graphs)

    def note(self, ntriples: bytes, *, about: URIRef) -> None:
        """Replace what the store's own records say of one subject."""
        self.changed = True
        graph = ox.NamedNode(LOADS)
        with store_errors(self._state.directory, "written"):
            for quad in list(self._state.engine.quads_for_pattern(ox.NamedNode(about), None, None, graph)):
                self._state.engine.remove(quad)
            self._state.engine.load(in_graph(ntriples, LOADS), ox.RdfFormat.N_QUADS)

    def settle(self) -> None:
        """Make the store complete: with the shortcuts of all facts."""
        # Once for all documents that come one after the other.
        if self._lacks_shortcuts:
            # Before, as to read what lies in many files takes several times longer; what comes then is soon compact.
            self.compact()
            with store_errors(self._state.directory, "written"):
                bulk.derive(self._state.engine)
            self._lacks_shortcuts, self._is_scattered = False, True
        elif self._derived:
            with store_errors(self._state.directory, "written"):
                self._merged.derive(self._shared_facts())
        self._derived.clear()

    def _shared_facts(self) -> set[ox.NamedNode]:
        """Return those of the documents whose shortcuts are known of which another document says something as well.

        Where two hashes are the same there may be more.
        """
        known = (fact for facts in self._derived.values() for fact in facts)
        return {ox.NamedNode(fact[1:-1]) for fact in known if hash(fact) in (self._elsewhere or ())}

    def compact(self) -> None:
        """Make the store fast to read, where much was written; settle it before."""
        if self._is_scattered:
            with store_errors(self._state.directory, "written"):
                self._state.engine.optimize()
            self._is_scattered = False


class BulkDelivery(Delivery):
    """A document that is loaded while it is still being written, once enough of it is there."""

    def __init__(self, writer: OxigraphWriter, document: URIRef) -> None:
        super().__init__(writer, document)
        self._loader = writer
        self._load: bulk.Load | None = None
        self._derived: Derived | None = None
        self._length = self._statements = 0

    def write(self, ntriples: bytes) -> None:
        """Take whole lines of N-Triples without blank nodes, whose IRIs are not checked again."""
        super().write(ntriples)
        self._length += len(ntriples)
        self._statements += ntriples.count(b"\n")
        if self._length >= bulk.PIECE:
            self._add()

    def end(self, derived: Derived | None = None) -> None:
        """Be told that no more will come, and load the last piece, if it is worth while, as others are made."""
        self._derived = derived
        if self._pieces and (self._load or self._loader.is_large(self._length)):
            self._add()

    def close(self) -> None:
        """Take the last piece in, and wait for all of them."""
        if self._load is None:
            super().close()
            return
        if self._pieces:
            self._add()
        self._loader.end_load(self._document, self._load, self._statements, self._derived)

    def _add(self) -> None:
        self._load = self._load or self._loader.begin_load(self._document)
        self._loader.add(self._load, b"".join(self._pieces))
        self._pieces.clear()
        self._length = 0

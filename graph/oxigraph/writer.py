"""How an Oxigraph store is changed: what is small by transactions, what is large in bulk."""

from __future__ import annotations

import pyoxigraph as ox
from rdflib import URIRef

from ..content import Content, in_graph, size, statement_count, whole
from ..store import LOADS, Progress, View, Writer
from . import bulk
from .generations import store_errors
from .merged import OxigraphMergedView
from .naming import named_in
from .view import OxigraphView, State


class OxigraphWriter(Writer):
    """Changes a state that nobody else reads yet."""

    # The engine has no name of its own in here: what holds it, as the traceback of an error does, keeps it open.

    def __init__(self, state: State) -> None:
        self._state = state
        self.changed = False
        self.renamed: set[str] = set()
        self._loaded_in_bulk = False
        self._lacks_shortcuts = False
        self._merged = OxigraphMergedView(state)

    def view(self) -> View:
        """Return a view of the store as it would be."""
        self._settle()
        return OxigraphView(self._state)

    def put(self, document: URIRef, ntriples: Content, progress: Progress | None = None) -> None:
        """Make a document's statements exactly these."""
        self.changed = True
        graph, length, done = ox.NamedNode(document), size(ntriples), 0

        def tell(more: int) -> None:
            nonlocal done
            done += more
            if progress:
                progress(document, done, length)

        with store_errors(self._state.directory, "written"):
            if self._state.engine.contains_named_graph(graph):
                self._take_back(document)
            large = bulk.is_large(ntriples)
            if large:
                self._loaded_in_bulk = True
                bulk.load(self._state.engine, ntriples, (graph, bulk.MERGED), tell)
            else:
                content = whole(ntriples)
                # One stream for both graphs: the engine renames blank nodes, and they must stay the same in both.
                self._state.engine.load(content + in_graph(content, document), ox.RdfFormat.N_QUADS)
            self._state.engine.add_graph(graph)
            self.renamed |= named_in(self._state.engine, document)
            # Where all shortcuts will be derived anyway, those of this document are too.
            if large and (self._lacks_shortcuts or bulk.outweighs(self._state.engine, statement_count(ntriples))):
                self._lacks_shortcuts = True
                self._merged.include_all()
            else:
                self._merged.put(document)
            self._judge(checked=True)
        if not large:
            tell(length)

    def remove(self, document: URIRef) -> None:
        """Take a document's contribution back."""
        self.changed = True
        with store_errors(self._state.directory, "written"):
            self._take_back(document)
            self._judge(checked=False)

    def _take_back(self, document: URIRef) -> None:
        self.renamed |= named_in(self._state.engine, document)
        graph = ox.NamedNode(document)
        if bulk.outweighs(self._state.engine, bulk.statements(self._state.engine, graph)):
            bulk.rebuild(self._state.engine, without=graph)
            self._loaded_in_bulk = self._lacks_shortcuts = True
            self._merged.include_all()
        else:
            self._merged.remove(document)

    def _judge(self, *, checked: bool) -> None:
        # Once for a document that is replaced, by what it says in the end.
        self._merged.judge(checked=checked)
        self.renamed |= self._merged.relabelled

    def note(self, ntriples: bytes, *, about: URIRef) -> None:
        """Replace what the store's own records say of one subject."""
        self.changed = True
        graph = ox.NamedNode(LOADS)
        with store_errors(self._state.directory, "written"):
            for quad in list(self._state.engine.quads_for_pattern(ox.NamedNode(about), None, None, graph)):
                self._state.engine.remove(quad)
            self._state.engine.load(in_graph(ntriples, LOADS), ox.RdfFormat.N_QUADS)

    def finish(self) -> None:
        """Make the store ready to be read: complete, and compact where much was written."""
        self._settle()
        if self._loaded_in_bulk:
            with store_errors(self._state.directory, "written"):
                self._state.engine.optimize()

    def _settle(self) -> None:
        # Once for all large documents that come one after the other.
        if self._lacks_shortcuts:
            with store_errors(self._state.directory, "written"):
                bulk.derive(self._state.engine)
            self._lacks_shortcuts = False

"""The store in an endpoint: documents in named graphs, the merged view in its default graph or one of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from rdflib import URIRef

from ...errors import StoreError
from ..oxigraph.reading import store_of
from ..store import Store, View, Writer
from .address import address_of
from .blank import BLANK
from .changes import Difference, Graphs, difference
from .dataset import RemoteDataset
from .endpoint import Endpoint
from .layout import MERGED, Layout
from .publication import Publication
from .retrying import Retrying
from .settings import RemoteSettings
from .snapshot import snapshot
from .view import RemoteView


class RemoteStore(Store):
    """A store in a SPARQL 1.1 endpoint. Nothing is sent before it is asked or changed."""

    def __init__(
        self, location: str, settings: RemoteSettings | None = None, *, retrying: Retrying | None = None
    ) -> None:
        chosen = settings or RemoteSettings()
        self._endpoint = Endpoint(address_of(location, chosen.user, chosen.password), chosen, retrying)
        self._publication: Publication | None = None
        self._closed = False

    def view(self) -> View:
        """Return a view of the endpoint; changes made elsewhere show in it as they are made."""
        self._check()
        return RemoteView(self._endpoint)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """Change a copy of the store here, and publish the difference when the block ends without an error.

        The difference goes in one request of SPARQL Update, which an endpoint should do whole or not at all, as
        Virtuoso and Oxigraph do (SPARQL 1.1 Update, section 2.2, asks no more); what is too large for that is put aside
        in graphs that no view shows, and taken over in one request. After an error nothing has been sent but, at most,
        what was put aside. Whether another has changed the store since the copy was taken is looked at just before the
        request, and not within it. Raises StoreError where it has, and where the endpoint can only be read, RemoteError
        where the change was refused, and LimitError where it took too long; then the error says whether it was made.

        The whole store is read for the copy. Where the endpoint holds graphs that Diplograph has never seen, they
        become its documents with the first change.
        """
        self._check()
        publication = self._publication = self._publication or Publication(self._endpoint)
        publication.open()
        dataset = RemoteDataset(self._endpoint)
        counted = publication.counts()
        held = snapshot(self._endpoint, dataset, has_union=publication.has_union)
        with store_of(held) as local:
            before = _lines(local.view())
            with local.writing() as writer:
                if not dataset.is_ours:
                    for document in dataset.documents:
                        writer.put(document, held[document])
                yield writer
            view = local.view()
            after = _lines(view)
        empty = frozenset(name for name, lines in after.items() if name is not None and not lines)
        layout = Layout(publication.has_union, empty)
        if after != before or layout != dataset.layout:
            change = self._difference(before, after)
            merged = MERGED if publication.has_union else None
            should = {name or merged: len(lines) for name, lines in after.items() if lines}
            publication.publish(change, layout, dataset.staged, before=counted, after=should)

    def _difference(self, before: Graphs, after: Graphs) -> Difference:
        known = {label[2:].decode() for lines in before.values() for line in lines for label in BLANK.findall(line)}
        named = [_named(self._endpoint, state, known) for state in (before, after)]
        if named[0] is not None and named[1] is not None:
            return difference(named[0], named[1], named=True)
        return difference(before, after)

    def close(self) -> None:
        """Close the store; the endpoint goes on."""
        self._closed = True

    def _check(self) -> None:
        if self._closed:
            raise StoreError("This store has been closed. Open it again to use it.")


def _lines(view: View) -> dict[URIRef | None, frozenset[bytes]]:
    names: list[URIRef | None] = [None, *view.graphs()]
    return {name: frozenset(view.ntriples(name).splitlines(keepends=True)) for name in names}


def _named(endpoint: Endpoint, state: Graphs, known: set[str]) -> Graphs | None:
    """Return a state whose blank nodes have names that last, None where the endpoint gives them none."""
    found: dict[URIRef | None, frozenset[bytes]] = {}
    for name, lines in state.items():
        text = endpoint.dialect.named_blank_nodes(b"".join(lines), known)
        if text is None:
            return None
        found[name] = frozenset(text.splitlines(keepends=True))
    return found

"""Publishing a change to an endpoint in one update; what is large is put aside first, and taken over by it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from rdflib import URIRef

from ...errors import LimitError, RemoteError, StoreError
from .blank import Lines
from .changes import Difference, batches, block, operations
from .dataset import counts
from .endpoint import Endpoint
from .layout import LAYOUT, MERGED, STAGING, Layout, mark

_MOVES: Final = {"removed": "DELETE", "added": "ADD"}


class Publication:
    """The way into one endpoint, which is looked for when something is to be changed."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._url: str | None = None
        self._graph_stores: list[str] | None = None
        self._has_union = endpoint.dialect.has_union

    @property
    def has_union(self) -> bool:
        """Whether the endpoint's default graph is the union of all graphs, so that the merged view needs a graph."""
        return self._has_union

    def open(self) -> None:
        """Find where the endpoint takes changes, and what its default graph is, by a mark that is taken back.

        Raises StoreError where it takes none, with what it said.
        """
        if self._url is not None:
            return
        settings, address = self._endpoint.settings, self._endpoint.address
        virtuoso = self._endpoint.dialect.is_virtuoso
        made, said = mark(secrets.token_hex(8)), list[str]()
        there = f"GRAPH {LAYOUT.n3()} {{ {made} }}"
        for url in [settings.update_url] if settings.update_url else address.updates(virtuoso):
            try:
                self._endpoint.updated(url, f"INSERT DATA {{ {there} }}")
            except RemoteError as error:
                said.append(str(error))
                continue
            if self._endpoint.truth(f"ASK {{ {there} }}"):
                self._has_union = self._endpoint.truth(f"ASK {{ {made} }}")
                self._endpoint.updated(url, f"DELETE DATA {{ {there} }}")
                self._url = url
                return
            said.append(f"{url} took a change and did not make it.")
        raise StoreError(
            f"{address.url} can only be read. A change was offered, and refused: {' '.join(said)} "
            "If it takes changes elsewhere, say where with --endpoint-update."
        )

    def counts(self) -> dict[URIRef | None, int]:
        """Return how many statements each graph holds, the merged view among them where it has a graph of its own."""
        return counts(self._endpoint, has_union=self._has_union)

    def publish(
        self,
        change: Difference,
        layout: Layout,
        staged: tuple[URIRef, ...],
        *,
        before: Mapping[URIRef | None, int],
        after: Mapping[URIRef | None, int],
    ) -> None:
        """Make a change in one update, if the graphs hold as many statements still as they did before.

        Raises StoreError where they do not, or hold others `after` than they should; RemoteError where the endpoint
        refuses the change, or LimitError where it does not answer in time.
        """
        merged = MERGED if layout.merged else None
        dialect, moves = self._endpoint.dialect, list[str]()
        if change.size > dialect.statements_in_request:
            change, moves, more = self._put_aside(change, merged)
            staged = (*staged, *more)
        steps = [
            *moves,
            *operations(change, merged, dialect.statements_in_operation),
            *(f"DROP SILENT GRAPH {graph.n3()}" for graph in staged),
            f"CLEAR SILENT GRAPH {LAYOUT.n3()}",
            *([f"INSERT DATA {{ {block(LAYOUT, layout.lines())} }}"] if layout.lines() else []),
        ]
        url = self._endpoint.address.url
        if self.counts() != before:
            raise StoreError(
                f"The store at {url} was changed by another meanwhile. Nothing was changed now; try again."
            )
        try:
            self._update(" ;\n".join(steps))
        except (RemoteError, LimitError) as error:
            raise self._broken(error, after) from error
        found = self.counts()
        if found != after:
            name = min((n for n in {**found, **after} if found.get(n) != after.get(n)), key=str)
            raise StoreError(
                f"{url} took the change, and its graph {name or 'by default'} has {found.get(name, 0):,} statements "
                f"where there should be {after.get(name, 0):,}. It keeps fewer than it is given, or another changed it."
            )

    def _broken(self, error: RemoteError | LimitError, after: Mapping[URIRef | None, int]) -> StoreError | LimitError:
        """Return the error for a change that was sent and not confirmed: it may have been made, or not."""
        if isinstance(error, RemoteError) and error.status is not None:
            return error
        try:
            made = self.counts() == after
        except (RemoteError, LimitError):
            return error
        return StoreError(f"{error} When that was looked at after, the change had {'' if made else 'not '}been made.")

    def _put_aside(self, change: Difference, merged: URIRef | None) -> tuple[Difference, list[str], tuple[URIRef, ...]]:
        """Return what is left of a change when its statements are put aside, and the operations that take them over."""
        moves, staged = list[str](), list[URIRef]()
        for part, verb in _MOVES.items():
            graphs: Mapping[URIRef | None, Lines] = getattr(change, part)
            for name, lines in graphs.items():
                if not lines:
                    continue
                aside, target = URIRef(f"{STAGING}{secrets.token_hex(8)}"), name or merged
                staged.append(aside)
                self._store(aside, lines)
                moves.append(_taken_over(verb, aside, target))
        left = Difference({}, {}, change.renewed, change.blank)
        return left, moves, tuple(staged)

    def _store(self, graph: URIRef, lines: Lines) -> None:
        dialect = self._endpoint.dialect
        for batch in batches(lines, dialect.statements_in_upload):
            if not self._uploaded(graph, b"".join(batch)):
                for some in batches(frozenset(batch), dialect.statements_in_operation):
                    self._update(f"INSERT DATA {{ {block(graph, some)} }}")

    def _uploaded(self, graph: URIRef, ntriples: bytes) -> bool:
        """Add statements by the Graph Store Protocol, and return whether the endpoint offers it."""
        if self._graph_stores is None:
            settings, address = self._endpoint.settings, self._endpoint.address
            given = [settings.graph_store_url] if settings.graph_store_url else []
            self._graph_stores = given or list(address.graph_stores(self._endpoint.dialect.is_virtuoso))
        while self._graph_stores:
            url = self._graph_stores[0]
            try:
                self._endpoint.added(url, str(graph), ntriples)
            except RemoteError as error:
                if error.status not in (400, 401, 403, 404, 405, 415, 501):
                    raise
                self._graph_stores.pop(0)
            else:
                return True
        return False

    def _update(self, sparql: str) -> None:
        assert self._url is not None  # noqa: S101 - open() comes first
        self._endpoint.updated(self._url, sparql)


def _taken_over(verb: str, aside: URIRef, target: URIRef | None) -> str:
    if verb == "ADD":
        return f"ADD SILENT GRAPH {aside.n3()} TO {'DEFAULT' if target is None else f'GRAPH {target.n3()}'}"
    pattern = "?s ?p ?o"
    block = pattern if target is None else f"GRAPH {target.n3()} {{ {pattern} }}"
    return f"DELETE {{ {block} }} WHERE {{ GRAPH {aside.n3()} {{ {pattern} }} }}"

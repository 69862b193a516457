"""Large documents at the engine's own speed: table files are written directly, and shortcuts derived in the engine."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

import pyoxigraph as ox

from ...ontology.rules import ShortcutRule, shortcut_rules
from ...ontology.terms import DG, REALIS
from ..content import Content, has_blank_nodes, in_graph, pieces, whole
from ..store import LOADS
from .tidying import tidy_later

_BULK: Final = 8_000_000
"""From this many bytes on, writing table files directly is faster than a transaction, with the compaction it needs."""
_MORE: Final = 1_000_000
"""From this many on it is faster where a compaction will come anyway."""
_MANY: Final = 50_000
"""Up to this many statements, it does not matter how they are taken out and looked at."""
_WEIGHT: Final = 8
"""One statement taken out, or looked at, by itself costs as much as this many that the engine treats all at once."""
PIECE: Final = 20_000_000
"""What one call of the engine loads, in bytes: with less it has more files to tidy, with more it sorts longer lists."""
_CALLS: Final = min(3, os.cpu_count() or 1)
"""How many calls of the engine load at once; each works on one processor, and takes some 150 MB of memory."""
_HELD: Final = f"?fact {DG.realis.n3()} {REALIS.held.n3()}"
MERGED: Final = ox.DefaultGraph()
Graph: TypeAlias = ox.NamedNode | ox.DefaultGraph


def is_large(length: int, *, compacted: bool) -> bool:
    """Return whether so many bytes are better loaded in bulk; `compacted` if the store will be so anyway."""
    return length >= (min(_MORE, _BULK) if compacted else _BULK)


def outweighs(statements: int, others: int) -> bool:
    """Return whether to treat all quads of a store at once is faster than the statements of a document one by one.

    `others` is the number of quads besides those of the document, of which each statement makes two.
    """
    return statements > _MANY and statements * 2 * (_WEIGHT - 1) >= others


def statements(engine: ox.Store, document: ox.NamedNode) -> int:
    """Return the number of statements of a document, 0 for one that has few enough to look at one by one."""
    if next(islice(engine.quads_for_pattern(None, None, None, document), _MANY, None), None) is None:
        return 0
    counts = engine.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {document} {{ ?s ?p ?o }} }}")
    return int(next(counts)["n"].value)  # type: ignore[arg-type]


def load(engine: ox.Store, content: Content, graphs: Sequence[Graph], loaded: Callable[[int], None]) -> None:
    """Add content to some graphs, and tell `loaded` the length of each piece that is in all of them.

    The IRIs of a file are taken as they are: it was written by a program that checked them.
    """
    if has_blank_nodes(content):
        # One stream for all graphs: the engine renames blank nodes, and they must stay the same in each.
        ntriples = whole(content)
        nquads = (in_graph(ntriples, graph.value) if isinstance(graph, ox.NamedNode) else ntriples for graph in graphs)
        engine.bulk_load(b"".join(nquads), ox.RdfFormat.N_QUADS)
        loaded(len(ntriples))
        return

    with Load(engine, graphs, loaded, lenient=isinstance(content, Path)) as load:
        for piece in pieces(content, PIECE):
            load.add(piece)
        load.finish()


class Load(contextlib.AbstractContextManager["Load"]):
    """N-Triples without blank nodes that are added to some graphs, while more of them are still read or made.

    `loaded` is told the length of each piece that is in all graphs. As a context it lets go what is under way.
    """

    def __init__(
        self, engine: ox.Store, graphs: Sequence[Graph], loaded: Callable[[int], None], *, lenient: bool
    ) -> None:
        self._engine, self._graphs, self._loaded, self._lenient = engine, graphs, loaded, lenient
        tidy_later()
        self._pool = ThreadPoolExecutor(_CALLS)
        self._under_way: deque[tuple[int, list[Future[None]]]] = deque()

    def add(self, ntriples: bytes) -> None:
        """Have whole lines added; raises SyntaxError where a piece before them turned out to be no N-Triples."""
        calls = [self._pool.submit(self._bulk_load, ntriples, graph) for graph in self._graphs]
        self._under_way.append((len(ntriples), calls))
        # What waits for its turn takes memory.
        while len(self._under_way) * len(self._graphs) > _CALLS + 1:
            self._wait()

    def finish(self) -> None:
        """Wait until all is in."""
        while self._under_way:
            self._wait()

    def __exit__(self, *_: object) -> None:
        # Nobody may close the engine while it loads.
        self._pool.shutdown(cancel_futures=True)

    def _bulk_load(self, ntriples: bytes, graph: Graph) -> None:
        self._engine.bulk_load(ntriples, ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=self._lenient)

    def _wait(self) -> None:
        length, calls = self._under_way.popleft()
        for call in calls:
            call.result()
        self._loaded(length)


def derive(engine: ox.Store) -> None:
    """Add the shortcuts of all facts to the merged view."""
    # All of them first: none is to follow from another. And at once: each call of the engine writes files of its own.
    plain: list[bytes] = []
    with ThreadPoolExecutor(_CALLS) as pool:
        shortcuts = list(pool.map(lambda rule: _shortcuts(engine, rule), shortcut_rules()))
    for ntriples in filter(None, shortcuts):
        if has_blank_nodes(ntriples):
            # As quads they keep their labels.
            triples = ox.parse(ntriples, ox.RdfFormat.N_TRIPLES)
            engine.bulk_extend(ox.Quad(each.subject, each.predicate, each.object, MERGED) for each in triples)
        else:
            plain.append(ntriples)
    add_shortcuts(engine, b"".join(plain))


def add_shortcuts(engine: ox.Store, ntriples: bytes) -> None:
    """Add shortcuts without blank nodes to the merged view."""
    if ntriples:
        engine.bulk_load(ntriples, ox.RdfFormat.N_TRIPLES, to_graph=MERGED, lenient=True)


def _shortcuts(engine: ox.Store, rule: ShortcutRule) -> bytes:
    if not engine.query(f"ASK {{ ?fact a {rule.fact_class.n3()} }}"):
        return b""
    triples = engine.query(f"CONSTRUCT {{ {rule.shortcut_pattern} }} WHERE {{ {_facts(rule)} }}")
    assert isinstance(triples, ox.QueryTriples)  # noqa: S101 - it is what CONSTRUCT makes
    return triples.serialize(format=ox.RdfFormat.N_TRIPLES) or b""


def _facts(rule: ShortcutRule) -> str:
    """Return the facts that make a shortcut as a graph pattern that the engine is fast to find when they are many."""
    # Nearly every fact of every class is held to be so: the engine is kept from beginning with all of these.
    sought = [statement for statement in rule.fact_statements if statement != _HELD]
    held = f"FILTER EXISTS {{ {_HELD} }}" if len(sought) < len(rule.fact_statements) else ""
    return f"{' . '.join(sought)} {held} FILTER(!isLiteral(?s))"


def rebuild(engine: ox.Store, without: ox.NamedNode) -> None:
    """Empty a store, and load all its graphs again but one; the shortcuts are left to be derived."""
    kept = [graph for graph in engine.named_graphs() if isinstance(graph, ox.NamedNode) and graph != without]
    with TemporaryDirectory(prefix="diplograph-") as directory:
        files = {graph: Path(directory) / f"{number}.nt" for number, graph in enumerate(kept)}
        for graph, file in files.items():
            engine.dump(str(file), ox.RdfFormat.N_TRIPLES, from_graph=graph)
        # In an instant, whereas to remove one graph is to remove its statements one by one.
        engine.clear()
        for nquads in _batches(_nquads(files)):
            engine.bulk_load(nquads, ox.RdfFormat.N_QUADS, lenient=True)
        for graph in kept:
            engine.add_graph(graph)


def _nquads(files: dict[ox.NamedNode, Path]) -> Iterator[bytes]:
    for graph, file in files.items():
        # A blank node has one label in one call of the engine only.
        for ntriples in [whole(file)] if has_blank_nodes(file) else pieces(file, PIECE // 2):
            quads = in_graph(ntriples, graph.value)
            yield quads if graph.value == str(LOADS) else ntriples + quads


def _batches(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield parts joined to what is worth a call of the engine."""
    batch: list[bytes] = []
    for part in parts:
        batch.append(part)
        if sum(map(len, batch)) >= PIECE:
            yield b"".join(batch)
            batch.clear()
    if batch:
        yield b"".join(batch)

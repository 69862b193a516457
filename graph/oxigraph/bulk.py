"""Large documents at the engine's own speed: table files are written directly, and shortcuts derived in the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

import pyoxigraph as ox

from ...ontology.rules import shortcut_rules
from ..content import Content, has_blank_nodes, in_graph, pieces, size, whole
from ..store import LOADS

_BULK: Final = 8_000_000
"""From this many bytes on, writing table files directly is faster than a transaction."""
_MANY: Final = 50_000
"""Up to this many statements, it does not matter how they are taken out and looked at."""
_WEIGHT: Final = 8
"""One statement taken out, or looked at, by itself costs as much as this many that the engine treats all at once."""
_PIECE: Final = 40_000_000
"""What the engine loads at once, in bytes: with less it has more files to tidy, with more it takes too much memory."""
MERGED: Final = ox.DefaultGraph()
Graph: TypeAlias = ox.NamedNode | ox.DefaultGraph


def is_large(content: Content) -> bool:
    """Return whether content is better loaded in bulk."""
    return size(content) >= _BULK


def outweighs(engine: ox.Store, statements: int) -> bool:
    """Return whether to treat all statements of a store at once is faster than those of one document one by one."""
    # What a document states is in the merged view too.
    return statements > _MANY and statements * 2 * _WEIGHT >= len(engine)


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

    lenient = isinstance(content, Path)

    def add(ntriples: bytes, graph: Graph) -> None:
        engine.bulk_load(ntriples, ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=lenient)

    with ThreadPoolExecutor(len(graphs)) as pool:
        for piece in pieces(content, _PIECE):
            for addition in [pool.submit(add, piece, graph) for graph in graphs]:
                addition.result()
            loaded(len(piece))


def derive(engine: ox.Store) -> None:
    """Add the shortcuts of all facts to the merged view."""
    # All of them first: none is to follow from another. And at once: each call of the engine writes files of its own.
    plain: list[bytes] = []
    for ntriples in list(_shortcuts(engine)):
        if has_blank_nodes(ntriples):
            # As quads they keep their labels.
            triples = ox.parse(ntriples, ox.RdfFormat.N_TRIPLES)
            engine.bulk_extend(ox.Quad(each.subject, each.predicate, each.object, MERGED) for each in triples)
        else:
            plain.append(ntriples)
    if any(plain):
        engine.bulk_load(b"".join(plain), ox.RdfFormat.N_TRIPLES, to_graph=MERGED, lenient=True)


def _shortcuts(engine: ox.Store) -> Iterator[bytes]:
    for rule in shortcut_rules():
        if not engine.query(f"ASK {{ ?fact a {rule.fact_class.n3()} }}"):
            continue
        # Each statement a query of its own, so that the engine joins the facts that it finds for all of them instead
        # of looking each fact up.
        parts = " ".join(f"{{ SELECT * {{ {statement} }} }}" for statement in rule.fact_statements)
        triples = engine.query(f"CONSTRUCT {{ {rule.shortcut_pattern} }} WHERE {{ {parts} FILTER(!isLiteral(?s)) }}")
        if isinstance(triples, ox.QueryTriples):
            yield triples.serialize(format=ox.RdfFormat.N_TRIPLES) or b""


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
        for ntriples in [whole(file)] if has_blank_nodes(file) else pieces(file, _PIECE // 2):
            quads = in_graph(ntriples, graph.value)
            yield quads if graph.value == str(LOADS) else ntriples + quads


def _batches(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield parts joined to what is worth a call of the engine."""
    batch: list[bytes] = []
    for part in parts:
        batch.append(part)
        if sum(map(len, batch)) >= _PIECE:
            yield b"".join(batch)
            batch.clear()
    if batch:
        yield b"".join(batch)

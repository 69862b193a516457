"""Blank nodes that look alike are told from each other within bounds of work, or the graph is refused."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest

from diplograph.errors import InputError
from diplograph.graph.export import exported, exported_document
from diplograph.graph.formats import SYNTAXES, Syntax, syntax_named
from diplograph.graph.loading import Source, load
from diplograph.graph.oxigraph import OxigraphStore, canonical
from diplograph.ontology.identifiers import document_iri


def graph(pairs: Iterable[tuple[int, int]]) -> bytes:
    """Blank nodes that point to each other and of which nothing else is said."""
    return b"".join(b"_:n%d <x:p> _:n%d .\n" % pair for pair in pairs)


def clique(size: int) -> bytes:
    return graph((a, b) for a in range(size) for b in range(size) if a != b)


def chain(length: int) -> bytes:
    return graph((n, n + 1) for n in range(length))


def ring(length: int) -> bytes:
    return graph((n, (n + 1) % length) for n in range(length))


def stars(rays: int) -> bytes:
    return graph((centre * 1000, centre * 1000 + n) for centre in range(2) for n in range(1, rays + 1))


HOSTILE = {
    "a clique": clique(10),
    "a large clique": clique(60),
    "cliques": b"".join(clique(6).replace(b"_:", b"_:c%d" % n) for n in range(900)),
    "a long chain": chain(30_000),
    "a long ring": ring(2_000),
    "stars": stars(12),
}


@pytest.mark.parametrize("nquads", HOSTILE.values(), ids=HOSTILE)
def test_what_would_never_end_is_refused_soon(nquads: bytes) -> None:
    begin = time.process_time()
    with pytest.raises(InputError, match=r"look so much alike .* Give them IRIs"):
        canonical(nquads)
    assert time.process_time() - begin < 30


@pytest.mark.parametrize("nquads", [clique(5), chain(60), ring(30), stars(5), *(chain(n) for n in (1, 2))])
def test_what_can_be_told_apart_is_whatever_it_is_called(nquads: bytes) -> None:
    turned = b"".join(sorted(nquads.splitlines(keepends=True), reverse=True))
    other = turned.replace(b"_:n", b"_:other")
    assert canonical(other) == canonical(nquads)


def test_many_that_are_all_alike_are_no_work() -> None:
    assert canonical(b"".join(b"<x:s> <x:p> _:n%d .\n" % n for n in range(5000))).count(b"\n") == 5000


def test_many_lists_of_the_same_are_little_work() -> None:
    lists = b"".join(
        b"<x:s%d> <x:p> _:l%d_0 .\n" % (k, k)
        + b"".join(b"_:l%d_%d <x:first> <x:i%d> .\n_:l%d_%d <x:rest> _:l%d_%d .\n" % (k, i, i, k, i, k, i + 1)
                   for i in range(4))
        for k in range(500)
    )  # fmt: skip
    assert canonical(lists).count(b"\n") == 500 * 9


def test_a_store_that_holds_such_a_graph_gives_it_back_or_says_why_not() -> None:
    store, document = OxigraphStore(), document_iri("hostile")
    load(store, [Source(document, clique(12), "here")], check=True)
    with pytest.raises(InputError, match="Give them IRIs"):
        exported(store)
    with pytest.raises(InputError, match="Give them IRIs"):
        exported_document(store, document, syntax_named("trig"))


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.name)
def test_a_long_chain_of_nodes_that_differ_is_written(syntax: Syntax) -> None:
    store, document = OxigraphStore(), document_iri("chain")
    told = b"".join(b'_:n%d <x:called> "%d" .\n' % (n, n) for n in range(3001))
    load(store, [Source(document, chain(3000) + told, "here")])
    assert exported_document(store, document, syntax).count(b"2999")

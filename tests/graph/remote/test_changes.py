"""From what graphs hold to what they should hold: the update that is made says exactly that."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from diplograph.graph.oxigraph import OxigraphDataset, canonical
from diplograph.graph.remote.blank import labels
from diplograph.graph.remote.changes import Graphs, difference, operations
from diplograph.graph.remote.layout import MERGED
from diplograph.ontology.identifiers import document_iri

A, B = document_iri("a"), document_iri("b")

own = {A: ["_:a1", "_:a2"], B: ["_:b1", "_:b2"], None: ["_:a1", "_:a2", "_:b1", "_:b2"]}
names = [f"<urn:{name}>" for name in "xyz"]


def graph(name: URIRef | None) -> st.SearchStrategy[frozenset[bytes]]:
    """A graph whose blank nodes are its own; in the merged view stand those of all documents."""
    nodes = st.sampled_from([*names, *own[name]])
    triples = st.tuples(nodes, st.sampled_from(names), nodes | st.just('"_:a1 .\\n"'))
    return st.frozensets(triples.map(lambda triple: f"{' '.join(triple)} .\n".encode()), max_size=6)


@st.composite
def state(draw: st.DrawFn) -> Graphs:
    """Documents, and a merged view in which every blank node stands that has a statement there."""
    graphs: dict[URIRef | None, frozenset[bytes]] = {name: draw(graph(name)) for name in (A, B)}
    known = {label for lines in graphs.values() for line in lines for label in labels(line)}
    graphs[None] = frozenset(line for line in draw(graph(None)) if set(labels(line)) <= known)
    return graphs


def nquads(graphs: Mapping[URIRef | None, frozenset[bytes] | bytes], merged: URIRef | None) -> bytes:
    found = []
    for name, lines in graphs.items():
        place = name or merged
        for line in lines.splitlines(keepends=True) if isinstance(lines, bytes) else lines:
            found.append(line if place is None else line[:-2] + f"{place.n3()} .\n".encode())
    return canonical(b"".join(found))


def changed(before: Graphs, after: Graphs, merged: URIRef | None, at_once: int) -> bytes:
    dataset = OxigraphDataset({})
    blocks = " ".join(
        b"".join(lines).decode()
        if (name or merged) is None
        else f"GRAPH {(name or merged).n3()} {{ {b''.join(lines).decode()} }}"
        for name, lines in before.items()
    )
    dataset.update(f"INSERT DATA {{ {blocks} }}")
    if steps := list(operations(difference(before, after), merged, at_once)):
        dataset.update(" ; ".join(steps))
    return nquads(dataset.graphs(), None)


@settings(deadline=None, max_examples=150)
@given(before=state(), after=state(), at_once=st.integers(1, 5))
def test_an_update_makes_of_one_state_the_other(before: Graphs, after: Graphs, at_once: int) -> None:
    assert changed(before, after, None, at_once) == nquads(after, None)


@settings(deadline=None, max_examples=50)
@given(before=state(), after=state())
def test_where_the_merged_view_has_a_graph_of_its_own_too(before: Graphs, after: Graphs) -> None:
    assert changed(before, after, MERGED, 3) == nquads(after, MERGED)


@given(before=state())
def test_what_stays_as_it_is_needs_no_update(before: Graphs) -> None:
    assert list(operations(difference(before, before), None, 3)) == []


def test_what_changes_is_all_that_is_sent() -> None:
    before: Graphs = {A: frozenset([b"<urn:x> <urn:x> <urn:x> .\n", b"_:a1 <urn:x> <urn:x> .\n"]), None: frozenset()}
    after = {**before, A: before[A] | {b"<urn:y> <urn:y> <urn:y> .\n"}}
    assert list(operations(difference(before, after), None, 3)) == [
        f"INSERT DATA {{ GRAPH {A.n3()} {{ <urn:y> <urn:y> <urn:y> .\n }} }}"
    ]

"""The merged view shows entities as they are judged, in whatever order judgements and documents come and go."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, SKOS, URIRef

from diplograph.errors import JudgementError
from diplograph.graph.derivation import Derivation
from diplograph.graph.memory import MemoryStore
from diplograph.graph.oxigraph import OxigraphStore, canonical
from diplograph.graph.store import Derived, Store, Writer
from diplograph.graph.verification import verification
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.terms import DG, REALIS, ROLE, VERDICT

DOCUMENTS = tuple(document_iri(name) for name in ("a", "b", "judgements", "of-others"))
PEOPLE = tuple(f"<http://example.org/{name}>" for name in ("ann", "bob", "cem"))
FACTS = tuple(f"<http://example.org/fact-{n}>" for n in range(2))
A = RDF.type.n3()

people = st.sampled_from(PEOPLE)
ends = people | st.sampled_from(FACTS)
words = st.sampled_from(['"Ann"@en', '"Bob"@en', '"Ann"'])


def tenure(fact: str, person: str, post: str, realis: URIRef) -> list[str]:
    said = [(A, DG.Tenure.n3()), (DG.person.n3(), person), (DG.post.n3(), post), (DG.realis.n3(), realis.n3())]
    return [f"{fact} {prop} {value} ." for prop, value in said]


def participation(fact: str, agent: str, event: str) -> list[str]:
    said = [(A, DG.Participation), (DG.role.n3(), ROLE.speaker), (DG.realis.n3(), REALIS.held)]
    ends_ = [f"{fact} {DG.agent.n3()} {agent} .", f"{fact} {DG.event.n3()} {event} ."]
    return [*ends_, *(f"{fact} {prop} {value.n3()} ." for prop, value in said)]


def assertion(fact: str, subject: str, predicate: URIRef, value: str) -> list[str]:
    said = [(A, DG.Assertion.n3()), (RDF.subject.n3(), subject), (RDF.predicate.n3(), predicate.n3())]
    said += [(RDF.object.n3(), value), (DG.realis.n3(), REALIS.held.n3())]
    return [f"{fact} {prop} {value} ." for prop, value in said]


def judgement(number: int, keeps: str, merges: str, verdict: URIRef) -> list[str]:
    said = [(DG.keeps, keeps), (DG.merges, merges), (DG.verdict, verdict.n3())]
    return [f"<http://example.org/judgement-{number}> {prop.n3()} {value} ." for prop, value in said]


labels = st.sampled_from([SKOS.prefLabel, SKOS.altLabel])
named = st.builds(
    lambda path, given: [f"{person} {path.n3()} {word} ." for person, word in given],
    labels,
    st.permutations(PEOPLE).flatmap(lambda some: st.tuples(*(st.tuples(st.just(one), words) for one in some[:2]))),
)
statements = st.one_of(
    st.builds(tenure, st.sampled_from(FACTS), people, people, st.sampled_from([REALIS.held, REALIS.denied])),
    st.builds(participation, st.sampled_from(FACTS), people, people),
    st.builds(assertion, st.sampled_from(FACTS), people, labels, words),
    st.builds(lambda s, o: [f"{s} <http://example.org/knows> {o} ."], ends, ends),
)
ones = people | people | people | ends
judged = st.builds(judgement, st.integers(0, 3), ones, ones, st.sampled_from([VERDICT.same] * 6 + [VERDICT.different]))


def content(some: st.SearchStrategy[list[str]], most: int, at_least: int = 0) -> st.SearchStrategy[bytes]:
    lists = st.lists(some, min_size=at_least, max_size=most)
    return lists.map(lambda parts: "".join(f"{line}\n" for part in parts for line in part).encode())


said = statements | named | named
steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(DOCUMENTS[:2]), content(said, 6, at_least=1)),
        st.tuples(st.sampled_from(DOCUMENTS[2:]), content(judged, 3, at_least=1)),
        st.tuples(st.sampled_from(DOCUMENTS), content(said | judged, 4) | st.none()),
    ),
    min_size=3,
    max_size=8,
)
Steps = list[tuple[URIRef, bytes | None]]


def graphs(store: Store) -> dict[URIRef | None, bytes]:
    view = store.view()
    return {graph: canonical(view.ntriples(graph)) for graph in (None, *view.graphs())}


def put(writer: Writer, document: URIRef, ntriples: bytes) -> None:
    writer.put(document, ntriples)


def deliver(writer: Writer, document: URIRef, ntriples: bytes) -> None:
    """Give a document with what follows from it alone, if it is new."""
    if document in writer.view().graphs():
        writer.put(document, ntriples)
        return
    delivery = writer.delivery(document)
    for line in ntriples.splitlines(keepends=True):
        delivery.write(line)
    delivery.end(derived(ntriples))
    delivery.close()


def derived(ntriples: bytes) -> Derived:
    derivation: Derivation[str] = Derivation(URIRef.n3, lambda term: term.startswith('"'))
    said: dict[str, dict[str, list[str]]] = {}
    for line in ntriples.decode().splitlines():
        subject, prop, value = line.removesuffix(" .").split(" ", 2)
        if prop in derivation.properties:
            said.setdefault(subject, {}).setdefault(prop, []).append(value)
    shortcuts = [f"{' '.join(triple)} .\n" for fact in said.values() for triple in derivation.shortcuts(fact)]
    return Derived(set(said), "".join(shortcuts).encode())


def stays_true(
    new_store: Callable[[], Store], steps: Steps, give: Callable[[Writer, URIRef, bytes], None] = put
) -> None:
    store, afresh = new_store(), new_store()
    held: dict[URIRef, bytes] = {}
    for document, ntriples in steps:
        try:
            with store.writing() as writer:
                if ntriples is None:
                    writer.remove(document)
                else:
                    give(writer, document, ntriples)
        except JudgementError:
            continue
        held = {d: n for d, n in {**held, document: ntriples}.items() if n is not None}
        assert verification(store).sound
    with afresh.writing() as writer:
        for document, ntriples in sorted(held.items(), reverse=True):
            # Here one fact is said otherwise in two documents, as no two that are delivered in one change do.
            (put if give is deliver else give)(writer, document, ntriples)
    assert graphs(store) == graphs(afresh)


quick = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(quick, max_examples=150)
@given(steps=steps)
def test_in_oxigraph(steps: Steps) -> None:
    stays_true(OxigraphStore, steps)


@settings(quick, max_examples=10)
@given(steps=steps)
def test_over_rdflib(steps: Steps) -> None:
    stays_true(MemoryStore, steps)


@settings(quick, max_examples=40)
@given(steps=steps, weight=st.sampled_from([0, 1, 8, 1000]), in_files=st.booleans())
def test_in_bulk(steps: Steps, weight: int, in_files: bool) -> None:
    def put_file(writer: Writer, document: URIRef, ntriples: bytes) -> None:
        path = Path(directory) / str(len(list(Path(directory).iterdir())))
        path.write_bytes(ntriples)
        writer.put(document, path)

    with tempfile.TemporaryDirectory() as directory, pytest.MonkeyPatch.context() as patch:
        for name, value in (("_BULK", 1), ("_MANY", 0), ("PIECE", 300), ("_WEIGHT", weight)):
            patch.setattr(f"diplograph.graph.oxigraph.bulk.{name}", value)
        stays_true(OxigraphStore, steps, put_file if in_files else put)


@settings(quick, max_examples=80)
@given(steps=steps, bulk=st.sampled_from([1, 1, 8_000_000]))
def test_delivered_with_what_follows_from_each_document(steps: Steps, bulk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("_BULK", bulk), ("_MANY", 0), ("PIECE", 300 * bulk)):
            patch.setattr(f"diplograph.graph.oxigraph.bulk.{name}", value)
        stays_true(OxigraphStore, steps, deliver)

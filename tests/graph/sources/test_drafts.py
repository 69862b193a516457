"""Drafts: a fact has the identifier that `minted` gives the same statements; what is said twice is written once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal, URIRef
from rdflib.namespace import RDF, SKOS, XSD

from diplograph.errors import DateError
from diplograph.graph.minting import minted
from diplograph.graph.oxigraph import rdflib_graph
from diplograph.graph.sources.drafts import Draft, Pair, date, iri, number, text
from diplograph.ontology.facts import FactClass, fact_classes
from diplograph.ontology.identifiers import document_iri, entity_iri
from diplograph.ontology.terms import DG, LEVEL, REALIS, ROLE

DOCUMENT = document_iri("records")
ANN, POST = entity_iri("person", "ann"), entity_iri("post", "minister")
TENURE: list[Pair] = [(DG.person, iri(ANN)), (DG.post, iri(POST)), (DG["from"], date("2001-05"))]

iris = st.from_regex(r"[a-z]{1,6}", fullmatch=True).map(lambda local: iri(entity_iri("state", local)))
literals = st.one_of(
    st.text(max_size=12).map(text),
    st.text(max_size=12).map(lambda words: text(words, "en")),
    st.dates().map(lambda day: date(str(day))),
    st.integers(1000, 2100).map(lambda year: date(str(year))),
    st.integers().map(number),
)


@pytest.fixture
def draft(tmp_path: Path) -> Iterator[Draft]:
    made = Draft(DOCUMENT, tmp_path / "records.nt")
    yield made
    made.close()


def lines(draft: Draft) -> list[str]:
    draft.close()
    return draft.path.read_bytes().decode().splitlines()


@st.composite
def stated(make: Callable[..., object]) -> tuple[FactClass, list[Pair]]:
    """A class of facts, with a value for its ends and for some others of its key, in any order."""
    kind = make(st.sampled_from(list(fact_classes().values())))
    ends = {kind.source, kind.target}
    free = [prop for prop in kind.key if prop not in ends]
    chosen = [*ends, *make(st.lists(st.sampled_from(free), unique=True) if free else st.just([]))]
    pairs = [(prop, make(iris if prop in ends else st.one_of(iris, literals))) for prop in chosen]
    return kind, make(st.permutations(pairs))


@given(stated())
def test_a_fact_is_what_minting_makes_of_the_same_statements(fact: tuple[FactClass, list[Pair]]) -> None:
    kind, pairs = fact
    with TemporaryDirectory() as directory:
        draft = Draft(DOCUMENT, Path(directory) / "records.nt")
        evidence = draft.evidence("a.csv", "line 2")
        drafted = draft.fact(kind.iri, pairs, evidence)
        said = {line for line in lines(draft) if line.startswith(drafted)}
    blank = [f"_:f {RDF.type.n3()} {kind.iri.n3()} .", f"_:f {DG.evidence.n3()} {evidence} ."]
    blank += [f"_:f {prop.n3()} {value} ." for prop, value in pairs]
    assert said == set(minted("".join(f"{line}\n" for line in blank).encode(), DOCUMENT).decode().splitlines())


def test_what_was_said_is_told_apart_by_its_summary_where_no_passage_holds_it(draft: Draft) -> None:
    key = [(DG.speaker, iri(ANN)), (DG.topic, iri(entity_iri("topic", "fish")))]
    summary = (DG.summary, text("Fish are many.", "en"))
    drafted = draft.fact(DG.Utterance, key, draft.evidence("a.csv", "line 2"), [summary])
    blank = [(RDF.type, iri(DG.Utterance)), *key, summary]
    named = minted("".join(f"_:f {prop.n3()} {value} .\n" for prop, value in blank).encode(), DOCUMENT).decode()
    assert drafted in {line.split(" ")[0] for line in named.splitlines()}
    assert drafted != draft.fact(DG.Utterance, key, draft.evidence("a.csv", "line 3"))


def test_a_fact_said_by_two_records_is_one_with_two_evidences(draft: Draft) -> None:
    first, second = (draft.evidence("a.csv", f"line {line}") for line in (2, 3))
    fact = draft.fact(DG.Tenure, TENURE, first)
    assert draft.fact(DG.Tenure, reversed(TENURE), second, [(DG.endNote, text("Died"))]) == fact
    assert draft.counts == {"Tenure": 1}
    said = lines(draft)
    assert len(said) == len(set(said))
    assert {f"{fact} {DG.evidence.n3()} {each} ." for each in (first, second)} <= set(said)
    assert f'{fact} {DG.endNote.n3()} "Died" .' in said


def test_a_fact_is_held_to_be_so_unless_it_says_otherwise(draft: Draft) -> None:
    evidence = draft.evidence("a.csv", "line 2")
    held = draft.fact(DG.Tenure, TENURE, evidence)
    denied = draft.fact(DG.Tenure, [*TENURE, (DG.realis, iri(REALIS.denied))], evidence)
    assert held != denied
    graph = rdflib_graph("".join(f"{line}\n" for line in lines(draft)).encode())
    assert set(graph.objects(URIRef(held[1:-1]), DG.realis)) == {REALIS.held}
    assert set(graph.objects(URIRef(denied[1:-1]), DG.realis)) == {REALIS.denied}


def test_ends_of_what_holds_both_ways_are_put_in_order(draft: Draft) -> None:
    one, other = iri(entity_iri("state", "USA")), iri(entity_iri("state", "FRA"))
    evidence = draft.evidence("a.csv", "line 2")
    fact = draft.fact(DG.Relations, [(DG.oneSide, one), (DG.otherSide, other)], evidence)
    assert draft.fact(DG.Relations, [(DG.oneSide, other), (DG.otherSide, one)], evidence) == fact
    assert f"{fact} {DG.oneSide.n3()} {other} ." in lines(draft)


def test_a_property_outside_the_key_is_refused_there(draft: Draft) -> None:
    role = (DG.role, iri(ROLE.speaker))
    with pytest.raises(ValueError, match="role is not in the key of Tenure: give it among `more`"):
        draft.fact(DG.Tenure, [*TENURE, role], draft.evidence("a.csv", "line 2"))


def test_evidence_is_one_for_a_record_and_stated_unless_it_says_otherwise(draft: Draft) -> None:
    stated = draft.evidence("a.csv", "line 2", [(DG.note, text("one"))])
    assert draft.evidence("a.csv", "line 2", [(DG.note, text("two"))]) == stated
    resolved = draft.evidence("a.csv", "line 3", [(DG.level, iri(LEVEL.resolved))])
    graph = rdflib_graph("".join(f"{line}\n" for line in lines(draft)).encode())
    assert [str(each) for each in sorted(graph.objects(URIRef(stated[1:-1]), DG.note))] == ["one", "two"]
    assert list(graph.objects(URIRef(stated[1:-1]), DG.level)) == [LEVEL.stated]
    assert list(graph.objects(URIRef(resolved[1:-1]), DG.level)) == [LEVEL.resolved]
    assert list(graph.objects(URIRef(stated[1:-1]), DG.inDocument)) == [DOCUMENT]


def test_an_entity_is_described_once_and_more_is_added(draft: Draft) -> None:
    draft.describe(ANN, DG.Person, "Ann")
    draft.describe(ANN, DG.Person, "Anna", [(SKOS.altLabel, text("A.", "en"))])
    assert draft.counts == {"Person": 1}
    graph = rdflib_graph("".join(f"{line}\n" for line in lines(draft)).encode())
    assert list(graph.objects(ANN, SKOS.prefLabel)) == [Literal("Ann", "en")]
    assert list(graph.objects(ANN, SKOS.altLabel)) == [Literal("A.", "en")]


def test_the_digest_is_that_of_the_file(draft: Draft) -> None:
    draft.title("Records", DG.Dataset)
    for line in range(20_000):
        draft.evidence("a.csv", f"line {line}")
    digest = draft.close()
    assert digest == hashlib.sha256(draft.path.read_bytes()).hexdigest()


@given(st.text())
def test_any_text_is_read_back_with_its_white_space_made_single(words: str) -> None:
    graph = rdflib_graph(f"<a:s> <a:p> {text(words, 'en')} .\n".encode())
    assert list(graph.objects()) == [Literal(" ".join(words.split()), "en")]


def test_dates_are_as_exact_as_written() -> None:
    kinds = {"2001": XSD.gYear, "2001-05": XSD.gYearMonth, "2001-05-09": XSD.date}
    assert {day: date(day) for day in kinds} == {day: f'"{day}"^^<{kind}>' for day, kind in kinds.items()}
    with pytest.raises(DateError):
        date("2001-02-30")


@pytest.mark.parametrize("term", ["a b", "a>b", 'a"b', "a\nb", "a{b", "a\\b"])
def test_what_is_no_iri_is_refused(term: str) -> None:
    with pytest.raises(ValueError, match="is no IRI"):
        iri(term)

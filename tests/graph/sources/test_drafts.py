"""A draft spells what a record says as the store does, and names facts as a document of blank nodes would."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS, XSD

from diplograph.errors import DateError
from diplograph.graph.minting import minted
from diplograph.graph.oxigraph import OxigraphStore, canonical, rdflib_graph, rdflib_triples
from diplograph.graph.sources.drafts import Draft, Pair, date, iri, number, text
from diplograph.graph.store import Delivery, Derived
from diplograph.ontology.facts import FactClass, fact_classes
from diplograph.ontology.identifiers import document_iri, entity_iri
from diplograph.ontology.rules import shortcut_rules
from diplograph.ontology.terms import DG, LEVEL, REALIS, ROLE

DOCUMENT = document_iri("sample")
ANN, BOB, MINISTER = entity_iri("person", "ann"), entity_iri("person", "bob"), entity_iri("post", "Minister")
ROLES = (ROLE.speaker, ROLE.organiser, ROLE.party, ROLE.attendee)
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

# A draft in a temporary file is empty again for every example.
drafting = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)

texts = st.text(max_size=40) | st.text(alphabet="\"\\\n\r\t\b\f\x00\x01\x1f\x7f\x85\xa0\u2028 a'é😀\ufffe", max_size=20)
locals_ = st.text(alphabet="abcdefghij-0123456789", min_size=1, max_size=12)
iris = st.builds(lambda local: URIRef(f"https://w3id.org/diplograph/id/person/{local}"), locals_)
days = st.one_of(
    st.integers(1600, 2100).map(str),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.dates().map(lambda day: day.isoformat()),
)


@pytest.fixture
def draft(tmp_path: Path) -> Callable[[], Draft]:
    return lambda: Draft(DOCUMENT, tmp_path / "draft.nt")


def content(draft: Draft) -> bytes:
    draft.close()
    return draft.path.read_bytes()


def written_blank(kind: URIRef, pairs: list[Pair]) -> str:
    """Return the IRI that a fact gets which a document has as a blank node."""
    lines = [f"_:fact {TYPE} <{kind}> .\n", *(f"_:fact <{prop}> {value} .\n" for prop, value in pairs)]
    named = minted(canonical("".join(lines).encode()), DOCUMENT).decode()
    subjects = {line.split(" ")[0] for line in named.splitlines()}
    (fact,) = (subject for subject in subjects if "/fact/" in subject)
    return fact


# Terms


@drafting
@given(texts)
@example('She said "no".')
@example("a\\b")
@example("\x00\x01\x1f\x7f")
@example("línea 😀 \U0010ffff")
@example("\ud7ff\ue000\ufffd\ufffe\uffff")
def test_a_text_is_spelled_as_the_store_spells_it(value: str) -> None:
    for language in (None, "en"):
        line = f"<x:s> <x:p> {text(value, language)} .\n".encode()
        assert canonical(line) == line
        ((_, _, term),) = rdflib_triples(line)
        assert term == Literal(" ".join(value.split()), lang=language)
        # Through the engine's own writer, which has to agree letter by letter.
        assert canonical(f"<x:s> <x:p> _:b .\n<x:s> <x:q> {text(value, language)} .\n".encode()).splitlines()[1] == (
            f"<x:s> <x:q> {text(value, language)} .".encode()
        )


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        ('a "b"', '"a \\"b\\""'),
        ("a\\b", '"a\\\\b"'),
        (" a\n\t b\u00a0c ", '"a b c"'),
        ("a\bb\x01\x7f", '"a\\bb\\u0001\\u007F"'),
        ("Şəki 😀", '"Şəki 😀"'),
        ("", '""'),
    ],
)
def test_a_text_has_single_spaces_and_few_escapes(value: str, spelled: str) -> None:
    assert text(value) == spelled
    assert text(value, "en") == f"{spelled}@en"


def test_a_text_keeps_the_form_of_its_letters() -> None:
    decomposed = unicodedata.normalize("NFD", "é")
    assert text(decomposed) == f'"{decomposed}"'


@pytest.mark.parametrize(
    ("value", "datatype"),
    [
        ("1995", XSD.gYear),
        ("1995-03", XSD.gYearMonth),
        ("1995-03-01", XSD.date),
        ("2010-02-25T12:15:14-04:00", XSD.dateTime),
    ],
)
def test_a_date_is_as_exact_as_written(value: str, datatype: URIRef) -> None:
    assert date(value) == f'"{value}"^^<{datatype}>'


@pytest.mark.parametrize("value", ["", "1995-02-30", "1995-13", "March 1995", "95"])
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(DateError):
        date(value)


@pytest.mark.parametrize("character", [*' <>"{}|\\^`\n', "\x00"])
def test_an_iri_with_a_character_that_none_may_have_is_refused(character: str) -> None:
    with pytest.raises(ValueError, match="is no IRI"):
        iri(f"https://example.org/{character}")


def test_a_number_is_whole() -> None:
    assert number(-7) == '"-7"^^<http://www.w3.org/2001/XMLSchema#integer>'


# Facts


@drafting
@given(
    iris,
    iris,
    st.none() | days,
    st.none() | days,
    st.sampled_from([None, REALIS.held, REALIS.planned]),
    st.randoms(use_true_random=False),
)
def test_a_fact_has_the_iri_that_a_blank_one_gets(
    draft: Callable,
    person: URIRef,
    post: URIRef,
    begun: str | None,
    ended: str | None,
    realis: URIRef | None,
    order: Random,
) -> None:
    pairs = [(DG.person, iri(person)), (DG.post, iri(post))]
    pairs += [(prop, date(day)) for prop, day in ((DG["from"], begun), (DG.until, ended)) if day]
    pairs += [(DG.realis, iri(realis))] if realis else []
    shuffled = order.sample(pairs, len(pairs))
    assert draft().fact(DG.Tenure, shuffled, "<x:evidence>") == written_blank(DG.Tenure, pairs)


@drafting
@given(texts.filter(str.strip))
def test_a_text_in_a_key_gives_the_iri_of_a_blank_fact(draft: Callable, name: str) -> None:
    pairs = [(DG.bearer, iri(ANN)), (DG.name, text(name, "en"))]
    assert draft().fact(DG.Naming, pairs, "<x:evidence>") == written_blank(DG.Naming, pairs)


@pytest.mark.parametrize("kind", fact_classes().values(), ids=lambda kind: kind.name)
def test_every_class_of_facts_is_named_alike(draft: Callable, kind: FactClass) -> None:
    values = {prop: iri(entity_iri("person", f"p{number}")) for number, prop in enumerate(kind.key)}
    values[kind.source], values[kind.target] = iri(BOB), iri(ANN)
    pairs = [(prop, value) for prop, value in values.items() if prop in kind.key and prop != DG.realis]
    assert draft().fact(kind.iri, pairs, "<x:evidence>") == written_blank(kind.iri, pairs)


@pytest.mark.parametrize("kind", [each for each in fact_classes().values() if not each.directed], ids=lambda k: k.name)
def test_which_end_of_a_fact_that_holds_both_ways_comes_first_does_not_matter(draft: Callable, kind: FactClass) -> None:
    facts, ours = draft(), []
    for one, other in ((ANN, BOB), (BOB, ANN)):
        pairs = [(kind.source, iri(one)), (kind.target, iri(other))]
        assert facts.fact(kind.iri, pairs, "<x:evidence>") == written_blank(kind.iri, pairs)
        ours.append(facts.fact(kind.iri, pairs, "<x:evidence>"))
    assert len(set(ours)) == 1
    graph = rdflib_graph(content(facts))
    (fact,) = {s for s in graph.subjects() if str(s) in ours[0]}
    assert (graph.value(fact, kind.source), graph.value(fact, kind.target)) == (ANN, BOB)
    assert sum(facts.counts.values()) == 1


def test_a_property_that_is_in_no_key_is_refused(draft: Callable) -> None:
    with pytest.raises(ValueError, match=r"arrived is not in the key of Tenure: give it among `more`\."):
        draft().fact(DG.Tenure, [(DG.person, iri(ANN)), (DG.arrived, date("1995"))], "<x:evidence>")


def test_a_fact_said_twice_is_written_once_with_the_evidence_of_both(draft: Callable) -> None:
    facts = draft()
    first, second = facts.evidence("a.xml", "1"), facts.evidence("a.xml", "2")
    key = [(DG.person, iri(ANN)), (DG.post, iri(MINISTER))]
    assert facts.fact(DG.Tenure, key, first) == facts.fact(DG.Tenure, key, second, [(DG.roleTitle, text("Chief"))])
    assert facts.counts == {"Tenure": 1}
    lines = content(facts).decode().splitlines()
    graph = rdflib_graph(facts.path.read_bytes())
    assert len(lines) == len(graph)
    assert {f"<{each}>" for each in graph.objects(None, DG.evidence)} == {first, second}
    assert set(map(str, graph.objects(None, DG.roleTitle))) == {"Chief"}
    assert set(graph.objects(None, DG.realis)) == {REALIS.held}


@pytest.mark.parametrize("kind", fact_classes().values(), ids=lambda kind: kind.name)
def test_a_draft_knows_the_shortcuts_of_its_facts(draft: Callable, tmp_path: Path, kind: FactClass) -> None:
    told: list[Derived | None] = []

    class Heard(Delivery):
        def end(self, derived: Derived | None = None) -> None:
            told.append(derived)

    values = {prop: iri(entity_iri("person", f"p{number}")) for number, prop in enumerate(kind.key)}
    said = [[(prop, value) for prop, value in values.items() if prop != DG.realis]]
    said += [[(prop, value) for prop, value in said[0] if prop != DG.role] + [(DG.role, iri(role))] for role in ROLES]
    said = said if DG.role in kind.key else said[:1]
    said += [[*pairs, (DG.realis, iri(REALIS.denied))] for pairs in said]
    if kind.iri == DG.Assertion:
        said.append([(prop, text("Ann") if prop == RDF.subject else value) for prop, value in said[0]])
    with OxigraphStore().writing() as writer:
        delivered, plain = Draft(DOCUMENT, tmp_path / "delivered.nt", Heard(writer, DOCUMENT)), draft()
        for pairs in said * 2:
            for each in (delivered, plain):
                each.fact(kind.iri, list(pairs), "<x:evidence>")
        ntriples = content(plain)
        writer.put(DOCUMENT, ntriples)
        delivered.close()
        found = writer.view().ntriples().splitlines()
    (derived,) = told
    assert derived is not None
    assert sorted({*ntriples.splitlines(), *derived.shortcuts.splitlines()}) == sorted(found)
    assert set(derived.facts) == {line.split(" ")[0] for line in ntriples.decode().splitlines()}
    rules = [rule for rule in shortcut_rules() if rule.fact_class == kind.iri]
    assert bool(derived.shortcuts) == bool(rules)


# Evidence, entities and the file


def test_evidence_is_of_a_document_a_file_and_a_record(draft: Callable, tmp_path: Path) -> None:
    facts = draft()
    one, same = facts.evidence("a.xml", "1"), facts.evidence("a.xml", "1", [(DG.note, text("Twice."))])
    others = {facts.evidence("a.xml", "2"), facts.evidence("b.xml", "1")}
    others.add(Draft(document_iri("other"), tmp_path / "other.nt").evidence("a.xml", "1"))
    assert one == same
    assert len(others | {one}) == 4


def test_evidence_is_stated_unless_it_has_another_level(draft: Callable) -> None:
    facts = draft()
    facts.evidence("a.xml", "1")
    facts.evidence("a.xml", "2", [(DG.level, iri(LEVEL.resolved))])
    graph = rdflib_graph(content(facts))
    levels = {str(graph.value(node, DG.record)): list(graph.objects(node, DG.level)) for node in set(graph.subjects())}
    assert [str(level).rpartition("/")[2] for level in levels["1"]] == ["stated"]
    assert levels["2"] == [LEVEL.resolved]


def test_an_entity_is_described_once_and_may_be_told_more(draft: Callable) -> None:
    facts = draft()
    for alias in ("Annie", "Anna"):
        assert facts.describe(ANN, DG.Person, "Ann", [(SKOS.altLabel, text(alias, "en"))]) == f"<{ANN}>"
    assert facts.counts == {"Person": 1}
    graph = rdflib_graph(content(facts))
    assert list(graph.objects(ANN, SKOS.prefLabel)) == [Literal("Ann", lang="en")]
    assert set(map(str, graph.objects(ANN, SKOS.altLabel))) == {"Annie", "Anna"}


def test_the_document_says_what_it_is(draft: Callable) -> None:
    facts = draft()
    facts.title("A sample", DG.Dataset, [(DG.lastUpdated, date("2020-01-02"))])
    assert set(rdflib_graph(content(facts)).predicates(DOCUMENT)) >= {DCTERMS.title, DG.lastUpdated}


def test_the_digest_is_that_of_the_file_however_long(draft: Callable) -> None:
    facts = draft()
    for count in range(30_000):
        facts.say("<x:s>", [(DG.note, text(str(count)))])
    digest = facts.close()
    written = facts.path.read_bytes()
    assert digest == hashlib.sha256(written).hexdigest()
    assert written.count(b"\n") == 30_000

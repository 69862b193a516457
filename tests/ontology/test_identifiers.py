"""Identifiers are stable, readable and cannot smuggle anything in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from diplograph.errors import IdentifierError
from diplograph.ontology.identifiers import (
    checked_iri,
    digest_iri,
    document_iri,
    entity_iri,
    expanded,
    folded,
    passage_iri,
    passage_span,
    shortened,
    slug,
)
from diplograph.ontology.namespaces import IDENTIFIERS, INSTANCE_KINDS, PREFIXES, TERMS

words = st.text(st.characters(codec="utf-8"), max_size=40)
latin = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F), max_size=40)
names = words.filter(lambda name: folded(name) != "")
local_names = st.from_regex(r"[A-Za-z0-9._~-]{1,20}", fullmatch=True).filter(lambda name: "//" not in name)
documents = local_names.map(lambda name: URIRef(PREFIXES["doc"] + name))
properties = st.sampled_from(["person", "post", "from", "until", "agent"]).map(lambda name: URIRef(TERMS + name))
values = st.one_of(local_names.map(lambda name: URIRef(PREFIXES["person"] + name)), words.map(Literal))
parts = st.lists(st.tuples(properties, values), max_size=6)


@given(words)
def test_folding_twice_is_folding_once(text: str):
    assert folded(folded(text)) == folded(text)


@given(words)
def test_folded_text_has_single_spaces_and_no_case(text: str):
    assert "  " not in folded(text)
    assert folded(text) == folded(text).strip() == folded(text).casefold()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Jeyhun", "jeyhun"),
        ("Ceyhun Bayramov", "ceyhun bayramov"),
        ("Məmmədyarov", "memmedyarov"),
        ("ƏLİYEV", "eliyev"),
        ("Élysée", "elysee"),
        ("Côte d'Ivoire", "cote divoire"),
        ("Côte d’Ivoire", "cote divoire"),
        ("Øresund", "oresund"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("Ægir Þór", "aegir thor"),
        ("İstanbul", "istanbul"),
        ("Diyarbakır", "diyarbakir"),
        ("Russia-Azerbaijan  Expert\tCouncil", "russia azerbaijan expert council"),
        ("U.S.S.R.", "u s s r"),
        ("Лавров", "лавров"),
        ("", ""),
        ("—", ""),
    ],
)
def test_names_are_compared_without_accents_case_and_punctuation(name: str, plain: str):
    assert folded(name) == plain


@given(names)
def test_a_slug_is_its_own_slug(name: str):
    assert slug(slug(name)) == slug(name)


@given(latin.filter(lambda name: re.search("[A-Za-z0-9]", name) is not None))
def test_the_slug_of_a_latin_name_is_words_joined_by_hyphens(name: str):
    assert re.fullmatch(r"[^\W_A-Z]+(-[^\W_A-Z]+)*", slug(name))


@given(st.from_regex(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9 .,'-]{0,30}[A-Za-z0-9]", fullmatch=True))
def test_the_slug_of_a_western_name_is_ascii(name: str):
    assert slug(name).isascii()


@pytest.mark.parametrize("name", ["", " ", "—", "'", "…"])
def test_a_name_without_a_letter_has_no_slug(name: str):
    with pytest.raises(IdentifierError, match="no letter or digit"):
        slug(name)


@given(names, st.sampled_from(INSTANCE_KINDS))
def test_an_entity_has_an_iri_of_its_kind(name: str, kind: str):
    iri = entity_iri(kind, name)
    assert iri.startswith(f"{IDENTIFIERS}{kind}/")
    assert checked_iri(iri) == iri


def test_codes_of_states_are_kept_as_they_are():
    assert entity_iri("state", "AZE") == URIRef(IDENTIFIERS + "state/AZE")
    assert entity_iri("state", "Kingdom of Prussia") == URIRef(IDENTIFIERS + "state/kingdom-of-prussia")


def test_an_unknown_kind_is_refused_and_the_known_ones_are_named():
    with pytest.raises(IdentifierError, match="Use one of agreement, event"):
        entity_iri("planet", "Mars")


def test_a_document_has_a_short_name():
    assert document_iri("Trend 2023-02-28") == URIRef(PREFIXES["doc"] + "trend-2023-02-28")


@given(parts, st.randoms(use_true_random=False))
def test_the_same_parts_in_any_order_give_the_same_iri(facts: list[tuple[URIRef, URIRef | Literal]], random):
    shuffled = list(facts)
    random.shuffle(shuffled)
    assert digest_iri("fact", "tenure", facts) == digest_iri("fact", "tenure", shuffled)


@given(parts, parts)
def test_other_parts_give_another_iri(one: list[tuple[URIRef, URIRef]], other: list[tuple[URIRef, URIRef]]):
    same = sorted(one, key=repr) == sorted(other, key=repr)
    assert (digest_iri("fact", "tenure", one) == digest_iri("fact", "tenure", other)) == same


@given(parts)
def test_a_digest_iri_says_its_kind_and_keeps_to_its_form(facts: list[tuple[URIRef, URIRef]]):
    assert re.fullmatch(re.escape(PREFIXES["fact"]) + "tenure-[0-9a-f]{20}", digest_iri("fact", "tenure", facts))
    assert digest_iri("fact", "tenure", facts) != digest_iri("fact", "naming", facts)


@given(documents, st.integers(0, 10**9), st.integers(1, 10**6))
def test_a_passage_is_found_again_from_its_iri(document: URIRef, start: int, length: int):
    iri = passage_iri(document, start, start + length)
    assert passage_span(iri) == (document, start, start + length)


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (-1, 3)])
def test_what_does_not_end_after_it_begins_is_no_passage(start: int, end: int):
    with pytest.raises(IdentifierError, match="start must lie before end"):
        passage_iri(URIRef(PREFIXES["doc"] + "d"), start, end)


@pytest.mark.parametrize(
    "text", ["", "doc#char=1", "doc#char=1,", "#char=1,2", "doc#line=1,2", "doc#char=a,b", "doc#char=1,2\n"]
)
def test_other_iris_are_no_passages(text: str):
    assert passage_span(text) is None


@given(st.sampled_from(sorted(PREFIXES)), local_names)
def test_what_is_shortened_can_be_expanded_again(prefix: str, local: str):
    iri = URIRef(PREFIXES[prefix] + local)
    assert expanded(shortened(iri)) == iri


@given(local_names)
def test_an_iri_without_a_known_prefix_goes_into_angle_brackets(local: str):
    iri = f"https://example.org/{local}"
    assert shortened(iri) == f"<{iri}>"
    assert expanded(shortened(iri)) == expanded(iri) == URIRef(iri)


@given(st.sampled_from([*INSTANCE_KINDS, "doc"]), local_names)
def test_a_short_id_names_an_entity_or_document(kind: str, local: str):
    assert expanded(f"{kind}/{local}") == expanded(f"{kind}:{local}") == URIRef(PREFIXES[kind] + local)


@pytest.mark.parametrize("text", ["", "Baku", "nowhere:baku", "planet/mars", "person/", "Russia-Azerbaijan: a history"])
def test_a_name_is_not_taken_for_an_iri(text: str):
    assert expanded(text) is None


def test_the_longest_prefix_is_taken():
    assert shortened(PREFIXES["state"] + "AZE") == "state:AZE"


FORBIDDEN = [*' <>"{}|\\^`', "\n", "\t", "\x00"]


@given(local_names, st.sampled_from(FORBIDDEN), local_names)
def test_an_iri_with_a_forbidden_character_is_refused(before: str, bad: str, after: str):
    text = f"https://example.org/{before}{bad}{after}"
    with pytest.raises(IdentifierError, match=f"at position {len('https://example.org/') + len(before) + 1}"):
        checked_iri(text)
    with pytest.raises(IdentifierError):
        expanded(f"<{text}>")


@pytest.mark.parametrize("text", ["", "Baku", "/doc/a", "//example.org/a", "#a", "1http://a"])
def test_a_relative_iri_is_refused(text: str):
    with pytest.raises(IdentifierError, match="absolute IRI"):
        checked_iri(text)


@given(words)
def test_any_text_is_an_iri_that_can_be_written_or_an_identifier_error(text: str):
    try:
        iri = checked_iri(text)
    except IdentifierError:
        return
    assert re.fullmatch(r'<[^\x00-\x20<>"{}|\\^`]+>', iri.n3())

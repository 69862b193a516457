"""A fact's IRI follows from what it states, whoever writes it down and however."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diplograph.errors import InputError
from diplograph.graph.formats import syntax_named
from diplograph.graph.loading import Source
from diplograph.graph.minting import minted
from diplograph.graph.oxigraph import parsed
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
TENURE = "a dg:Tenure ; dg:person person:ann ; dg:post post:minister"
QUOTED = "dg:evidence [ prov:wasQuotedFrom <#char=1,2> ]"


def lines(turtle: str, document: str = "a") -> set[str]:
    """The statements of a document, with facts and evidence named."""
    iri = document_iri(document)
    ntriples = parsed((HEAD + turtle).encode(), syntax_named("turtle"), source="", base=str(iri))[None]
    found = minted(ntriples, iri).decode().splitlines()
    assert len(found) == len(set(found))
    return set(found)


def named(kind: str, statements: set[str]) -> set[str]:
    """The facts, or the pieces of evidence, that the statements describe."""
    subjects = (statement.partition(" ")[0][1:-1] for statement in statements)
    return {subject for subject in subjects if subject.startswith(PREFIXES[kind])}


def fact(turtle: str, document: str = "a") -> str:
    [iri] = named("fact", lines(turtle, document))
    return iri


def evidence(turtle: str, document: str = "a") -> set[str]:
    return named("evidence", lines(turtle, document))


# Facts


def test_the_iri_of_a_fact_never_changes() -> None:
    # Published identifiers rest on it: if this fails, every graph that is out there no longer meets with new ones.
    assert fact(f"[] {TENURE} .") == f"{PREFIXES['fact']}tenure-9164b8bd567a2bf5cd3b"


def test_the_same_statement_is_the_same_fact_in_any_document() -> None:
    assert fact(f"[] {TENURE} .") == fact("_:x dg:post post:minister ; a dg:Tenure ; dg:person person:ann .", "b")
    assert fact(f"[] {TENURE} ; {QUOTED} .") == fact(f"[] {TENURE} ; dg:realis realis:held .", "b")


@pytest.mark.parametrize(
    "more",
    [
        'dg:from "2020"^^xsd:gYear',
        'dg:from "2020-01-01"^^xsd:date',
        'dg:until "2020"^^xsd:gYear',
        "dg:realis realis:claimed",
        "dg:realis realis:claimed ; dg:claimedBy person:bob",
        "dg:post post:president",
    ],
)
def test_what_belongs_to_the_key_makes_another_fact(more: str) -> None:
    assert fact(f"[] {TENURE} ; {more} .") != fact(f"[] {TENURE} .")


def test_what_does_not_belong_to_the_key_makes_no_other() -> None:
    assert fact(f'[] {TENURE} ; dg:note "a note" ; dg:summary "in words"@en .') == fact(f"[] {TENURE} .")


def test_the_ends_of_what_holds_both_ways_come_in_one_order() -> None:
    there, back = (
        f"[] a dg:Relations ; dg:oneSide state:{one} ; dg:otherSide state:{other} ."
        for one, other in [("AZE", "RUS"), ("RUS", "AZE")]
    )
    assert lines(there) == lines(back)


def test_two_blank_nodes_that_state_the_same_are_one_fact_with_both_evidences() -> None:
    statements = lines(f"[] {TENURE} ; {QUOTED} . [] {TENURE} ; {QUOTED.replace('1,2', '3,4')} .")
    assert len(named("fact", statements)) == 1
    assert len(named("evidence", statements)) == 2
    assert not any("_:" in statement for statement in statements)


def test_a_fact_with_a_name_of_its_own_keeps_it_as_it_is() -> None:
    assert lines(f"<urn:x:fact> {TENURE} .") == lines(f"<urn:x:fact> {TENURE} .", "b")
    assert len(lines(f"<urn:x:fact> {TENURE} .")) == 3


def test_blank_nodes_that_are_no_facts_stay_blank() -> None:
    statements = lines("state:AZE dg:capital [ a dg:City ] .")
    assert sum("_:" in statement for statement in statements) == 2


@pytest.mark.parametrize("blank", ["[ a dg:Person ]", "_:someone", "( person:a )"])
def test_a_blank_node_in_the_key_is_refused(blank: str) -> None:
    with pytest.raises(InputError, match=r"fact of class Tenure has a blank node for dg:person.*give that an IRI"):
        lines(f"[] a dg:Tenure ; dg:person {blank} ; dg:post post:minister .")


# Evidence


def test_a_fact_is_held_and_rests_on_its_document_where_nothing_else_is_said() -> None:
    statements = lines(f"[] {TENURE} .")
    [iri] = named("evidence", statements)
    told = {
        statement.partition(" ")[2].removesuffix(" .") for statement in statements if statement.startswith(f"<{iri}>")
    }
    assert told == {
        f"<{PREFIXES['rdf']}type> <{PREFIXES['dg']}Evidence>",
        f"<{PREFIXES['dg']}inDocument> <{document_iri('a')}>",
        f"<{PREFIXES['dg']}level> <{PREFIXES['level']}stated>",
        f"<{PREFIXES['dg']}method> <{PREFIXES['method']}curated>",
    }
    assert any(statement.endswith(f"realis> <{PREFIXES['realis']}held> .") for statement in statements)


def test_what_is_said_of_the_evidence_stays() -> None:
    own = f"dg:evidence [ dg:level level:inferred ; dg:method method:imported ; dg:inDocument <{document_iri('z')}> ]"
    statements = "\n".join(lines(f"[] {TENURE} ; {own} ."))
    assert "level/inferred" in statements
    assert "level/stated" not in statements
    assert "method/curated" not in statements
    assert f"inDocument> <{document_iri('a')}>" not in statements


def test_evidence_is_its_documents_own() -> None:
    assert evidence(f"[] {TENURE} .") != evidence(f"[] {TENURE} .", "b")
    assert evidence(f"[] {TENURE} ; {QUOTED} .") != evidence(f"[] {TENURE} ; {QUOTED.replace('2', '3')} .")


def test_evidence_for_two_facts_does_not_depend_on_which_comes_first() -> None:
    one, other = "_:f a dg:Tenure ; dg:person person:a ; dg:evidence _:e . ", "_:g a dg:Tenure ; dg:evidence _:e . "
    shared = '_:e dg:note "both" .'
    assert lines(one + other + shared) == lines(other + one + shared) == lines(shared + other + one)


@pytest.mark.parametrize("blank", ["prov:wasQuotedFrom [ a dg:Passage ; oa:start 1 ]", "dg:decidedBy _:b"])
def test_evidence_names_what_it_rests_on(blank: str) -> None:
    # A blank node would give the evidence another IRI each time the document is read.
    with pytest.raises(InputError, match=r"blank node for (prov:wasQuotedFrom|dg:decidedBy).*give that an IRI"):
        lines(f"[] {TENURE} ; dg:evidence [ {blank} ] .")


def test_a_document_without_blank_nodes_is_left_alone() -> None:
    ntriples = b'<x:s> <x:p> "of <x:o>" .\n'
    assert minted(ntriples, document_iri("a")) == ntriples
    assert minted(b"", document_iri("a")) == b""


# Order and labels

FACTS = [
    f"[] {TENURE} ; {QUOTED} .",
    "[] a dg:Participation ; dg:agent person:ann ; dg:event event:e ; dg:role role:speaker .",
    "[] a dg:Relations ; dg:oneSide state:AZE ; dg:otherSide state:RUS ; dg:evidence [] , [ dg:note 'x' ] .",
    "[] a dg:Assertion ; rdf:subject state:AZE ; rdf:predicate dg:capital ; rdf:object place:baku .",
    "state:AZE dg:capital [ a dg:City ] .",
]


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(FACTS), chance=st.randoms())
def test_neither_the_order_nor_the_labels_matter(order: list[str], chance: random.Random) -> None:
    ntriples = parsed((HEAD + "\n".join(order)).encode(), syntax_named("turtle"), source="", base="x:")[None]
    shuffled = ntriples.splitlines(keepends=True)
    chance.shuffle(shuffled)
    blank_aside = {
        line for line in minted(b"".join(shuffled), document_iri("a")).decode().splitlines() if "_:" not in line
    }
    plainly = "\n".join(FACTS)
    once = minted(
        parsed((HEAD + plainly).encode(), syntax_named("turtle"), source="", base="x:")[None], document_iri("a")
    )
    assert blank_aside == {line for line in once.decode().splitlines() if "_:" not in line}


def test_what_is_minted_needs_no_minting(new_source: Callable[[str, str], Source]) -> None:
    source = new_source("a", "\n".join(FACTS[:4]))
    assert minted(source.ntriples, source.document) == source.ntriples
    assert b"_:" not in source.ntriples

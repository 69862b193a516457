"""Who met whom, where two states sat together, and which bodies bring them together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from diplograph import Store, ask
from diplograph.ontology.facts import presence_roles

StoreOf = Callable[..., Store]

GROUND = """
    state:AAA a dg:State . state:BBB a dg:State . organization:x a dg:Organization .
    person:a a dg:Person . person:b a dg:Person . person:c a dg:Person . event:e a dg:Meeting . event:f a dg:Meeting .
    [] a dg:Representation ; dg:agent person:a ; dg:principal state:AAA .
    [] a dg:Representation ; dg:agent person:b ; dg:principal state:BBB .
    [] a dg:Assertion ; rdf:subject event:e ; rdf:predicate dg:date ; rdf:object "2020-05-05"^^xsd:date .
"""


def took_part(agent: str, event: str = "e", role: str = "participant", said: str = "") -> str:
    return f"[] a dg:Participation ; dg:agent {agent} ; dg:event event:{event} ; dg:role role:{role} {said} .\n"


def found(store: Store, question: str, *columns: str, **values: str) -> list[tuple[str, ...]]:
    rows = ask(store, question, values).terms()
    return [tuple(str(row.get(column, "")).rpartition("/")[2] for column in columns) for row in rows]


def between(store: Store) -> list[tuple[str, ...]]:
    return found(store, "meetings-between", "event", "date", "forA", "forB", a="state/AAA", b="state/BBB")


@pytest.mark.parametrize(
    ("one", "other"),
    [("person:a", "person:b"), ("state:AAA", "state:BBB"), ("person:a", "state:BBB"), ("state:AAA", "person:b")],
)
def test_a_state_is_represented_by_somebody_or_takes_part_itself(
    store_of: StoreOf, in_rdflib: Callable[[Store], Store], one: str, other: str
) -> None:
    store = store_of(a=GROUND + took_part(one) + took_part(other, role="speaker"))
    row = ("e", "2020-05-05", one.partition(":")[2], other.partition(":")[2])
    assert between(store) == [row]
    assert between(in_rdflib(store)) == [row]


@pytest.mark.parametrize(
    "others",
    [
        took_part("person:c"),
        took_part("person:b", event="f"),
        took_part("person:b", role="organiser"),
        took_part("person:b", role="party"),
        took_part("person:b", said="; dg:realis realis:planned"),
        took_part("person:b", said="; dg:realis realis:claimed ; dg:claimedBy person:a"),
    ],
)
def test_only_those_who_were_at_the_same_event_met(store_of: StoreOf, others: str) -> None:
    store = store_of(a=GROUND + took_part("person:a") + others)
    assert between(store) == []
    if "person:c" not in others:
        assert found(store, "who-met", "other", person="person/a") == []


@pytest.mark.parametrize("role", [role.rpartition("/")[2] for role in presence_roles()])
def test_whoever_is_there_in_a_role_of_presence_meets_the_others(store_of: StoreOf, role: str) -> None:
    store = store_of(a=GROUND + took_part("person:a") + took_part("person:b", role=role))
    assert between(store) == [("e", "2020-05-05", "a", "b")]
    assert found(store, "who-met", "other", person="person/a") == [("b",)]
    assert found(store, "who-met", "other", person="person/b") == [("a",)]


STANDS_FOR_A = "[] a dg:Representation ; dg:agent person:c ; dg:principal state:AAA"


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("dg:event event:e", True),
        ("dg:event event:f", False),
        ('dg:from "2020-05"^^xsd:gYearMonth', True),
        ('dg:from "2020-05-06"^^xsd:date', False),
        ('dg:until "2020"^^xsd:gYear', True),
        ('dg:until "2020-05-04"^^xsd:date', False),
        ("dg:realis realis:denied", False),
    ],
)
def test_who_stands_for_a_state_does_so_at_an_event_or_for_a_time(store_of: StoreOf, said: str, there: bool) -> None:
    store = store_of(a=GROUND + f"{STANDS_FOR_A} ; {said} .\n" + took_part("person:c") + took_part("person:b"))
    assert bool(between(store)) == there
    assert (found(store, "partners-of", "partner", state="state/AAA") == [("BBB",)]) == there
    assert bool(found(store, "closest-states", "a", "b", least="1")) == there


def test_partners_come_with_how_often_and_when(store_of: StoreOf) -> None:
    dated = '[] a dg:Assertion ; rdf:subject event:f ; rdf:predicate dg:date ; rdf:object "2021"^^xsd:gYear .\n'
    ends = [took_part("person:a", event) + took_part("person:b", event) for event in ("e", "f", "g")]
    third = "state:CCC a dg:State . event:g a dg:Meeting .\n" + took_part("state:CCC", "g")
    store = store_of(a=GROUND + dated + "".join(ends) + third)
    columns = ("partner", "meetings", "first", "last")
    assert found(store, "partners-of", *columns, state="state/AAA") == [
        ("BBB", "3", "2020-05-05", "2021"),
        ("CCC", "1", "", ""),
    ]
    assert found(store, "closest-states", "a", "b", "meetings") == [("AAA", "BBB", "3")]
    assert len(found(store, "closest-states", "a", least="1")) == 3


def test_a_person_has_met_every_other_person_at_the_event_once_and_no_state(store_of: StoreOf) -> None:
    store = store_of(
        a=GROUND + took_part("person:a") + took_part("person:b") + took_part("state:BBB") + took_part("person:c", "f"),
        b=took_part("person:b"),
    )
    assert found(store, "who-met", "other", "event", "date", person="person/a") == [("b", "e", "2020-05-05")]
    assert found(store, "who-met", "other", person="person/c") == []


def test_two_roles_of_the_other_are_two_facts(store_of: StoreOf) -> None:
    store = store_of(a=GROUND + took_part("person:a") + took_part("person:b") + took_part("person:b", role="chair"))
    assert found(store, "who-met", "other", person="person/a") == [("b",), ("b",)]


SERIES = "[] a dg:Assertion ; rdf:subject event:e ; rdf:predicate dg:inSeries ; rdf:object organization:x .\n"


def based(organization: str, state: str) -> str:
    return (
        f"organization:{organization} a dg:Organization . "
        f"[] a dg:Assertion ; rdf:subject organization:{organization} ; "
        f"rdf:predicate dg:basedIn ; rdf:object {state} .\n"
    )


def councils(store: Store) -> list[tuple[str, ...]]:
    return found(store, "councils-between", "council", "meeting", a="state/AAA", b="state/BBB")


def test_a_body_brings_states_together_by_organisers_representatives_or_the_states(store_of: StoreOf) -> None:
    organised = took_part("organization:o", role="organiser") + took_part("organization:p", role="organiser")
    homes = based("o", "state:AAA") + based("p", "state:BBB")
    assert councils(store_of(a=GROUND + SERIES + organised + homes)) == [("x", "e")]
    assert councils(store_of(a=GROUND + SERIES + took_part("person:a") + took_part("person:b"))) == [("x", "e")]
    assert councils(store_of(a=GROUND + SERIES + took_part("state:AAA") + took_part("state:BBB"))) == [("x", "e")]
    assert councils(store_of(a=GROUND + SERIES + organised + based("o", "state:AAA"))) == []
    assert councils(store_of(a=GROUND + took_part("person:a") + took_part("person:b"))) == []


def test_meetings_of_a_council_come_by_number_with_what_is_known(store_of: StoreOf) -> None:
    told = "".join(
        f"[] a dg:Assertion ; rdf:subject event:{event} ; rdf:predicate {prop} ; rdf:object {value} .\n"
        for event, prop, value in [
            ("e", "dg:inSeries", "organization:x"),
            ("e", "dg:ordinal", "10"),
            ("f", "dg:inSeries", "organization:x"),
            ("f", "dg:ordinal", "9"),
            ("g", "dg:inSeries", "organization:y"),
        ]
    )
    rows = found(store_of(a=GROUND + told), "meetings-of", "meeting", "ordinal", "date", council="organization/x")
    assert rows == [("f", "9", ""), ("e", "10", "2020-05-05")]


def test_an_agreement_of_unknown_kind_is_an_agreement_all_the_same(store_of: StoreOf) -> None:
    parties = "".join(f"[] a dg:Partyship ; dg:party state:{s} ; dg:agreement agreement:k .\n" for s in ("AAA", "BBB"))
    store = store_of(a=GROUND + parties)
    assert found(store, "agreements-between", "agreement", "kind", a="state/AAA", b="state/BBB") == [("k", "")]
    assert found(store, "agreements-of", "agreement", state="state/AAA") == [("k",)]


def test_treaty_partners_are_party_at_the_same_time(store_of: StoreOf) -> None:
    def party(state: str, agreement: str, said: str = "") -> str:
        return f"[] a dg:Partyship ; dg:party state:{state} ; dg:agreement agreement:{agreement} {said} .\n"

    both = party("AAA", "k") + party("BBB", "k") + party("AAA", "l") + party("BBB", "l")
    later = party("CCC", "k", '; dg:from "2001-02"^^xsd:gYearMonth')
    left = party("AAA", "m", '; dg:until "2000"^^xsd:gYear') + party("BBB", "m", '; dg:from "2001"^^xsd:gYear')
    store = store_of(a=GROUND + "state:CCC a dg:State .\n" + both + later + left)
    rows = found(store, "treaty-partners", "partner", "agreements", state="state/AAA")
    assert rows == [("BBB", "2"), ("CCC", "1")]

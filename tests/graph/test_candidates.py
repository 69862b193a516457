"""Persons that may be one are proposed with reasons for and against, by the rule that the module tells."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from diplograph.graph.candidates import Proposal, proposals
from diplograph.graph.loading import Source, load
from diplograph.graph.merging import judge
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.store import Store
from diplograph.ontology.identifiers import entity_iri

NewSource = Callable[[str, str], Source]
POSTS = """
post:president-of-azerbaijan a dg:Post ; skos:prefLabel "President of Azerbaijan"@en ; dg:postOf state:AZE .
post:president-of-georgia a dg:Post ; skos:prefLabel "President of Georgia"@en ; dg:postOf state:GEO .
state:AZE a dg:State ; skos:prefLabel "Azerbaijan"@en .
state:GEO a dg:State ; skos:prefLabel "Georgia"@en .
"""


def person(local: str, name: str, more: str = "") -> str:
    return f'person:{local} a dg:Person ; skos:prefLabel "{name}"@en {f"; {more} " if more else ""}.\n'


def tenure(local: str, post: str, start: str = "", end: str = "") -> str:
    def dated(prop: str, day: str) -> str:
        kind = {4: "gYear", 7: "gYearMonth", 10: "date"}.get(len(day))
        return f'; dg:{prop} "{day}"^^xsd:{kind} ' if day else ""

    dates = dated("from", start) + dated("until", end)
    return f"[] a dg:Tenure ; dg:person person:{local} ; dg:post post:{post} {dates}.\n"


@pytest.fixture
def proposed(new_source: NewSource) -> Callable[..., list[Proposal]]:
    def of(*turtle: str) -> list[Proposal]:
        store = OxigraphStore()
        load(store, [new_source("a", POSTS + "".join(turtle))])
        return proposals(store)

    return of


Proposed = Callable[..., list[Proposal]]


def test_name_post_and_dates_make_it_certain(proposed: Proposed) -> None:
    (found,) = proposed(
        person("ilham-aliyev", "Ilham Aliyev"),
        person("ilham-aliyev-aze", "İlham Aliyev"),
        tenure("ilham-aliyev", "president-of-azerbaijan", "2003-10-31"),
        tenure("ilham-aliyev-aze", "president-of-azerbaijan", "2010", "2012"),
    )
    assert found.certain
    assert (found.score, found.against) == (8, ())
    assert found.keeps == entity_iri("person", "Ilham Aliyev")
    assert found.reason == (
        "Both are called Ilham Aliyev; both appear as President of Azerbaijan, since 2003 and 2010 to 2012."
    )


def test_an_open_end_holds_until_another_is_recorded_in_the_post(proposed: Proposed) -> None:
    found = proposed(
        person("a", "Ilham Aliyev"),
        person("b", "Ilham Aliyev"),
        person("c", "Somebody Else"),
        tenure("a", "president-of-azerbaijan", "2003"),
        tenure("b", "president-of-azerbaijan", "2020", "2021"),
        tenure("c", "president-of-azerbaijan", "2015", "2016"),
    )
    assert [(each.certain, each.score) for each in found] == [(False, 6)]


def test_a_name_alone_is_proposed_and_never_certain(proposed: Proposed) -> None:
    (found,) = proposed(person("a", "Ilham Aliyev"), person("b", "Aliyev, Ilham"))
    assert (found.score, found.certain) == (4, False)
    assert found.reason == "Ilham Aliyev and Aliyev, Ilham have the same words."


def test_names_that_are_only_alike_need_a_post(proposed: Proposed) -> None:
    names = (person("a", "Heydar Aliyev"), person("b", "Geidar Aliyev"))
    assert not proposed(*names)
    posts = [tenure(one, "president-of-azerbaijan", "1993", "2003") for one in "ab"]
    (found,) = proposed(*names, *posts)
    assert (found.score, found.certain) == (6, False)
    assert found.reason.startswith("Heydar Aliyev and Geidar Aliyev are alike; both appear as President of Azerbaijan")


def test_an_event_and_its_capacity_count_as_a_post(proposed: Proposed) -> None:
    visit = 'event:visit a dg:Visit ; skos:prefLabel "Visit"@en ; dg:date "2005-05-05"^^xsd:date .\n'
    part = (
        "[] a dg:Participation ; dg:agent person:b ; dg:event event:visit ; dg:role role:visitor ; dg:capacity {} .\n"
    )
    (found,) = proposed(
        person("a", "Ilham Aliyev"),
        person("b", "Ilham Aliyev"),
        tenure("a", "president-of-azerbaijan", "2003"),
        visit,
        part.format("post:president-of-azerbaijan"),
    )
    assert found.certain
    assert found.reasons[1] == "both appear as President of Azerbaijan, since 2003 and 2005"


@pytest.mark.parametrize(
    ("one", "other", "score", "reasons"),
    [
        ('dg:born "1961"^^xsd:gYear', 'dg:born "1961-12-24"^^xsd:date', 6, ("both were born in 1961",)),
        ('dg:localId "pocom:x"', 'dg:localId "pocom:x"', 10, ("both are x in pocom",)),
        ('dg:localId "pocom:x"', 'dg:localId "other:y"', 4, ()),
    ],
)
def test_years_and_identifiers(proposed: Proposed, one: str, other: str, score: int, reasons: tuple[str, ...]) -> None:
    (found,) = proposed(person("a", "Ilham Aliyev", one), person("b", "Ilham Aliyev", other))
    assert (found.score, found.reasons[1:]) == (score, reasons)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('dg:localId "pocom:x"', 'dg:localId "pocom:y"'),
        ('dg:born "1961"^^xsd:gYear', 'dg:born "1923"^^xsd:gYear'),
        ('dg:died "1961"^^xsd:gYear', 'dg:died "1962-01-01"^^xsd:date'),
    ],
)
def test_years_and_identifiers_against(proposed: Proposed, one: str, other: str) -> None:
    tenures = [tenure(each, "president-of-azerbaijan", "1950", "1955") for each in "ab"]
    assert not proposed(person("a", "Ilham Aliyev", one), person("b", "Ilham Aliyev", other), *tenures)


def test_what_speaks_against_two_is_told_where_more_speaks_for_them(proposed: Proposed) -> None:
    (found,) = proposed(
        *(person(each, "Ilham Aliyev", f'dg:localId "x:{each}" ; dg:died "2003"^^xsd:gYear') for each in "ab"),
        *(tenure(each, "president-of-azerbaijan", "1993", "2003") for each in "ab"),
    )
    assert (found.score, found.certain, found.against) == (4, False, ("x tells a from b",))
    assert "Against: x tells a from b." in found.text()


def test_two_states_at_once_speak_against(proposed: Proposed) -> None:
    def found(until: str) -> list[Proposal]:
        return proposed(
            *(person(each, "Ilham Aliyev", 'dg:born "1961"^^xsd:gYear') for each in "ab"),
            tenure("a", "president-of-azerbaijan", "1993", "2003"),
            tenure("b", "president-of-georgia", "1980", until),
        )

    assert [each.score for each in found("1990")] == [6]
    assert not found("1995")


@pytest.mark.parametrize(("start", "many"), [("1970", 1), ("1990", 0)])
def test_a_long_time_in_between_speaks_against(proposed: Proposed, start: str, many: int) -> None:
    found = proposed(
        *(person(each, "Seretse Khama") for each in "ab"),
        tenure("a", "president-of-azerbaijan", "1950", "1955"),
        tenure("b", "president-of-azerbaijan", start, start),
    )
    assert len(found) == many


def test_nobody_is_recorded_outside_of_a_life(proposed: Proposed) -> None:
    assert not proposed(
        person("a", "Heydar Aliyev", 'dg:died "2003-12-12"^^xsd:date'),
        person("b", "Heydar Aliyev"),
        tenure("b", "president-of-azerbaijan", "2005", "2006"),
    )


def test_what_is_judged_is_not_proposed_again(new_source: NewSource) -> None:
    people = [entity_iri("person", local) for local in "abc"]
    store: Store = OxigraphStore()
    load(store, [new_source("a", "".join(person(local, "Ilham Aliyev") for local in "abc"))])
    assert len(proposals(store)) == 3
    judge(store, people[0], people[1], "different", reason="Two men.", by="me")
    assert len(proposals(store)) == 2
    judge(store, people[0], people[2], reason="One man.", by="me")
    assert not proposals(store)


def test_ten_thousand_persons_take_seconds(new_source: NewSource) -> None:
    given = [f"{a}{b}" for a in ("Al", "Ber", "Cor", "Dan", "El", "Fri", "Gus", "Hen", "Iva", "Jo") for b in
             ("an", "ert", "inus", "iel", "mar", "ko", "ton", "rik", "na", "sef")]  # fmt: skip
    family = [f"{a}{b}" for a in given for b in ("son", "ov", "idze", "yan")]
    many = [(f"p-{n}", f"{given[n % 100]} {family[n * 7 % 397]}") for n in range(10_000)]
    text = "".join(
        person(*each) + tenure(each[0], f"post-{n % 500}", str(1900 + n % 120)) for n, each in enumerate(many)
    )
    store = OxigraphStore()
    load(store, [new_source("many", text)])
    start = time.perf_counter()
    found = proposals(store)
    assert time.perf_counter() - start < 60
    assert found

"""The rules that every question of the library keeps, and two engines that answer each alike."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rdflib.term import Node

from diplograph import Store, questions
from diplograph.cli import main
from diplograph.graph.entities import Names
from diplograph.graph.store import Solutions
from diplograph.ontology.facts import fact_classes
from diplograph.ontology.namespaces import PREFIXES, TERMS
from diplograph.queries.binding import bound
from diplograph.queries.catalogue import PARAMETER_ROW, Question

LIBRARY = questions()
REQUIRED = {
    "agreements-between": ["a", "b"],
    "agreements-of": ["state"],
    "anniversaries": ["on", "within"],
    "common-memberships": ["a", "b"],
    "councils-between": ["a", "b"],
    "disagreements": [],
    "evidence-for": ["entity"],
    "holders-of": ["post"],
    "meetings-between": ["a", "b"],
    "meetings-of": ["council"],
    "members-of": ["organization"],
    "organisers": ["event"],
    "participants": ["event"],
    "parties-to": ["agreement"],
    "posts-of": ["person"],
    "statements-by": ["person"],
    "timeline-of": ["entity"],
    "vacancies": ["post"],
    "visits-to": ["state", "from", "to"],
    "who-held-post": ["post", "on"],
    "who-met": ["person"],
}
ANSWERED_BY_NOTHING_IN_THE_EXAMPLE = {
    *("disagreements", "vacancies", "common-memberships"),
    # What only records answer: test_records.py asks these of a sample and of the records themselves.
    *("ambassador-to", "held-both", "longest-vacancies", "most-missions", "nominees"),
    *("parties-over-time", "relations-history", "visits-after-trip", "visits-between", "visits-by", "visits-from"),
    *("visits-to", "visitors-from"),
}

each_question = pytest.mark.parametrize("question", list(LIBRARY.values()), ids=lambda question: str(question.name))


def rows(store: Store, sparql: str) -> list[tuple[str, ...]]:
    answer = store.view().query(sparql)
    assert isinstance(answer, Solutions), "a question of the library is a SELECT query"
    return [tuple("" if term is None else term.n3() for term in row) for row in answer.rows]


@pytest.fixture(scope="module")
def reference(example: Store, in_rdflib: Callable[[Store], Store]) -> Store:
    return in_rdflib(example)


@pytest.mark.parametrize("name", list(REQUIRED))
def test_the_promised_questions_exist_with_the_promised_parameters(name: str) -> None:
    assert [parameter.name for parameter in LIBRARY[name].parameters] == REQUIRED[name]


@each_question
def test_it_asks_something_and_describes_the_answer(question: Question) -> None:
    assert question.summary.endswith("?")
    assert question.summary[0].isupper()
    assert question.description.endswith(".")
    assert question.tags
    assert question.name == question.name.lower()


@each_question
def test_it_declares_the_prefixes_that_it_uses_as_the_project_does(question: Question) -> None:
    declared = dict(re.findall(r"^PREFIX (\w*): <([^>]*)>$", question.sparql, re.MULTILINE))
    assert declared == {prefix: PREFIXES[prefix] for prefix in declared}
    body = re.sub(r'^(#|PREFIX).*$|<[^>\s]*>|"[^"]*"', "", question.sparql, flags=re.MULTILINE)
    assert set(declared) == set(re.findall(r"\b(\w+):", re.sub(r"^ *#.*$", "", body, flags=re.MULTILINE)))
    assert list(declared) == sorted(declared)


@each_question
def test_every_kind_of_parameter_is_known(question: Question) -> None:
    classes = {term.removeprefix(TERMS) for term in fact_classes()}
    for parameter in question.parameters:
        if parameter.is_entity:
            assert parameter.kind[0].isupper()
            assert parameter.kind not in classes
        else:
            assert parameter.kind in ("date", "day", "number", "text")


@each_question
def test_every_row_can_say_who_says_so(question: Question, example: Store) -> None:
    answer = example.view().query(question.sparql)
    assert isinstance(answer, Solutions)
    # A count rests on many facts.
    if "counts" not in question.tags:
        assert answer.variables[-1] == "fact"
        assert all(row[-1] is not None for row in answer.rows)


@each_question
def test_the_file_as_it_is_gives_the_same_answer_in_both_engines(
    question: Question, example: Store, reference: Store
) -> None:
    found = rows(example, question.sparql)
    assert found == rows(reference, question.sparql)
    assert bool(found) == (question.name not in ANSWERED_BY_NOTHING_IN_THE_EXAMPLE)


@each_question
def test_its_example_is_what_stands_in_its_values_row(question: Question, example: Store) -> None:
    given_values = {parameter.name: parameter.example for parameter in question.parameters}
    asked = bound(question, given_values, Names(example.view()))
    assert PARAMETER_ROW.sub("", asked) == PARAMETER_ROW.sub("", question.sparql)
    assert row_of(example, asked) == row_of(example, question.sparql)


def row_of(store: Store, sparql: str) -> list[dict[str, Node]]:
    row = PARAMETER_ROW.search(sparql)
    if row is None:
        return []
    answer = store.view().query(f"SELECT * WHERE {{ {row[0]} }}", PREFIXES)
    assert isinstance(answer, Solutions)
    return [dict(zip(answer.variables, found, strict=True)) for found in answer.rows]  # type: ignore[arg-type]


@each_question
def test_the_command_line_tells_of_it_and_its_example_command_runs(
    question: Question,
    store_on_disk: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.argv", ["diplograph", "questions", question.name])
    main()
    told = capsys.readouterr().out
    assert question.summary in told
    assert question.description in told
    for parameter in question.parameters:
        assert f"  {parameter.name} " in told
        assert parameter.meaning in told
    command = shlex.split(told.partition("Example:\n")[2])
    assert command[:3] == ["diplograph", "ask", question.name]
    monkeypatch.setattr("sys.argv", [*command, "--store", store_on_disk])
    main()
    shown = capsys.readouterr()
    assert re.search(r"^\d+ rows?$", shown.out, re.MULTILINE)
    assert shown.err == ""


@pytest.fixture(scope="module")
def store_on_disk(tmp_path_factory: pytest.TempPathFactory) -> str:
    from diplograph import load, open_store, packaged_sources

    location = tmp_path_factory.mktemp("library") / "store"
    with open_store(location) as store:
        load(store, [*packaged_sources("states"), *packaged_sources("trend-2023-02-28")])
    return str(location)


# Facts of every class between few entities, so that they meet; by chance they repeat, differ and contradict each other.

ENTITIES = {
    "Person": ["person:a", "person:b", "person:c"],
    "State": ["state:AAA", "state:BBB"],
    "Organization": ["organization:x", "organization:y"],
    "Agent": ["person:a", "state:AAA", "organization:x"],
    "Post": ["post:p", "post:q"],
    "Event": ["event:e", "event:f", "event:g"],
    "Agreement": ["agreement:k", "agreement:l"],
    "Entity": ["person:a", "event:e", "organization:x", "state:AAA", "agreement:k"],
    "Place": ["place:town", "place:land"],
    "Topic": ["topic:t", "topic:u"],
}
GROUND = "".join(
    f'{entity} a dg:{kind} ; skos:prefLabel "{entity}" .\n'
    for kind, entities in ENTITIES.items()
    if kind not in ("Agent", "Entity")
    for entity in entities
)
DATES = [
    '"2019"^^xsd:gYear',
    '"2020-02"^^xsd:gYearMonth',
    '"2020-02-29"^^xsd:date',
    '"2020-12-31"^^xsd:date',
    '"2021-01-01T10:00:00Z"^^xsd:dateTime',
]


def one(kind: str) -> st.SearchStrategy[str]:
    return st.sampled_from(ENTITIES[kind])


def fact(kind: str, **ends: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    dated = {name: st.none() | st.sampled_from(DATES) for name in ("dg:from", "dg:until", "dg:date")}
    evidence = st.none() | st.sampled_from(DATES).map(lambda date: f"[ dg:asOf {date} ]")
    realis = st.sampled_from(["realis:held"] * 4 + ["realis:planned", "realis:claimed ; dg:claimedBy person:c"])
    said = {name.replace("_", ":", 1): values for name, values in ends.items()}
    parts = st.fixed_dictionaries({**dated, **said, "dg:evidence": evidence, "dg:realis": realis})
    return parts.map(lambda p: f"[] a dg:{kind} ; " + " ; ".join(f"{k} {v}" for k, v in p.items() if v) + " .\n")


ROLES = st.sampled_from(["role:participant", "role:speaker", "role:organiser", "role:observer"])
PROPERTIES = [
    ("dg:date", st.sampled_from(DATES)),
    ("dg:ordinal", st.sampled_from(["1", "2", "12"])),
    ("dg:heldIn", one("Place")),
    ("dg:inSeries", one("Organization")),
    ("dg:discussed", one("Agreement")),
    ("dg:topic", one("Topic")),
]
FACTS = st.one_of(
    fact("Tenure", dg_person=one("Person"), dg_post=one("Post")),
    fact("Participation", dg_agent=one("Agent"), dg_event=one("Event"), dg_role=ROLES),
    fact("Representation", dg_agent=one("Person"), dg_principal=one("State")),
    fact("Membership", dg_member=one("Agent"), dg_organization=one("Organization")),
    fact("Partyship", dg_party=one("State"), dg_agreement=one("Agreement")),
    fact("Signature", dg_signatory=one("Person"), dg_agreement=one("Agreement")),
    fact(
        "Relations", dg_oneSide=one("Agent"), dg_otherSide=one("Agent"), dg_relationKind=st.just("relation:partnership")
    ),
    fact("Utterance", dg_speaker=one("Person"), dg_topic=one("Topic"), dg_event=one("Event")),
    *(
        fact("Assertion", rdf_subject=one("Event"), rdf_predicate=st.just(prop), rdf_object=values)
        for prop, values in PROPERTIES
    ),
)


@given(st.lists(FACTS, min_size=30, max_size=40), st.lists(FACTS, min_size=10, max_size=15))
@settings(
    max_examples=2, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
def test_both_engines_answer_every_question_alike_whatever_the_facts(
    store_of: Callable[..., Store], in_rdflib: Callable[[Store], Store], first: list[str], second: list[str]
) -> None:
    store = store_of(one=GROUND + "".join(first), two=GROUND + "".join(second))
    other, names = in_rdflib(store), Names(store.view())
    for question in LIBRARY.values():
        pools = {kind: iter(entities) for kind, entities in ENTITIES.items()}
        plain = {"number": "30", "date": "2020-02-28", "day": "2020-02-28"}
        values = {p.name: plain.get(p.kind) or next(pools[p.kind]).replace(":", "/") for p in question.parameters}
        sparql = bound(question, values, names)
        found, expected = rows(store, sparql), rows(other, sparql)
        assert sorted(found) == sorted(expected), question.name

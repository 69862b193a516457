"""The rules that every question of the library keeps, and two engines that answer each alike."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib.term import Node

from diplograph import Store, questions
from diplograph.cli import main
from diplograph.graph.entities import Names
from diplograph.graph.store import Solutions
from diplograph.ontology.facts import fact_classes
from diplograph.ontology.namespaces import PREFIXES, TERMS
from diplograph.queries.binding import bound, terms_of
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
    asked = bound(question, terms_of(question, given_values, Names(example.view())))
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
    packaged: Path,
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
    monkeypatch.setattr("sys.argv", [*command, "--store", str(packaged)])
    main()
    shown = capsys.readouterr()
    assert re.search(r"^\d+ rows?$", shown.out, re.MULTILINE)
    assert shown.err == ""

"""An explanation measures a query part by part, counts its patterns, and names the part that takes longest."""

from __future__ import annotations

import pytest

from diplograph import Store, questions
from diplograph.errors import LimitError, QueryRefusedError, QuerySyntaxError
from diplograph.graph.store import Solutions
from diplograph.queries.catalogue import Question
from diplograph.queries.explanation import ended, explanation, measured
from diplograph.queries.parts import parts_of


@pytest.mark.parametrize(
    ("where", "parts"),
    [
        ("?a dg:p ?b . ?b dg:q ?c", ["?a dg:p ?b .", "?b dg:q ?c"]),
        (
            "?a dg:p ?b ; dg:q ?c , 2.5 . FILTER(?c > 1.5) ?c dg:r ?d",
            ["?a dg:p ?b ; dg:q ?c , 2.5 .", "FILTER(?c > 1.5)", "?c dg:r ?d"],
        ),
        (
            "?a dg:p [ dg:q ?b . ] FILTER NOT EXISTS { ?b dg:r ?c } OPTIONAL { ?a dg:s 'a } b' }",
            ["?a dg:p [ dg:q ?b . ]", "FILTER NOT EXISTS { ?b dg:r ?c }", "OPTIONAL { ?a dg:s 'a } b' }"],
        ),
        (
            "{ ?a dg:p ?b } UNION { ?a dg:q ?b } MINUS { ?a dg:r ?c }",
            ["{ ?a dg:p ?b } UNION { ?a dg:q ?b }", "MINUS { ?a dg:r ?c }"],
        ),
        (
            "VALUES (?a ?b) { (dg:x dg:y) } BIND(IF(?a = ?b, 1, 2) AS ?c) ?a dg:p ?b",
            ["VALUES (?a ?b) { (dg:x dg:y) }", "BIND(IF(?a = ?b, 1, 2) AS ?c)", "?a dg:p ?b"],
        ),
        (
            "GRAPH ?g { ?a dg:p ?b } # not { this\n { SELECT ?b WHERE { ?b dg:q ?c } }",
            ["GRAPH ?g { ?a dg:p ?b }", "{ SELECT ?b WHERE { ?b dg:q ?c } }"],
        ),
        ("SELECT ?a WHERE { ?a dg:p ?b }", ["SELECT ?a WHERE { ?a dg:p ?b }"]),
    ],
)
def test_a_query_is_cut_where_its_parts_end(where: str, parts: list[str]) -> None:
    for form in ("SELECT * WHERE {{ {} }}", "SELECT (COUNT(*) AS ?n) {{ {} }} GROUP BY ?a LIMIT 3 VALUES ?x {{ dg:y }}",
                 "CONSTRUCT {{ ?a dg:p ?b }} WHERE {{ {} }}", "ASK {{ {} }}"):  # fmt: skip
        assert list(parts_of(form.format(where)).parts) == parts


@pytest.mark.parametrize("question", list(questions().values()), ids=lambda question: str(question.name))
def test_each_question_can_be_explained_and_all_its_parts_give_its_rows(question: Question, example: Store) -> None:
    told = explanation(example.view(), question.sparql)
    answer = example.view().query(question.sparql)
    assert isinstance(answer, Solutions)
    assert told.rows == len(list(answer.rows))
    assert told.steps
    assert all(step.seconds is not None for step in told.steps)
    assert all("?" in pattern for pattern, _ in told.patterns)
    assert question.sparql.count("{") == 0 or told.text().startswith("The whole query: ")


def test_patterns_are_counted_as_they_match_and_those_in_filters_too(example: Store) -> None:
    told = explanation(example.view(), "SELECT ?m { ?m a dg:Meeting FILTER NOT EXISTS { ?m dg:realis ?r } }")
    assert dict(told.patterns)["?m rdf:type dg:Meeting"] == 3
    assert [step.rows for step in told.steps] == [3, 3]
    assert "?m dg:realis ?r" in dict(told.patterns)


def test_the_part_that_takes_longest_is_pointed_at(example: Store) -> None:
    times = iter([(1, 9.0), (5, 0.5), (9, 8.0), (9, 8.5)])
    told = explanation(example.view(), "SELECT * { ?a dg:p ?b . ?b dg:q ?c . ?c dg:r ?d }", lambda _: next(times))
    assert told.slowest is not None
    assert told.slowest.text == "?b dg:q ?c ."
    assert ">            9 rows     8.000 s  ?b dg:q ?c ." in told.text()


def test_what_is_not_done_in_time_is_the_part_to_look_at_and_ends_the_measuring(example: Store) -> None:
    asked: list[str] = []

    def measure(sparql: str) -> str:
        asked.append(sparql)
        if "dg:q" in sparql:
            raise LimitError("It took longer than 1 s.", limit="seconds", value=1)
        return "7 0.25"

    told = explanation(example.view(), "SELECT * { ?a dg:p ?b . ?b dg:q ?c . ?c dg:r ?d }", ended(measure))
    assert (told.rows, told.seconds) == (None, None)
    assert [step.rows for step in told.steps] == [7, None, None]
    assert told.slowest is told.steps[1]
    assert len(asked) == 3
    assert "The whole query: not done in time." in told.text()


def test_a_count_is_as_many_rows_as_it_says(example: Store) -> None:
    assert measured(example.view(), "SELECT (COUNT(*) AS ?n) { ?m a dg:Meeting }")[0] == 3
    assert measured(example.view(), "SELECT ?m { ?m a dg:Meeting }")[0] == 3
    assert measured(example.view(), "ASK { ?m a dg:Meeting }")[0] == 1
    assert measured(example.view(), "CONSTRUCT { ?m a dg:Meeting } WHERE { ?m a dg:Meeting }")[0] == 3


def test_what_is_no_query_is_refused_as_ever(example: Store) -> None:
    with pytest.raises(QuerySyntaxError):
        explanation(example.view(), "SELECT ?a WHERE { ?a }")
    with pytest.raises(QueryRefusedError):
        explanation(example.view(), "SELECT * { SERVICE <https://example.org/> { ?a ?b ?c } }")

"""Results say the same in each of the W3C's formats, as far as the format can."""

from __future__ import annotations

import pytest

from diplograph.graph.oxigraph import OxigraphDataset
from diplograph.graph.store import ResultSyntax
from diplograph.queries.conformance.isomorphism import same
from diplograph.queries.conformance.tables import ResultTable, results
from diplograph.queries.conformance.terms import Blank, Iri, Statement, Text, terms
from diplograph.queries.conformance.values import by_value

XSD = "http://www.w3.org/2001/XMLSchema#"
LANGUAGE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
QUERY = r"""
    SELECT * { VALUES (?a ?b) {
        (<x:a> "line\n\ttab \"quote\" \\ ")
        (true 1.5)
        (UNDEF "bonjour"@FR)
        (<<( <x:s> <x:p> "o" )>> "2022"^^<http://www.w3.org/2001/XMLSchema#gYear>)
    } }
"""
ROWS = [
    (Iri("x:a"), Text('line\n\ttab "quote" \\ ')),
    (Text("true", f"{XSD}boolean"), Text("1.5", f"{XSD}decimal")),
    (None, Text("bonjour", LANGUAGE, "fr")),
    (Statement(Iri("x:s"), Iri("x:p"), Text("o")), Text("2022", f"{XSD}gYear")),
]


@pytest.mark.parametrize("syntax", ["json", "xml", "tsv"])
def test_every_term_is_read_back(syntax: ResultSyntax) -> None:
    table = results(OxigraphDataset({}).view().serialized(QUERY, syntax), syntax)
    assert isinstance(table, ResultTable)
    assert table.variables == ("a", "b")
    assert list(table.rows) == ROWS


def test_csv_keeps_texts_and_blank_nodes() -> None:
    table = results(b'a,b\r\nx:a,"say ""a"", or\nb"\r\n_:n,\r\n', "csv")
    assert table == ResultTable(("a", "b"), ((Text("x:a"), Text('say "a", or\nb')), (Blank("n"), Text(""))))


@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_the_answer_to_ask_is_a_truth(syntax: ResultSyntax) -> None:
    assert results(OxigraphDataset({}).view().serialized("ASK {}", syntax), syntax) is True
    assert results(OxigraphDataset({}).view().serialized("ASK { ?s ?p ?o }", syntax), syntax) is False


def test_columns_can_be_put_in_another_order() -> None:
    table = ResultTable(("a", "b"), ((Iri("x:a"), None),))
    assert table.by(("b", "a")) == ((None, Iri("x:a")),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('"1.0"^^<{}decimal>', '"+01"^^<{}decimal>'),
        ('"1.0E2"^^<{}double>', '"100"^^<{}double>'),
        ('"1"^^<{}boolean>', '"true"^^<{}boolean>'),
    ],
)
def test_numbers_and_truths_are_compared_by_value(one: str, other: str) -> None:
    left, right = [tuple(terms(one.format(XSD)))], [tuple(terms(other.format(XSD)))]
    assert not same(left, right)
    assert same(by_value(left), by_value(right))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('"1"^^<{}integer>', '"1"^^<{}decimal>'),
        ('"1"^^<{}integer>', '"2"^^<{}integer>'),
        ('"x"^^<{}integer>', '"y"^^<{}integer>'),
        ('"1.0"', '"1"'),
    ],
)
def test_other_literals_are_compared_as_they_are(one: str, other: str) -> None:
    left, right = [tuple(terms(one.format(XSD)))], [tuple(terms(other.format(XSD)))]
    assert not same(by_value(left), by_value(right))


def test_a_line_with_more_than_terms_is_refused() -> None:
    with pytest.raises(ValueError, match="no term"):
        terms("<x:a> nonsense")

"""Two tables or graphs are the same exactly where an exchange of blank nodes makes them so."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from diplograph.queries.conformance.isomorphism import same
from diplograph.queries.conformance.terms import Blank, Iri, Row, Statement, Term, Text

BLANKS = [Blank(label) for label in "abcd"]
plain = st.one_of(st.sampled_from(BLANKS), st.sampled_from([Iri("x:s"), Iri("x:p"), Text("1")]))
nested = st.builds(Statement, plain, st.just(Iri("x:p")), plain)
tables = st.lists(st.tuples(plain, st.one_of(plain, nested, st.none())), max_size=6)


def renamed(rows: list[Row], names: dict[Blank, Blank]) -> list[Row]:
    def term(value: Term | None) -> Term | None:
        if isinstance(value, Statement):
            return Statement(*(term(part) for part in (value.subject, value.predicate, value.object)))  # type: ignore[arg-type]
        return names[value] if isinstance(value, Blank) else value

    return [tuple(map(term, row)) for row in rows]


def by_trying(left: list[Row], right: list[Row]) -> bool:
    exchanges = (dict(zip(BLANKS, order, strict=True)) for order in permutations(BLANKS))
    return any(sorted(map(repr, renamed(left, names))) == sorted(map(repr, right)) for names in exchanges)


@given(tables, tables)
def test_the_answer_is_that_of_trying_every_exchange(left: list[Row], right: list[Row]) -> None:
    assert same(left, right) == by_trying(left, right)


@given(tables, st.permutations(BLANKS), st.randoms(use_true_random=False))
def test_neither_labels_nor_order_matter(rows: list[Row], order: list[Blank], random: object) -> None:
    other = renamed(rows, dict(zip(BLANKS, order, strict=True)))
    random.shuffle(other)  # type: ignore[attr-defined]
    assert same(rows, other)


@given(tables.filter(lambda rows: len({repr(row) for row in rows}) > 1))
def test_where_order_counts_it_counts(rows: list[Row]) -> None:
    assert same(rows, rows, ordered=True)
    turned = rows[::-1]
    assert same(rows, turned, ordered=True) == any(
        renamed(rows, dict(zip(BLANKS, order, strict=True))) == turned for order in permutations(BLANKS)
    )


def test_rows_count_as_often_as_they_are_there() -> None:
    one, two = (Text("1"),), (Text("2"),)
    assert not same([one, one, two], [one, two, two])


def test_nodes_that_look_alike_are_told_apart_by_trial() -> None:
    def ring(*labels: str) -> list[Row]:
        return [(Blank(a), Iri("x:p"), Blank(b)) for a, b in zip(labels, labels[1:] + labels[:1], strict=True)]

    assert same(ring(*"abcdef"), ring(*"uvwxyz"))
    assert not same(ring(*"abcdef"), ring(*"uvw") + ring(*"xyz"))

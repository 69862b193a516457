"""The edge table: a row for each fact that joins two entities, with all that networks are reckoned from."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from diplograph import Store, example_store, load
from diplograph.errors import InputError
from diplograph.graph.edges.table import GRAINS, STANDINGS, EdgeTable
from diplograph.graph.oxigraph import OxigraphStore
from diplograph.graph.statements import all_facts
from diplograph.graph.store import edges_of
from diplograph.graph.wording import Wording
from diplograph.ontology.dates import PartialDate
from diplograph.ontology.namespaces import PREFIXES
from diplograph.ontology.terms import DG, ROLE

EPOCH = date(1970, 1, 1)
DAYS = st.dates(date(1789, 1, 1), date(2030, 12, 31)).map(date.isoformat)
DATES = st.one_of(DAYS, DAYS.map(lambda day: day[:7]), DAYS.map(lambda day: day[:4]))
EVIDENCE = "dg:evidence [ a dg:Evidence ; dg:inDocument doc:d ; dg:level level:stated ; dg:method method:curated ]"


def rows(table: EdgeTable) -> set[tuple[object, ...]]:
    """All rows, written out."""
    terms = [*table.terms, None]
    names = [kind.name for kind in table.kinds]
    columns = zip(
        table.column("fact"),
        (names[code] for code in table.column("kind")),
        *([terms[code] for code in table.column(name)] for name in ("source", "target", "role", "via")),
        (STANDINGS[code] for code in table.column("realis")),
        *(table.column(name).tolist() for name in ("start", "end", "start_first", "end_last", "attested", "documents")),
        strict=True,
    )
    return set(columns)


def lexical(written: str) -> str:
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(written)]
    return f'"{written}"^^xsd:{kind}'


def store_of(new_source, turtle: str) -> Store:
    store = OxigraphStore()
    load(store, [new_source("d", turtle)])
    return store


def test_every_fact_that_joins_two_entities_is_a_row_with_its_ends_its_words_and_its_dates():
    view = example_store().view()
    facts = [f for f in all_facts(view) if isinstance(f.source, URIRef) and isinstance(f.target, URIRef)]
    wording = Wording(view, facts)
    expected = {}
    for fact in facts:
        words = fact.value(fact.kind.words_from) if fact.kind.words_from else None
        if fact.kind.iri == DG.Assertion and str(words).endswith(("#type", "#altLabel")):
            continue
        period = wording.period(fact)
        expected[str(fact.iri)] = (
            fact.kind.name,
            str(fact.source),
            str(fact.target),
            None if words is None else str(words),
            fact.realis,
            period.start,
            period.end,
            len({evidence.document for evidence in fact.evidence}),
        )
    assert len(expected) > 50
    found = {row[0]: (*row[1:5], row[6], row[7], row[8], row[12]) for row in rows(edges_of(view)) if row[0]}
    assert found == expected


def test_every_kind_of_store_has_the_same_table(store, new_source):
    turtle = f"""
        person:a a dg:Person . state:s a dg:State . event:e a dg:Meeting ; dg:date "2020-05"^^xsd:gYearMonth .
        person:a dg:nationality state:s .
        [] a dg:Participation ; dg:agent person:a ; dg:event event:e ; dg:role role:speaker ;
            dg:realis realis:held ; {EVIDENCE} .
        [] a dg:Representation ; dg:agent person:a ; dg:principal state:s ; dg:realis realis:claimed ;
            dg:from "2019"^^xsd:gYear ; {EVIDENCE} ."""
    load(store, [new_source("d", turtle)])
    found = rows(edges_of(store))
    assert found == rows(edges_of(store_of(new_source, turtle)))
    person, state, event = (f"{PREFIXES[k]}{n}" for k, n in (("person", "a"), ("state", "s"), ("event", "e")))
    assert {row[1:] for row in found} == {
        (
            "participation",
            person,
            event,
            str(ROLE.speaker),
            event,
            "held",
            "2020-05",
            "2020-05",
            18383,
            18413,
            False,
            1,
        ),
        ("representation", person, state, None, None, "claimed", "2019", None, 17897, 2147483647, False, 1),
        ("nationality", person, state, None, None, "held", None, None, -2147483648, 2147483647, False, 0),
    }


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.none() | DATES, st.none() | DATES), min_size=1, max_size=6), DATES, DATES)
def test_what_can_have_held_in_a_period_is_found_by_every_day_that_its_dates_can_mean(spans, first, last):
    from diplograph.graph.formats import syntax_named
    from diplograph.graph.loading import Source
    from diplograph.graph.minting import minted
    from diplograph.graph.oxigraph import parsed
    from diplograph.ontology.identifiers import document_iri

    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    turtle = head
    for number, (start, end) in enumerate(spans):
        dates = "".join(f"dg:{p} {lexical(d)} ; " for p, d in (("from", start), ("until", end)) if d)
        turtle += f"[] a dg:Tenure ; dg:person person:p{number} ; dg:post post:x ; {dates} dg:realis realis:held .\n"
    graphs = parsed(turtle.encode(), syntax_named("turtle"), source="d", base="https://example.org/d")
    store = OxigraphStore()
    load(store, [Source(document_iri("d"), minted(graphs[None], document_iri("d")), "d")])
    table = edges_of(store)
    period = (PartialDate(first), PartialDate(last))
    found = {table.terms[code].rpartition("/")[2] for code in table.edges(["tenure"], during=period)["source"]}
    expected = set()
    for number, (start, end) in enumerate(spans):
        begins = PartialDate(start).first_day if start else date.min
        ends = PartialDate(end).last_day if end else date.max
        if (start or end) and begins <= period[1].last_day and ends >= period[0].first_day:
            expected.add(f"p{number}")
    assert found == expected
    written = dict(
        zip(
            (table.terms[c].rpartition("/")[2] for c in table.column("source")), table.column("start_last"), strict=True
        )
    )
    for number, (start, _) in enumerate(spans):
        days = (PartialDate(start).last_day - EPOCH).days if start else 2147483647
        assert written[f"p{number}"] == days


@pytest.mark.parametrize(
    ("written", "grain"),
    [
        ('"1962"^^xsd:gYear', "year"),
        ('"1962-10"^^xsd:gYearMonth', "month"),
        ('"1962-10-25"^^xsd:date', "day"),
        ('"1962-10-25T10:00:00Z"^^xsd:dateTime', "day"),
        ('"circa 1962"', "unreadable"),
        ('"1962-02-30"', "unreadable"),
        ('"0000-01-01"', "unreadable"),
    ],
)
def test_dates_keep_how_exactly_they_were_written_and_what_is_none_stays_open(new_source, written, grain):
    tenure = f"[] a dg:Tenure ; dg:person person:a ; dg:post post:x ; dg:from {written} ; dg:realis realis:held ."
    table = edges_of(store_of(new_source, tenure))
    assert [GRAINS[code] for code in table.column("start_grain")] == [grain]
    assert len(table.edges(during=(PartialDate("1962"), PartialDate("1962")))) == 1
    assert len(table.edges(during=(PartialDate("1900"), PartialDate("1901")))) == (grain == "unreadable")


def test_what_a_source_vouches_for_on_some_day_can_have_held_on_any_unless_its_dates_rule_that_out(new_source):
    evidence = EVIDENCE.replace("]", '; dg:asOf "1960"^^xsd:gYear ]')
    tenures = f"""
        [] a dg:Tenure ; dg:person person:a ; dg:post post:x ; dg:realis realis:held ; {evidence} .
        [] a dg:Tenure ; dg:person person:b ; dg:post post:x ; dg:realis realis:held ; {EVIDENCE} .
        [] a dg:Tenure ; dg:person person:c ; dg:post post:x ; dg:realis realis:held ; {evidence} ;
            dg:from "1959"^^xsd:gYear ."""
    table = edges_of(store_of(new_source, tenures))
    found = table.edges(during=(PartialDate("1950"), PartialDate("1950")))
    assert [table.terms[code] for code in found["source"]] == [f"{PREFIXES['person']}a"]


def test_only_what_is_held_to_be_so_is_found_unless_more_is_asked_for(new_source):
    tenures = "".join(
        f"[] a dg:Tenure ; dg:person person:{name} ; dg:post post:x ; dg:realis realis:{name} . "
        for name in ("held", "planned", "denied", "claimed")
    )
    table = edges_of(store_of(new_source, tenures))
    assert len(table.edges()) == 1
    assert len(table.edges(realis=("planned", "claimed"))) == 2
    assert len(table.edges(realis=STANDINGS)) == 4
    with pytest.raises(InputError, match="'sure' is no standing of a fact"):
        table.edges(realis=("sure",))
    with pytest.raises(InputError, match="no kind of edges 'meeting'"):
        table.edges(["meeting"])


def test_terms_are_found_by_their_classes(new_source):
    table = edges_of(
        store_of(new_source, "person:a a dg:Person . [] a dg:Tenure ; dg:person person:a ; dg:post post:x ; "
                             "dg:realis realis:held .")
    )  # fmt: skip
    assert table.terms[table.instances([DG.Person])].tolist() == [f"{PREFIXES['person']}a"]
    assert table.code("https://example.org/nobody") is None


def test_an_empty_store_has_an_empty_table():
    table = edges_of(OxigraphStore())
    assert len(table) == 0
    assert len(table.edges(["tenure"], during=(PartialDate("1900"), PartialDate("2000")))) == 0


def test_arrow_has_the_words_written_out():
    pyarrow = pytest.importorskip("pyarrow")
    table = edges_of(example_store())
    tenures = table.edges(["tenure"]).arrow()
    assert isinstance(tenures, pyarrow.Table)
    assert tenures.num_rows == np.count_nonzero(table.edges(["tenure"])["kind"] >= 0) > 5
    [first] = tenures.slice(0, 1).to_pylist()
    assert first["kind"] == "tenure"
    assert first["source"].startswith(PREFIXES["person"])
    assert first["fact"].startswith(PREFIXES["fact"])

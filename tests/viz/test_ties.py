"""Ties between actors are what SPARQL answers to the same question, at every date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diplograph import Store, example_store, load
from diplograph.errors import InputError, NotFoundError
from diplograph.graph.formats import syntax_named
from diplograph.graph.loading import Source
from diplograph.graph.minting import minted
from diplograph.graph.oxigraph import OxigraphStore, parsed
from diplograph.graph.store import edges_of
from diplograph.ontology.dates import PartialDate
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES
from diplograph.viz.ties import Attendance, Ties, partners, ties

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
Pairs = dict[tuple[str, str], int]


def store_of(turtle: str) -> Store:
    document = document_iri("d")
    graphs = parsed((HEAD + turtle).encode(), syntax_named("turtle"), source="d", base=str(document))
    store = OxigraphStore()
    load(store, [Source(document, minted(graphs.get(None, b""), document), "d")])
    return store


def found(network: Ties) -> Pairs:
    """The ties of a network, those without direction both ways."""
    names, matrix = network.names, network.weights.tocoo()
    cells = zip(matrix.row, matrix.col, matrix.data, strict=True)
    return {(names[i], names[j]): int(n) for i, j, n in cells}


TIES, OF = ("met", "agreement", "organization", "post"), ("people", "states")
DAYS = ("1990", "1991", "1991-03", "1991-07", "1991-03-15", "1992-02", "1992-02-29", "1993")
DATES = st.sampled_from(DAYS)


def literal(written: str) -> str:
    return f'"{written}"^^xsd:{ {4: "gYear", 7: "gYearMonth", 10: "date"}[len(written)] }'


def dated(*pairs: tuple[str, str | None]) -> str:
    return "".join(f"{path} {literal(date)} ; " for path, date in pairs if date)


PEOPLE = " ".join(f"person:p{n} a dg:Person ." for n in range(4)) + " ".join(
    f"state:s{n} a dg:State ." for n in range(4)
)
SPANS = st.tuples(st.none() | DATES, st.none() | DATES)
REALIS = st.sampled_from(["held", "held", "held", "claimed"])
ANYBODY = st.sampled_from(["person:p0", "person:p1", "person:p2", "person:p3", "state:s0", "state:s1"])


@st.composite
def facts(draw: st.DrawFn) -> str:
    lines = [PEOPLE]
    for number in range(3):
        start, end = draw(SPANS)
        dates = draw(st.sampled_from([dated(("dg:date", start)), dated(("dg:from", start), ("dg:until", end))]))
        lines.append(
            f"event:e{number} {dates} a dg:Meeting . agreement:g{number} {dated(('dg:date', end))} a dg:Agreement ."
        )
    for _ in range(draw(st.integers(2, 12))):
        start, end = draw(SPANS)
        own = dated(("dg:from", start), ("dg:until", end)) + f"dg:realis realis:{draw(REALIS)} ."
        who, n = draw(ANYBODY), draw(st.integers(0, 2))
        role = draw(st.sampled_from(["participant", "visitor", "host", "speaker", "organiser", "party"]))
        lines.append(
            draw(
                st.sampled_from(
                    [
                        f"[] a dg:Participation ; dg:agent {who} ; dg:event event:e{n} ; dg:role role:{role} ; {own}",
                        f"[] a dg:Participation ; dg:agent {who} ; dg:event event:e{n} ; dg:role role:{role} ; "
                        f"dg:realis realis:held .",
                        f"[] a dg:Representation ; dg:agent person:p{n} ; dg:principal state:s{n + 1} ; "
                        f"dg:event event:e{draw(st.integers(0, 2))} ; dg:realis realis:held .",
                        f"[] a dg:Representation ; dg:agent person:p{n} ; dg:principal state:s{n + 1} ; {own}",
                        f"[] a dg:Partyship ; dg:party state:s{n} ; dg:agreement agreement:g{len(who) % 2} ; {own}",
                        f"[] a dg:Partyship ; dg:party state:s{n} ; dg:agreement agreement:g{len(role) % 3} ; "
                        f"dg:realis realis:held .",
                        f"[] a dg:Membership ; dg:member {who} ; dg:organization organization:o{n % 2} ; {own}",
                        f"[] a dg:Tenure ; dg:person {who} ; dg:post post:x{n} ; {own}",
                    ]
                )
            )
        )
    return "\n".join(lines)


@settings(max_examples=40, deadline=None)
@given(turtle=facts(), period=st.none() | st.tuples(DATES, DATES))
def test_ties_are_what_sparql_answers(turtle, period, ties_in_sparql):
    with store_of(turtle) as store:
        view, table = store.view(), edges_of(store)
        during = None if period is None else (PartialDate(period[0]), PartialDate(period[1]))
        for tie in TIES:
            for of in OF:
                assert found(ties(table, tie, of, during=during)) == ties_in_sparql(view, tie, of, period), (tie, of)


EXAMPLE_DATES = (None, ("1992", "1992"), ("2022", "2023"), ("2023-02-28", "2023-02-28"), ("2019-01", "2020"))


@pytest.mark.parametrize("period", EXAMPLE_DATES)
@pytest.mark.parametrize("of", OF)
@pytest.mark.parametrize("tie", TIES)
def test_ties_of_the_example_are_what_sparql_answers(tie, of, period, ties_in_sparql):
    with example_store() as store:
        during = None if period is None else (PartialDate(period[0]), PartialDate(period[1]))
        network = ties(store, tie, of, during=during)
        assert found(network) == ties_in_sparql(store.view(), tie, of, period)
        if tie == "met" and period is None:
            assert len(network.edges[0]) > 0


def test_partners_of_one_actor_are_those_of_the_whole_network():
    with example_store() as store:
        table, network = edges_of(store), ties(store)
        everyone = Attendance(table)
        for name in network.names:
            assert everyone.partners(name) == network.partners(name) == partners(table, name)
        assert everyone.partners("https://example.org/nobody") == []
        with pytest.raises(NotFoundError, match="has no tie of the kind 'met'"):
            network.partners("https://example.org/nobody")


VISIT = """
    event:{0} a dg:Visit ; dg:from "19{1}-02-01"^^xsd:date ; dg:until "19{1}-02-09"^^xsd:date ;
        dg:sentFrom state:{2} ; dg:destination state:{3} .
    [] a dg:Participation ; dg:agent person:{0} ; dg:event event:{0} ; dg:role role:visitor ; dg:realis realis:held .
    person:{0} a dg:Person . state:{2} a dg:State . state:{3} a dg:State ."""


def state(name: str) -> str:
    return f"{PREFIXES['state']}{name}"


def test_visits_lead_from_who_sent_to_where_they_went():
    with store_of(
        VISIT.format("u", 60, "a", "b") + VISIT.format("v", 61, "a", "b") + VISIT.format("w", 61, "b", "a")
    ) as s:
        network = ties(s, "visited", "states")
        assert network.directed
        assert found(network) == {(state("a"), state("b")): 2, (state("b"), state("a")): 1}
        year = (PartialDate("1960"), PartialDate("1960"))
        assert found(ties(s, "visited", "states", during=year)) == {(state("a"), state("b")): 1}
        during = (PartialDate("1960-02-05"), PartialDate("1960-02-05"))
        assert found(ties(s, "visited", "actors", during=during)) == {(f"{PREFIXES['person']}u", state("b")): 1}


def test_nationals_stand_for_their_state_only_when_ties_in_sparql():
    turtle = """
        person:a a dg:Person ; dg:nationality state:a . person:b a dg:Person ; dg:nationality state:b .
        state:a a dg:State . state:b a dg:State . event:e a dg:Meeting .
        [] a dg:Participation ; dg:agent person:a ; dg:event event:e ; dg:role role:chair ; dg:realis realis:held .
        [] a dg:Participation ; dg:agent person:b ; dg:event event:e ; dg:role role:chair ; dg:realis realis:held ."""
    with store_of(turtle) as store:
        assert found(ties(store, "met", "states")) == {}
        expected = {(state("a"), state("b")): 1, (state("b"), state("a")): 1}
        assert found(ties(store, "met", "states", through="nationality")) == expected


def test_who_represents_a_state_in_general_does_so_at_events_of_that_time():
    turtle = """
        person:a a dg:Person . state:a a dg:State . state:b a dg:State . state:c a dg:State .
        event:e a dg:Meeting ; dg:date "1960"^^xsd:gYear .
        [] a dg:Participation ; dg:agent person:a ; dg:event event:e ; dg:role role:chair ; dg:realis realis:held .
        [] a dg:Participation ; dg:agent state:c ; dg:event event:e ; dg:role role:host ; dg:realis realis:held .
        [] a dg:Representation ; dg:agent person:a ; dg:principal state:a ; dg:realis realis:held ;
            dg:from "1959"^^xsd:gYear ; dg:until "1960-06"^^xsd:gYearMonth .
        [] a dg:Representation ; dg:agent person:a ; dg:principal state:b ; dg:realis realis:held ;
            dg:from "1961"^^xsd:gYear ."""
    with store_of(turtle) as store:
        assert set(ties(store, "met", "states").names) == {state("a"), state("c")}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tie": "saw"}, "There is no tie 'saw'. Use met"),
        ({"of": "cats"}, "'cats' is none"),
        ({"through": "x"}, "'x' is"),
    ],
)
def test_what_there_is_none_of_is_refused_with_what_there_is(arguments, message):
    with pytest.raises(InputError, match=message):
        ties(OxigraphStore(), **arguments)


def test_an_empty_store_has_an_empty_network():
    for tie in ("met", "agreement", "post", "visited", "relations"):
        network = ties(OxigraphStore(), tie, "any")
        assert len(network) == 0
        assert network.networkx().number_of_nodes() == network.igraph().vcount() == len(network.pandas()) == 0


CONVERSIONS: dict[str, Callable[[Ties], Counter[tuple[str, str, int]]]] = {
    "networkx": lambda n: Counter((u, v, d["weight"]) for u, v, d in n.networkx().edges(data=True)),
    "igraph": lambda n: Counter(
        (g.vs[e.source]["name"], g.vs[e.target]["name"], e["weight"]) for g in [n.igraph()] for e in g.es
    ),
    "pandas": lambda n: Counter(n.pandas().itertuples(index=False, name=None)),
}


@pytest.mark.parametrize("library", CONVERSIONS)
@pytest.mark.parametrize("tie", ["met", "post", "representation"])
def test_every_library_gets_the_same_network(library, tie):
    with example_store() as store:
        network = ties(store, tie, "any")
        names = network.names
        expected = Counter((names[a], names[b], int(w)) for a, b, w in zip(*network.edges, strict=True))
        assert CONVERSIONS[library](network) == expected
        assert isinstance(network.networkx(), nx.DiGraph) == network.directed

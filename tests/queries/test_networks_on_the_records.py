"""On the real records, networks of the edge table are what the store's own engine answers, at every date tried."""

from __future__ import annotations

import pytest
from rdflib import URIRef

from diplograph import ask, query
from diplograph.graph.edges.building import table_in_memory
from diplograph.graph.entities import Names
from diplograph.graph.store import edges_of
from diplograph.ontology.dates import PartialDate
from diplograph.ontology.namespaces import PREFIXES
from diplograph.queries.binding import bound, terms_of
from diplograph.queries.catalogue import question
from diplograph.viz.ties import Ties, ties

pytestmark = pytest.mark.shared

LONGER = (("1945-02", "1945-06"), ("1970", "1980"))
DATES = (None, *((day, day) for day in ("1815", "1914-07-28", "1991-12", "2004-02-16")), *LONGER)
SOME = ("state:USA", "state:AZE", "state:CHE", "state:PRY")


def found(network: Ties, names: set[str] | None = None) -> dict[tuple[str, str], int]:
    terms, matrix = network.names, network.weights.tocoo()
    cells = zip(matrix.row, matrix.col, matrix.data, strict=True)
    return {(terms[i], terms[j]): int(n) for i, j, n in cells if names is None or terms[i] in names}


@pytest.mark.parametrize("period", DATES)
@pytest.mark.parametrize(("tie", "of"), [("met", "states"), ("met", "people"), ("post", "people")])
def test_all_ties_are_what_sparql_answers(records_store, ties_in_sparql, tie, of, period):
    during = None if period is None else (PartialDate(period[0]), PartialDate(period[1]))
    assert found(ties(records_store, tie, of, during=during)) == ties_in_sparql(records_store.view(), tie, of, period)


@pytest.mark.parametrize("period", DATES)
def test_the_agreements_of_some_states_are_what_sparql_answers(records_store, ties_in_sparql, period):
    during = None if period is None else (PartialDate(period[0]), PartialDate(period[1]))
    names = {PREFIXES["state"] + name.partition(":")[2] for name in SOME}
    answer = ties_in_sparql(records_store.view(), "agreement", "states", period, " ".join(SOME))
    assert found(ties(records_store, "agreement", "states", during=during), names) == answer


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("closest-states", {"least": "1"}),
        ("meetings-between", {"a": "USA", "b": "FRA"}),
        *((name, {"state": state}) for name in ("partners-of", "treaty-partners") for state in ("AZE", "CHE", "USA")),
    ],
)
def test_the_questions_of_networks_are_what_their_sparql_answers(records_store, name, values):
    found, view = ask(records_store, name, values), records_store.view()
    assert view.keeps_edges
    expected = query(view, bound(question(name), terms_of(question(name), values, Names(view))))
    assert found == expected
    # Of visits by and to the United States, others have met nobody else.
    assert len(found) > (0 if name == "partners-of" and values["state"] != "USA" else 50)


def test_meetings_between_two_states_are_those_that_their_network_counts(records_store):
    for a, b in (("USA", "FRA"), ("USA", "AZE"), ("AZE", "CHE")):
        events = {row["event"] for row in ask(records_store, "meetings-between", a=a, b=b).terms()}
        partners = {row["partner"]: row["meetings"] for row in ask(records_store, "partners-of", state=a).terms()}
        assert len(events) == int(partners.get(URIRef(PREFIXES["state"] + b), 0))


def test_the_network_of_all_is_large(records_store):
    assert len(ties(records_store, "agreement", "states").edges[0]) > 20_000
    assert len(ties(records_store, "met", "states").edges[0]) > 200


def test_the_kept_table_is_the_one_that_would_be_made_now(records_store):
    kept, anew = edges_of(records_store), table_in_memory(records_store.view()._write_tsv)
    for name in ("fact", "kind", "start", "end", "documents", "realis", "start_first", "end_last"):
        assert kept.column(name).tolist() == anew.column(name).tolist()
    for name in ("source", "target"):
        assert (kept.terms[kept.column(name)] == anew.terms[anew.column(name)]).all()

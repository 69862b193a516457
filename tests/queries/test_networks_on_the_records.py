"""On the real records, networks of the edge table are what the store's own engine answers, at every date tried."""

from __future__ import annotations

import pytest

from diplograph.graph.edges.building import table_in_memory
from diplograph.graph.store import edges_of
from diplograph.ontology.dates import PartialDate
from diplograph.ontology.namespaces import PREFIXES
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


def test_the_network_of_all_is_large(records_store):
    assert len(ties(records_store, "agreement", "states").edges[0]) > 20_000
    assert len(ties(records_store, "met", "states").edges[0]) > 200


def test_the_kept_table_is_the_one_that_would_be_made_now(records_store):
    kept, anew = edges_of(records_store), table_in_memory(records_store.view()._write_tsv)
    for name in ("fact", "kind", "start", "end", "documents", "realis", "start_first", "end_last"):
        assert kept.column(name).tolist() == anew.column(name).tolist()
    for name in ("source", "target"):
        assert (kept.terms[kept.column(name)] == anew.terms[anew.column(name)]).all()

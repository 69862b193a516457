"""What an endpoint's engine does in its own way: here nothing, which is how an engine does that keeps to SPARQL 1.1."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from email.message import Message
from typing import Final

from .results import Binding, Results

MOST_AT_ONCE: Final = 20_000
"""How many statements one request to change something may hold; more are put aside first."""


class Dialect:
    """An engine that keeps to SPARQL 1.1."""

    is_virtuoso = False
    has_union = False
    """Whether its default graph is known to be the union of all graphs."""
    cuts_graphs = False
    """Whether it makes graphs of the first solutions only, and does not tell."""
    own_graphs: Collection[str] = ()
    """The graphs that it has from the beginning."""
    graphs = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
    """The query for the names of all graphs."""
    statements_in_operation = MOST_AT_ONCE
    """How many statements one operation of an update may name."""
    statements_in_upload = 100_000
    """How many statements are uploaded at once by the Graph Store Protocol."""
    statements_in_request = MOST_AT_ONCE
    """How many statements one update may name."""

    def query(self, sparql: str) -> str:
        """Return a query that means the same, in the engine's own SPARQL."""
        return sparql

    def is_own(self, graph: str) -> bool:
        """Return whether a named graph is the engine's own."""
        return graph in self.own_graphs

    def term(self, term: Binding) -> Binding:
        """Return a term of its results as the standard has it."""
        return term

    def results(self, results: Results, form: str) -> Results:
        """Return its results as the standard has them."""
        return results

    def triples(self, data: bytes) -> bytes:
        """Return triples that it made as the standard has them."""
        return data

    def limit(self, headers: Message) -> int | None:
        """Return how many rows it gives at most, where it tells that it gave no more; None where all are given."""
        return None

    def cut(self, headers: Message) -> str | None:
        """Return why an answer is not all there is, where the engine tells it; None where it is whole."""
        return None

    def page(self, prologue: str, query: str, variables: Sequence[str], limit: int, offset: int) -> str:
        """Return the query for a page of the rows of another, all pages in one order."""
        # The order of SPARQL leaves terms that differ side by side; all that tells two apart puts them in line.
        keys = " ".join(f"isIRI(?{v}) STR(?{v}) LANG(?{v}) STR(DATATYPE(?{v}))" for v in variables)
        return f"{prologue} SELECT * WHERE {{ {{ {query} }} }} ORDER BY {keys} LIMIT {limit} OFFSET {offset}"

    def refused(self, status: int | None, text: str) -> bool:
        """Return whether an error means that the query cannot be answered, rather than that the server failed."""
        return status == 400

    def named_blank_nodes(self, ntriples: bytes, known: Collection[str]) -> bytes | None:
        """Return N-Triples in which blank nodes have names that updates can use again; None where there are none.

        Labels that are `known` are those of nodes that the engine has, others of nodes that it has not.
        """
        return None

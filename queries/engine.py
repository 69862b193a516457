"""Asking: a named question or any SPARQL query is run over a store and answered with a table or a graph."""

from __future__ import annotations

from collections.abc import Mapping

from rdflib import URIRef

from ..errors import QueryError
from ..graph.entities import Names, labels
from ..graph.scope import WHOLE, Scope
from ..graph.statements import facts_with
from ..graph.store import Row, Solutions, Store, Triples, View, view_of
from ..ontology.namespaces import PREFIXES
from .binding import bound, terms_of
from .catalogue import question
from .networks import NETWORKS
from .results import Table


def ask(source: Store | View, name: str, values: Mapping[str, object] | None = None, /, **more: object) -> Table:
    """Return the answer to a named question, with labels and the sources of each row.

    A question of a network is answered from the table of edges, where the store keeps one or its engine cannot answer,
    and else by its SPARQL.

    Values are given by keyword, or as a mapping where a parameter's name is a Python keyword. Raises
    UnknownQuestionError, ParameterError, AmbiguousNameError and NotFoundError, each naming what would be right.
    """
    view, asked = view_of(source), question(name)
    terms = terms_of(asked, {**(values or {}), **more}, Names(view))
    network = NETWORKS.get(name)
    if network and view.keeps_edges:
        return tabulated(view, network.columns, network.rows(view, terms))
    try:
        answer = query(view, bound(asked, terms))
    except QueryError:
        # So large a query is more than Virtuoso's optimizer can do.
        if not network:
            raise
        return tabulated(view, network.columns, network.rows(view, terms))
    assert isinstance(answer, Table)  # noqa: S101 - the library holds SELECT queries only, which a test checks
    return answer


def query(source: Store | View, sparql: str, scope: Scope = WHOLE) -> Table | Triples | bool:
    """Return the answer to a SPARQL query: a table for SELECT, triples for CONSTRUCT and DESCRIBE, the truth for ASK.

    The project's prefixes need no declaration. A variable called ?fact is taken as the fact that a row rests on, and
    gives the row its sources. Raises QuerySyntaxError and QueryRefusedError.
    """
    view = view_of(source)
    answer = view.query(sparql, PREFIXES, scope)
    if not isinstance(answer, Solutions):
        return answer
    return tabulated(view, answer.variables, list(answer.rows))


def tabulated(view: View, variables: tuple[str, ...], rows: list[Row]) -> Table:
    """Return rows as a table, with the labels of what they name and the facts that they rest on."""
    facts: list[URIRef] = []
    if "fact" in variables:
        column = variables.index("fact")
        facts = [term for row in rows if isinstance(term := row[column], URIRef)]
    return Table(
        columns=variables,
        rows=rows,
        labels=labels(view, (term for row in rows for term in row if term is not None)),
        facts=facts_with(view, facts),
    )

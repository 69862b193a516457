"""Documents elsewhere that a query names as its graphs: they are fetched, and asked instead of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rdflib import URIRef

from ..errors import QueryRefusedError
from .guarding import dataset_of
from .oxigraph import OxigraphDataset, check_query_syntax
from .retrieval import retrieved
from .scope import Scope
from .store import View
from .tokens import unescaped
from .web import Web

MOST_DOCUMENTS: Final = 8
"""How many documents are fetched for one query."""


def view_asked(view: View, sparql: str, prefixes: Mapping[str, str], scope: Scope, web: Web) -> View:
    """Return what a query is to be asked of: the view, or where no graph that it names is there, the documents' own.

    They are named graphs then, as in a store, for the query and its scope to choose from, and nothing else is there.
    What is wrong with the query is told before any is fetched. Raises QueryRefusedError where some may not be fetched,
    are too many, or are named beside graphs of the view, and what `View.query` and `retrieved` raise.
    """
    if not web.allowed:
        return view
    text = unescaped(sparql)
    named = _named(text, prefixes, scope)
    known = frozenset(view.graphs() if named else ()) - scope.hidden
    elsewhere = [graph for graph in named if graph not in known]
    if not elsewhere:
        return view
    _check(named, elsewhere, web)
    # An engine may read more of a text than is named in the usual reading: nothing but these graphs may be.
    scope.checked_query(text, lambda: elsewhere, prefixes)
    check_query_syntax(text, prefixes)
    return OxigraphDataset({graph: retrieved(graph, graph, web).ntriples for graph in elsewhere}).view()


def _named(sparql: str, prefixes: Mapping[str, str], scope: Scope) -> tuple[URIRef, ...]:
    """Return the graphs that a query names by FROM and FROM NAMED, and those that its scope chooses, each once."""
    by_query = dataset_of(sparql, prefixes) or ((), ())
    chosen = *(scope.default or ()), *(scope.named or ())
    return tuple(dict.fromkeys((*chosen, *by_query[0], *by_query[1])))


def _check(named: Sequence[URIRef], elsewhere: Sequence[URIRef], web: Web) -> None:
    if closed := [graph for graph in elsewhere if not web.allows(graph)]:
        raise QueryRefusedError(
            f"The query names the graph <{closed[0]}>, which is not in the store and may not be fetched. "
            f"`diplograph sources` lists those that are. {web.hint}"
        )
    if len(elsewhere) < len(named):
        stored = next(graph for graph in named if graph not in elsewhere)
        raise QueryRefusedError(
            f"The query names the graph <{stored}>, which is in the store, and <{elsewhere[0]}>, which is not. It is "
            "answered over the one or the other: LOAD what is not in the store first, and then ask."
        )
    if len(elsewhere) > MOST_DOCUMENTS:
        raise QueryRefusedError(
            f"The query names {len(elsewhere):,} documents of other hosts. At most {MOST_DOCUMENTS} are fetched for "
            "one query; LOAD them first, and then ask."
        )

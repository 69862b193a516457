"""Reading what comes without a store: queries to be passed on, and the answers of other engines."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

import pyoxigraph as ox
from rdflib import URIRef

from .store import OxigraphStore
from .view import OxigraphView, State


def variables_of(sparql: str, prefixes: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the variables of a SELECT query, None for another, and for one with functions that only others know.

    Raises QuerySyntaxError, with its place, for what is not SPARQL.
    """
    with State(ox.Store()) as state, contextlib.suppress(RuntimeError, ValueError):
        answer = OxigraphView(state)._results(sparql, prefixes)
        if isinstance(answer, ox.QuerySolutions):
            return tuple(variable.value for variable in answer.variables)
    return None


def results_in_json(xml: bytes) -> bytes:
    """Return the results of a SELECT or ASK query, given in XML, in JSON; raises SyntaxError where they are cut off."""
    results = ox.parse_query_results(xml, format=ox.QueryResultsFormat.XML)
    return results.serialize(format=ox.QueryResultsFormat.JSON) or b""


def made_triples(data: bytes, media_type: str) -> bytes:
    """Return the triples that data in an RDF syntax states as N-Triples, each once.

    Raises SyntaxError for data that is not what its media type says, or not all of it, and ValueError for a media type
    that is none of RDF.
    """
    syntax = ox.RdfFormat.N_TRIPLES if media_type == "text/plain" else ox.RdfFormat.from_media_type(media_type)
    if syntax is None:
        raise ValueError(f"{media_type!r} is no RDF syntax")
    return ox.serialize({quad.triple for quad in ox.parse(data, syntax)}, format=ox.RdfFormat.N_TRIPLES) or b""


def store_of(graphs: Mapping[URIRef | None, bytes]) -> OxigraphStore:
    """Return a store in memory that holds graphs of N-Triples as they are; the key None stands for the merged view.

    Blank nodes keep their labels, so that one is the same in all graphs.
    """
    store = OxigraphStore()
    engine = store._state.engine
    for name, ntriples in graphs.items():
        graph = ox.DefaultGraph() if name is None else ox.NamedNode(name)
        if isinstance(graph, ox.NamedNode):
            engine.add_graph(graph)
        triples = ox.parse(ntriples, ox.RdfFormat.N_TRIPLES)
        engine.bulk_extend(ox.Quad(each.subject, each.predicate, each.object, graph) for each in triples)
    return store

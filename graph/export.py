"""Exports: the merged view, one document, one entity or a query's graph, the same bytes from the same statements."""

from __future__ import annotations

from rdflib import Graph, URIRef

from ..errors import NotFoundError, QueryError, UnknownDocumentError
from ..ontology.namespaces import PREFIXES
from .formats import Syntax, syntax_named
from .judgements import kept
from .oxigraph import canonical, rewritten
from .provenance import quotation_graphs
from .scope import WHOLE, Scope
from .store import LOADS, Store, Triples, View, view_of
from .turtle import trig, turtle

TURTLE = syntax_named("turtle")


def exported(source: Store | View, syntax: Syntax = TURTLE, *, quotations: bool = False) -> bytes:
    """Return everything that a store holds.

    A syntax with named graphs gives each document as a graph of its own, without the shortcuts; JSON-LD and the others
    give the merged view. The quotations of attached texts are left out unless asked for: they may not be yours to pass
    on.
    """
    view = view_of(source)
    hidden = set() if quotations else set(quotation_graphs(view))
    names = view.graphs()
    if syntax.name in ("trig", "nquads") and names:
        graphs = [graph for graph in names if graph != LOADS and graph not in hidden]
        return _written(b"".join(_in_graph(view.ntriples(graph), graph) for graph in graphs), syntax)
    # Only what nothing but an attachment states is taken out.
    private = {line for graph in hidden for line in view.ntriples(graph).splitlines(keepends=True)}
    for graph in names if private else ():
        if graph not in hidden:
            private.difference_update(view.ntriples(graph).splitlines(keepends=True))
    return _written(b"".join(line for line in view.ntriples().splitlines(keepends=True) if line not in private), syntax)


def exported_document(source: Store | View, document: URIRef, syntax: Syntax = TURTLE) -> bytes:
    """Return what one document states; raises DocumentError if the store does not have it."""
    view = view_of(source)
    if document not in view.graphs():
        raise UnknownDocumentError(document)
    ntriples = view.ntriples(document)
    return _written(_in_graph(ntriples, document) if syntax.name in ("trig", "nquads") else ntriples, syntax)


def exported_entity(source: Store | View, entity: URIRef, syntax: Syntax = TURTLE) -> bytes:
    """Return what is said of one entity: its own triples, the facts it plays a part in, and their evidence.

    Of entities that were judged to be one, this is said of the one that is kept, whichever is asked for.
    """
    view = view_of(source)
    entity = kept(view, entity)
    answer = view.query(
        f"""
        PREFIX dg: <https://w3id.org/diplograph/ns#>
        PREFIX prov: <http://www.w3.org/ns/prov#>
        CONSTRUCT {{ ?s ?p ?o }} WHERE {{
          {{ BIND({entity.n3()} AS ?s) }}
          UNION {{ ?s ?part {entity.n3()} ; dg:realis ?r1 }}
          UNION {{ ?f1 ?part {entity.n3()} ; dg:realis ?r2 ; dg:evidence ?s }}
          UNION {{ ?f2 ?part {entity.n3()} ; dg:realis ?r3 ; dg:evidence/(prov:wasQuotedFrom|dg:decidedBy) ?s }}
          UNION {{ ?f3 ?part {entity.n3()} ; dg:realis ?r4 ; dg:content ?s }}
          UNION {{ ?f4 ?part {entity.n3()} ; dg:realis ?r5 ; dg:evidence/dg:inDocument ?s }}
          ?s ?p ?o .
          FILTER(?p != <http://www.w3.org/ns/oa#exact>)
        }}"""
    )
    assert isinstance(answer, Triples)  # noqa: S101 - a CONSTRUCT query answers with triples
    if not answer.ntriples:
        raise NotFoundError(f"The store says nothing of {entity}.")
    return _written(answer.ntriples, syntax)


def exported_query(source: Store | View, sparql: str, syntax: Syntax = TURTLE, scope: Scope = WHOLE) -> bytes:
    """Return the graph that a CONSTRUCT or DESCRIBE query makes; raises QueryError for another kind of query."""
    view = view_of(source)
    answer = view.query(sparql, PREFIXES, scope)
    if not isinstance(answer, Triples):
        raise QueryError(
            "Only CONSTRUCT and DESCRIBE queries make a graph to export; `diplograph query` prints tables."
        )
    return _written(answer.ntriples, syntax)


def written_graph(graph: Graph, syntax: Syntax = TURTLE) -> bytes:
    """Return an rdflib graph in the same layout as a store's exports."""
    return _written(graph.serialize(format="ntriples", encoding="utf-8"), syntax)


def _in_graph(ntriples: bytes, graph: URIRef) -> bytes:
    return ntriples.replace(b" .\n", b" <%s> .\n" % graph.encode())


def _written(nquads: bytes, syntax: Syntax) -> bytes:
    ordered = canonical(nquads)
    if syntax.name == "turtle":
        return turtle(ordered, PREFIXES)
    if syntax.name == "trig":
        return trig(ordered, PREFIXES)
    if syntax.name in ("ntriples", "nquads"):
        return ordered
    used = {prefix: namespace for prefix, namespace in PREFIXES.items() if f"<{namespace}".encode() in ordered}
    return rewritten(ordered, syntax, used)

"""Parsing any RDF syntax, writing those that have no layout of ours, and the canonical form of blank nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.term import Node

from ...errors import FormatError, ParseError
from ..formats import Syntax
from .terms import rdflib_term

_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
_POSITION = re.compile(
    r"^Parser error (?:at|between) line \d+ (?:between )?columns? \d+(?: and (?:line \d+ )?(?:column )?\d+)?: "
)


def parsed(data: bytes, syntax: Syntax, *, source: str, base: str | None = None) -> dict[URIRef | None, bytes]:
    """Return the graphs that data states, each as N-Triples; the key None stands for the default graph.

    Blank nodes get labels that no other call gives. `source` names the data in errors. Raises ParseError with line and
    column where the syntax gives them.
    """
    graphs: dict[URIRef | None, list[ox.Triple]] = {}
    try:
        for quad in ox.parse(data, _FORMATS[syntax.name], base_iri=base, rename_blank_nodes=True):
            name = quad.graph_name
            if isinstance(name, ox.BlankNode):
                raise FormatError(f"{source}: a graph has a blank node for a name. Give every named graph an IRI.")
            key = URIRef(name.value) if isinstance(name, ox.NamedNode) else None
            graphs.setdefault(key, []).append(quad.triple)
    except SyntaxError as error:
        # The engine counts columns from 0 where it reports a range, from line 1 on.
        reason = _POSITION.sub("", str(error.msg)).strip().rstrip(".")
        raise ParseError(
            f"this is not {syntax.title}: {reason}", source=source, line=error.lineno, column=error.offset
        ) from error
    except ValueError as error:
        raise ParseError(f"this is not {syntax.title}: {error}", source=source) from error
    return {key: ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"" for key, triples in graphs.items()}


def rdflib_triples(ntriples: bytes) -> Iterator[tuple[Node, Node, Node]]:
    """Yield N-Triples as triples of rdflib; unlike rdflib's own parser this keeps every lexical form as written."""
    for quad in ox.parse(ntriples, ox.RdfFormat.N_TRIPLES):
        yield rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object)


def rdflib_graph(ntriples: bytes) -> Graph:
    """Return N-Triples as an rdflib graph, every lexical form as written."""
    graph = Graph()
    graph.addN((s, p, o, graph) for s, p, o in rdflib_triples(ntriples))
    return graph


def canonical(nquads: bytes) -> bytes:
    """Return N-Triples or N-Quads with canonical blank node labels (RDFC-1.0, SHA-256), each statement once, sorted."""
    if b"_:" in nquads:
        dataset = ox.Dataset(ox.parse(nquads, ox.RdfFormat.N_QUADS))
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        nquads = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""
    return b"".join(sorted(set(nquads.splitlines(keepends=True))))


def rewritten(nquads: bytes, syntax: Syntax, prefixes: dict[str, str] | None = None) -> bytes:
    """Return N-Triples or N-Quads in another syntax, statements in the order given."""
    quads = ox.parse(nquads, ox.RdfFormat.N_QUADS)
    statements = quads if syntax.has_graphs else (quad.triple for quad in quads)
    return ox.serialize(statements, format=_FORMATS[syntax.name], prefixes=prefixes) or b""

"""Lookups in the engine's indexes, without a query: their answers as the engine would write them in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from json.encoder import encode_basestring as quoted
from typing import Any

import pyoxigraph as ox
from rdflib.namespace import XSD

from ..lookups import MOST_CHARACTERS, MOST_ROWS, Lookup

_MERGED = ox.DefaultGraph()
_STRING = ox.NamedNode(XSD.string)


def looked_up(engine: ox.Store, lookup: Lookup) -> bytes | None:
    """Return what a lookup finds in the default graph, in SPARQL 1.1 Query Results JSON; None where it is long.

    Also None for what that format cannot tell, and where an IRI is none.
    """
    try:
        subject, predicate, value = (None if iri is None else ox.NamedNode(iri) for iri in lookup.pattern)
    except ValueError:
        return None
    quads = islice(engine.quads_for_pattern(subject, predicate, value, _MERGED), lookup.limit)
    if lookup.asked is None:
        return b'{"head":{},"boolean":%s}' % (b"false" if next(quads, None) is None else b"true")
    rows = _rows(quads, lookup.asked, lookup.variables)
    if rows is None:
        return None
    names = ",".join(map(quoted, lookup.asked))
    return f'{{"head":{{"vars":[{names}]}},"results":{{"bindings":[{",".join(rows)}]}}}}'.encode()


def _rows(quads: Iterator[ox.Quad], asked: tuple[str, ...], variables: tuple[str, ...]) -> list[str] | None:
    # What has no place in the pattern has no value.
    cells = [(quoted(name), variables.index(name)) for name in asked if name in variables]
    rows, left = list[str](), MOST_CHARACTERS
    try:
        for quad in quads:
            row = ",".join([f"{name}:{_told(quad[place])}" for name, place in cells])
            left -= len(row)
            if left < 0 or len(rows) == MOST_ROWS:
                return None
            rows.append(f"{{{row}}}")
    except ValueError:
        return None
    return rows


def _told(term: Any) -> str:
    if isinstance(term, ox.NamedNode):
        return f'{{"type":"uri","value":{quoted(term.value)}}}'
    if isinstance(term, ox.BlankNode):
        return f'{{"type":"bnode","value":{quoted(term.value)}}}'
    if not isinstance(term, ox.Literal) or term.direction is not None:
        raise ValueError("SPARQL 1.1 knows neither triples as terms nor the direction of a text.")
    if term.language is not None:
        more = f',"xml:lang":{quoted(term.language)}'
    else:
        more = "" if term.datatype == _STRING else f',"datatype":{quoted(term.datatype.value)}'
    return f'{{"type":"literal","value":{quoted(term.value)}{more}}}'

"""Terms of the engine as rdflib terms."""

from __future__ import annotations

from typing import TypeAlias

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

EngineTerm: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_STRING = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")


def rdflib_term(term: EngineTerm) -> Node:
    """Return a term of the engine as rdflib's; lexical forms stay as written. A triple term is given as its text."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Triple):
        return Literal(f"<< {term} >>")
    if term.language:
        return Literal(term.value, lang=term.language)
    if term.datatype == _STRING:
        return Literal(term.value)
    return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)

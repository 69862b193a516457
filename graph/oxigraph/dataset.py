"""A dataset in memory, its graphs exactly as given: to be asked like a store, and changed by SPARQL Update."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph as ox
from rdflib import URIRef

from ...errors import QueryError, QuerySyntaxError
from ..guarding import checked_update
from ..store import View
from .view import OxigraphView, State

_PROLOGUE = re.compile(
    r"""(?:[ \t\r\n]+ | \#[^\n\r]*[\n\r] | PREFIX[ \t\r\n]*[^\s<>"{}|^`\\]*:[ \t\r\n]*<[^<>]*> | BASE[ \t\r\n]*<[^<>]*>
        | VERSION[ \t\r\n]*(?:"[^"\\\n\r]*"|'[^'\\\n\r]*') )*""",
    re.VERBOSE | re.IGNORECASE,
)
_FAILING = " DROP GRAPH <urn:uuid:5d1f0d0e-9f0b-4c56-a5c4-0c7f6f3a8b11> ; "
"""An operation that fails before any that follow it is done, once the whole request has been parsed."""


class OxigraphDataset:
    """Graphs as N-Triples by name, None for the default graph.

    Unlike in a store, the default graph is whatever is given for it: it holds nothing of the named graphs.
    """

    def __init__(self, graphs: Mapping[URIRef | None, bytes]) -> None:
        self._engine = ox.Store()
        for name, ntriples in graphs.items():
            graph = ox.DefaultGraph() if name is None else ox.NamedNode(name)
            if isinstance(graph, ox.NamedNode):
                self._engine.add_graph(graph)
            # Not by load(), which would give blank nodes that graphs share a new label in each.
            triples = ox.parse(ntriples, ox.RdfFormat.N_TRIPLES)
            self._engine.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)

    def view(self) -> View:
        """Return a view of the dataset; it shows later changes too."""
        return OxigraphView(State(self._engine))

    def graphs(self) -> dict[URIRef | None, bytes]:
        """Return the graphs as N-Triples by name; blank nodes keep their labels across graphs."""
        names: list[URIRef | None] = [None, *self.view().graphs()]
        return {name: self.view().ntriples(name) for name in names}

    def update(self, sparql: str, *, base: str | None = None) -> None:
        """Do what a SPARQL Update request says, all of it or nothing.

        Raises QuerySyntaxError where it is not SPARQL Update, QueryRefusedError where it would fetch something, and
        QueryError where it cannot be done.
        """
        text = checked_update(sparql, base or "")
        try:
            self._engine.update(text, base_iri=base)
        except SyntaxError as error:
            raise _syntax_error(str(error.msg)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise QueryError(f"The update cannot be done: {str(error).rstrip('.')}.") from error


def check_update_syntax(sparql: str, *, base: str | None = None) -> None:
    """Raise QuerySyntaxError where a text is not SPARQL Update. Nothing of what it says is done or fetched."""
    prologue = _PROLOGUE.match(sparql)
    start = prologue.end() if prologue else 0
    try:
        ox.Store().update(sparql[:start] + _FAILING + sparql[start:], base_iri=base)
    except SyntaxError as error:
        raise _syntax_error(str(error.msg)) from error
    except RuntimeError:
        return  # the whole text was parsed, and its first operation failed, as it must
    raise AssertionError("An update that drops a graph which is not there was done.")


def check_query_syntax(sparql: str) -> None:
    """Raise QuerySyntaxError where a text is no SPARQL query. It is not answered, and reaches nothing."""
    nowhere: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
        ox.Variable("d_5d1f0d0e"): ox.Literal("")
    }
    try:
        ox.Store().query(sparql, substitutions=nowhere)
    except SyntaxError as error:
        raise _syntax_error(str(error.msg)) from error
    except RuntimeError:
        return  # the whole text was parsed, and has no such variable to put a value for
    raise AssertionError("A query was answered with a value for a variable that it does not have.")


def _syntax_error(message: str) -> QuerySyntaxError:
    match = re.match(r"error at (\d+):(\d+): ", message)
    if match is None:
        return QuerySyntaxError(f"This is not SPARQL Update: {message}.")
    line = int(match[1])
    return QuerySyntaxError(f"The update does not parse at line {line}: {message[match.end() :]}.", line=line)

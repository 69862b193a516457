"""A dataset in memory, its graphs exactly as given: to be asked like a store, and changed by SPARQL Update."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

import pyoxigraph as ox
from rdflib import URIRef

from ...errors import QueryError
from ..guarding import checked_update
from ..store import View
from .view import OxigraphView, State, syntax_error

_PROLOGUE = re.compile(
    r"""(?:[ \t\r\n]+ | \#[^\n\r]*[\n\r] | PREFIX[ \t\r\n]*[^\s<>"{}|^`\\]*:[ \t\r\n]*<[^<>]*> | BASE[ \t\r\n]*<[^<>]*>
        | VERSION[ \t\r\n]*(?:"[^"\\\n\r]*"|'[^'\\\n\r]*') )*""",
    re.VERBOSE | re.IGNORECASE,
)
_PLACE = re.compile(r"error at (\d+):(\d+): ")
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

    def update(self, sparql: str, *, base: str | None = None, prefixes: Mapping[str, str] | None = None) -> None:
        """Do what a SPARQL Update request says, all of it or nothing; `prefixes` need no declaration.

        Raises QuerySyntaxError where it is not SPARQL Update, QueryRefusedError where it would fetch something, and
        QueryError where it cannot be done.
        """
        text = checked_update(sparql, base or "")
        try:
            do_update(self._engine, text, base=base, prefixes=prefixes)
        except OSError as error:
            raise undone(error) from error


def do_update(
    engine: ox.Store, sparql: str, *, base: str | None = None, prefixes: Mapping[str, str] | None = None
) -> None:
    """Do what an update says that has been checked, all of it or nothing.

    Raises QuerySyntaxError where it is not SPARQL Update, QueryError where it cannot be done, and OSError and
    RuntimeError where the engine itself fails.
    """
    try:
        engine.update(sparql, base_iri=base, prefixes=dict(prefixes or {}))
    except SyntaxError as error:
        raise syntax_error(sparql, str(error.msg), "update") from error
    except (RuntimeError, ValueError) as error:
        if str(error).startswith("Corruption"):
            raise
        raise undone(error) from error


def undone(error: Exception) -> QueryError:
    """Return the error that says why an update could not be done."""
    return QueryError(f"The update cannot be done: {str(error).rstrip('.')}.")


def check_update_syntax(sparql: str, *, base: str | None = None, prefixes: Mapping[str, str] | None = None) -> None:
    """Raise QuerySyntaxError where a text is not SPARQL Update. Nothing of what it says is done or fetched."""
    prologue, known = _PROLOGUE.match(sparql), dict(prefixes or {})
    start = prologue.end() if prologue else 0
    try:
        ox.Store().update(sparql[:start] + _FAILING + sparql[start:], base_iri=base, prefixes=known)
    except SyntaxError as error:
        raise syntax_error(sparql, _unshifted(str(error.msg), sparql, start), "update") from error
    except RuntimeError:
        return  # the whole text was parsed, and its first operation failed, as it must
    raise AssertionError("An update that drops a graph which is not there was done.")


def check_query_syntax(sparql: str, prefixes: Mapping[str, str] | None = None) -> None:
    """Raise QuerySyntaxError where a text is no SPARQL query. It is not answered, and reaches nothing.

    `prefixes` need no declaration.
    """
    # Nobody can know its name, and write a query that has it: that would be answered.
    nowhere: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
        ox.Variable(f"d_{secrets.token_hex(16)}"): ox.Literal("")
    }
    try:
        ox.Store().query(sparql, prefixes=dict(prefixes or {}), substitutions=nowhere)
    except SyntaxError as error:
        raise syntax_error(sparql, str(error.msg)) from error
    except RuntimeError:
        return  # the whole text was parsed, and has no such variable to put a value for
    raise AssertionError("A query was answered with a value for a variable that it does not have.")


def _unshifted(message: str, sparql: str, start: int) -> str:
    """Return a message with the place in the text itself, into which the failing operation was put at `start`."""
    match, begin = _PLACE.match(message), sparql.rfind("\n", 0, start) + 1
    if match is None or int(match[1]) != sparql.count("\n", 0, start) + 1 or int(match[2]) <= start - begin:
        return message
    return f"error at {match[1]}:{max(int(match[2]) - len(_FAILING), start - begin + 1)}: {message[match.end() :]}"

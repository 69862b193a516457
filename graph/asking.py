"""Asking rdflib's engine: it reads no graph from elsewhere, and what it cannot answer is told as an error of ours."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final

import rdflib.plugins.sparql
from pyparsing.exceptions import ParseException
from rdflib import Graph
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.processor import prepareQuery
from rdflib.plugins.sparql.sparql import SPARQLError
from rdflib.query import Result

from ..errors import QueryError, QuerySyntaxError

_FAILURES: Final = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError),
    *(SPARQLError, re.error),
)
"""What rdflib raises for a query that it cannot answer, beside the bare Exception."""


def query_result(graph: Graph, sparql: str, prefixes: Mapping[str, str], *, scoped: bool) -> Result:
    """Return what rdflib finds in a graph, where `scoped` whatever the query's FROM says.

    Raises QuerySyntaxError for what is not SPARQL, and QueryError for what rdflib cannot answer.
    """
    try:
        parseQuery(sparql)
    except RecursionError as error:
        raise QuerySyntaxError("The query nests deeper than rdflib can read. Ask a store in Oxigraph.") from error
    except ParseException as error:
        raise QuerySyntaxError(
            f"The query does not parse at line {error.lineno}, column {error.column}.",
            line=error.lineno,
            column=error.column,
        ) from error
    with _LOCAL_GRAPHS, Answering():
        prepared: Any = sparql
        if scoped:
            prepared = prepareQuery(sparql, initNs=dict(prefixes))
            prepared.algebra["datasetClause"] = None
        result = graph.query(prepared, initNs=dict(prefixes))
        if result.type == "SELECT":
            # All rows now: rdflib looks its switch up, and fails, while it finds them.
            _ = result.bindings
        return result


class Answering(contextlib.AbstractContextManager[None]):
    """Raises QueryError for what rdflib cannot answer."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None, /
    ) -> None:
        # By its kind: the bare Exception cannot be caught without all others.
        if kind is Exception or isinstance(error, _FAILURES):
            told = kind is Exception or isinstance(error, SPARQLError | ValueError | re.error)
            reason = str(error).rstrip(".") if told else type(error).__name__
            raise QueryError(f"rdflib cannot answer the query ({reason}). Ask a store in Oxigraph.") from error


class _LocalGraphs:
    """A context in which rdflib does not read the graphs of FROM from files and the web.

    The switch is one for the whole process, so it goes back when the last of the queries that run at once has ended.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._running, self._before = 0, True
        self._settings: Any = rdflib.plugins.sparql

    def __enter__(self) -> None:
        with self._lock:
            if not self._running:
                self._before, self._settings.SPARQL_LOAD_GRAPHS = self._settings.SPARQL_LOAD_GRAPHS, False
            self._running += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._running -= 1
            if not self._running:
                self._settings.SPARQL_LOAD_GRAPHS = self._before


_LOCAL_GRAPHS: Final = _LocalGraphs()

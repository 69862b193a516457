"""Answers that are found whole before they are written: what the views of engines that write none themselves share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path

from rdflib import URIRef

from ..errors import QueryError, QueryRefusedError
from .formats import Syntax
from .oxigraph import rewritten
from .oxigraph.output import opened
from .scope import Scope
from .store import Answer, ResultSyntax, Triples, View


class WholeView(View):
    """A view that keeps an answer in memory until it is written."""

    @abstractmethod
    def _text(self, sparql: str, syntax: ResultSyntax, prefixes: Mapping[str, str]) -> bytes:
        """Return the answer to a SELECT or ASK query asked of the whole store, in a W3C results format."""

    def _within(self, scope: Scope) -> WholeView:
        """Return a view of the dataset that a scope chooses, which is not the whole store."""
        raise QueryRefusedError(
            "This store is asked whole, so no graphs can be chosen beside the query. Name them in it, with FROM."
        )

    def _answer_within(self, sparql: str, prefixes: Mapping[str, str], scope: Scope) -> Answer:
        return (self if scope.is_whole else self._within(scope))._answer(sparql, prefixes)

    def _write_results(
        self, out: Path, sparql: str, syntax: ResultSyntax, prefixes: Mapping[str, str], scope: Scope
    ) -> None:
        _write(out, self._serialized(sparql, syntax, prefixes, scope))

    def _serialized(self, sparql: str, syntax: ResultSyntax, prefixes: Mapping[str, str], scope: Scope) -> bytes:
        return (self if scope.is_whole else self._within(scope))._text(sparql, syntax, prefixes)

    def _write_graph(self, out: Path, sparql: str, syntax: Syntax, prefixes: Mapping[str, str], scope: Scope) -> None:
        answer = self._answer_within(sparql, prefixes, scope)
        if not isinstance(answer, Triples):
            raise QueryError("This query makes a table, which is no graph. Use a format of results such as json.")
        _write(out, rewritten(answer.ntriples, syntax, dict(prefixes)))

    def write_dump(
        self, out: Path, syntax: Syntax, graph: URIRef | None = None, prefixes: Mapping[str, str] | None = None
    ) -> None:
        """Write a named graph, or the merged view, to a file or pipe."""
        _write(out, rewritten(self.ntriples(graph), syntax, dict(prefixes or {})))


def _write(out: Path, text: bytes) -> None:
    with opened(out) as output:
        output.write(text)

"""Reading an endpoint: queries as they are, whole graphs counted, and in pages where they are large."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from rdflib import URIRef

from ...errors import QuerySyntaxError, RemoteError
from ..names import NameIndex
from ..oxigraph import results_rewritten
from ..oxigraph.reading import made_triples, variables_of
from ..scope import WHOLE, Scope
from ..store import Answer, ResultSyntax, Solutions, Triples
from ..whole import WholeView
from .dataset import RemoteDataset
from .endpoint import Endpoint
from .results import Binding, Results, ntriples
from .text import QueryText, query_text


class RemoteView(WholeView):
    """Reads an endpoint. What its graphs are is asked once; what they hold may change while it is read."""

    def __init__(self, endpoint: Endpoint, scope: Scope = WHOLE) -> None:
        self._endpoint, self._scope = endpoint, scope

    @cached_property
    def dataset(self) -> RemoteDataset:
        """What the graphs of the endpoint are."""
        return RemoteDataset(self._endpoint)

    def _answer(self, sparql: str, prefixes: Mapping[str, str]) -> Answer:
        variables, text = variables_of(sparql, prefixes), query_text(sparql, prefixes)
        if text.form in ("CONSTRUCT", "DESCRIBE"):
            return Triples(self._made(text))
        found = self._results(text, variables)
        return found.truth if found.truth is not None else Solutions(found.variables, found.terms())

    def _text(self, sparql: str, syntax: ResultSyntax, prefixes: Mapping[str, str]) -> bytes:
        variables, text = variables_of(sparql, prefixes), query_text(sparql, prefixes)
        if text.form in ("CONSTRUCT", "DESCRIBE"):
            raise QuerySyntaxError("This query makes a graph, which has no table. Use an RDF format such as turtle.")
        found = self._results(text, variables)
        try:
            return results_rewritten(found.json(), syntax)
        except SyntaxError as error:
            raise self._endpoint.unreadable("terms", str(error)) from error

    def graphs(self) -> tuple[URIRef, ...]:
        """Return the IRIs of the named graphs, sorted."""
        return self.dataset.documents

    def ntriples(self, graph: URIRef | None = None, *, blank_nodes: bool = True) -> bytes:
        """Return a named graph, or the merged view, as N-Triples; raises RemoteError where not all of it came.

        Statements with blank nodes are left out unless they are wanted.
        """
        if graph is not None and graph not in self.dataset.documents:
            return b""
        pattern = _pattern(graph) + ("" if blank_nodes else " FILTER(!isBlank(?s) && !isBlank(?o))")
        try:
            return ntriples([row["s"], row["p"], row["o"]] for row in self._triples(pattern))
        except (LookupError, SyntaxError) as error:
            raise self._endpoint.unreadable("graph", str(error)) from error

    def size(self, graph: URIRef | None = None) -> int:
        """Return the number of triples in a named graph, or in the merged view."""
        return self._count(_pattern(graph)) if graph is None or graph in self.dataset.documents else 0

    def names(self) -> NameIndex:
        """Return an index of the names that entities have now, which are asked for once."""
        return self._names

    @cached_property
    def _names(self) -> NameIndex:
        return super().names()

    def _results(self, text: QueryText, variables: Sequence[str] | None) -> Results:
        found, most = self._selected(text)
        if most is not None and len(found.rows) >= most:
            found = Results(found.variables, self._paged(text, found.variables, most))
        return found if variables is None or found.truth is not None else Results(tuple(variables), found.rows)

    def _selected(self, text: QueryText) -> tuple[Results, int | None]:
        form = "ASK" if text.form == "ASK" else "SELECT"
        return self._endpoint.selected(text.whole, form, *self._graphs_for(text))  # type: ignore[arg-type]

    def _graphs_for(self, text: QueryText) -> tuple[Sequence[str], Sequence[str]]:
        """Return the default graphs and the named graphs that the endpoint has to be told to ask."""
        chosen, named = self._scope.default, self._scope.named
        if chosen is None and text.names_dataset:
            return (), named or ()
        defaults = self.dataset.defaults if chosen is None else chosen
        if named is None:
            named = self.dataset.documents if defaults and text.asks_graphs else ()
        return defaults, named

    def _within(self, scope: Scope) -> WholeView:
        return RemoteView(self._endpoint, scope)

    def _made(self, text: QueryText) -> bytes:
        data, media_type = self._endpoint.made(text.whole, "CONSTRUCT", *self._graphs_for(text))
        if self._endpoint.dialect.cuts_graphs and text.form == "CONSTRUCT":
            self._all_at_once(f"{text.prologue} SELECT (1 AS ?one) {text.pattern()}")
        try:
            return made_triples(data, media_type)
        except (SyntaxError, ValueError) as error:
            raise self._endpoint.unreadable(media_type, str(error)) from error

    def _count(self, pattern: str) -> int:
        return self._endpoint.count(pattern, *self._graphs_for(QueryText("", pattern)))

    def _paged(self, text: QueryText, variables: Sequence[str], most: int) -> tuple[dict[str, Binding], ...]:
        """Return the rows of a query that an endpoint gives `most` of at once."""
        url = self._endpoint.address.url
        if text.is_ordered or text.names_dataset:
            raise RemoteError(
                f"{url} gives {most:,} rows at most, and there may be more. Ask without ORDER BY, LIMIT and FROM, so "
                "that they can be fetched in pages, or ask for less.",
                url=url,
            )
        rows: list[dict[str, Binding]] = []
        while True:
            page = self._endpoint.dialect.page(text.prologue, text.query, variables, most, len(rows))
            found, _ = self._endpoint.selected(page, "SELECT", *self._graphs_for(text))
            rows += found.rows
            if any(term["type"] == "bnode" for row in found.rows for term in row.values()):
                raise RemoteError(
                    f"{url} gives {most:,} rows at most, and blank nodes have no names that last from one page of "
                    "rows to the next. Ask for less at once.",
                    url=url,
                )
            if len(found.rows) < most:
                return tuple(rows)

    def _triples(self, pattern: str) -> Iterator[dict[str, Binding]]:
        page = self._endpoint.settings.page
        count = self._count(pattern)
        if count <= page:
            rows, most = self._selected(query_text(f"SELECT ?s ?p ?o WHERE {{ {pattern} }}", {}))
            if most is None or len(rows.rows) < most:
                self._endpoint.check_count(len(rows.rows), count)
                yield from rows.rows
                return
            page = most
        found = 0
        for row in self._by_subject(pattern, page):
            found += 1
            yield row
        self._endpoint.check_count(found, count)

    def _by_subject(self, pattern: str, page: int) -> Iterator[dict[str, Binding]]:
        """Yield triples in pages, each from the subject on that the one before did not end with."""
        # Blank nodes have no names that last from one answer to the next, so they come in one.
        whole = f"SELECT ?s ?p ?o WHERE {{ {pattern} FILTER(isBlank(?s) || isBlank(?o)) }}"
        yield from self._all_at_once(whole)
        last = ""
        while True:
            after = f" && STR(?s) > {_quoted(last)}" if last else ""
            rows, _ = self._selected(
                query_text(
                    f"SELECT ?s ?p ?o WHERE {{ {pattern} FILTER(isIRI(?s) && !isBlank(?o){after}) }} "
                    f"ORDER BY STR(?s) LIMIT {page}",
                    {},
                )
            )
            if len(rows.rows) < page:
                yield from rows.rows
                return
            # The last subject may go on.
            last = rows.rows[-1]["s"]["value"]
            whole_subjects = [row for row in rows.rows if row["s"]["value"] != last]
            yield from whole_subjects
            yield from self._all_at_once(f"SELECT ?s ?p ?o WHERE {{ {pattern} FILTER(?s = <{last}> && !isBlank(?o)) }}")

    def _all_at_once(self, sparql: str) -> Sequence[dict[str, Binding]]:
        rows, most = self._selected(query_text(sparql, {}))
        if most is not None and len(rows.rows) >= most:
            url = self._endpoint.address.url
            raise RemoteError(
                f"{url} gives {most:,} rows at most, and what was asked for has more. Ask for less at once.", url=url
            )
        return rows.rows


def _pattern(graph: URIRef | None) -> str:
    return "?s ?p ?o" if graph is None else f"GRAPH {graph.n3()} {{ ?s ?p ?o }}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

"""What a worker can be asked for: each task writes its answer to a file or a pipe, from a view of the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar, cast, get_args

from rdflib import URIRef

from ..errors import AmbiguousNameError, NotFoundError, QuerySyntaxError, UnknownDocumentError
from ..graph.description import description
from ..graph.elsewhere import view_asked
from ..graph.export import exported_document, exported_entity, written_graph
from ..graph.federation import Endpoints
from ..graph.formats import syntax_named
from ..graph.oxigraph import rdflib_triples
from ..graph.provenance import documents
from ..graph.scope import Scope
from ..graph.store import LOADS, ResultSyntax, Row, Triples, View
from ..graph.web import OFFLINE, Web
from ..ontology.namespaces import PREFIXES
from . import pages
from .catalogue import question, questions
from .engine import ask, tabulated
from .finding import found
from .markup import about_path
from .results import Table
from .service_description import service_description

SERVED: Final = Scope(hidden=frozenset({LOADS}))
"""What is served: all but the store's own records, which hold the texts that were attached and the paths of files."""

T = TypeVar("T")

_RESULTS: Final = frozenset(get_args(ResultSyntax))

MOST_FACTS: Final = 200
"""How many facts a page tells of an entity at most; others stand on further pages."""


class WholeTask:
    """A task whose answer is no table of results: its rows are not counted."""

    @property
    def rows(self) -> ResultSyntax | None:
        """Return None."""
        return None


@dataclass(frozen=True)
class AnswerQuery:
    """The answer to a SPARQL query, in a W3C format of results or an RDF syntax, as the query's form wants it.

    Graphs that are given are the dataset of the query, as the protocol says. `base` is the address at which the query
    is asked, against which its relative IRIs are resolved. SERVICE may ask `endpoints`, and graphs that are not in the
    store may be documents of the `web`.
    """

    sparql: str
    format: str
    default_graphs: tuple[URIRef, ...] = ()
    named_graphs: tuple[URIRef, ...] = ()
    base: str = ""
    endpoints: Endpoints | None = None
    web: Web | None = None

    @property
    def rows(self) -> ResultSyntax | None:
        """The format of its results, None where it makes a graph."""
        return cast("ResultSyntax", self.format) if self.format in _RESULTS else None

    def write(self, view: View, out: Path) -> None:
        """Write the answer as the engine serialises it; raises QueryRefusedError where it would leave the store.

        Raises HostError too, where a document cannot be fetched.
        """
        _with_base(self.base, self.sparql, lambda sparql: self._write(view, out, sparql))

    def _write(self, view: View, out: Path, sparql: str) -> None:
        scope = _scope(self.default_graphs, self.named_graphs, self.endpoints)
        view = view_asked(view, sparql, PREFIXES, scope, self.web or OFFLINE)
        if self.format in get_args(ResultSyntax):
            view.write_results(out, sparql, cast("ResultSyntax", self.format), PREFIXES, scope)
        else:
            view.write_graph(out, sparql, syntax_named(self.format), PREFIXES, scope)


@dataclass(frozen=True)
class ShowQuery(WholeTask):
    """The page on which SPARQL is asked and, if there is a query, its answer, cut after a number of rows.

    `base`, `endpoints` and `web` are as for AnswerQuery.
    """

    sparql: str = ""
    default_graphs: tuple[URIRef, ...] = ()
    named_graphs: tuple[URIRef, ...] = ()
    base: str = ""
    endpoints: Endpoints | None = None
    web: Web | None = None

    def write(self, view: View, out: Path) -> None:
        """Write the page; raises what AnswerQuery raises."""
        answer: Table | bool | None = None
        more = False
        if self.sparql:
            answer, more = _with_base(self.base, self.sparql, lambda sparql: self._answer(view, sparql))
        out.write_bytes(pages.query_page(self.sparql, self.graphs, answer, more).encode())

    @property
    def graphs(self) -> dict[str, tuple[URIRef, ...]]:
        """The graphs that were chosen, by the protocol's parameter."""
        return {"default-graph-uri": self.default_graphs, "named-graph-uri": self.named_graphs}

    def _answer(self, view: View, sparql: str) -> tuple[Table | bool, bool]:
        scope = _scope(self.default_graphs, self.named_graphs, self.endpoints)
        view = view_asked(view, sparql, PREFIXES, scope, self.web or OFFLINE)
        answer = view.query(sparql, PREFIXES, scope)
        if isinstance(answer, bool):
            return answer, False
        if isinstance(answer, Triples):
            variables: tuple[str, ...] = ("subject", "predicate", "object")
            answers: Iterator[Row] = rdflib_triples(answer.ntriples)
        else:
            variables, answers = answer.variables, answer.rows
        # The engine finds rows while they are read.
        rows = list(islice(answers, pages.MOST_ROWS + 1))
        return tabulated(view, variables, rows[: pages.MOST_ROWS]), len(rows) > pages.MOST_ROWS


@dataclass(frozen=True)
class FindEntities(WholeTask):
    """The entities with a name that has a text in it, or is like it, as `html` or `json`."""

    text: str
    kind: str | None
    limit: int
    format: str

    def write(self, view: View, out: Path) -> None:
        """Write them; raises InputError for a kind that there is not."""
        names = found(view, self.text, self.kind, self.limit)
        if self.format == "html":
            out.write_bytes(pages.find_page(self.text, names).encode())
        else:
            out.write_bytes(f"{json.dumps(names.dicts(), ensure_ascii=False, indent=2)}\n".encode())


@dataclass(frozen=True)
class SerialiseGraph(WholeTask):
    """A named graph or, where none is given, the merged view, in an RDF syntax."""

    graph: URIRef | None
    syntax: str

    def write(self, view: View, out: Path) -> None:
        """Write the graph; raises UnknownDocumentError where the store does not have it."""
        _check_served(view, self.graph)
        view.write_dump(out, syntax_named(self.syntax), self.graph, PREFIXES)


@dataclass(frozen=True)
class FindGraph(WholeTask):
    """Whether a named graph is there, as the merged view always is: nothing is written if it is."""

    graph: URIRef | None

    def write(self, view: View, out: Path) -> None:
        """Raise UnknownDocumentError where the store does not have the graph."""
        _check_served(view, self.graph)
        out.write_bytes(b"")


@dataclass(frozen=True)
class AnswerQuestion(WholeTask):
    """The answer to a named question, as `html`, `json`, `csv`, `tsv` or `markdown`."""

    name: str
    values: tuple[tuple[str, str], ...]
    format: str

    def write(self, view: View, out: Path) -> None:
        """Write the table; raises what `diplograph ask` raises. To people an ambiguous name is told as a choice."""
        values = dict(self.values)
        if self.format == "html":
            out.write_bytes(self._page(view, values).encode())
            return
        table = ask(view, self.name, values)
        text = table.csv("\t") if self.format == "tsv" else str(getattr(table, self.format)())
        out.write_bytes(text.encode())

    def _page(self, view: View, values: dict[str, str]) -> str:
        try:
            return pages.answer_page(question(self.name), values, ask(view, self.name, values))
        except AmbiguousNameError as error:
            return pages.choice_page(question(self.name), values, error.name, error.candidates)


@dataclass(frozen=True)
class DescribeEntity(WholeTask):
    """What is known of an entity or a document, as a page for people or in an RDF syntax.

    `page` counts from 1 those over which many facts are spread, the latest on the first.
    """

    entity: URIRef
    format: str
    page: int = 1

    def write(self, view: View, out: Path) -> None:
        """Write the page or the graph; raises NotFoundError where the store says nothing of it."""
        if self.entity == LOADS:
            raise UnknownDocumentError(self.entity)
        if self.format == "html":
            told = description(view, self.entity, MOST_FACTS, skipped=(self.page - 1) * MOST_FACTS)
            if self.page > 1 and not told.lines:
                raise NotFoundError(f"There is no page {self.page} of facts about {told.label}.")
            out.write_bytes(pages.entity_page(told, str(about_path(told.entity)), self.page).encode())
        elif self.entity in view.graphs():
            out.write_bytes(exported_document(view, self.entity, syntax_named(self.format)))
        else:
            out.write_bytes(exported_entity(view, self.entity, syntax_named(self.format)))


@dataclass(frozen=True)
class DescribeService(WholeTask):
    """The service description, in an RDF syntax; `base` is where the service's addresses begin.

    It `federates` if it asks other endpoints, `fetches` if graphs of a query may be documents of other hosts, and
    `updates` if it does SPARQL Update.
    """

    base: str
    syntax: str
    federates: bool = False
    updates: bool = False
    fetches: bool = False

    def write(self, view: View, out: Path) -> None:
        """Write the description."""
        described = service_description(
            view, self.base, federates=self.federates, updates=self.updates, fetches=self.fetches
        )
        out.write_bytes(written_graph(described, syntax_named(self.syntax)))


@dataclass(frozen=True)
class ShowIndex(WholeTask):
    """The page that says what is served."""

    def write(self, view: View, out: Path) -> None:
        """Write the page."""
        out.write_bytes(pages.index_page(documents(view), questions().values(), view.size()).encode())


def _scope(default_graphs: tuple[URIRef, ...], named_graphs: tuple[URIRef, ...], endpoints: Endpoints | None) -> Scope:
    scope = Scope(default_graphs, named_graphs, SERVED.hidden) if default_graphs or named_graphs else SERVED
    return replace(scope, endpoints=endpoints) if endpoints else scope


def _with_base(base: str, sparql: str, answered: Callable[[str], T]) -> T:
    try:
        return answered(sparql)
    except QuerySyntaxError as error:
        if not base:
            raise
        # The base is put before the query only where it is needed, and errors tell the places of what was asked.
        try:
            return answered(f"BASE {URIRef(base).n3()} {sparql}")
        except QuerySyntaxError:
            raise error from None


def _check_served(view: View, graph: URIRef | None) -> None:
    if graph is not None and (graph == LOADS or graph not in view.graphs()):
        raise UnknownDocumentError(graph)

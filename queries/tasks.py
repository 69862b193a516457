"""What a worker can be asked for: each task writes its answer to a file or a pipe, from a view of the store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast, get_args

from rdflib import URIRef

from ..errors import QuerySyntaxError, UnknownDocumentError
from ..graph.description import description
from ..graph.export import exported_document, exported_entity, written_graph
from ..graph.formats import syntax_named
from ..graph.provenance import documents
from ..graph.scope import Scope
from ..graph.store import LOADS, ResultSyntax, View
from ..ontology.namespaces import PREFIXES
from . import pages
from .catalogue import question, questions
from .engine import ask
from .service_description import service_description

SERVED: Final = Scope(hidden=frozenset({LOADS}))
"""What is served: all but the store's own records, which hold the texts that were attached and the paths of files."""

_RESULTS: Final = frozenset(get_args(ResultSyntax))

MOST_FACTS: Final = 500
"""How many facts a page tells of an entity at most: the latest."""


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
    is asked, against which its relative IRIs are resolved.
    """

    sparql: str
    format: str
    default_graphs: tuple[URIRef, ...] = ()
    named_graphs: tuple[URIRef, ...] = ()
    base: str = ""

    @property
    def rows(self) -> ResultSyntax | None:
        """The format of its results, None where it makes a graph."""
        return cast("ResultSyntax", self.format) if self.format in _RESULTS else None

    def write(self, view: View, out: Path) -> None:
        """Write the answer as the engine serialises it; raises QueryRefusedError where it would leave the store."""
        try:
            self._write(view, out, self.sparql)
        except QuerySyntaxError as error:
            if not self.base:
                raise
            # The base is put before the query only where it is needed, and errors tell the places of what was asked.
            try:
                self._write(view, out, f"BASE {URIRef(self.base).n3()} {self.sparql}")
            except QuerySyntaxError:
                raise error from None

    def _write(self, view: View, out: Path, sparql: str) -> None:
        chosen = self.default_graphs or self.named_graphs
        scope = Scope(self.default_graphs, self.named_graphs, SERVED.hidden) if chosen else SERVED
        if self.format in get_args(ResultSyntax):
            view.write_results(out, sparql, cast("ResultSyntax", self.format), PREFIXES, scope)
        else:
            view.write_graph(out, sparql, syntax_named(self.format), PREFIXES, scope)


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
        """Write the table; raises what `diplograph ask` raises."""
        values = dict(self.values)
        table = ask(view, self.name, values)
        if self.format == "html":
            text = pages.answer_page(question(self.name), values, table)
        else:
            text = table.csv("\t") if self.format == "tsv" else str(getattr(table, self.format)())
        out.write_bytes(text.encode())


@dataclass(frozen=True)
class DescribeEntity(WholeTask):
    """What is known of an entity or a document, as a page for people or in an RDF syntax."""

    entity: URIRef
    format: str

    def write(self, view: View, out: Path) -> None:
        """Write the page or the graph; raises NotFoundError where the store says nothing of it."""
        if self.entity == LOADS:
            raise UnknownDocumentError(self.entity)
        if self.format == "html":
            told = description(view, self.entity, MOST_FACTS)
            out.write_bytes(pages.entity_page(told, str(pages.about_path(told.entity))).encode())
        elif self.entity in view.graphs():
            out.write_bytes(exported_document(view, self.entity, syntax_named(self.format)))
        else:
            out.write_bytes(exported_entity(view, self.entity, syntax_named(self.format)))


@dataclass(frozen=True)
class DescribeService(WholeTask):
    """The service description, in an RDF syntax; `base` is where the service's addresses begin."""

    base: str
    syntax: str

    def write(self, view: View, out: Path) -> None:
        """Write the description."""
        out.write_bytes(written_graph(service_description(view, self.base), syntax_named(self.syntax)))


@dataclass(frozen=True)
class ShowIndex(WholeTask):
    """The page that says what is served."""

    def write(self, view: View, out: Path) -> None:
        """Write the page."""
        out.write_bytes(pages.index_page(documents(view), questions().values(), view.size()).encode())


def _check_served(view: View, graph: URIRef | None) -> None:
    if graph is not None and (graph == LOADS or graph not in view.graphs()):
        raise UnknownDocumentError(graph)

"""The interface of every store: a Store gives a View to read and a Writer to change it, whole or not at all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, Literal, Self, TypeAlias

from rdflib import URIRef
from rdflib.term import Node

from ..ontology.namespaces import IDENTIFIERS
from .content import Content
from .federation import CLOSED
from .formats import Syntax
from .names import NameIndex
from .naming import index_in_memory, names_query, rows_of
from .scope import WHOLE, Scope

if TYPE_CHECKING:
    from .edges.table import EdgeTable

LOADS: Final = URIRef(f"{IDENTIFIERS}graph/loads")
"""The named graph of a store's own records: when which document was taken in. It is not part of the merged view."""

ResultSyntax: TypeAlias = Literal["json", "xml", "csv", "tsv"]
"""The four W3C formats of SPARQL results."""

Row: TypeAlias = tuple[Node | None, ...]
Triple: TypeAlias = tuple[Node, Node, Node]

Progress: TypeAlias = Callable[[URIRef, int, int], None]
"""Is told, while a document is put into a store, how many bytes of its N-Triples are in, and of how many."""


@dataclass(frozen=True)
class Solutions:
    """What a SELECT query found: its variables in order, and the rows, which can be read once."""

    variables: tuple[str, ...]
    rows: Iterator[Row]


@dataclass(frozen=True)
class Triples:
    """What a CONSTRUCT or DESCRIBE query made, as N-Triples with every statement once."""

    ntriples: bytes


Answer: TypeAlias = Solutions | Triples | bool
"""The answer to a query: solutions of SELECT, triples of CONSTRUCT and DESCRIBE, the truth of ASK."""


class View(ABC):
    """Read access to a store as it was at one moment.

    The default graph is the merged view: every triple that some document states, once, and the shortcuts that follow
    from facts. Each document is a named graph of its own.
    """

    _asks_endpoints: ClassVar = False
    """Whether it asks the endpoints of a scope by their relay; if not, SERVICE is refused."""

    def query(self, sparql: str, prefixes: Mapping[str, str] | None = None, scope: Scope = WHOLE) -> Answer:
        """Return the answer to a SPARQL query, in which `prefixes` (prefix to namespace) need no declaration.

        Nothing is written and nothing outside the scope is reached: raises QueryRefusedError for an update, SERVICE or
        FROM with a graph that the store does not have, and QuerySyntaxError for what is not SPARQL.
        """
        checked, within = self._checked(sparql, prefixes or {}, scope)
        return self._answer_within(checked, prefixes or {}, within)

    def serialized(
        self, sparql: str, syntax: ResultSyntax, prefixes: Mapping[str, str] | None = None, scope: Scope = WHOLE
    ) -> bytes:
        """Return the answer to a SELECT or ASK query in a W3C results format, straight from the engine."""
        checked, within = self._checked(sparql, prefixes or {}, scope)
        return self._serialized(checked, syntax, prefixes or {}, within)

    def looked_up(self, sparql: str, prefixes: Mapping[str, str]) -> bytes | None:
        """Return the answer to a lookup in JSON, at next to no cost; None for another query, and where it is long.

        See `lookups`.
        """
        return None

    def write_results(
        self,
        out: Path,
        sparql: str,
        syntax: ResultSyntax,
        prefixes: Mapping[str, str] | None = None,
        scope: Scope = WHOLE,
    ) -> None:
        """Write the answer to a SELECT or ASK query to a file or pipe, in a W3C results format, as it is found.

        Raises what `query` raises, and OutputError where `out` takes no more.
        """
        checked, within = self._checked(sparql, prefixes or {}, scope)
        self._write_results(out, checked, syntax, prefixes or {}, within)

    def write_graph(
        self,
        out: Path,
        sparql: str,
        syntax: Syntax,
        prefixes: Mapping[str, str] | None = None,
        scope: Scope = WHOLE,
    ) -> None:
        """Write the graph that a CONSTRUCT or DESCRIBE query makes to a file or pipe, as it is found.

        `prefixes` serve the text too, in syntaxes that have them. A statement can come more than once. Raises what
        `query` raises, InputError for what RDF/XML cannot hold, and OutputError where `out` takes no more.
        """
        checked, within = self._checked(sparql, prefixes or {}, scope)
        self._write_graph(out, checked, syntax, prefixes or {}, within)

    @abstractmethod
    def write_dump(
        self,
        out: Path,
        syntax: Syntax,
        graph: URIRef | None = None,
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        """Write a named graph, or the merged view, to a file or pipe; one that the store does not have is empty.

        A syntax with named graphs has the statements in its default graph. Raises InputError for what RDF/XML cannot
        hold, and OutputError where `out` takes no more.
        """

    def _checked(self, sparql: str, prefixes: Mapping[str, str], scope: Scope) -> tuple[str, Scope]:
        """Return a query that is not refused, and the scope of it."""
        scope = scope if self._asks_endpoints else replace(scope, endpoints=CLOSED)
        checked = scope.checked_query(sparql, self.graphs, prefixes)
        return checked, scope.of(checked, self.graphs, prefixes)

    @abstractmethod
    def _write_results(
        self, out: Path, sparql: str, syntax: ResultSyntax, prefixes: Mapping[str, str], scope: Scope
    ) -> None: ...

    @abstractmethod
    def _write_graph(
        self, out: Path, sparql: str, syntax: Syntax, prefixes: Mapping[str, str], scope: Scope
    ) -> None: ...

    @abstractmethod
    def _answer_within(self, sparql: str, prefixes: Mapping[str, str], scope: Scope) -> Answer: ...

    @abstractmethod
    def _answer(self, sparql: str, prefixes: Mapping[str, str]) -> Answer: ...

    @abstractmethod
    def _serialized(self, sparql: str, syntax: ResultSyntax, prefixes: Mapping[str, str], scope: Scope) -> bytes: ...

    @abstractmethod
    def graphs(self) -> tuple[URIRef, ...]:
        """Return the IRIs of the named graphs, sorted."""

    @abstractmethod
    def ntriples(self, graph: URIRef | None = None) -> bytes:
        """Return a named graph, or the merged view, as N-Triples in no particular order."""

    @abstractmethod
    def size(self, graph: URIRef | None = None) -> int:
        """Return the number of triples in a named graph, or in the merged view."""

    def names(self) -> NameIndex:
        """Return an index of the names that entities have now."""
        return index_in_memory(rows_of(self.select(names_query())))

    @property
    def keeps_edges(self) -> bool:
        """Whether its table of edges is kept for all who ask, and has not to be made for this view alone."""
        return False

    def edges(self) -> EdgeTable:
        """Return the table of all edges there are now: of every fact that joins two entities."""
        # DuckDB takes a moment to be imported; only networks are read from it.
        from .edges.building import table_in_memory

        return table_in_memory(self._write_tsv)

    def _write_tsv(self, out: Path, sparql: str) -> None:
        self._write_results(out, sparql, "tsv", {}, WHOLE)

    def select(self, sparql: str) -> list[dict[str, Node]]:
        """Return the rows of a SELECT query as dicts from variable to value, without the variables that are unbound."""
        answer = self.query(sparql)
        if not isinstance(answer, Solutions):
            raise TypeError("select() needs a SELECT query; use query() for ASK, CONSTRUCT and DESCRIBE.")
        names = answer.variables
        return [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in answer.rows]


class Writer(ABC):
    """Changes to a store that take effect together, when the block of `Store.writing()` ends without an error."""

    @abstractmethod
    def view(self) -> View:
        """Return a view of the store with the changes made so far."""

    @abstractmethod
    def put(self, document: URIRef, ntriples: Content, progress: Progress | None = None) -> None:
        """Make the statements of a document exactly these, in its named graph and in the merged view.

        `ntriples` may be a file, as a program writes it for what is large; its IRIs are not checked again.
        """

    def delivery(self, document: URIRef) -> Delivery:
        """Return what takes a document piece by piece while it is still being written; the store must not have it."""
        return Delivery(self, document)

    @abstractmethod
    def remove(self, document: URIRef) -> None:
        """Take exactly a document's contribution back: what others state too stays, shortcuts follow the facts."""

    @abstractmethod
    def note(self, ntriples: bytes, *, about: URIRef) -> None:
        """Replace what the store's own records say of one subject."""


@dataclass(frozen=True)
class Derived:
    """What follows from a document by itself, as one knows who has written its facts whole.

    `facts` are all of them, as N-Triples writes their IRIs, which are minted of all that decides on shortcuts; so two
    such documents never differ in it. `shortcuts` are the N-Triples of what the facts make.
    """

    facts: Collection[str]
    shortcuts: bytes


class Delivery:
    """A document that is put into a store piece by piece; it is there once the delivery is closed."""

    def __init__(self, writer: Writer, document: URIRef) -> None:
        self._writer, self._document = writer, document
        self._pieces: list[bytes] = []

    def write(self, ntriples: bytes) -> None:
        """Take whole lines of N-Triples without blank nodes, whose IRIs are not checked again."""
        self._pieces.append(ntriples)

    def end(self, derived: Derived | None = None) -> None:
        """Be told that no more will come, and what follows from it where that is known: a store may begin with it.

        What other documents say of its facts, and how entities are judged, is for the store to add.
        """

    def close(self) -> None:
        """Take the last piece in; closing twice is an error."""
        self._writer.put(self._document, b"".join(self._pieces))


class Store(ABC):
    """A place where documents and their facts are kept."""

    @abstractmethod
    def view(self) -> View:
        """Return a view of the store as it is now."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Writer]:
        """Return a context in which the store can be changed; an error in it leaves the store as it was."""

    @abstractmethod
    def close(self) -> None:
        """Give back what the store holds open. It must not be used afterwards."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def edges_of(source: Store | View) -> EdgeTable:
    """Return the table of the edges of a store as it is now, or of a view; on disk it is kept beside the store."""
    return view_of(source).edges()


def view_of(source: Store | View) -> View:
    """Return the view of a store as it is now, or the view that was given."""
    return source.view() if isinstance(source, Store) else source

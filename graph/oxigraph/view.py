"""One state of an Oxigraph store, and how it is read."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox
from rdflib import URIRef

from ...errors import QueryError, QuerySyntaxError, ServiceError, StoreError
from ..federation import CLOSED, Endpoints
from ..formats import Syntax
from ..guarding import dataset_of
from ..lookups import lookup
from ..names import NameIndex
from ..scope import WHOLE, Scope
from ..service_clauses import relayed
from ..store import Answer, ResultSyntax, Row, Solutions, Triples, View
from .edging import edges_in
from .generations import store_errors
from .lookup import looked_up
from .naming import names_in
from .output import opened
from .syntax import FORMATS, RESULTS, xml_triples
from .terms import rdflib_term

if TYPE_CHECKING:
    from ..edges.reading import Write
    from ..edges.table import EdgeTable


class State:
    """One state of a store: an engine, until it is closed."""

    def __init__(self, engine: ox.Store, directory: Path | None = None) -> None:
        self._engine: ox.Store | None = engine
        self.directory = directory
        self._settled = False
        self._generation: Path | None = None
        self._names: NameIndex | None = None
        self._edges: EdgeTable | None = None

    def settle(self, generation: Path | None) -> None:
        """Let the state be read, which is kept in a generation or in memory: it does not change any more."""
        self._settled, self._generation = True, generation

    def names(self, tsv: Callable[[str], bytes]) -> NameIndex:
        """Return the index of names, made anew while the state changes."""
        self.check()
        if self._names is None or not self._settled:
            self._names = names_in(self._generation, tsv)
        return self._names

    @property
    def is_kept(self) -> bool:
        """Whether the state is in a generation on disk, and does not change any more."""
        return self._settled and self._generation is not None

    def edges(self, write: Write) -> EdgeTable:
        """Return the edge table, made anew while the state changes."""
        self.check()
        if self._edges is None or not self._settled:
            self._edges = edges_in(self._generation, write)
        return self._edges

    @property
    def engine(self) -> ox.Store:
        """The engine; raises StoreError once it is closed."""
        if self._engine is None:
            raise StoreError("This store has been closed. Open it again to use it.")
        return self._engine

    def check(self) -> None:
        """Raise StoreError once it is closed."""
        _ = self.engine

    def close(self) -> None:
        """Let the engine go."""
        self._engine = self._names = self._edges = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class OxigraphView(View):
    """Reads one state of a store."""

    _asks_endpoints = True

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def keeps_edges(self) -> bool:
        """Whether its table of edges is kept beside the store."""
        return self._state.is_kept

    def _answer(self, sparql: str, prefixes: Mapping[str, str]) -> Answer:
        return self._answer_within(sparql, prefixes, WHOLE)

    def _answer_within(self, sparql: str, prefixes: Mapping[str, str], scope: Scope) -> Answer:
        with self._answering(scope.endpoints):
            results = self._results(sparql, prefixes, scope)
            if isinstance(results, ox.QueryBoolean):
                return bool(results)
            if isinstance(results, ox.QueryTriples):
                return Triples(ox.serialize(set(results), format=ox.RdfFormat.N_TRIPLES) or b"")
            variables = tuple(variable.value for variable in results.variables)
            return Solutions(variables, self._rows(results, scope.endpoints))

    def _rows(self, solutions: ox.QuerySolutions, endpoints: Endpoints) -> Iterator[Row]:
        with self._answering(endpoints):
            for solution in solutions:
                yield tuple(None if term is None else rdflib_term(term) for term in solution)

    def _serialized(self, sparql: str, syntax: ResultSyntax, prefixes: Mapping[str, str], scope: Scope) -> bytes:
        with self._answering(scope.endpoints):
            results = self._results(sparql, prefixes, scope)
            if not isinstance(results, ox.QueryTriples):
                return results.serialize(format=RESULTS[syntax]) or b""
        raise QuerySyntaxError("This query makes a graph, which has no table. Use an RDF format such as turtle.")

    def looked_up(self, sparql: str, prefixes: Mapping[str, str]) -> bytes | None:
        """Return the answer to a lookup, if it is not long."""
        asked = lookup(sparql, prefixes)
        if asked is None:
            return None
        with store_errors(self._state.directory, "read"):
            return looked_up(self._state.engine, asked)

    def _write_results(
        self, out: Path, sparql: str, syntax: ResultSyntax, prefixes: Mapping[str, str], scope: Scope
    ) -> None:
        with self._answering(scope.endpoints):
            results = self._results(sparql, prefixes, scope)
            if not isinstance(results, ox.QueryTriples):
                with opened(out) as output:
                    results.serialize(output, format=RESULTS[syntax])
                return
        raise QuerySyntaxError("This query makes a graph, which has no table. Use an RDF format such as turtle.")

    def _write_graph(self, out: Path, sparql: str, syntax: Syntax, prefixes: Mapping[str, str], scope: Scope) -> None:
        with self._answering(scope.endpoints):
            results = self._results(sparql, prefixes, scope)
            if isinstance(results, ox.QueryTriples):
                if syntax.name in ("ntriples", "nquads", "jsonld"):
                    # Without a detour over this language, but also without prefixes.
                    with opened(out) as output:
                        results.serialize(output, format=FORMATS[syntax.name])
                else:
                    _write(out, results, syntax, prefixes)
                return
        raise QueryError("This query makes a table, which is no graph. Use a format of results such as json.")

    def write_dump(
        self, out: Path, syntax: Syntax, graph: URIRef | None = None, prefixes: Mapping[str, str] | None = None
    ) -> None:
        """Write a named graph, or the merged view, to a file or pipe."""
        with store_errors(self._state.directory, "read"):
            quads = self._state.engine.quads_for_pattern(None, None, None, _graph_name(graph))
            _write(out, (quad.triple for quad in quads), syntax, prefixes or {})

    def _results(
        self, sparql: str, prefixes: Mapping[str, str], scope: Scope = WHOLE
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        merged, named_by_query = dataset_of(sparql, prefixes) or (None, None)
        merged = merged if scope.default is None else scope.default
        engine, named = self._state.engine, _names(named_by_query if scope.named is None else scope.named)
        default: Sequence[ox.NamedNode | ox.DefaultGraph] | None = _names(merged)
        if default and len(default) > 1:
            # The engine would find what several graphs state once for each of them; a merged graph states it once.
            engine, default = _merged(engine, default, named or []), [ox.DefaultGraph()]
        asked, relays = relayed(sparql, prefixes, scope.endpoints) if scope.endpoints.allowed else (sparql, {})
        try:
            return engine.query(
                asked,
                prefixes={prefix: name for prefix, name in prefixes.items() if f"{prefix}:" in sparql} | relays,
                default_graph=default,  # type: ignore[arg-type]
                named_graphs=named,  # type: ignore[arg-type]
            )
        except SyntaxError as error:
            raise syntax_error(sparql, str(error)) from error

    @contextlib.contextmanager
    def _answering(self, endpoints: Endpoints = CLOSED) -> Iterator[None]:
        """Tell a query that cannot be answered from a store that cannot be read: the engine answers row by row."""
        with store_errors(self._state.directory, "read"):
            try:
                yield
            except (OSError, RuntimeError, ValueError) as error:
                if told := endpoints.told(str(error)):
                    raise ServiceError(told) from None
                if isinstance(error, OSError) or str(error).startswith("Corruption"):
                    raise
                raise QueryError(f"The query cannot be answered: {str(error).rstrip('.')}.") from error

    def names(self) -> NameIndex:
        """Return the index of names that is kept with the store, or one made now."""
        return self._state.names(self.tsv)

    def edges(self) -> EdgeTable:
        """Return the edge table that is kept with the store, or one made now."""
        return self._state.edges(self._write_tsv)

    def tsv(self, sparql: str) -> bytes:
        """Return the answer to a SELECT query in TSV."""
        return self.serialized(sparql, "tsv")

    def graphs(self) -> tuple[URIRef, ...]:
        """Return the IRIs of the named graphs, sorted."""
        with store_errors(self._state.directory, "read"):
            return tuple(sorted(URIRef(graph.value) for graph in self._state.engine.named_graphs()))

    def ntriples(self, graph: URIRef | None = None) -> bytes:
        """Return a named graph, or the merged view, as N-Triples in the engine's order."""
        with store_errors(self._state.directory, "read"):
            return self._state.engine.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=_graph_name(graph)) or b""

    def size(self, graph: URIRef | None = None) -> int:
        """Return the number of triples in a named graph, or in the merged view."""
        where = "{ ?s ?p ?o }" if graph is None else f"{{ GRAPH {graph.n3()} {{ ?s ?p ?o }} }}"
        with store_errors(self._state.directory, "read"):
            solutions = self._state.engine.query(f"SELECT (COUNT(*) AS ?n) WHERE {where}")
            return int(next(solutions)["n"].value)  # type: ignore[arg-type]


def _names(graphs: Iterable[URIRef] | None) -> list[ox.NamedNode] | None:
    return None if graphs is None else [ox.NamedNode(graph) for graph in graphs]


def _merged(
    engine: ox.Store, default: Iterable[ox.NamedNode | ox.DefaultGraph], named: Iterable[ox.NamedNode]
) -> ox.Store:
    copy = ox.Store()
    for graph in default:
        quads = engine.quads_for_pattern(None, None, None, graph)
        copy.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for graph in named:
        copy.add_graph(graph)
        copy.extend(engine.quads_for_pattern(None, None, None, graph))
    return copy


def _write(out: Path, triples: Iterable[ox.Triple], syntax: Syntax, prefixes: Mapping[str, str]) -> None:
    xml = syntax.name == "rdfxml"
    with opened(out, xml=xml) as output:
        ox.serialize(
            xml_triples(triples) if xml else triples,
            output,
            format=FORMATS[syntax.name],
            prefixes=dict(prefixes) if syntax.name in ("turtle", "trig", "rdfxml") else None,
        )


def _graph_name(graph: URIRef | None) -> ox.NamedNode | ox.DefaultGraph:
    return ox.DefaultGraph() if graph is None else ox.NamedNode(graph)


def syntax_error(sparql: str, message: str, what: str = "query") -> QuerySyntaxError:
    """Return the error that says where a text does not parse, as the engine has told it."""
    match = re.match(r"error at (\d+):(\d+): expected (.*)", message, re.DOTALL)
    if match is None:
        return QuerySyntaxError(f"The {what} is not SPARQL: {message}.")
    line, column, expected = int(match[1]), int(match[2]), " ".join(match[3].split())
    text = sparql.splitlines()[line - 1] if line <= len(sparql.splitlines()) else ""
    near = f"before {text[column - 1 :].strip()[:30]!r}" if text[column - 1 :].strip() else "at its end"
    hint = f" Expected {expected.removeprefix('one of ')}." if len(expected) <= 60 else ""
    if "Prefix not found" in expected:
        hint = " The prefix there is not declared."
    return QuerySyntaxError(
        f"The {what} does not parse at line {line}, column {column}, {near}.{hint}", line=line, column=column
    )

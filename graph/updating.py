"""SPARQL Update where a document is the unit of provenance: what it makes of documents is loaded as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, get_args
from typing import Literal as OneOf

from rdflib import URIRef

from ..errors import InputError, QueryError, QueryRefusedError, QuerySyntaxError, StoreError
from ..ontology import validation
from ..ontology.namespaces import PREFIXES
from .content import blank_nodes
from .guarding import check_load, checked_update
from .loading import Loading, Source
from .minting import minted
from .operations import Using
from .oxigraph import OxigraphDataset, OxigraphWriter, check_update_syntax, rdflib_graph
from .provenance import quotation_graphs, quote_again
from .retrieval import Retrieval, retrieved
from .steps import Step, steps
from .store import LOADS, Store, View, Writer
from .web import OFFLINE, Web

ORIGIN: Final = "an update"
"""Where a document comes from that an update has made or changed, unless it is said otherwise."""

Effect: TypeAlias = OneOf["new", "changed", "removed"]
"""What an update did to a document."""
EFFECTS: Final[tuple[Effect, ...]] = get_args(Effect)

_Contents: TypeAlias = dict[URIRef, bytes | None]
"""Documents as N-Triples, None for one that is not there."""


@dataclass(frozen=True)
class Plan:
    """A SPARQL Update that has been read: its steps, and of those that load what they have fetched."""

    steps: tuple[Step | Retrieval, ...]
    base: str | None
    prefixes: Mapping[str, str]


def update(store: Store, sparql: str, *, base: str | None = None, web: Web = OFFLINE) -> dict[URIRef, Effect]:
    """Do a SPARQL Update to a store and return what that did, by document; see `planned` and `updated`."""
    plan = planned(sparql, base=base, web=web)
    with store.writing() as writer:
        return updated(writer, plan)


def planned(sparql: str, *, base: str | None = None, using: Using | None = None, web: Web = OFFLINE) -> Plan:
    """Return a SPARQL Update as it can be done, after all that it loads has been fetched: no store waits for that.

    Patterns see the documents as named graphs, and the merged view, unless `using` chooses others. The prefixes of the
    vocabulary need no declaration.

    Raises QuerySyntaxError for what is not SPARQL Update, QueryRefusedError for what would change the default graph, or
    would reach outside the store and the `web`, and QueryError for a dataset that is chosen twice; but for LOAD SILENT,
    also HostError for what cannot be fetched and InputError for what cannot be read.
    """
    text = checked_update(sparql, base or "", may_load=bool(web.allowed))
    prefixes = {prefix: namespace for prefix, namespace in PREFIXES.items() if f"{prefix}:" in text}
    found: list[Step | Retrieval] = []
    for step in _steps(text, base, prefixes, using):
        if not step.load:
            if web.allowed:
                # However an engine reads what it gets, there is nothing to fetch in it.
                check_load(step.text, base or "")
            found.append(step)
        elif retrieval := _retrieval(step, base, prefixes, web):
            found.append(retrieval)
    return Plan(tuple(found), base, prefixes)


def updated(writer: Writer, plan: Plan, *, origin: str = ORIGIN) -> dict[URIRef, Effect]:
    """Do a SPARQL Update, all of it or nothing, and return what that did, by document.

    Each document that it changes is loaded in its new state, checked against the shapes; one that is left without
    statements is taken back. Patterns see the merged view as the operations before them leave it. A document that is
    all from one LOAD has its address for an origin.

    Raises QueryRefusedError for what the store keeps itself, QueryError for what cannot be done, ValidationError for
    facts that violate the shapes, and InputError where documents would share a blank node.
    """
    if not isinstance(writer, OxigraphWriter):
        raise StoreError("This store takes no SPARQL Update. Use one in a directory, or change its graph itself.")
    before: _Contents = {}
    after: _Contents = {}
    origins: dict[URIRef, str] = {}
    for step in plan.steps:
        view = writer.view()
        if isinstance(step, Retrieval):
            tried = _with(view, step)
        else:
            tried = writer.tried(step.text, plan.base, plan.prefixes, step.graphs)
        held = _held(view, tried)
        made = _documents(view, step, tried, held)
        _check_unshared(made, held)
        before, after = {**held, **before}, {**after, **made}
        for document in made:
            origins[document] = step.address if isinstance(step, Retrieval) and not held[document] else origin
        if len(plan.steps) > 1:
            # What the next operation reads follows from the documents as they are by now.
            _apply(writer, made)
    return _loaded(writer, before, after, origins)


def _retrieval(step: Step, base: str | None, prefixes: Mapping[str, str], web: Web) -> Retrieval | None:
    """Return what a LOAD fetches, None where that fails in silence."""
    named = OxigraphDataset({})
    named.update(step.text, base=base, prefixes=prefixes)
    [(document, statement)] = [(name, content) for name, content in named.graphs().items() if name is not None]
    address = statement.decode().partition(">")[0].removeprefix("<")
    try:
        return retrieved(address, document, web)
    except InputError:
        if step.load == "silent":
            return None
        raise


def _with(view: View, retrieval: Retrieval) -> _Contents:
    """Return what a document is with what was fetched for it; nothing where that is the same."""
    held = view.ntriples(retrieval.document) if retrieval.document in view.graphs() else b""
    known = set(held.splitlines(keepends=True))
    new = b"".join(line for line in retrieval.ntriples.splitlines(keepends=True) if line not in known)
    return {retrieval.document: held + new} if new else {}


def _steps(text: str, base: str | None, prefixes: Mapping[str, str], using: Using | None) -> list[Step]:
    try:
        check_update_syntax(text, base=base, prefixes=prefixes)
    except QuerySyntaxError as error:
        # The engine takes no declarations between operations. Steps have them before all of theirs, which stand where
        # they stood.
        try:
            found = steps(text, prefixes, using)
        except QueryError:
            raise error from None
        for step in found:
            check_update_syntax(step.text, base=base, prefixes=prefixes)
        return found
    return steps(text, prefixes, using)


def _documents(view: View, step: Step | Retrieval, tried: _Contents, held: _Contents) -> _Contents:
    """Return what a step makes of documents; raises QueryRefusedError where it changes another graph."""
    kept = quotation_graphs(view)
    documents: _Contents = {}
    for graph, content in tried.items():
        if graph in kept and not content and isinstance(step, Step) and step.graphs is None:
            # Whoever clears all graphs means the documents; quotations follow from what these cite.
            continue
        if graph == LOADS or graph in kept:
            raise QueryRefusedError(f"<{graph}> is no document: the store keeps it itself.")
        documents[graph] = minted(content, graph) if content else content
    return documents


def _held(view: View, graphs: Iterable[URIRef]) -> _Contents:
    there = set(view.graphs())
    return {graph: view.ntriples(graph) if graph in there else None for graph in graphs}


def _check_unshared(made: _Contents, held: _Contents) -> None:
    # What is copied from one document to another gets blank nodes of its own there, as with every document loaded. One
    # that is new and in two documents was meant to be the same in both.
    known = set[bytes]().union(*(blank_nodes(content) for content in held.values() if content))
    seen: dict[bytes, URIRef] = {}
    for document, content in made.items():
        for label in blank_nodes(content or b"") - known:
            if seen.setdefault(label, document) != document:
                raise InputError(
                    f"<{seen[label]}> and <{document}> would share a blank node, and as documents that come and go by "
                    "themselves each would have another. Give the node an IRI, or put what is said of it into one."
                )


def _apply(writer: Writer, made: _Contents) -> None:
    there = set(writer.view().graphs())
    for document, content in made.items():
        if content is not None:
            writer.put(document, content)
        elif document in there:
            writer.remove(document)
    quote_again(writer)


def _loaded(writer: Writer, before: _Contents, after: _Contents, origins: Mapping[URIRef, str]) -> dict[URIRef, Effect]:
    effects: dict[URIRef, Effect] = {}
    loading = Loading(writer, replace=True)
    there = set(writer.view().graphs())
    for document, content in sorted(after.items()):
        held = before[document]
        # One that has lost all its statements is taken back; one that never had any may be there.
        if content is None or (held and not content):
            if document in there:
                writer.remove(document)
            if held is not None:
                writer.note(b"", about=document)
                effects[document] = "removed"
        elif held is None or set(content.splitlines()) != set(held.splitlines()):
            validation.check(rdflib_graph(content))
            loading.take(Source(document, content, origins[document]))
            effects[document] = "new" if held is None else "changed"
    if effects:
        quote_again(writer)
    return effects

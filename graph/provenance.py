"""Documents and passages: what a store holds of each source, and giving a cited document its own text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, SKOS, Namespace
from rdflib.term import Node

from ..errors import DocumentError
from ..ontology.terms import DG
from .oxigraph import rdflib_triples
from .store import LOADS, Store, View, Writer

OA = Namespace("http://www.w3.org/ns/oa#")


@dataclass(frozen=True)
class DocumentRecord:
    """One document of a store: what it is, and when and from where it was taken in. Times are ISO 8601 in UTC."""

    iri: URIRef
    title: str | None
    published: str | None
    taken_in: str | None
    loaded_from: str | None
    statements: int
    attached: bool


def documents(view: View) -> list[DocumentRecord]:
    """Return what the store holds of every document, in order of IRI."""
    graphs = [graph for graph in view.graphs() if graph != LOADS]
    quotations = {document: graph for graph, document in _attachments(view).items()}
    return [
        DocumentRecord(
            iri=graph,
            title=_text(view, graph, DCTERMS.title) or _text(view, graph, SKOS.prefLabel),
            published=_text(view, graph, DCTERMS.issued),
            taken_in=_text(view, graph, DG.takenIn, LOADS),
            loaded_from=_text(view, graph, DG.loadedFrom, LOADS),
            statements=view.size(graph),
            attached=graph in quotations,
        )
        for graph in graphs
        if graph not in quotations.values()
    ]


def quotations_graph(document: URIRef) -> URIRef:
    """Return the IRI of the named graph that holds a document's quotations once its text is attached."""
    return URIRef(f"{document}/quotations")


def quotation_graphs(view: View) -> tuple[URIRef, ...]:
    """Return the named graphs that hold quotations, sorted."""
    return tuple(sorted(_attachments(view)))


def attach(store: Store, text: str, document: URIRef | None = None) -> tuple[URIRef, int]:
    """Give a cited document its text, and return the document and the number of its passages that can now be quoted.

    The document is found by the SHA-256 of the text, unless it is named. Every cited passage must have the hash that
    the store holds; raises DocumentError where one has not, or where no document has this text.
    """
    with store.writing() as writer:
        view = writer.view()
        found = document or _document_of(view, text)
        passages = _quote_passages(writer, found, text)
        if not passages:
            raise DocumentError(f"The store cites no passage of {found}, so there is nothing to attach the text to.")
        kept = _records(view, found)
        kept.set((found, DG.text, Literal(text)))
        writer.note(kept.serialize(format="ntriples", encoding="utf-8"), about=found)
    return found, passages


def quote_again(writer: Writer) -> None:
    """Make the quotations of all attached texts those of the passages that are cited now.

    Raises DocumentError where a passage is cited that a text does not have.
    """
    view = writer.view()
    texts = {s: str(o) for s, p, o in rdflib_triples(view.ntriples(LOADS)) if p == DG.text}
    for graph, document in _attachments(view).items():
        if document not in texts:
            writer.remove(graph)
    for cited, text in texts.items():
        _quote_passages(writer, URIRef(str(cited)), text)


def _quote_passages(writer: Writer, document: URIRef, text: str) -> int:
    passages = writer.view().select(
        f"""
        PREFIX oa: <{OA}> PREFIX dg: <{DG._NS}>
        SELECT DISTINCT ?passage ?start ?end ?hash WHERE {{
          ?passage oa:hasSource {document.n3()} ; oa:start ?start ; oa:end ?end .
          OPTIONAL {{ ?passage dg:sha256 ?hash }}
          FILTER(isNumeric(?start) && isNumeric(?end))
        }}"""
    )
    graph = Graph()
    graph.add((quotations_graph(document), DG.attachedTo, document))
    for row in passages:
        quote = _quote(text, document, int(str(row["start"])), int(str(row["end"])), row.get("hash"))
        graph.add((URIRef(str(row["passage"])), OA.exact, Literal(quote)))
    writer.put(quotations_graph(document), graph.serialize(format="ntriples", encoding="utf-8"))
    return len(passages)


def attached_text(view: View, document: URIRef) -> str | None:
    """Return the text that has been attached to a document, or None."""
    return _text(view, document, DG.text, LOADS)


def _quote(text: str, document: URIRef, start: int, end: int, digest: Node | None) -> str:
    quote = text[start:end]
    if len(quote) != end - start:
        raise DocumentError(
            f"This is not the text that was cited: {document} is cited up to character {end}, "
            f"and the text has {len(text)}."
        )
    if digest is not None and _sha256(quote) != str(digest):
        raise DocumentError(
            f"This is not the text that was cited: characters {start} to {end} of {document} "
            f"read {quote[:60]!r}, and their SHA-256 is not {str(digest)[:12]}…."
        )
    return quote


def _document_of(view: View, text: str) -> URIRef:
    digest = _sha256(text)
    known = view.select(
        f"PREFIX dg: <{DG._NS}> SELECT ?document ?hash WHERE {{ ?document dg:sha256 ?hash ; a ?kind . "
        f"FILTER(?kind != dg:Passage) }}"
    )
    for row in known:
        if str(row["hash"]) == digest:
            return URIRef(str(row["document"]))
    cited = ", ".join(sorted({f"<{row['document']}>" for row in known})) or "none"
    raise DocumentError(
        f"No document in the store has this text (SHA-256 {digest[:12]}…). Documents cited by passage: {cited}. "
        "Name one with --document to check its passages one by one."
    )


def _attachments(view: View) -> dict[URIRef, URIRef]:
    if not view.graphs():  # as in a plain rdflib graph, which cannot be asked for graphs
        return {}
    rows = view.select(
        f"PREFIX dg: <{DG._NS}> SELECT ?graph ?document WHERE {{ GRAPH ?graph {{ ?graph dg:attachedTo ?document }} }}"
    )
    return {URIRef(str(row["graph"])): URIRef(str(row["document"])) for row in rows}


def _records(view: View, document: URIRef) -> Graph:
    kept = Graph()
    for triple in rdflib_triples(view.ntriples(LOADS)):
        if triple[0] == document:
            kept.add(triple)
    return kept


def _text(view: View, subject: URIRef, predicate: URIRef, graph: URIRef | None = None) -> str | None:
    if graph is not None and graph not in view.graphs():
        return None
    pattern = f"{subject.n3()} {predicate.n3()} ?value"
    where = pattern if graph is None else f"GRAPH {graph.n3()} {{ {pattern} }}"
    rows = view.select(f"SELECT ?value WHERE {{ {where} }} ORDER BY ?value LIMIT 1")
    return str(rows[0]["value"]) if rows else None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

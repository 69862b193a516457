"""Judgements as a store holds them: on which entities are one, who judged so, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from rdflib import URIRef
from rdflib.term import Node

from ..ontology.identifiers import document_iri, shortened
from ..ontology.terms import DG, VERDICT
from .sameness import Sameness, Verdict
from .store import LOADS, Store, View, view_of

JUDGEMENTS: Final = document_iri("judgements")
"""The document that holds the judgements made in a store; those of others may be in documents of their own."""


@dataclass(frozen=True, order=True)
class Judgement:
    """One judgement, and the document that states it. `on` is a timestamp in ISO 8601."""

    keeps: URIRef
    merges: URIRef
    verdict: Literal["same", "different"]
    reason: str
    by: str
    on: str
    iri: URIRef
    document: URIRef

    @property
    def pair(self) -> frozenset[URIRef]:
        """The two entities, in no order."""
        return frozenset((self.keeps, self.merges))

    def text(self) -> str:
        """Return the judgement in a few lines."""
        sign = "=" if self.verdict == "same" else "is not"
        made = ", ".join(part for part in (self.by, self.on[:10]) if part)
        foreign = "" if self.document == JUDGEMENTS else f" in {shortened(self.document)}"
        return f"{shortened(self.keeps)} {sign} {shortened(self.merges)}\n     {self.reason} ({made}{foreign})\n"


def judgements(source: Store | View, about: URIRef | None = None) -> list[Judgement]:
    """Return all judgements, or those that name one entity, sorted by the entities."""
    found: dict[tuple[Node, ...], Judgement] = {}
    for row in _rows(view_of(source), about, "OPTIONAL { ?judgement dg:reason ?reason } "
                     "OPTIONAL { ?judgement dg:judgedBy ?by } OPTIONAL { ?judgement dg:judgedOn ?on }"):  # fmt: skip
        key = (row["judgement"], row["document"], row["keeps"], row["merges"], row["verdict"])
        told = Judgement(
            keeps=URIRef(str(row["keeps"])),
            merges=URIRef(str(row["merges"])),
            verdict="same" if row["verdict"] == VERDICT.same else "different",
            reason=str(row.get("reason", "")),
            by=str(row.get("by", "")),
            on=str(row.get("on", "")),
            iri=URIRef(str(row["judgement"])),
            document=URIRef(str(row["document"])),
        )
        found[key] = min(found.get(key, told), told)
    return sorted(found.values())


def sameness(source: Store | View) -> Sameness:
    """Return which entities the judgements of a store make one."""
    return Sameness(
        Verdict(
            judgement=URIRef(str(row["judgement"])),
            keeps=URIRef(str(row["keeps"])),
            merges=URIRef(str(row["merges"])),
            same=row["verdict"] == VERDICT.same,
        )
        for row in _rows(view_of(source))
    )


def kept(view: View, entity: URIRef) -> URIRef:
    """Return the entity that a view shows for one: itself, unless judgements make it one with another."""
    # A plain rdflib graph can be asked this too, and an endpoint need not list its graphs for it.
    if view.query(f"ASK {{ ?judgement {DG.keeps.n3()}|{DG.merges.n3()} {entity.n3()} }}") is False:
        return entity
    return sameness(view).of(entity)


def _rows(view: View, about: URIRef | None = None, more: str = "") -> list[dict[str, Any]]:
    if not view.graphs():  # as in a plain rdflib graph, which cannot be asked for graphs
        return []
    named = "" if about is None else f"FILTER(?keeps = {about.n3()} || ?merges = {about.n3()})"
    return view.select(
        f"""
        PREFIX dg: <{DG._NS}>
        SELECT * WHERE {{ GRAPH ?document {{
          ?judgement dg:merges ?merges ; dg:keeps ?keeps ; dg:verdict ?verdict . {more}
        }}
        FILTER(?document != {LOADS.n3()} && isIRI(?judgement) && isIRI(?keeps) && isIRI(?merges))
        FILTER(?verdict IN ({VERDICT.same.n3()}, {VERDICT.different.n3()})) {named} }}"""
    )

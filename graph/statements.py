"""A fact with its evidence, as it is read from a store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rdflib import URIRef
from rdflib.namespace import RDF, SKOS
from rdflib.term import Node

from ..ontology.facts import FactClass, fact_classes
from ..ontology.identifiers import shortened
from ..ontology.terms import DG, REALIS
from .store import View

_CHUNK = 2000
"""How many IRIs one VALUES block names at most."""


@dataclass(frozen=True)
class Evidence:
    """What one source contributes to a fact.

    `start` and `end` count code points, end exclusive, and are None where the source is cited as a whole; `quote` is
    the passage's text where its holder has attached it. `decided_by` is the passage that decided a resolution, as
    (start, end, quote). `file` and `record` say where in a dataset a record stands, and `kept` is the day up to which
    the dataset was kept.
    """

    document: URIRef
    title: str
    published: str | None
    level: str
    method: str
    start: int | None = None
    end: int | None = None
    quote: str | None = None
    as_of: str | None = None
    decided_by: tuple[tuple[int, int, str | None], ...] = ()
    notes: tuple[str, ...] = ()
    file: str | None = None
    record: str | None = None
    kept: str | None = None

    @property
    def place(self) -> str | None:
        """Where in the document it stands, in words; None where the document is cited as a whole."""
        if self.start is not None:
            return f"characters {self.start}–{self.end}"
        return ", ".join(part for part in (self.file, self.record) if part) or None


@dataclass(frozen=True)
class Fact:
    """One fact: its class, all that its node says, and its evidence by document and place."""

    iri: URIRef
    kind: FactClass
    properties: dict[URIRef, tuple[Node, ...]] = field(hash=False)
    evidence: tuple[Evidence, ...]

    def value(self, prop: URIRef) -> Node | None:
        """Return the first value of a property, None where there is none."""
        values = self.properties.get(prop, ())
        return values[0] if values else None

    @property
    def source(self) -> Node | None:
        """The end that the fact's edge leaves."""
        return self.value(self.kind.source)

    @property
    def target(self) -> Node | None:
        """The end that the fact's edge reaches; for some facts a literal."""
        return self.value(self.kind.target)

    @property
    def realis(self) -> str:
        """`held`, `planned`, `denied` or `claimed`."""
        return str(self.value(DG.realis) or REALIS.held).rpartition("/")[2]


def facts_about(view: View, entity: URIRef, latest: int | None = None, skipped: int = 0) -> list[Fact]:
    """Return the facts in which an entity plays any part, in order of IRI: all, or as many of the latest of them.

    Of these `skipped` are passed over, so that the ones before them follow.
    """
    where = f"?fact ?part {entity.n3()} ; dg:realis ?realis ."
    if latest is None or (not skipped and _count(view, where) <= latest):
        return _facts(view, where)
    # Which are the latest is found here: engines differ in how they order what has no date.
    dates: dict[URIRef, str] = {}
    for row in view.select(
        f"""
        PREFIX dg: <{DG._NS}> SELECT DISTINCT ?fact ?date WHERE {{
          {where} OPTIONAL {{ ?fact dg:from|dg:date|dg:until|(dg:event/dg:date) ?date }}
        }}"""
    ):
        fact = URIRef(str(row["fact"]))
        dates[fact] = max(dates.get(fact, ""), str(row.get("date", "")))
    ordered = sorted(dates, key=lambda fact: (dates[fact], fact), reverse=True)
    return list(facts_with(view, ordered[skipped : skipped + latest]).values())


def count_about(view: View, entity: URIRef) -> int:
    """Return the number of facts in which an entity plays any part."""
    return _count(view, f"?fact ?part {entity.n3()} ; dg:realis ?realis .")


def _count(view: View, where: str) -> int:
    [row] = view.select(f"PREFIX dg: <{DG._NS}> SELECT (COUNT(DISTINCT ?fact) AS ?n) WHERE {{ {where} }}")
    return int(str(row["n"]))


def facts_with(view: View, iris: Iterable[URIRef]) -> dict[URIRef, Fact]:
    """Return the facts of the given IRIs, by IRI; those that the store does not have are left out."""
    found: dict[URIRef, Fact] = {}
    for block in _blocks(iris):
        found |= {fact.iri: fact for fact in _facts(view, f"VALUES ?fact {{ {block} }} ?fact dg:realis ?realis .")}
    return found


def all_facts(view: View) -> list[Fact]:
    """Return every fact of the store, in order of IRI."""
    return _facts(view, "?fact dg:realis ?realis .")


def facts_alone(view: View, entities: Iterable[URIRef], kinds: Iterable[FactClass]) -> dict[URIRef, Fact]:
    """Return the facts of some kinds that join an entity to no other, by IRI: with a literal, a class, or nothing."""
    found: set[URIRef] = set()
    wanted = tuple(kinds)
    for block in _blocks(entities):
        named = f"VALUES ?entity {{ {block} }}"
        for kind in wanted:
            of_kind, source, target = f"?fact a {kind.iri.n3()} .", kind.source.n3(), kind.target.n3()
            for where in (
                f"?fact {source} ?entity . {of_kind} OPTIONAL {{ ?fact {target} ?other }}"
                f" OPTIONAL {{ ?fact {RDF.predicate.n3()} ?said }}"
                f" FILTER(!BOUND(?other) || !isIRI(?other) || ?said IN ({RDF.type.n3()}, {SKOS.altLabel.n3()}))",
                f"?fact {target} ?entity . {of_kind} FILTER NOT EXISTS {{ ?fact {source} ?other }}",
            ):
                rows = view.select(f"SELECT DISTINCT ?fact WHERE {{ {named} {where} }}")
                found |= {URIRef(str(row["fact"])) for row in rows}
    return facts_with(view, found)


def _facts(view: View, where: str) -> list[Fact]:
    classes = fact_classes()
    properties: dict[URIRef, dict[URIRef, list[Node]]] = {}
    for row in view.select(
        f"PREFIX dg: <{DG._NS}> SELECT DISTINCT ?fact ?property ?value WHERE {{ {where} ?fact ?property ?value }}"
    ):
        of_fact = properties.setdefault(URIRef(str(row["fact"])), {})
        of_fact.setdefault(URIRef(str(row["property"])), []).append(row["value"])
    # What is no IRI cannot be asked for by name, and is no evidence of ours.
    cited = {e for values in properties.values() for e in values.get(DG.evidence, ()) if isinstance(e, URIRef)}
    evidence = _evidence(view, cited)
    found = []
    for iri in sorted(properties):
        of_fact = properties[iri]
        kinds = [classes[URIRef(str(kind))] for kind in of_fact.get(RDF.type, ()) if kind in classes]
        if not kinds:
            continue
        sources = [evidence[e] for e in of_fact.get(DG.evidence, ()) if isinstance(e, URIRef) and e in evidence]
        found.append(
            Fact(
                iri=iri,
                kind=kinds[0],
                properties={prop: tuple(sorted(values, key=str)) for prop, values in sorted(of_fact.items())},
                evidence=tuple(
                    sorted(sources, key=lambda e: (e.document, e.start or 0, e.end or 0, e.place or "", e.level))
                ),
            )
        )
    return found


def _order(evidence: Evidence) -> tuple[str, int, int, str, str]:
    return evidence.document, evidence.start or 0, evidence.end or 0, evidence.place or "", evidence.level


def _evidence(view: View, iris: Iterable[URIRef]) -> dict[URIRef, Evidence]:
    found: dict[URIRef, Evidence] = {}
    for block in _blocks(iris):
        rows: dict[Node, list[dict[str, Any]]] = {}
        for row in view.select(
            f"""
            PREFIX dg: <{DG._NS}>
            PREFIX prov: <http://www.w3.org/ns/prov#>
            PREFIX oa: <http://www.w3.org/ns/oa#>
            PREFIX dcterms: <http://purl.org/dc/terms/>
            PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
            SELECT * WHERE {{
              VALUES ?evidence {{ {block} }}
              ?evidence dg:inDocument ?document ; dg:level ?level ; dg:method ?method .
              OPTIONAL {{ ?document dcterms:title ?own_title }}
              OPTIONAL {{ ?document skos:prefLabel ?label }}
              BIND(COALESCE(?own_title, ?label) AS ?title)
              OPTIONAL {{ ?document dcterms:issued ?published }}
              OPTIONAL {{ ?document dg:lastUpdated ?kept }}
              OPTIONAL {{ ?evidence dg:file ?file }}
              OPTIONAL {{ ?evidence dg:record ?record }}
              OPTIONAL {{ ?evidence dg:asOf ?as_of }}
              OPTIONAL {{ ?evidence dg:note ?note }}
              OPTIONAL {{
                ?evidence prov:wasQuotedFrom ?passage . ?passage oa:start ?start ; oa:end ?end .
                OPTIONAL {{ ?passage oa:exact ?quote }}
              }}
              OPTIONAL {{
                ?evidence dg:decidedBy ?deciding . ?deciding oa:start ?deciding_start ; oa:end ?deciding_end .
                OPTIONAL {{ ?deciding oa:exact ?deciding_quote }}
              }}
            }}"""
        ):
            rows.setdefault(row["evidence"], []).append(row)
        found |= {URIRef(str(iri)): _joined(of_one) for iri, of_one in rows.items()}
    return found


def _joined(rows: list[dict[str, Any]]) -> Evidence:
    def text(row: dict[str, Any], name: str) -> str | None:
        return str(row[name]) if name in row else None

    first = min(rows, key=lambda row: sorted((k, str(v)) for k, v in row.items()))
    deciding = {
        (start, end, text(row, "deciding_quote"))
        for row in rows
        if (start := _offset(row, "deciding_start")) is not None and (end := _offset(row, "deciding_end")) is not None
    }
    return Evidence(
        document=URIRef(str(first["document"])),
        title=text(first, "title") or shortened(str(first["document"])),
        published=text(first, "published"),
        level=str(first["level"]).rpartition("/")[2],
        method=str(first["method"]).rpartition("/")[2],
        start=_offset(first, "start"),
        end=_offset(first, "end"),
        quote=text(first, "quote"),
        as_of=text(first, "as_of"),
        decided_by=tuple(sorted(deciding, key=lambda d: d[:2])),
        notes=tuple(sorted({str(row["note"]) for row in rows if "note" in row})),
        file=text(first, "file"),
        record=text(first, "record"),
        kept=text(first, "kept"),
    )


def _offset(row: dict[str, Any], name: str) -> int | None:
    text = str(row.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() else None


def _blocks(iris: Iterable[URIRef]) -> Iterable[str]:
    unique = sorted(set(iris))
    for begin in range(0, len(unique), _CHUNK):
        yield " ".join(iri.n3() for iri in unique[begin : begin + _CHUNK])

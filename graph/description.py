"""One entity with all that is known of it: names, properties, and facts in order of time with their sources."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, SKOS
from rdflib.term import Node

from ..errors import NotFoundError
from ..ontology.identifiers import shortened
from ..ontology.rules import shortcut_rules
from ..ontology.terms import DG
from .entities import kinds_of, labels
from .judgements import kept
from .statements import Evidence, Fact, count_about, facts_about
from .store import Store, View, view_of
from .wording import Mention, Wording, cited, visible

_NAMED_APART = frozenset({RDF.type, SKOS.prefLabel, SKOS.altLabel, DG.sha256})


@dataclass(frozen=True)
class Line:
    """One fact about the entity: when, in words without the entity itself, and its evidence.

    `mentions` are the words in pieces, with the entities that they name.
    """

    dates: str
    words: str
    realis: str
    fact: URIRef
    evidence: tuple[Evidence, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True)
class Description:
    """An entity as a store knows it; `properties` are those that no fact accounts for, in words.

    `values` are the values of these properties as terms. `earlier` is the number of facts that were left out, as only
    the latest were asked for.
    """

    entity: URIRef
    label: str
    kinds: tuple[str, ...]
    aliases: tuple[str, ...]
    properties: tuple[tuple[str, str], ...]
    values: tuple[Node, ...]
    lines: tuple[Line, ...]
    earlier: int = 0

    @property
    def short_id(self) -> str:
        """The entity's identifier as a prefixed name."""
        return shortened(self.entity)

    def as_dict(self) -> dict[str, Any]:
        """Return the description as plain Python, ready for JSON."""
        told = asdict(self)
        del told["values"]
        for line in told["lines"]:
            del line["mentions"]
        told["properties"] = [{"property": prop, "value": value} for prop, value in self.properties]
        return told

    def text(self) -> str:
        """Return the description for reading: what it is, and a paragraph for each fact, its sources below it."""
        lines = [f"{self.label} ({', '.join(self.kinds)})" if self.kinds else self.label, self.short_id]
        if self.aliases:
            lines.append(f"also: {', '.join(self.aliases)}")
        lines += [f"{name}: {value}" for name, value in self.properties]
        lines += ["", f"… {self.earlier:,} facts that are earlier or undated are left out."] if self.earlier else []
        for line in self.lines:
            lines += ["", f"{line.dates or 'undated':<24} {line.words}"]
            lines += [f"{'':<24}   {cited(evidence)}" for evidence in line.evidence]
        return "".join(f"{visible(line)}\n" for line in lines)


def description(source: Store | View, entity: URIRef, latest: int | None = None, *, skipped: int = 0) -> Description:
    """Return what a store knows of an entity, or of the one it was merged into; raises NotFoundError if nothing.

    `latest` is how many facts are told at most, those with the latest dates, where not all are wanted; `skipped` is how
    many later ones are passed over before these.
    """
    view = view_of(source)
    entity = kept(view, entity)
    rows = view.select(f"SELECT ?property ?value WHERE {{ {entity.n3()} ?property ?value }} ORDER BY ?property ?value")
    found = facts_about(view, entity, latest, skipped)
    facts = [fact for fact in found if fact.value(DG.claimedBy) != entity or _is_end(fact, entity)]
    if not rows and not facts:
        raise NotFoundError(f"The store says nothing of <{entity}>.")
    # What a fact says needs no second telling as a plain triple.
    told = {(fact.value(RDF.predicate), fact.value(RDF.object)) for fact in facts}
    is_part = latest is not None and (skipped > 0 or len(found) >= latest)
    earlier = max(0, count_about(view, entity) - skipped - len(found)) if is_part else 0
    # Shortcuts of facts that are left out are left out too.
    derived = {rule.predicate for rule in shortcut_rules()} if earlier or skipped else set()
    shortcuts = {value for fact in facts for value in (fact.source, fact.target) if isinstance(value, URIRef)}
    plain = [
        (row["property"], row["value"])
        for row in rows
        if row["property"] not in _NAMED_APART | derived
        and (row["property"], row["value"]) not in told
        and not (isinstance(row["value"], URIRef) and row["value"] in shortcuts)
    ]
    called = labels(view, [entity, *(term for pair in plain for term in pair)])
    kinds = kinds_of(view, [entity]).get(entity, ())
    names = labels(view, kinds)
    wording = Wording(view, facts)
    lines = [_line(wording, fact, entity) for fact in sorted(facts, key=lambda fact: _when(wording, fact))]
    return Description(
        entity=entity,
        label=called[entity],
        kinds=tuple(names[kind] for kind in kinds),
        aliases=tuple(str(row["value"]) for row in rows if row["property"] == SKOS.altLabel),
        properties=tuple((called[prop], called[value]) for prop, value in plain),
        values=tuple(value for _, value in plain),
        lines=tuple(lines),
        earlier=earlier,
    )


def _line(wording: Wording, fact: Fact, entity: URIRef) -> Line:
    mentions = tuple(wording.mentions(fact, entity))
    words = "".join(mention.text for mention in mentions)
    return Line(str(wording.period(fact)), words, fact.realis, fact.iri, fact.evidence, mentions)


def _is_end(fact: Fact, entity: URIRef) -> bool:
    return entity in (fact.source, fact.target)


def _when(wording: Wording, fact: Fact) -> tuple[bool, str, str, str]:
    period = wording.period(fact)
    first = period.start or period.end or min(period.attested, default=None)
    return first is None, first or "", fact.kind.name, str(fact.target if not isinstance(fact.target, Literal) else "")

"""The network of a store's facts, as networkx: by the vocabulary's own hints of what an edge is and when it holds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, SKOS
from rdflib.term import Node

from ..graph.edges.hints import NOT_JOINED
from ..graph.entities import kinds_of, labels, narrower
from ..graph.statements import Evidence, Fact, all_facts
from ..graph.store import Store, View, view_of
from ..graph.wording import Wording
from ..ontology.terms import DG

if TYPE_CHECKING:
    import networkx as nx

# The first that fits names the kind: what is drawn alike, from the narrower to the wider.
KINDS: Mapping[str, tuple[str, URIRef]] = {
    "person": ("Person", DG.Person),
    "state": ("State", DG.State),
    "territory": ("Territory", DG.Territory),
    "organization": ("Organization", DG.Organization),
    "post": ("Post", DG.Post),
    "conference": ("Conference", DG.Conference),
    "meeting": ("Meeting", DG.Meeting),
    "event": ("Event", DG.Event),
    "agreement": ("Agreement", DG.Agreement),
    "work": ("Publication", DG.Publication),
    "document": ("Document", DG.Document),
    "place": ("Place", DG.Place),
    "topic": ("Topic", DG.Topic),
}


def network(
    source: Store | View, facts: Iterable[Fact] | None = None, *, title: str = "Diplograph"
) -> nx.MultiDiGraph[str]:
    """Return the network of facts, all of the store's where none are given.

    Nodes are entities under their IRI, edges are facts under theirs. A node has `label`, `kind`, `kind_label`,
    `aliases`, `note` and `facts` (those with no entity at their other end); an edge has `label`, `kind`, `kind_label`,
    `realis`, `claimed_by`, `start`, `end` (dates as written, None where open or unknown), `attested` (days for which
    sources vouch), `directed` and `fact`. A fact
    is a dict with `text`, `dates`, `realis`, `claimed_by` and `sources`. All values are plain Python.
    """
    import networkx as nx

    view = view_of(source)
    told = list(all_facts(view) if facts is None else facts)
    wording = Wording(view, told)
    edges = [fact for fact in told if _is_edge(fact)]
    nodes = sorted({str(end) for fact in edges for end in (fact.source, fact.target)})
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title=title, subtitle="")
    entities = [URIRef(node) for node in nodes]
    kinds, called, aliases = kinds_of(view, entities), labels(view, entities), _aliases(view, entities)
    own: dict[str, list[dict[str, Any]]] = {}
    for fact in told:
        if not _is_edge(fact):
            # A fact without a source end is about its target, as an assessment that nobody is said to have made.
            about = fact.source if isinstance(fact.source, URIRef) else fact.target
            own.setdefault(str(about), []).append(_told(fact, wording, about))
    for entity in entities:
        kind, kind_label = kind_of_entity(kinds.get(entity, ()))
        graph.add_node(
            str(entity),
            label=called[entity],
            kind=kind,
            kind_label=kind_label,
            aliases=aliases.get(entity, []),
            facts=own.get(str(entity), []),
            note=None,
        )
    for fact in edges:
        period = wording.period(fact)
        graph.add_edge(
            str(fact.source),
            str(fact.target),
            key=str(fact.iri),
            label=wording.words(fact),
            kind=fact.kind.name,
            # What only one property says has no class of its own that would tell people anything.
            kind_label="Other relation" if fact.kind.iri == DG.Assertion else fact.kind.label,
            realis=fact.realis,
            claimed_by=_claimant(fact, wording),
            start=period.start,
            end=period.end,
            attested=list(period.attested),
            directed=fact.kind.directed,
            fact=_told(fact, wording, None),
        )
    return retitled(graph)


def retitled(graph: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Return the network with a subtitle that counts what is in it now."""
    between = [data["fact"] for _, _, data in graph.edges(data=True)]
    alone = [fact for _, data in graph.nodes(data=True) for fact in data["facts"]]
    documents = {source["document"] for fact in (*between, *alone) for source in fact["sources"]}
    counts = (
        _counted(graph.number_of_nodes(), "entity", "entities"),
        _counted(len(between), "fact between them", "facts between them"),
        _counted(len(documents), "document", "documents"),
    )
    graph.graph["subtitle"] = ", ".join(counts)
    return graph


def around(graph: nx.MultiDiGraph[str], entity: str, depth: int = 1) -> nx.MultiDiGraph[str]:
    """Return the part of a network within so many steps of an entity, in either direction."""
    reached = {entity: 0}
    queue = deque([entity] if entity in graph else [])
    while queue:
        node = queue.popleft()
        if reached[node] < depth:
            for neighbour in sorted({*graph.successors(node), *graph.predecessors(node)}):
                if neighbour not in reached:
                    reached[neighbour] = reached[node] + 1
                    queue.append(neighbour)
    return graph.subgraph(sorted(reached)).copy()


def of_kinds(graph: nx.MultiDiGraph[str], kinds: Sequence[str]) -> nx.MultiDiGraph[str]:
    """Return the part of a network between entities of some kinds, such as `person` and `organization`."""
    return graph.subgraph([node for node, data in graph.nodes(data=True) if data["kind"] in kinds]).copy()


def known_kinds() -> tuple[str, ...]:
    """Return the kinds of nodes that networks have."""
    return tuple(KINDS)


def _is_edge(fact: Fact) -> bool:
    # What class a thing belongs to is said of the thing; the class is no entity to be drawn.
    return (
        isinstance(fact.source, URIRef)
        and isinstance(fact.target, URIRef)
        and fact.value(RDF.predicate) not in NOT_JOINED
    )


def kind_of_entity(classes: Sequence[URIRef]) -> tuple[str, str]:
    """Return the kind of what has some classes, and its label: what is drawn alike; see `known_kinds`."""
    for name, (label, widest) in KINDS.items():
        if any(kind == widest or kind in narrower(widest) for kind in classes):
            return name, label
    return "other", "Other"


def _told(fact: Fact, wording: Wording, about: Node | None) -> dict[str, Any]:
    return {
        "text": wording.sentence(fact, about),
        "dates": str(wording.period(fact)),
        "realis": fact.realis,
        "claimed_by": _claimant(fact, wording),
        "sources": [_source(evidence) for evidence in fact.evidence],
    }


def _source(evidence: Evidence) -> dict[str, Any]:
    deciding = [quote or f"characters {start}–{end}" for start, end, quote in evidence.decided_by]
    return {
        "document": evidence.title,
        "published": (evidence.published or "")[:10],
        "level": evidence.level,
        "passage": evidence.place or "",
        "quote": evidence.quote,
        "decided_by": "; ".join(deciding) or None,
    }


def _claimant(fact: Fact, wording: Wording) -> str | None:
    claimants = [wording.labels[who] for who in fact.properties.get(DG.claimedBy, ())]
    return ", ".join(claimants) or None


def _aliases(view: View, entities: Sequence[URIRef]) -> dict[URIRef, list[str]]:
    values = " ".join(entity.n3() for entity in entities)
    found: dict[URIRef, set[str]] = {}
    if not entities:
        return {}
    for row in view.select(
        f"SELECT ?entity ?alias WHERE {{ VALUES ?entity {{ {values} }} ?entity {SKOS.altLabel.n3()} ?alias }}"
    ):
        if isinstance(row["alias"], Literal):
            found.setdefault(URIRef(str(row["entity"])), set()).add(str(row["alias"]))
    return {entity: sorted(names) for entity, names in found.items()}


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"

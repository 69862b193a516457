"""Judging which entities are one, and taking that back; nothing is ever merged on a name alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

from rdflib import Graph, URIRef
from rdflib import Literal as Text
from rdflib.namespace import DCTERMS, RDF, XSD
from rdflib.term import Node

from ..errors import JudgementError, NotFoundError
from ..ontology.identifiers import digest_iri, expanded, folded, shortened
from ..ontology.terms import DG, VERDICT
from .candidates import Candidates, Proposal
from .entities import Names, kinds_of, labels, narrower
from .judgements import JUDGEMENTS, Judgement, judgements, sameness
from .naming import NAMES, in_chunks
from .oxigraph import rdflib_triples
from .sameness import Sameness, Verdict
from .store import LOADS, Store, View, Writer

RULE: Final = "rule same-post"
"""Who judges two persons to be one that have the same name and the same post at dates that overlap."""

_ORIGIN: Final = "judgements made in this store"

Pair: TypeAlias = tuple[URIRef, URIRef, Literal["same", "different"], str]
"""What to judge: the entity to keep, the other, the verdict, and the reason."""


@dataclass(frozen=True)
class RuleReport:
    """What judging by rule has done, and which pairs it has left to people, with the reasons for each."""

    merged: tuple[Judgement, ...]
    apart: tuple[Proposal, ...]
    labels: dict[URIRef, str]

    def text(self, limit: int | None = None) -> str:
        """Return the report for reading, with up to `limit` of the pairs left apart."""
        lines = [f"Merged by {RULE}: {len(self.merged)}\n"]
        for each in self.merged:
            one, other = (f"{self.labels[e]} ({shortened(e)})" for e in (each.keeps, each.merges))
            lines.append(f"     {one} = {other}\n     {each.reason}\n")
        lines.append(f"Left apart, for you to judge: {len(self.apart)}\n")
        lines += [proposal.text() for proposal in self.apart[:limit]]
        more = len(self.apart) - len(self.apart[:limit])
        return "".join([*lines, f"     … and {more:,} more\n" if more else ""])

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain Python, ready for JSON."""
        return {"merged": [asdict(each) for each in self.merged], "apart": [asdict(each) for each in self.apart]}


def judge(
    store: Store,
    keeps: URIRef,
    merges: URIRef,
    verdict: Literal["same", "different"] = "same",
    *,
    reason: str,
    by: str,
) -> Judgement:
    """Record that two entities are the same, shown as `keeps` from then on, or that they are different.

    The same verdict on the same two, given again, replaces the earlier one. Raises NotFoundError where the store says
    nothing of one of them, and JudgementError where they cannot be one or another judgement contradicts; the store is
    then as it was.
    """
    with store.writing() as writer:
        view = writer.view()
        _check(view, keeps, merges, same=verdict == "same")
        return _record(writer, view, [(keeps, merges, verdict, reason)], by)[0]


def undo(store: Store, judged: URIRef | tuple[URIRef, URIRef]) -> list[Judgement]:
    """Take back a judgement, or those on two entities, and return them; the merged view is as it was without them.

    Raises NotFoundError where there is none, and JudgementError where it is one of a document of others, which is to be
    forgotten instead.
    """
    with store.writing() as writer:
        view = writer.view()
        wanted = frozenset(judged) if isinstance(judged, tuple) else None
        found = [each for each in judgements(view) if judged == each.iri or wanted == each.pair]
        if not found:
            names = " and ".join(map(shortened, judged)) if isinstance(judged, tuple) else shortened(judged)
            raise NotFoundError(f"There is no judgement {'on' if wanted else 'called'} {names}.")
        foreign = sorted({each.document for each in found} - {JUDGEMENTS})
        if foreign:
            raise JudgementError(
                f"{shortened(found[0].iri)} is a judgement of {foreign[0]}. Forget that document to undo it."
            )
        gone = {each.iri for each in found}
        _write(writer, [triple for triple in _triples(view) if triple[0] not in gone])
    return found


def judge_by_rule(store: Store) -> RuleReport:
    """Merge the pairs of persons that a rule is sure of, and return what was done and what was left.

    Where two that it would make one, directly or through others, have anything against it, none of them is merged.
    """
    with store.writing() as writer:
        view = writer.view()
        candidates = Candidates(view)
        proposals = candidates.proposals()
        certain = [each for each in proposals if each.certain]
        sure = Sameness(Verdict(each.keeps, each.keeps, each.merges, True) for each in certain)
        doubtful = {kept for kept, group in sure.members.items() if candidates.doubt(group)}
        taken = [each for each in certain if sure.of(each.keeps) not in doubtful]
        pairs: list[Pair] = [(each.keeps, each.merges, "same", each.reason) for each in _needed(taken)]
        made = _record(writer, view, pairs, RULE) if pairs else []
    called = {entity: label for p in taken for entity, label in zip((p.keeps, p.merges), p.labels, strict=True)}
    return RuleReport(tuple(made), tuple(each for each in proposals if each not in taken), called)


def entity_to_judge(view: View, text: str) -> URIRef:
    """Return the entity that a text means: an identifier as it is, also of one that was merged, or a name."""
    known = Names(view).entity(text)
    return expanded(text) or known


def judged_pair(view: View, one: str, other: str) -> tuple[URIRef, URIRef]:
    """Return the two entities of a judgement, each named as its documents do, also if it was merged since.

    Raises NotFoundError where there is no judgement on two such entities.
    """
    known = judgements(view)
    called = _called(view, {entity for each in known for entity in each.pair})

    def means(text: str, entity: URIRef) -> bool:
        return expanded(text) == entity or folded(text) in called.get(entity, ())

    found = {
        frozenset(pair): pair
        for each in known
        for pair in ((each.keeps, each.merges), (each.merges, each.keeps))
        if means(one, pair[0]) and means(other, pair[1])
    }
    if not found:
        raise NotFoundError(f"There is no judgement on {one!r} and {other!r}. `diplograph merge list` lists all.")
    if len(found) > 1:
        listed = "; ".join(" and ".join(map(shortened, pair)) for pair in found.values())
        raise JudgementError(f"{one!r} and {other!r} could be any of {len(found)}: {listed}. Give short ids or IRIs.")
    return next(iter(found.values()))


def _called(view: View, entities: Iterable[URIRef]) -> dict[URIRef, set[str]]:
    """Return the folded names that documents give to entities, also to those that were merged."""
    called: dict[URIRef, set[str]] = defaultdict(set)
    paths = " ".join(name.n3() for name in NAMES)
    for chunk in in_chunks(sorted(entities)):
        values = " ".join(f"<{entity}>" for entity in chunk)
        for row in view.select(
            f"SELECT ?entity ?name WHERE {{ VALUES ?entity {{ {values} }} VALUES ?path {{ {paths} }} "
            "GRAPH ?document { ?entity ?path ?name } }"
        ):
            called[URIRef(str(row["entity"]))].add(folded(str(row["name"])))
    return called


def _needed(taken: Iterable[Proposal]) -> Iterator[Proposal]:
    """Yield the proposals without those of two that the ones before make one already."""
    groups: dict[URIRef, set[URIRef]] = {}
    for each in taken:
        one, other = (groups.setdefault(entity, {entity}) for entity in (each.keeps, each.merges))
        if one is not other:
            one |= other
            groups.update(dict.fromkeys(other, one))
            yield each


def _check(view: View, keeps: URIRef, merges: URIRef, *, same: bool) -> None:
    if keeps == merges:
        raise JudgementError(f"{shortened(keeps)} is one entity. Name two to judge.")
    if same:
        why = sameness(view).why(keeps, merges)
        if len(why) > 1:
            said = " and ".join(shortened(verdict.judgement) for verdict in why)
            raise JudgementError(f"{shortened(keeps)} and {shortened(merges)} are one already, by {said}.")
    names = Names(view)
    for entity in (keeps, merges):
        names.entity(f"<{entity}>")
    if same:
        one, other = (_kinds(view, entity) for entity in (keeps, merges))
        if one and other and not one & other:
            kinds = labels(view, one | other)
            seen = [" and ".join(sorted(kinds[kind].lower() for kind in some)) for some in (one, other)]
            raise JudgementError(
                f"{shortened(keeps)} is of kind {seen[0]}, and {shortened(merges)} of kind {seen[1]}: they are not one."
            )


def _kinds(view: View, entity: URIRef) -> set[URIRef]:
    """Return the kinds of an entity and those below them, as a more exact kind does not contradict a wider one."""
    own = kinds_of(view, [entity]).get(entity, ())
    return {kind for wide in own for kind in (wide, *narrower(wide))}


def _record(writer: Writer, view: View, pairs: Sequence[Pair], by: str) -> list[Judgement]:
    on = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    made = [
        Judgement(keeps, merges, verdict, reason, by, on, _iri(keeps, merges, verdict), JUDGEMENTS)
        for keeps, merges, verdict, reason in pairs
    ]
    replaced = {each.iri for each in made}
    said = [triple for triple in _triples(view) if triple[0] not in replaced]
    for each in made:
        said += [
            (each.iri, RDF.type, DG.Judgement),
            (each.iri, DG.keeps, each.keeps),
            (each.iri, DG.merges, each.merges),
            (each.iri, DG.verdict, VERDICT[each.verdict]),
            (each.iri, DG.reason, Text(each.reason, lang="en")),
            (each.iri, DG.judgedBy, Text(each.by)),
            # As written: rdflib would make +00:00 of the Z.
            (each.iri, DG.judgedOn, Text(each.on, datatype=XSD.dateTime, normalize=False)),
        ]
    _write(writer, said)
    return made


def _iri(keeps: URIRef, merges: URIRef, verdict: str) -> URIRef:
    return digest_iri("judgement", verdict, [(DG.about.n3(), entity.n3()) for entity in (keeps, merges)])


def _triples(view: View) -> list[tuple[Node, Node, Node]]:
    return list(rdflib_triples(view.ntriples(JUDGEMENTS)))


def _write(writer: Writer, triples: Iterable[tuple[Node, Node, Node]]) -> None:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    if not any(graph.subjects(RDF.type, DG.Judgement)):
        writer.remove(JUDGEMENTS)
        writer.note(b"", about=JUDGEMENTS)
        return
    graph.add((JUDGEMENTS, RDF.type, DG.Document))
    if graph.value(JUDGEMENTS, DCTERMS.title) is None:
        graph.add((JUDGEMENTS, DCTERMS.title, Text("Judgements on which entities are one", lang="en")))
    writer.put(JUDGEMENTS, graph.serialize(format="ntriples", encoding="utf-8"))
    known = writer.view().query(f"ASK {{ GRAPH {LOADS.n3()} {{ {JUDGEMENTS.n3()} {DG.loadedFrom.n3()} ?origin }} }}")
    if known is False:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        record = Graph()
        record.add((JUDGEMENTS, DG.loadedFrom, Text(_ORIGIN)))
        record.add((JUDGEMENTS, DG.takenIn, Text(now, datatype=XSD.dateTime, normalize=False)))
        writer.note(record.serialize(format="ntriples", encoding="utf-8"), about=JUDGEMENTS)

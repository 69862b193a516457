"""The dossier of the article holds every fact that was found in it by hand, with its passage, and no wrong reading."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, SKOS

import diplograph
from diplograph.graph.entities import Names
from diplograph.graph.formats import syntax_named
from diplograph.graph.loading import Source, load, packaged_sources
from diplograph.graph.minting import minted
from diplograph.graph.oxigraph import OxigraphStore, parsed
from diplograph.graph.store import Store, View
from diplograph.ontology.dates import date_term
from diplograph.ontology.identifiers import document_iri, passage_iri
from diplograph.ontology.namespaces import PREFIXES
from diplograph.ontology.terms import DG, LEVEL, REALIS

ROOT: Final = Path(diplograph.__file__).resolve().parent
SEED: Final = ROOT.parent / "shared" / "seed"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SEED.is_dir(), reason="the article and its gold facts are not kept beside the project"),
]

Gold: TypeAlias = dict[str, Any]
GOLD: Final[list[Gold]] = (
    [json.loads(line) for line in (SEED / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    if SEED.is_dir()
    else []
)
ENTITIES: Final = [gold for gold in GOLD if gold["kind"] == "entity"]
FACTS: Final = [gold for gold in GOLD if gold["kind"] == "relation"]
ARTICLE: Final = document_iri("trend-2023-02-28")

HEAD: Final = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())


# How each predicate of the gold facts is said in the graph: a pattern over ?fact, with {s} and {o} for the two ends.
# Where the graph sums a text up in words of its own, the pattern has no {o}: the cited passage must read so instead.


def assertion(predicate: str) -> str:
    return f"?fact a dg:Assertion ; rdf:subject {{s}} ; rdf:predicate {predicate} ; rdf:object {{o}} ."


def participation(role: str) -> str:
    return f"?fact a dg:Participation ; dg:event {{s}} ; dg:agent {{o}} ; dg:role role:{role} ."


def relations(kind: str) -> str:
    either = "dg:oneSide|dg:otherSide"
    return f"?fact a dg:Relations ; {either} {{s}} ; {either} {{o}} ; dg:relationKind relation:{kind} ."


PATTERNS: Final[dict[str, str]] = {
    "about": assertion("dg:about"),
    "adopted": assertion("dg:adopted"),
    "adopted_at": assertion("dg:adoptedAt"),
    "affiliated_with": "?fact a dg:Affiliation ; dg:person {s} ; dg:organization {o} .",
    "also_known_as": assertion("skos:altLabel"),
    "assessed_as": "?fact a dg:Assessment ; dg:assessed {s} ; dg:assessmentKind assessment:assessment .",
    "authors": assertion("dg:authors"),
    "based_in_country": assertion("dg:basedIn"),
    "celebrated_by": assertion("dg:celebratedBy"),
    "co_organiser_with": relations("co-organiser"),
    "co_participant": relations("co-participant"),
    "commemorates": assertion("dg:commemorates"),
    "cooperates_with": relations("cooperation"),
    "counterpart_of": relations("counterpart"),
    "date": assertion("dg:date"),
    "dateline_date": assertion("dg:datelineDate"),
    "dateline_place": assertion("dg:datelinePlace"),
    "demand": "?fact a dg:Assertion ; rdf:subject {s} ; rdf:predicate dg:demand .",
    "demanded_of": assertion("dg:demandedOf"),
    "described_as": "?fact a dg:Assessment ; dg:assessed {s} ; dg:assessmentKind assessment:description .",
    "discussed_document": assertion("dg:discussed"),
    "edition": assertion("dg:edition"),
    "expected_effect": "?fact a dg:Assessment ; dg:assessed {s} ; dg:assessmentKind assessment:expected-effect .",
    "follows": assertion("dg:follows"),
    "had_format": assertion("dg:meetingFormat"),
    "held_event": assertion("dg:held"),
    "held_in": assertion("dg:heldIn"),
    "held_on": assertion("dg:date"),
    "high_trust_with": relations("high-trust"),
    "holds_post": "?fact a dg:Tenure ; dg:person {s} ; dg:post {o} .",
    "implemented_by": assertion("dg:implementedBy"),
    "issued_by": assertion("dg:issuedBy"),
    "offered": "?fact a dg:Proposal ; dg:proposer {s} .",
    "ordinal": assertion("dg:ordinal"),
    "organised_by": participation("organiser"),
    "part_of": assertion("dg:partOf"),
    "participant": participation("participant"),
    "partner_of": relations("partnership"),
    "party": "?fact a dg:Partyship ; dg:agreement {s} ; dg:party {o} .",
    "party to an event": participation("party"),
    "post_in": assertion("dg:postIn"),
    "post_of": assertion("dg:postOf"),
    "presented_at": assertion("dg:presentedAt"),
    "presented_by": assertion("dg:presentedBy"),
    "presented_to": assertion("dg:presentedTo"),
    "published_at": assertion("dcterms:issued"),
    "publisher": assertion("dcterms:publisher"),
    "pursues_policy": "?fact a dg:Position ; dg:holder {s} .",
    "recommended": "?fact a dg:Recommendation ; dg:event {s} .",
    "reports_on": assertion("dg:reportsOn"),
    "represents": "?fact a dg:Representation ; dg:agent {s} ; dg:principal {o} .",
    "section": assertion("dg:section"),
    "series": assertion("dg:inSeries"),
    "shares_position_with": relations("shared-position"),
    "signed_by": "?fact a dg:Signature ; dg:agreement {s} ; dg:signatory {o} .",
    "source": assertion("dcterms:source"),
    "speaker": participation("speaker"),
    "spoke_about": "?fact a dg:Utterance ; dg:speaker {s} ; dg:topic {o} .",
    "stated": "?fact a dg:Utterance ; dg:speaker {s} .",
    "strategic_partner_of": relations("strategic-partnership"),
    "strategic_ties_with": relations("strategic-ties"),
    "subtype": assertion("rdf:type"),
    "subtype of a publication": assertion("dcterms:type"),
    "theme": assertion("dg:theme"),
    "title": assertion("dcterms:title"),
    "topic": assertion("dg:topic"),
    "won_by": assertion("dg:wonBy"),
}

CLASSES: Final = {
    "Statement": DG.JointStatement,
    "Event": DG.EstablishmentOfRelations,
}
"""The classes that the graph calls otherwise than the gold facts do."""

TOPICS: Final = {"Azerbaijani-Russian relations": "Azerbaijan-Russia relations"}
"""The one topic that the article names as an adjective."""


def class_named(name: str) -> URIRef:
    return CLASSES.get(name) or URIRef(f"{PREFIXES['dg']}{name}")


class Reader:
    """A view of a store that holds the dossier, beside the text of the article."""

    def __init__(self, view: View) -> None:
        self.view, self.names = view, Names(view)
        self.text = (SEED / "article.txt").read_text(encoding="utf-8")

    def entity(self, name: str) -> URIRef:
        return ARTICLE if name.startswith("Trend article") else self.names.entity(name)

    def pattern(self, gold: Gold) -> str:
        """The pattern of a gold fact with its ends filled in."""
        subject, predicate = self.entity(gold["s"]), gold["p"]
        if predicate == "party" and str(subject).startswith(PREFIXES["event"]):
            predicate = "party to an event"
        if predicate == "subtype" and str(subject).startswith(PREFIXES["work"]):
            predicate = "subtype of a publication"
        pattern = PATTERNS[predicate]
        needs = "{o}" in pattern
        return pattern.format(s=subject.n3(), o=self.object(gold, predicate) if needs else "")

    def object(self, gold: Gold, predicate: str) -> str:
        text = str(gold["o"])
        if gold["o_kind"] in ("entity", "topic") or predicate == "spoke_about":
            return self.entity(TOPICS.get(text, text)).n3()
        if gold["o_kind"] == "date":
            return date_term(text).n3()
        if predicate == "subtype":
            return class_named(text).n3()
        return text if text.isdigit() else Literal(text, lang="en").n3()

    def findings(self, gold: Gold) -> list[dict[str, str]]:
        """Every way in which the graph states the gold fact: fact, realis, claimant, passage, level, what decided."""
        rows = self.view.select(
            f"""{HEAD} SELECT DISTINCT * WHERE {{
              {self.pattern(gold)}
              ?fact dg:realis ?realis .
              OPTIONAL {{ ?fact dg:claimedBy ?claimant }}
              OPTIONAL {{ ?fact dg:content ?content }}
              OPTIONAL {{
                ?fact dg:evidence ?evidence .
                ?evidence dg:inDocument ?document ; dg:level ?level ; prov:wasQuotedFrom ?passage .
                OPTIONAL {{ ?evidence dg:decidedBy ?deciding }}
              }}
            }}"""
        )
        found = [{name: str(value) for name, value in row.items()} for row in rows]
        return [row for row in found if self.says(row, gold)]

    def says(self, row: dict[str, str], gold: Gold) -> bool:
        """Whether the words of the article that a summary rests on are those of the gold fact; else there is none."""
        if gold["o_kind"] != "literal" or "{o}" in PATTERNS[gold["p"]]:
            return True
        cited = row.get("content") or row.get("passage")
        return cited is not None and in_order(words(gold["o"]), words(self.quote(cited)))

    def quote(self, passage: str) -> str:
        start, end = map(int, passage.partition("#char=")[2].split(","))
        return self.text[start:end]


def words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.replace("’", "'").lower())


def in_order(wanted: Iterable[str], among: Iterable[str]) -> bool:
    """Whether all wanted words occur, in their order; gold facts leave asides out and write "and" for "as well as"."""
    rest = iter(among)
    return all(word in rest for word in wanted if word != "and")


def dossier() -> Store:
    store = OxigraphStore()
    load(store, packaged_sources("trend-2023-02-28"))
    return store


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(dossier().view())


def of_level(*levels: str) -> list[Any]:
    return [pytest.param(gold, id=gold["id"]) for gold in FACTS if gold["level"] in levels]


# What it holds


def test_the_table_speaks_of_every_predicate() -> None:
    read = {gold["p"] for gold in FACTS if gold["level"] != "must_not"}
    assert read <= set(PATTERNS)
    assert set(PATTERNS) - read == {"party to an event", "subtype of a publication"}


@pytest.mark.parametrize("gold", of_level("core", "resolved"))
def test_a_gold_fact_is_found_with_its_passage(reader: Reader, gold: Gold) -> None:
    found = reader.findings(gold)
    assert found, "the graph does not state it"
    passage = str(passage_iri(ARTICLE, gold["start"], gold["end"]))
    cited = [row for row in found if row.get("passage") == passage]
    assert cited, f"it is cited from {sorted({row.get('passage', '') for row in found})} and not from {passage}"
    level = LEVEL.stated if gold["level"] == "core" else LEVEL.resolved
    assert {row["level"] for row in cited} == {str(level)}
    assert all(("deciding" in row) == (gold["level"] == "resolved") for row in cited)
    claimant = gold.get("attributed_to")
    assert {row["realis"] for row in cited} == {str(REALIS.claimed if claimant else REALIS.held)}
    assert {row.get("claimant") for row in cited} == {str(reader.entity(claimant)) if claimant else None}


@pytest.mark.parametrize("gold", of_level("inferred"))
def test_what_is_inferred_says_so(reader: Reader, gold: Gold) -> None:
    assert {row["level"] for row in reader.findings(gold)} <= {str(LEVEL.inferred)}


def test_no_other_fact_is_held(reader: Reader) -> None:
    known = {row["fact"] for gold in FACTS if gold["level"] != "must_not" for row in reader.findings(gold)}
    rows = reader.view.select(f"{HEAD} SELECT ?fact ?kind WHERE {{ ?fact dg:realis ?realis ; a ?kind }}")
    others = [row for row in rows if str(row["fact"]) not in known]
    # "Which were assessed as …" is said of both statements; the gold facts have it for the first.
    assert [row["kind"] for row in others] == [DG.Assessment]


# What it must not hold


def wrong_reading(gold: Gold, reader: Reader) -> bool:
    """Whether the graph states the wrong reading, at any level, whoever claims it."""
    if gold["p"] == "type":
        name = Literal(gold["s"], lang="en").n3()
        return bool(reader.view.query(f"{HEAD} ASK {{ ?it skos:prefLabel|skos:altLabel {name} ; a dg:{gold['o']} }}"))
    if gold["p"] == "distinct_from":
        bearers = reader.view.select(
            f"{HEAD} SELECT DISTINCT ?it WHERE {{ ?it skos:prefLabel|skos:altLabel ?name ; a ?kind "
            f"FILTER(STR(?name) IN ({Literal(gold['s']).n3()}, {Literal(gold['o']).n3()})) }}"
        )
        return len(bearers) > 1
    if gold["o_kind"] == "date":
        # A date within the wrong one would be as wrong.
        pattern = reader.pattern(gold).replace(date_term(gold["o"]).n3(), "?date")
        return bool(reader.view.query(f"{HEAD} ASK {{ {pattern} FILTER(STRSTARTS(STR(?date), '{gold['o']}')) }}"))
    return bool(reader.findings(gold))


def misread(gold: Gold, reader: Reader) -> bytes:
    """The wrong reading as a document would state it."""
    if gold["p"] == "type":
        body = f'<urn:x:wrong> a dg:{gold["o"]} ; skos:prefLabel "{gold["s"]}"@en .'
    elif gold["p"] == "distinct_from":
        body = f'<urn:x:wrong> a dg:ThinkTank ; skos:prefLabel "{gold["s"]}"@en .'
    else:
        body = reader.pattern(gold).replace("?fact", "_:fact")
        body += f" _:fact dg:content <{passage_iri(ARTICLE, 2006, 2092)}> ." if gold["p"] == "stated" else ""
    document = document_iri("misreading")
    return minted(parsed((HEAD + body).encode(), syntax_named("turtle"), source="")[None], document)


@pytest.mark.parametrize("gold", of_level("must_not"))
def test_a_wrong_reading_is_not_held_and_would_be_seen(reader: Reader, gold: Gold) -> None:
    assert not wrong_reading(gold, reader)
    copy = dossier()
    load(copy, [Source(document_iri("misreading"), misread(gold, reader), "test")])
    assert wrong_reading(gold, Reader(copy.view()))


# Entities and mentions


@pytest.mark.parametrize("gold", [pytest.param(gold, id=gold["id"]) for gold in ENTITIES])
def test_an_entity_has_its_class_and_every_mention(reader: Reader, gold: Gold) -> None:
    entity = reader.entity(gold["name"])
    kinds = reader.view.select(f"SELECT ?kind WHERE {{ {entity.n3()} a ?kind }}")
    assert [row["kind"] for row in kinds] == [class_named(gold.get("subtype") or gold["type"])]
    rows = reader.view.select(f"{HEAD} SELECT ?passage WHERE {{ ?passage dg:mentions {entity.n3()} }}")
    mentions = {passage_iri(ARTICLE, mention["start"], mention["end"]) for mention in gold["mentions"]}
    assert {row["passage"] for row in rows} == mentions


def test_no_other_entity_is_mentioned(reader: Reader) -> None:
    rows = reader.view.select(f"{HEAD} SELECT DISTINCT ?it WHERE {{ ?passage dg:mentions ?it }}")
    assert {row["it"] for row in rows} == {reader.entity(gold["name"]) for gold in ENTITIES}
    assert len(rows) == len(ENTITIES) == 39


# The text


def test_every_passage_has_the_hash_of_its_characters(reader: Reader) -> None:
    rows = reader.view.select(
        f"{HEAD} SELECT * WHERE {{ ?passage a dg:Passage ; oa:hasSource ?of ; oa:start ?start ; oa:end ?end ; "
        "dg:sha256 ?hash }"
    )
    assert len(rows) == len({row["passage"] for row in rows}) > 200
    for row in rows:
        start, end = int(str(row["start"])), int(str(row["end"]))
        assert row["passage"] == passage_iri(ARTICLE, start, end)
        assert row["of"] == ARTICLE
        assert str(row["hash"]) == hashlib.sha256(reader.text[start:end].encode()).hexdigest(), row["passage"]


def test_every_passage_that_is_cited_is_described(reader: Reader) -> None:
    cited = "prov:wasQuotedFrom|dg:decidedBy|dg:content"
    missing = f"{HEAD} ASK {{ ?it {cited} ?passage FILTER NOT EXISTS {{ ?passage a dg:Passage ; dg:sha256 ?hash }} }}"
    assert reader.view.query(missing) is False


def test_the_article_is_known_by_length_and_hash(reader: Reader) -> None:
    row = reader.view.select(f"{HEAD} SELECT ?n ?hash WHERE {{ {ARTICLE.n3()} dg:characters ?n ; dg:sha256 ?hash }}")[0]
    assert int(str(row["n"])) == len(reader.text)
    assert str(row["hash"]) == hashlib.sha256(reader.text.encode()).hexdigest()


def test_no_passage_is_quoted(reader: Reader) -> None:
    assert reader.view.query(f"{HEAD} ASK {{ ?passage oa:exact ?quote }}") is False


def own_files() -> list[Path]:
    """The files of the project: those that git tracks, and new ones that it does not ignore."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        return [path for name in listed if (path := ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not path.is_symlink()]


def runs(text: str, length: int = 12) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[place : place + length]) for place in range(len(found) - length + 1)}


def test_the_text_of_the_article_is_not_in_the_project(reader: Reader) -> None:
    titles = {
        str(row["title"])
        for row in reader.view.select(
            f"SELECT ?title WHERE {{ ?it {DCTERMS.title.n3()}|{DG.theme.n3()}|{SKOS.prefLabel.n3()} ?title }}"
        )
    }
    forbidden = runs(reader.text) - {run for title in titles for run in runs(title)}
    assert len(forbidden) > 600
    for path in own_files():
        copied = runs(path.read_text(encoding="utf-8", errors="ignore")) & forbidden
        assert not copied, f"{path.relative_to(ROOT)} quotes the article: {' '.join(min(copied))}"

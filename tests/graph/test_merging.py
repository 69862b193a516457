"""Judgements are recorded with their reasons, take effect in the merged view, and can be taken back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import URIRef
from rdflib.namespace import RDF, SKOS

from diplograph.errors import DocumentError, JudgementError, NotFoundError
from diplograph.graph.description import description
from diplograph.graph.entities import Names
from diplograph.graph.export import exported, exported_document
from diplograph.graph.formats import syntax_named
from diplograph.graph.judgements import JUDGEMENTS, Judgement, judgements
from diplograph.graph.loading import Source, file_sources, forget, load
from diplograph.graph.memory import MemoryStore
from diplograph.graph.merging import RULE, entity_to_judge, judge, judge_by_rule, judged_pair, undo
from diplograph.graph.oxigraph import OxigraphStore, canonical, rdflib_graph
from diplograph.graph.provenance import documents
from diplograph.graph.store import Store
from diplograph.graph.verification import verification
from diplograph.ontology.identifiers import document_iri, entity_iri
from diplograph.ontology.terms import DG
from diplograph.ontology.validation import findings

NewSource = Callable[[str, str], Source]
HEYDAR, GEIDAR, ALIYEV, PRESIDENT = (
    *(entity_iri("person", name) for name in ("Heydar Aliyev", "Geidar Aliyev", "Aliyev")),
    entity_iri("post", "President of Azerbaijan"),
)
TURTLE = """
person:heydar-aliyev a dg:Person ; skos:prefLabel "Heydar Aliyev"@en .
person:geidar-aliyev a dg:Person ; skos:prefLabel "Geidar Aliyev"@en .
person:aliyev a dg:Person ; skos:prefLabel "H. Aliyev"@en .
post:president-of-azerbaijan a dg:Post ; skos:prefLabel "President of Azerbaijan"@en .
[] a dg:Tenure ; dg:person person:geidar-aliyev ; dg:post post:president-of-azerbaijan ; dg:from "1993"^^xsd:gYear .
state:AZE a dg:State ; skos:prefLabel "Azerbaijan"@en .
"""


@pytest.fixture
def records(store: Store, new_source: NewSource) -> Store:
    """A store of each kind with three persons who may be one."""
    load(store, [new_source("records", TURTLE)])
    return store


def same(store: Store, keeps: URIRef = HEYDAR, merges: URIRef = GEIDAR) -> Judgement:
    return judge(store, keeps, merges, reason="Two ways to spell him.", by="me")


def content(store: Store) -> bytes:
    return canonical(store.view().ntriples())


def test_a_merged_entity_is_shown_as_the_one_that_is_kept(records: Store) -> None:
    stated = records.view().ntriples(document_iri("records"))
    (fact,) = (row["f"] for row in records.view().select(f"SELECT ?f {{ ?f {DG.person.n3()} ?p }}"))
    same(records)
    view = records.view()
    assert view.select(f"SELECT ?f ?p {{ ?f {DG.person.n3()} ?p }}") == [{"f": fact, "p": HEYDAR}]
    assert view.query(f"ASK {{ {HEYDAR.n3()} {DG.holdsPost.n3()} {PRESIDENT.n3()} }}")
    assert not view.query(f"ASK {{ {GEIDAR.n3()} ?p ?o }}")
    assert canonical(view.ntriples(document_iri("records"))) == canonical(stated)
    assert verification(view).sound


def test_the_label_of_the_merged_one_is_an_alias(records: Store) -> None:
    same(records)
    told = description(records, GEIDAR)
    assert (told.entity, told.label, told.aliases) == (HEYDAR, "Heydar Aliyev", ("Geidar Aliyev",))
    assert [line.words for line in told.lines] == ["holds post President of Azerbaijan"]


def test_the_first_with_a_label_gives_it(records: Store) -> None:
    bare = entity_iri("person", "Bare")
    with records.writing() as writer:
        writer.put(document_iri("bare"), f"{bare.n3()} {RDF.type.n3()} {DG.Person.n3()} .\n".encode())
    same(records, bare, GEIDAR)
    assert description(records, bare).label == "Geidar Aliyev"


@pytest.mark.parametrize("text", ["Geidar Aliyev", "person:geidar-aliyev", f"<{GEIDAR}>", "Heydar Aliyev"])
def test_any_name_of_either_finds_the_one_that_is_kept(records: Store, text: str) -> None:
    same(records)
    assert Names(records.view()).entity(text) == HEYDAR


def test_undoing_gives_back_the_view_as_it_was(records: Store) -> None:
    before = content(records)
    made = same(records)
    assert content(records) != before
    assert undo(records, made.iri) == [made]
    assert content(records) == before
    assert JUDGEMENTS not in records.view().graphs()
    same(records)
    undo(records, (GEIDAR, HEYDAR))
    assert content(records) == before


def test_judgements_are_a_document(records: Store) -> None:
    made = same(records)
    assert judgements(records) == [made]
    assert (made.keeps, made.merges, made.verdict, made.by) == (HEYDAR, GEIDAR, "same", "me")
    (record,) = (each for each in documents(records.view()) if each.iri == JUDGEMENTS)
    assert (record.title, record.loaded_from) == (
        "Judgements on which entities are one",
        "judgements made in this store",
    )
    assert not [f for f in findings(rdflib_graph(records.view().ntriples())) if f.severity == "violation"]
    before = content(records)
    forget(records, [JUDGEMENTS])
    assert content(records) != before
    assert not judgements(records)


def test_judgements_travel_as_turtle(records: Store, new_source: NewSource, tmp_path: Path) -> None:
    same(records)
    theirs = OxigraphStore()
    load(theirs, [new_source("records", TURTLE)])
    file = tmp_path / "of-a-colleague.ttl"
    file.write_bytes(exported_document(records, JUDGEMENTS))
    load(theirs, file_sources(file))
    assert description(theirs, GEIDAR).entity == HEYDAR
    (made,) = judgements(theirs)
    assert made.document == document_iri("of-a-colleague")
    with pytest.raises(JudgementError, match=r"is a judgement of .*of-a-colleague. Forget that document"):
        undo(theirs, made.iri)
    same(theirs, HEYDAR, ALIYEV)
    own = tmp_path / "judgements.ttl"
    own.write_bytes(file.read_bytes())
    with pytest.raises(DocumentError, match="judgements made in this store"):
        load(theirs, file_sources(own))


def test_a_whole_export_keeps_judgements(records: Store, tmp_path: Path) -> None:
    same(records)
    file = tmp_path / "all.trig"
    file.write_bytes(exported(records, syntax_named("trig")))
    again = OxigraphStore()
    load(again, file_sources(file))
    assert content(again) == content(records)


def test_chains_have_one_end(records: Store) -> None:
    same(records, GEIDAR, ALIYEV)
    same(records, HEYDAR, GEIDAR)
    view = records.view()
    assert Names(view).entity(f"<{ALIYEV}>") == HEYDAR
    assert set(description(view, HEYDAR).aliases) == {"Geidar Aliyev", "H. Aliyev"}
    undo(records, (GEIDAR, ALIYEV))
    assert description(records, HEYDAR).aliases == ("Geidar Aliyev",)


def test_the_same_judged_again_replaces_what_was_judged(records: Store) -> None:
    same(records)
    same(records, GEIDAR, HEYDAR)
    assert [(each.keeps, each.merges) for each in judgements(records)] == [(GEIDAR, HEYDAR)]
    assert description(records, HEYDAR).label == "Geidar Aliyev"


def test_a_contradiction_is_refused_with_both_judgements(records: Store) -> None:
    different = judge(records, HEYDAR, ALIYEV, "different", reason="Another man.", by="me")
    one = same(records)
    before = content(records)
    with pytest.raises(JudgementError, match="contradict") as caught:
        same(records, GEIDAR, ALIYEV)
    assert all(str(each.iri).rpartition("/")[2] in str(caught.value) for each in (different, one))
    assert content(records) == before
    undo(records, different.iri)
    same(records, GEIDAR, ALIYEV)


def test_a_document_of_judgements_that_contradict_is_not_loaded(records: Store, new_source: NewSource) -> None:
    same(records)
    theirs = """
    judgement:theirs a dg:Judgement ; dg:keeps person:geidar-aliyev ; dg:merges person:heydar-aliyev ;
        dg:verdict verdict:different ; dg:reason "No."@en ; dg:judgedBy "them" .
    """
    with pytest.raises(JudgementError, match="judgement:theirs says that person:geidar-aliyev is different"):
        load(records, [new_source("theirs", theirs)])
    assert document_iri("theirs") not in records.view().graphs()


def test_what_cannot_be_one_is_refused(records: Store) -> None:
    with pytest.raises(JudgementError, match="is one entity"):
        same(records, HEYDAR, HEYDAR)
    with pytest.raises(NotFoundError, match="says nothing"):
        same(records, HEYDAR, entity_iri("person", "Nobody"))
    with pytest.raises(JudgementError, match="of kind person, and state:AZE of kind state"):
        same(records, HEYDAR, entity_iri("state", "AZE"))
    same(records, GEIDAR, ALIYEV)
    same(records, HEYDAR, GEIDAR)
    with pytest.raises(JudgementError, match="are one already, by judgement:"):
        same(records, HEYDAR, ALIYEV)
    assert len(judgements(records)) == 2


def test_what_was_not_judged_cannot_be_undone(records: Store) -> None:
    with pytest.raises(NotFoundError, match="no judgement on person:heydar-aliyev and person:geidar-aliyev"):
        undo(records, (HEYDAR, GEIDAR))
    with pytest.raises(NotFoundError, match="no judgement called judgement:x"):
        undo(records, entity_iri("judgement", "x"))


def test_judged_entities_are_named_as_before(records: Store) -> None:
    same(records)
    view = records.view()
    assert judged_pair(view, "Geidar Aliyev", "person:heydar-aliyev") == (GEIDAR, HEYDAR)
    assert entity_to_judge(view, "person:geidar-aliyev") == GEIDAR
    assert entity_to_judge(view, "Geidar Aliyev") == HEYDAR
    with pytest.raises(NotFoundError, match=r"no judgement on 'Heydar Aliyev' and 'H\. Aliyev'"):
        judged_pair(view, "Heydar Aliyev", "H. Aliyev")


def test_documents_that_come_later_are_shown_as_judged(records: Store, new_source: NewSource) -> None:
    same(records)
    load(records, [new_source("later", 'person:geidar-aliyev skos:altLabel "Baba"@en ; dg:born "1923"^^xsd:gYear .')])
    view = records.view()
    assert Names(view).entity("Baba") == HEYDAR
    assert view.query(f"ASK {{ {HEYDAR.n3()} {DG.born.n3()} ?year ; {SKOS.altLabel.n3()} 'Baba'@en }}")
    forget(records, [document_iri("later")])
    assert "Baba" not in description(records, HEYDAR).aliases


RULED = """
person:ilham-aliyev a dg:Person ; skos:prefLabel "Ilham Aliyev"@en .
person:ilham-aliyev-aze a dg:Person ; skos:prefLabel "Ilham Aliyev"@en .
[] a dg:Tenure ; dg:person person:ilham-aliyev ; dg:post post:president-of-azerbaijan ; dg:from "2003"^^xsd:gYear .
[] a dg:Tenure ; dg:person person:ilham-aliyev-aze ; dg:post post:president-of-azerbaijan ;
    dg:from "2010"^^xsd:gYear ; dg:until "2012"^^xsd:gYear .
"""


def test_the_rule_merges_what_is_certain_and_leaves_the_rest(records: Store, new_source: NewSource) -> None:
    load(records, [new_source("ruled", RULED)])
    done = judge_by_rule(records)
    (made,) = done.merged
    assert (made.keeps.rpartition("/")[2], made.merges.rpartition("/")[2]) == ("ilham-aliyev", "ilham-aliyev-aze")
    assert made.by == RULE
    assert made.reason.startswith("Both are called Ilham Aliyev; both appear as President of Azerbaijan")
    assert judgements(records) == [made]
    assert not any(each.certain for each in done.apart)
    assert done.text(0).startswith("Merged by rule same-post: 1\n     Ilham Aliyev (person:ilham-aliyev) = ")
    assert set(done.as_dict()) == {"merged", "apart"}
    assert not judge_by_rule(records).merged


def test_the_rule_merges_none_of_those_that_contradict_each_other(records: Store, new_source: NewSource) -> None:
    born = {"ilham-aliyev": "1961", "third": "1923"}
    more = RULED + RULED.replace("person:ilham-aliyev-aze", "person:third").replace("2010", "2011")
    load(records, [new_source("ruled", more)])
    load(records, [new_source(who, f'person:{who} dg:born "{year}"^^xsd:gYear .') for who, year in born.items()])
    done = judge_by_rule(records)
    assert not done.merged
    assert sum(each.certain for each in done.apart) == 2


def test_three_are_merged_by_two_judgements(records: Store, new_source: NewSource) -> None:
    more = RULED + RULED.replace("person:ilham-aliyev-aze", "person:third").replace("2010", "2011")
    load(records, [new_source("ruled", more)])
    assert len(judge_by_rule(records).merged) == 2
    assert Names(records.view()).entity("Ilham Aliyev") == entity_iri("person", "third")


PEOPLE = [entity_iri("person", name) for name in ("ann", "bob", "cem", "dan")]
DOCUMENTS = [document_iri(name) for name in ("a", "b")]
pairs = st.permutations(PEOPLE).map(lambda people: (people[0], people[1]))
said = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from([SKOS.prefLabel, DG.holdsPost])), max_size=5)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("same"), pairs),
        st.tuples(st.just("different"), pairs),
        st.tuples(st.just("undo"), pairs),
        st.tuples(st.sampled_from(DOCUMENTS), said | st.none()),
    ),
    min_size=3,
    max_size=12,
)


def statements(document: URIRef, said: list[tuple[URIRef, URIRef]]) -> bytes:
    """What a document says of people: of each a name of its own, or a post."""
    values = {SKOS.prefLabel: '"{} of {}"@en', DG.holdsPost: "<http://example.org/{}-{}>"}
    names = ((person, path, values[path].format(person[-3:], document[-1:])) for person, path in said)
    return "".join(f"{person.n3()} {path.n3()} {value} .\n" for person, path, value in names).encode()


def judged_in_any_order(new_store: Callable[[], Store], acts: list[tuple[Any, Any]]) -> None:
    store, afresh, never = new_store(), new_store(), new_store()
    held: dict[URIRef, bytes] = {}
    known = [(DOCUMENTS[0], [(person, SKOS.prefLabel) for person in PEOPLE])]
    for act, what in [*known, *acts]:
        if isinstance(act, URIRef):
            with store.writing() as writer:
                writer.remove(act)
                held.pop(act, None)
                if what is not None:
                    held[act] = statements(act, what)
                    writer.put(act, held[act])
            continue
        with contextlib.suppress(JudgementError, NotFoundError):
            undo(store, what) if act == "undo" else judge(store, *what, act, reason="So.", by="me")
    with never.writing() as writer, afresh.writing() as other:
        for document, ntriples in held.items():
            writer.put(document, ntriples)
            other.put(document, ntriples)
        if JUDGEMENTS in store.view().graphs():
            other.put(JUDGEMENTS, store.view().ntriples(JUDGEMENTS))
    assert content(store) == content(afresh)
    for each in judgements(store):
        undo(store, each.iri)
    assert content(store) == content(never)


quick = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(quick, max_examples=60)
@given(acts=acts)
def test_judging_and_undoing_in_any_order_in_oxigraph(acts: list[tuple[Any, Any]]) -> None:
    judged_in_any_order(OxigraphStore, acts)


@settings(quick, max_examples=10)
@given(acts=acts)
def test_judging_and_undoing_in_any_order_over_rdflib(acts: list[tuple[Any, Any]]) -> None:
    judged_in_any_order(MemoryStore, acts)

"""Findings are complete, in order, told in a sentence, and leave the graph alone."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, SH, SKOS, XSD

from diplograph.errors import ValidationError
from diplograph.ontology.namespaces import PREFIXES
from diplograph.ontology.terms import DG, DGSH
from diplograph.ontology.validation import Finding, check, findings

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
PERSON = 'person:a a dg:Person ; skos:prefLabel "A"@en .'
POST = 'post:b a dg:Post ; skos:prefLabel "B"@en ; dg:postOf state:FRA .'
STATE = 'state:FRA a dg:State ; skos:prefLabel "France"@en ; dg:isoAlpha3 "FRA" .'
EVIDENCE = "dg:evidence [ a dg:Evidence ; dg:inDocument doc:d ; dg:level level:stated ; dg:method method:curated ]"
DOCUMENT = 'doc:d a dg:Document ; skos:prefLabel "D"@en .'
TENURE = f"fact:t a dg:Tenure ; dg:person person:a ; dg:post post:b ; dg:realis realis:held ; {EVIDENCE} ."
WHOLE = f"{PERSON} {POST} {STATE} {DOCUMENT} {TENURE}"


def graph(turtle: str) -> Graph:
    return Graph().parse(data=HEAD + turtle, format="turtle")


def told(turtle: str) -> list[tuple[str, str | None, str]]:
    return [(finding.severity, finding.path, finding.shape) for finding in findings(graph(turtle))]


def test_a_whole_fact_with_all_it_names_has_no_finding():
    assert told(WHOLE) == []


def test_a_finding_says_where_what_how_grave_and_which_shape():
    (finding,) = findings(graph(WHOLE.replace("dg:person person:a", 'dg:person "A"')))[:1]
    assert finding == Finding(
        severity="violation",
        focus=URIRef(PREFIXES["fact"] + "t"),
        path="dg:person",
        value=Literal("A"),
        message="Exactly one dg:person, an IRI: who holds the post?",
        shape="dgsh:TenureShape",
    )
    assert str(finding) == 'fact:t dg:person: Exactly one dg:person, an IRI: who holds the post? (found: "A")'


def test_what_is_missing_has_no_value():
    (finding,) = findings(graph(WHOLE.replace("dg:person person:a ;", "")))
    assert finding.value is None
    assert str(finding) == "fact:t dg:person: Exactly one dg:person, an IRI: who holds the post?"


def test_a_rule_for_all_facts_or_entities_is_told_once_whatever_the_class():
    assert told(WHOLE.replace("dg:realis realis:held ;", "")) == [("violation", "dg:realis", "dgsh:FactShape")]
    assert told(STATE.replace('skos:prefLabel "France"@en ;', "")) == [
        ("violation", "skos:prefLabel", "dgsh:LabelledShape")
    ]


def test_an_entity_described_elsewhere_is_a_warning_and_no_violation():
    assert set(told(f"{STATE} {DOCUMENT} {TENURE}")) == {
        ("warning", "dg:person", "dgsh:TenureShape"),
        ("warning", "dg:post", "dgsh:TenureShape"),
    }


def test_the_shortcuts_that_follow_from_facts_count():
    bare = 'post:b a dg:Post ; skos:prefLabel "B"@en .'
    assertion = "[] a dg:Assertion ; rdf:subject post:b ; rdf:predicate dg:postOf ; rdf:object state:FRA ; dg:realis {}"
    assert [path for _, path, _ in told(f"{bare} {STATE}")] == ["(dg:postOf|dg:postIn)"]
    held = f"{bare} {STATE} {DOCUMENT} {assertion.format('realis:held')} ; {EVIDENCE} ."
    denied = held.replace("realis:held", "realis:denied")
    assert told(held) == []
    assert [path for _, path, _ in told(denied)] == ["(dg:postOf|dg:postIn)"]


def test_findings_come_violations_first_and_in_the_same_order_every_time():
    turtle = WHOLE.replace('"B"@en ; dg:postOf state:FRA', '"B"').replace("dg:realis realis:held ;", "")
    lines = [line + "." for line in turtle.replace(" .", ".").split(".") if line.strip()]
    once, again = (findings(graph(" ".join(order))) for order in (lines, reversed(lines)))
    assert once == again
    assert [finding.severity for finding in once] == ["violation", "violation", "warning"]


def test_the_graph_is_left_as_it_was():
    data = graph(WHOLE.replace("dg:realis realis:held ;", ""))
    before, prefixes = graph(WHOLE.replace("dg:realis realis:held ;", "")), list(data.namespaces())
    findings(data)
    assert isomorphic(data, before)
    assert list(data.namespaces()) == prefixes


def test_a_path_is_spelled_as_in_sparql():
    treaty = 'agreement:a a dg:Treaty ; skos:prefLabel "A"@en .'
    council = 'organization:c a dg:Council ; skos:prefLabel "C"@en .'
    paths = {path for _, path, _ in told(f"{treaty} {council}")}
    assert paths == {
        "^dg:agreement",
        "(dg:date|^dg:agreement/dg:date|dg:adoptedAt/dg:date)",
        "(dg:held|^dg:inSeries)",
    }


def test_a_finding_on_the_node_itself_has_no_path():
    (finding,) = findings(graph('person:a a dg:Person, dg:Topic ; skos:prefLabel "A"@en .'))
    assert (finding.path, finding.value, finding.shape) == (None, finding.focus, "dgsh:AgentShape")
    assert "found:" not in str(finding)


def test_other_shapes_can_be_given_and_are_then_all_that_is_checked():
    shapes = Graph()
    shape = DGSH.EveryAgentActs
    shapes.add((shape, RDF.type, SH.NodeShape))
    shapes.add((shape, SH.targetClass, DG.Agent))
    shapes.add((shape, SH.nodeKind, SH.Literal))
    (finding,) = findings(graph("person:a a dg:Person ."), shapes=shapes)
    assert (finding.severity, finding.shape) == ("violation", "dgsh:EveryAgentActs")
    assert findings(graph("person:a a dg:Person ."), shapes=Graph()) == []


def test_the_end_lies_before_the_beginning_only_where_that_is_certain():
    spans = {
        ("1991", "1990"): True,
        ("1991", "1991"): False,
        ("1991", "1991-01-01"): False,
        ("1991-12-26", "1991"): False,
        ("1991-12-26", "1991-11"): True,
        ("1991-12-26", "1991-12-25"): True,
    }
    kinds = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
    for (begin, end), wrong in spans.items():
        data = graph(STATE)
        state = URIRef(PREFIXES["state"] + "FRA")
        data.add((state, DG.inception, Literal(begin, datatype=kinds[len(begin)])))
        data.add((state, DG.dissolution, Literal(end, datatype=kinds[len(end)])))
        assert bool(findings(data)) == wrong, (begin, end)


def test_a_passage_must_lie_where_its_iri_says():
    passage = (
        f"<{PREFIXES['doc']}d#char=0,12> a dg:Passage ; oa:hasSource doc:{{}} ; oa:start {{}} ; oa:end {{}} ; "
        f'dg:sha256 "{"0" * 64}" . doc:e a dg:Document ; skos:prefLabel "E"@en .'
    )
    assert told(DOCUMENT + passage.format("d", 0, 12)) == []
    for wrong, path in ((("e", 0, 12), "oa:hasSource"), (("d", 1, 12), "oa:start"), (("d", 0, 13), "oa:end")):
        assert told(DOCUMENT + passage.format(*wrong)) == [("violation", path, "dgsh:PassageShape")]


def test_check_lets_warnings_pass_and_raises_where_there_are_violations():
    check(graph(WHOLE))
    check(graph(f"{STATE} {DOCUMENT} {TENURE}"))
    with pytest.raises(ValidationError, match=r"1 violation: fact:t dg:realis: Exactly one dg:realis"):
        check(graph(WHOLE.replace("dg:realis realis:held ;", "")))


def test_the_error_tells_the_first_few_violations_and_how_many_there_are():
    with pytest.raises(ValidationError) as caught:
        check(graph(" ".join(f"person:p{number} a dg:Person ." for number in range(5))))
    message = str(caught.value)
    assert "5 violations" in message
    assert [f"person:p{number} " in message for number in range(5)] == [True, True, True, False, False]
    assert message.endswith("and 2 more")


def test_those_who_only_ask_do_not_wait_for_the_validator():
    probe = "import sys, diplograph.ontology.validation; sys.exit('pyshacl' in sys.modules)"
    path = str(files("diplograph").joinpath(".typing"))
    assert subprocess.run([sys.executable, "-c", probe], env={"PYTHONPATH": path}, check=False).returncode == 0


def test_labels_in_many_languages_are_one_each():
    two = '"One"@en, "Two"@en, "Un"@fr'
    assert told(f"topic:a a dg:Topic ; skos:prefLabel {two} .") == [("warning", "skos:prefLabel", "dgsh:NamedShape")]
    assert (URIRef(PREFIXES["topic"] + "a"), SKOS.prefLabel, Literal("Un", lang="fr")) in graph(
        f"topic:a a dg:Topic ; skos:prefLabel {two} ."
    )


def test_a_severity_that_shapes_make_of_their_own_counts_as_the_gravest():
    shapes = Graph().parse(
        data="""
            @prefix sh: <http://www.w3.org/ns/shacl#> .
            @prefix x: <http://x/> .
            x:shape a sh:NodeShape ; sh:targetNode x:node ; sh:severity x:odd ; sh:nodeKind sh:Literal .
        """
    )
    assert [finding.severity for finding in findings(Graph(), shapes=shapes)] == ["violation"]


def test_shapes_that_are_none_are_refused():
    shapes = Graph().parse(
        data="""
            @prefix sh: <http://www.w3.org/ns/shacl#> .
            <http://x/shape> a sh:NodeShape ; sh:targetNode <http://x/node> ; sh:property [ sh:minCount 1 ] .
        """
    )
    with pytest.raises(ValidationError, match="well-formed"):
        findings(Graph(), shapes=shapes)

"""Turtle and TriG: what they look like, and that every parser reads back the same graph."""

from __future__ import annotations

import random
import shutil
import subprocess

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from diplograph.errors import InputError
from diplograph.graph.turtle import trig, turtle
from diplograph.ontology.namespaces import PREFIXES

DG = PREFIXES["dg"]
RDF = PREFIXES["rdf"]
XSD = PREFIXES["xsd"]
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


# Builders and judges


def canonical(quads: list[ox.Quad]) -> ox.Dataset:
    """The dataset with canonical labels: two are equal if they are isomorphic."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def lines(dataset: ox.Dataset) -> list[bytes]:
    return sorted(ox.serialize(dataset, format=ox.RdfFormat.N_QUADS).splitlines(keepends=True))


def parsed(text: bytes, syntax: ox.RdfFormat) -> ox.Dataset:
    return canonical(list(ox.parse(text, format=syntax)))


def written(body: str) -> str:
    """The Turtle that is written for the graph of some other Turtle, without its prefixes."""
    text = turtle(b"".join(lines(parsed((HEAD + body).encode(), ox.RdfFormat.TURTLE))), PREFIXES).decode()
    return text.partition("\n\n")[2] if text.startswith("@prefix") else text


def body(text: str) -> str:
    """What is written under the headings of some Turtle about subjects without a type."""
    return written(text).removeprefix("# Other\n\n")


# The layout


GOLDEN = """\
@prefix dg: <https://w3id.org/diplograph/ns#> .
@prefix event: <https://w3id.org/diplograph/id/event/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix state: <https://w3id.org/diplograph/id/state/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

# Ontology

<https://w3id.org/diplograph/ontology> a owl:Ontology .

# News Article

<https://example.org/a/news> a dg:NewsArticle .

# State

state:AZE a dg:State ;
    skos:prefLabel "Azerbaijan"@en, "Azərbaycan"@az ;
    dg:capital <https://example.org/a/Baku> .

# Meeting

event:meeting-2 a dg:Meeting ;
    skos:prefLabel "Second \\"meeting\\"\\nof the council" ;
    dg:agenda ( "opening" [ dg:item 2 ] true ) ;
    dg:attendance
        <https://example.org/a/delegation-2>,
        <https://example.org/a/delegation-10>,
        <https://example.org/a/delegation-100> ;
    dg:date "2022-02"^^xsd:gYearMonth .

event:meeting-10 a dg:Meeting .

# Zoo

<https://example.org/a/zoo> a <https://example.org/a/Zoo> .

# Passage

<https://example.org/a/news#char=9,20> a dg:Passage .

<https://example.org/a/news#char=146,533> a dg:Passage ;
    oa:hasSelector [
        a oa:TextPositionSelector ;
        skos:note "This note is what makes the node too long to stand in one line." ;
        oa:end 533 ;
        oa:start 146
    ] .

# Other

<https://example.org/a/plain> dg:date "2022"^^xsd:gYear .
"""


def test_a_graph_is_grouped_by_kind_and_sorted() -> None:
    dataset = parsed(GOLDEN.encode(), ox.RdfFormat.TURTLE)
    assert turtle(b"".join(lines(dataset)), PREFIXES).decode() == GOLDEN


def test_nothing_is_written_for_nothing() -> None:
    assert turtle(b"", PREFIXES) == trig(b"", PREFIXES) == b""


def test_without_prefixes_every_iri_is_written_in_full() -> None:
    assert turtle(b"<x:s> <x:p> <x:o> .\n", {}) == b"# Other\n\n<x:s> <x:p> <x:o> .\n"


def test_a_class_of_the_project_names_the_group_before_any_other() -> None:
    assert written("state:FRA a org:Organization, dg:State .").startswith("# State\n")


def test_a_type_that_is_a_literal_is_no_kind() -> None:
    assert written('state:FRA a "State" .') == '# Other\n\nstate:FRA a "State" .\n'


def test_a_name_is_used_only_where_every_parser_reads_it() -> None:
    names = ["FRA", "1", "a-b", "a.b", "Ağdam", "_x"]
    others = ["", "-a", "a.", "a/b", "a%20b", "a,b", "a:b", "a'", "a·b"]
    for local in names:
        assert body(f"<{PREFIXES['state']}{local}> dg:p 1 .") == f"state:{local} dg:p 1 .\n"
    for local in others:
        assert body(f"<{PREFIXES['state']}{local}> dg:p 1 .") == f"<{PREFIXES['state']}{local}> dg:p 1 .\n"


def test_the_longest_namespace_gives_the_name() -> None:
    prefixes = {"a": "http://x/", "b": "http://x/y#", "c": "http://x/y#GO_", "bad prefix": "http://x/y#GO_0"}
    text = turtle(b"<http://x/y> <http://x/y#z> <http://x/y#GO_01> .\n", prefixes)
    assert text.endswith(b"a:y b:z c:01 .\n")


@pytest.mark.parametrize(
    ("lexical", "datatype", "spelled"),
    [
        ("1", "integer", "1"),
        ("-20", "integer", "-20"),
        ("01", "integer", '"01"^^xsd:integer'),
        ("+1", "integer", '"+1"^^xsd:integer'),
        ("-0", "integer", '"-0"^^xsd:integer'),
        ("1.50", "decimal", "1.50"),
        ("1.", "decimal", '"1."^^xsd:decimal'),
        (".5", "decimal", '".5"^^xsd:decimal'),
        ("0.0000001", "decimal", '"0.0000001"^^xsd:decimal'),
        ("1", "decimal", '"1"^^xsd:decimal'),
        ("1.5E-3", "double", "1.5E-3"),
        ("1.5", "double", '"1.5"^^xsd:double'),
        ("INF", "double", '"INF"^^xsd:double'),
        ("true", "boolean", "true"),
        ("1", "boolean", '"1"^^xsd:boolean'),
        ("2022", "gYear", '"2022"^^xsd:gYear'),
    ],
)
def test_numbers_are_written_bare_where_they_survive_it(lexical: str, datatype: str, spelled: str) -> None:
    assert body(f'state:FRA dg:p "{lexical}"^^xsd:{datatype} .') == f"state:FRA dg:p {spelled} .\n"


def test_a_blank_node_mentioned_once_is_nested_and_any_other_keeps_its_label() -> None:
    assert body("state:A dg:p [ dg:q 1 ] .") == "state:A dg:p [ dg:q 1 ] .\n"
    assert body("state:A dg:p [] .") == "state:A dg:p [] .\n"
    assert body("[] dg:p 1 .") == "[] dg:p 1 .\n"
    assert body("state:A dg:p _:b ; dg:q _:b .") == "state:A dg:p _:c14n0 ;\n    dg:q _:c14n0 .\n"
    assert body("_:b dg:p _:b .") == "_:c14n0 dg:p _:c14n0 .\n"


def test_a_list_is_written_as_one_unless_something_else_is_said_of_its_cells() -> None:
    assert body("state:A dg:p ( 1 ( 2 ) () ) .") == "state:A dg:p ( 1 ( 2 ) () ) .\n"
    odd = "state:A dg:p [ rdf:first 1 ; rdf:rest [ rdf:first 2 ; rdf:rest () ; dg:odd true ] ] ."
    assert body(odd) == "state:A dg:p [ rdf:first 1 ; rdf:rest [ rdf:first 2 ; rdf:rest () ; dg:odd true ] ] .\n"
    assert body("[] rdf:first 1 ; rdf:rest ( 2 ) .") == "[] rdf:first 1 ; rdf:rest ( 2 ) .\n".replace(" ;", " ;\n   ")


def test_a_list_that_is_written_as_one_needs_no_rdf_prefix() -> None:
    text = turtle(b"".join(lines(parsed((HEAD + "state:A dg:p ( 1 ) .").encode(), ox.RdfFormat.TURTLE))), PREFIXES)
    assert b"@prefix rdf:" not in text


def test_blank_nodes_nest_only_so_deep_that_any_parser_can_follow() -> None:
    chain = ["<x:s> <x:p> _:c0 .\n", *(f"_:c{i} <x:p> _:c{i + 1} .\n" for i in range(5000))]
    text = turtle("".join(chain).encode(), {})
    assert len(list(ox.parse(text, format=ox.RdfFormat.TURTLE))) == len(rdflib.Graph().parse(data=text)) == 5001


def test_lists_within_lists_nest_only_so_deep_that_any_parser_can_follow() -> None:
    chain = ["<x:s> <x:p> _:c0 .\n"]
    for i in range(2000):
        chain.append(f"_:c{i} <{RDF}first> _:c{i + 1} .\n_:c{i} <{RDF}rest> _:d{i} .\n")
        chain.append(f'_:d{i} <{RDF}first> "x" .\n_:d{i} <{RDF}rest> <{RDF}nil> .\n')
    text = turtle("".join(chain).encode(), {})
    assert len(list(ox.parse(text, format=ox.RdfFormat.TURTLE))) == len(rdflib.Graph().parse(data=text)) == 8001


def test_repeated_lines_count_once() -> None:
    statements = b"<x:s> <x:p> _:c14n0 .\n_:c14n0 <x:p> <x:o> .\n"
    assert turtle(statements * 3, {}) == turtle(statements, {})


def test_triple_terms_are_carried_as_they_are() -> None:
    statements = b'<x:s> <x:p> <<( _:c14n0 <x:p> "a b" )>> .\n<x:s> <x:q> _:c14n0 .\n'
    text = turtle(statements, PREFIXES)
    assert b'<<( _:c14n0 <x:p> "a b" )>>' in text
    assert lines(parsed(text, ox.RdfFormat.TURTLE)) == lines(parsed(statements, ox.RdfFormat.N_TRIPLES))


@pytest.mark.parametrize("statement", ["", "<x:s> <x:p>", "<x:s> <x:p> <x:{o}>", "<x:s> <x:p> <o>", "<x:s> <x:p> <x:o"])
def test_what_turtle_cannot_carry_is_refused(statement: str) -> None:
    with pytest.raises(InputError):
        turtle(f"{statement} .\n".encode(), PREFIXES)


def test_trig_writes_the_default_graph_and_then_each_graph_by_name() -> None:
    quads = [
        "<x:s> <x:p> _:c14n0 .",
        '<x:s> <x:p> "a <x:g>" .',
        f"_:c14n0 <x:p> _:c14n1 <{PREFIXES['doc']}b-10> .",
        f'_:c14n1 <x:p> "a b"@en <{PREFIXES["doc"]}b-10> .',
        f"<x:s> <x:p> <x:o> <{PREFIXES['doc']}b-9> .",
        "<x:s> <x:p> <x:o> _:c14n2 .",
    ]
    assert trig("".join(f"{quad}\n" for quad in quads).encode(), PREFIXES).decode() == (
        "@prefix doc: <https://w3id.org/diplograph/doc/> .\n\n"
        '# Other\n\n<x:s> <x:p> "a <x:g>", _:c14n0 .\n\n'
        "doc:b-9 {\n# Other\n\n<x:s> <x:p> <x:o> .\n}\n\n"
        'doc:b-10 {\n# Other\n\n_:c14n0 <x:p> [ <x:p> "a b"@en ] .\n}\n\n'
        "_:c14n2 {\n# Other\n\n<x:s> <x:p> <x:o> .\n}\n"
    )


# The same graph, read back


def is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return "/." not in text  # parsers may resolve dot segments


namespaces = st.sampled_from(
    [DG, PREFIXES["doc"], PREFIXES["state"], "http://example.org/a?b=", "urn:x:", PREFIXES["schema"]]
)
locals_ = st.lists(
    st.sampled_from(
        ["a", "B", "7", "10", "-", "_", ".", "/", "#", ":", ",", "'", "(", "~", "%20", "é", "中", "😀", "·"]
    ),
    max_size=5,
)
iris = st.builds(lambda namespace, local: namespace + "".join(local), namespaces, locals_).filter(is_iri)
named = st.builds(ox.NamedNode, iris | st.sampled_from([f"{RDF}nil", f"{RDF}type", f"{RDF}first", f"{DG}State"]))
blank = st.builds(ox.BlankNode, st.sampled_from("bcdef"))
texts = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\\\"'\n\r\t\b\f\x00\x01\x7f\x85\u2028\ufeff#<>_:.^@ ")
)
numbers = st.sampled_from(
    [
        "0",
        "-0",
        "01",
        "+1",
        "12",
        "1.",
        "1.0",
        ".5",
        "-0.50",
        "00.5",
        "0.0000001",
        "1e0",
        "-1.5E+3",
        "1E400",
        "INF",
        "true",
        "false",
        "TRUE",
        " 1",
        "",
        "x",
        "٣",
        "9" * 120,
    ]
)
literals = (
    st.builds(ox.Literal, texts)
    | st.builds(lambda text, tag: ox.Literal(text, language=tag), texts, st.sampled_from(["en", "en-gb", "zh-hans-cn"]))
    | st.builds(
        lambda text, name: ox.Literal(text, datatype=ox.NamedNode(XSD + name)),
        numbers,
        st.sampled_from(["integer", "decimal", "double", "boolean", "float"]),
    )
    | st.builds(lambda text, datatype: ox.Literal(text, datatype=ox.NamedNode(datatype)), texts, iris)
)
nodes = named | blank
objects = named | blank | literals
triples = st.lists(st.builds(ox.Triple, nodes, named, objects), max_size=12)


@st.composite
def lists(draw: st.DrawFn) -> list[ox.Triple]:
    """A list, well formed or not: its end may be odd, its cells may be mentioned or described elsewhere too."""
    first, rest, nil = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))
    items = draw(st.lists(objects, min_size=1, max_size=4))
    cells = [ox.BlankNode(f"cell{place}") for place in range(len(items))]
    ends = [*cells[1:], draw(st.sampled_from([nil, nil, nil, ox.Literal("end"), cells[0]]))]
    chain = [ox.Triple(c, first, item) for c, item in zip(cells, items, strict=True)]
    chain += [ox.Triple(c, rest, end) for c, end in zip(cells, ends, strict=True)]
    mentions = draw(st.lists(st.builds(ox.Triple, nodes, named, st.sampled_from([cells[0], *cells])), max_size=2))
    extras = draw(st.lists(st.builds(ox.Triple, st.sampled_from(cells), named, objects), max_size=1))
    return chain + mentions + (extras if draw(st.booleans()) else [])


graphs = st.builds(lambda some, more: [*some, *more], triples, lists() | st.just([]))
datasets = st.lists(
    st.builds(ox.Quad, nodes, named, objects, st.just(ox.DefaultGraph()) | named | blank), max_size=12
) | st.builds(
    lambda graph, name: [ox.Quad(t.subject, t.predicate, t.object, name) for t in graph],
    graphs,
    st.just(ox.DefaultGraph()) | named,
)


def quads_of(graph: list[ox.Triple]) -> list[ox.Quad]:
    return [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in graph]


def read_by_rdflib(text: bytes, syntax: str) -> list[bytes]:
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format=syntax)
    return lines(parsed(dataset.serialize(format="nquads", encoding="utf-8"), ox.RdfFormat.N_QUADS))


@pytest.fixture
def literals_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep rdflib from rewriting numbers as it reads them."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@settings(deadline=None)
@given(graphs)
def test_oxigraph_reads_the_same_graph_from_turtle(graph: list[ox.Triple]) -> None:
    dataset = canonical(quads_of(graph))
    assert lines(parsed(turtle(b"".join(lines(dataset)), PREFIXES), ox.RdfFormat.TURTLE)) == lines(dataset)


@settings(deadline=None)
@given(datasets)
def test_oxigraph_reads_the_same_dataset_from_trig(quads: list[ox.Quad]) -> None:
    dataset = canonical(quads)
    assert lines(parsed(trig(b"".join(lines(dataset)), PREFIXES), ox.RdfFormat.TRIG)) == lines(dataset)


@settings(deadline=None)
@given(graph=graphs)
@pytest.mark.usefixtures("literals_kept")
def test_rdflib_reads_the_same_graph_from_turtle(graph: list[ox.Triple]) -> None:
    dataset = canonical(quads_of(graph))
    assert read_by_rdflib(turtle(b"".join(lines(dataset)), PREFIXES), "turtle") == lines(dataset)


@settings(deadline=None)
@given(quads=datasets)
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's TriG parser uses it
@pytest.mark.usefixtures("literals_kept")
def test_rdflib_reads_the_same_dataset_from_trig(quads: list[ox.Quad]) -> None:
    dataset = canonical(quads)
    assert read_by_rdflib(trig(b"".join(lines(dataset)), PREFIXES), "trig") == lines(dataset)


def rapper_carries(triple: ox.Triple) -> bool:
    """Whether the term can pass through C strings and XML's idea of a character."""
    return not isinstance(triple.object, ox.Literal) or not any(
        c == "\0" or ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF for c in triple.object.value
    )


@pytest.mark.skipif(shutil.which("rapper") is None, reason="the raptor2 command `rapper` is not installed")
@settings(max_examples=40, deadline=None)
@given(graphs)
def test_raptor_reads_the_same_graph_from_turtle(graph: list[ox.Triple]) -> None:
    dataset = canonical(quads_of(list(filter(rapper_carries, graph))))
    text = turtle(b"".join(lines(dataset)), PREFIXES)
    command = ["rapper", "-q", "-i", "turtle", "-o", "ntriples", "-", "http://base.example/"]
    answer = subprocess.run(command, input=text, capture_output=True, check=True)
    assert lines(parsed(answer.stdout, ox.RdfFormat.N_TRIPLES)) == lines(dataset)


@settings(deadline=None)
@given(datasets, st.randoms())
def test_the_order_of_the_lines_does_not_matter(quads: list[ox.Quad], chance: random.Random) -> None:
    once = lines(canonical(quads))
    shuffled = once + once[:3]
    chance.shuffle(shuffled)
    assert trig(b"".join(shuffled), PREFIXES) == trig(b"".join(once), PREFIXES)

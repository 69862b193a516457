"""Parsing every syntax into graphs, with the place of an error; canonical blank nodes; rewriting."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD

from diplograph.errors import FormatError, ParseError
from diplograph.graph.formats import syntax_named
from diplograph.graph.oxigraph import canonical, parsed, rdflib_graph, rdflib_triples, rewritten

ONE = {
    "turtle": "<x:s> <x:p> 'o'@en .",
    "trig": "<x:s> <x:p> 'o'@en .",
    "ntriples": '<x:s> <x:p> "o"@en .\n',
    "nquads": '<x:s> <x:p> "o"@en .\n',
    "jsonld": '{"@id": "x:s", "x:p": {"@value": "o", "@language": "en"}}',
    "rdfxml": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:">'
    '<rdf:Description rdf:about="x:s"><x:p xml:lang="en">o</x:p></rdf:Description></rdf:RDF>',
}


def graphs(text: str | bytes, syntax: str, base: str | None = None) -> dict[URIRef | None, bytes]:
    return parsed(text.encode() if isinstance(text, str) else text, syntax_named(syntax), source="a file", base=base)


@pytest.mark.parametrize("syntax", ONE)
def test_every_syntax_is_read(syntax: str) -> None:
    assert graphs(ONE[syntax], syntax) == {None: b'<x:s> <x:p> "o"@en .\n'}


@pytest.mark.parametrize("syntax", ONE)
def test_a_mark_of_utf_8_at_the_beginning_is_passed_over(syntax: str) -> None:
    assert graphs(b"\xef\xbb\xbf" + ONE[syntax].encode(), syntax) == {None: b'<x:s> <x:p> "o"@en .\n'}


def test_named_graphs_are_kept_apart() -> None:
    text = "<x:s> <x:p> 1 . <x:g> { <x:s> <x:p> 2 } <x:h> { <x:s> <x:p> 3 } <x:g> { <x:s> <x:p> 4 } <x:empty> { }"
    found = graphs(text, "trig")
    assert set(found) == {None, URIRef("x:g"), URIRef("x:h")}
    assert found[URIRef("x:g")].count(b"\n") == 2


def test_a_base_is_used() -> None:
    assert graphs("<#char=1,2> <p> <> .", "turtle", "http://x.org/a/b") == {
        None: b"<http://x.org/a/b#char=1,2> <http://x.org/a/p> <http://x.org/a/b> .\n"
    }


def test_blank_nodes_get_labels_that_no_other_call_gives() -> None:
    one, other = (graphs("_:b <x:p> _:b , [] .", "turtle")[None] for _ in range(2))
    assert not {line.split()[0] for line in one.splitlines()} & {line.split()[0] for line in other.splitlines()}
    assert canonical(one) == canonical(other)


def test_a_graph_with_a_blank_node_for_a_name_is_refused() -> None:
    with pytest.raises(FormatError, match=r"a file: a graph has a blank node for a name\. Give .* an IRI"):
        graphs("_:g { <x:s> <x:p> <x:o> }", "trig")


@pytest.mark.parametrize(
    ("syntax", "text", "line", "column", "reason"),
    [
        ("turtle", "<x:s> <x:p> <x:o> .\n<x:s> <x:p> oops .\n", 2, 13, "oops is not a valid RDF object"),
        ("turtle", "<x:s> <x:p> 'é😀' , ?x .", 1, 20, "?x is not a valid RDF object"),
        ("turtle", "\n\n  nope:a a nope:b .", 3, 3, "The prefix nope: has not been declared"),
        ("turtle", "id,name\n1,foo\n", 1, 1, "id is not a valid subject"),
        ("trig", "<x:g> { <x:s> <x:p> <x:o> .\n <x:s> <x:p> }\n", 2, 14, "} is not a valid RDF object"),
        ("ntriples", "<x:s> <x:p> <x:o> .\n<x:s> <x:p> .\n", 2, 13, "The object of a triple must be"),
        ("nquads", "<x:s> <x:p> <x:o> <x:g> <x:h> .\n", 1, 25, "Quads must be followed by a dot"),
        ("rdfxml", "<a>\n <b>\n  <c></b></a>", 3, 8, "mismatched tag"),
        ("rdfxml", "plain text", 1, 1, "syntax error"),
        ("jsonld", '{\n "@id": "x:s",\n "x:p": [1,}\n', 3, 12, "Unexpected closing curly bracket"),
    ],
)
def test_an_error_has_its_place_once(syntax: str, text: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(ParseError) as caught:
        graphs(text, syntax)
    error = caught.value
    assert (error.source, error.line, error.column) == ("a file", line, column)
    title = syntax_named(syntax).title
    assert str(error).startswith(f"a file, line {line}, column {column}: this is not {title}: {reason}")


@pytest.mark.parametrize(
    ("syntax", "data"),
    [
        ("turtle", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe"),
        ("turtle", "<x:s> <x:p> 'é' .".encode("latin-1")),
        ("turtle", "<x:s> <x:p> 'é' .".encode("utf-16")),
        ("turtle", b"<html><body>"),
        ("turtle", b"<x:s> <x:p> '''never closed\n\n"),
        ("turtle", b"<relative> <x:p> 1 ."),
        ("ntriples", '<x:s> <x:p> "é" .'.encode("latin-1")),
        ("trig", b"<x:g> { <x:s> <x:p> <x:o> ."),
        ("jsonld", b"[1,2"),
        ("jsonld", b"<html></html>"),
        ("rdfxml", b"plain text"),
        ("rdfxml", b"<html><body>hello</body></html>"),
        ("rdfxml", b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<rdf:Description>'),
    ],
)
def test_what_is_not_rdf_is_refused(syntax: str, data: bytes) -> None:
    with pytest.raises(ParseError, match=f"^a file.*: this is not {syntax_named(syntax).title}: "):
        graphs(data, syntax)


def test_no_context_is_fetched() -> None:
    with pytest.raises(ParseError, match="remote contexts"):
        graphs('{"@context": "http://127.0.0.1:9/context", "@id": "x:s", "p": 1}', "jsonld")


@pytest.mark.parametrize("quote", ["'", '"'])
def test_no_file_is_read_through_an_xml_entity(tmp_path: Path, quote: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret", encoding="utf-8")
    entity = f"<!DOCTYPE r [<!ENTITY e SYSTEM {quote}{secret.as_uri()}{quote}>]>"
    try:
        found = graphs(f"{entity}{ONE['rdfxml'].replace('>o<', '>&e;<')}", "rdfxml")
    except ParseError:
        return
    assert b"a secret" not in found[None]


def test_rdflib_gets_every_lexical_form_as_written() -> None:
    ntriples = (
        b'<x:s> <x:p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n_:b <x:p> "a"@en .\n<x:s> <x:p> "s" .\n'
    )
    triples = list(rdflib_triples(ntriples))
    assert triples[0][2].n3() == f'"01"^^<{XSD.integer}>'
    assert isinstance(triples[1][0], BNode)
    assert [triple[2] for triple in triples[1:]] == [Literal("a", lang="en"), Literal("s")]
    assert len(rdflib_graph(ntriples)) == 3


# Nesting that would overflow the engine's stack

RDF = 'xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:"'


def nested(depth: int, opening: str, inmost: str, closing: str) -> str:
    return opening * depth + inmost + closing * depth


DEEP = {
    "turtle": "<x:s> <x:p> " + nested(100_000, "<<( <x:a> <x:b> ", "1", " )>>") + " .",
    "trig": "<x:g> { <x:s> <x:p> " + nested(100_000, "<<( <x:a> <x:b> ", "'>>'", " )>>") + " }",
    "ntriples": "<x:s> <x:p> " + nested(100_000, "<<( <x:a> <x:b> ", '"o"', " )>>") + " .",
    "rdfxml": f"<r:RDF {RDF}>{nested(100_000, '<r:Description><x:p>', '', '</x:p></r:Description>')}</r:RDF>",
    "jsonld": nested(100_000, '{"@id": "x:s", "x:p": ', "1", "}"),
}


@pytest.mark.parametrize("syntax", DEEP)
def test_what_nests_too_deep_is_refused_before_it_is_parsed(syntax: str) -> None:
    with pytest.raises(ParseError, match=r"deep within each other|Max stack size"):
        graphs(DEEP[syntax], syntax)


@pytest.mark.parametrize(
    "text",
    [
        "<x:s> <x:p> '" + "<<" * 1000 + "' .",
        '<x:s> <x:p> """' + '<< " ' * 1000 + '""" .',
        "# " + "<<" * 1000 + "\n<x:s> <x:p> <x:#o> .",
        "<x:s> <x:p> " + ", ".join(f"<<( <x:a> <x:b> {n} )>>" for n in range(1000)) + " .",
        "<x:s> <x:p> " + nested(30, "<<( <x:a> <x:b> ", "1", " )>>") + " .",
        "<x:s> <x:p> " + nested(2000, "[ <x:p> ", "1", " ]") + " .",
    ],
)
def test_what_only_looks_deep_is_read(text: str) -> None:
    assert graphs(text, "turtle")[None]


@pytest.mark.parametrize("text", ['"\\' * 100_000, '"""a' * 50_000, "'" * 200_001, '"a\n' * 50_000, "<" * 200_000])
def test_marks_that_nothing_closes_are_read_over_once(text: str) -> None:
    with pytest.raises(ParseError):
        graphs("<<" * 600 + text, "turtle")


# The canonical form


def test_the_canonical_form_is_sorted_and_says_each_thing_once() -> None:
    assert canonical(b"<x:b> <x:p> <x:o> .\n<x:a> <x:p> <x:o> .\n<x:b> <x:p> <x:o> .\n") == (
        b"<x:a> <x:p> <x:o> .\n<x:b> <x:p> <x:o> .\n"
    )
    assert canonical(b"") == b""


terms = st.sampled_from(["_:a", "_:b", "_:c", "<x:s>"])
statements = st.lists(st.tuples(terms, st.sampled_from(["<x:p>", "<x:q>"]), terms | st.just('"_:a"')), max_size=7)


@settings(deadline=None)
@given(statements, st.permutations(["_:a", "_:b", "_:c"]), st.randoms())
def test_the_canonical_form_depends_on_neither_labels_nor_order(
    statements: list[tuple[str, str, str]], labels: list[str], chance: object
) -> None:
    renamed = dict(zip(["_:a", "_:b", "_:c"], labels, strict=True))
    other = [(renamed.get(s, s), p, renamed.get(o, o)) for s, p, o in statements]
    chance.shuffle(other)  # type: ignore[attr-defined]
    one, two = (b"".join(" ".join(t).encode() + b" .\n" for t in each) for each in (statements, other))
    assert canonical(one) == canonical(two) == canonical(canonical(one))


def test_the_canonical_form_tells_graphs_apart_that_differ() -> None:
    ring = "".join(f"_:b{i} <x:p> _:b{(i + 1) % 6} .\n" for i in range(6)).encode()
    rings = "".join(f"_:b{i} <x:p> _:b{i // 3 * 3 + (i + 1) % 3} .\n" for i in range(6)).encode()
    assert canonical(ring) != canonical(rings)


@pytest.mark.parametrize("syntax", ONE)
def test_what_is_rewritten_reads_back_the_same(syntax: str) -> None:
    ntriples = b'<x:s> <http://x.org/p> _:b .\n_:b <http://x.org/q> "a\\n\\"b\\" <&> \xc3\xa9"@en .\n'
    text = rewritten(ntriples, syntax_named(syntax), {"x": "http://x.org/"})
    assert canonical(graphs(text, syntax)[None]) == canonical(ntriples)


def test_graphs_are_dropped_by_a_syntax_that_has_none() -> None:
    nquads = b"<x:s> <x:p> <x:o> <x:g> .\n"
    assert rewritten(nquads, syntax_named("nquads")) == nquads
    assert rewritten(nquads, syntax_named("ntriples")) == b"<x:s> <x:p> <x:o> .\n"


def test_every_pair_of_syntaxes_agrees() -> None:
    texts = {name: rewritten(b'<http://x.org/s> <http://x.org/p> "o" .\n', syntax_named(name)) for name in ONE}
    for one, other in itertools.pairwise(ONE):
        assert graphs(texts[one], one) == graphs(texts[other], other)

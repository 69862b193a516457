"""Parsing any RDF syntax, and writing those that have no layout of ours."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Final
from xml.parsers import expat

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.term import Node

from ...errors import FormatError, InputError, ParseError
from ..content import Content, whole
from ..contexts import with_contexts
from ..formats import Syntax
from ..store import ResultSyntax
from ..web import OFFLINE, Web
from .terms import rdflib_term

FORMATS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
RESULTS: Final[dict[ResultSyntax, ox.QueryResultsFormat]] = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_REMOTE = "LoadDocumentCallback"
"""What the engine says of a context that is given by address."""
_LONGEST = 16 * 1024 * 1024
"""The engine's parsers take no statement that is longer, in bytes."""
_DEEPEST = 500
"""How deep elements of XML, or triples in triples, may nest: the engine calls itself for each."""
_TRIPLE_MARK = re.compile(rb"<<|>>")
# A text that nothing closes reaches to the end, so that it is read over once.
_TEXT = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?|'
    rb"'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?|"
    rb'"(?:[^"\\\n]|\\.)*+"?|'
    rb"'(?:[^'\\\n]|\\.)*+'?|<[^<>\s]*+>|#[^\n]*+",
    re.DOTALL,
)
_POSITION = re.compile(
    r"^Parser error (?:at|between) line \d+ (?:between )?columns? \d+(?: and (?:line \d+ )?(?:column )?\d+)?: "
)
_ENTITY_IN_ENTITY = re.compile(r"&(?!#|(?:amp|lt|gt|quot|apos);)")
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML_NAME_AT_END = re.compile(r"[^\W\d][\w.\-·]*\Z")


def parsed(
    data: bytes, syntax: Syntax, *, source: str, base: str | None = None, web: Web = OFFLINE
) -> dict[URIRef | None, bytes]:
    """Return the graphs that data states, each as N-Triples; the key None stands for the default graph.

    Blank nodes get labels that no other call gives. `source` names the data in errors. Contexts of JSON-LD that are
    given by address are read from the `web`. Raises ParseError with line and column where the syntax gives them, and
    QueryRefusedError and HostError for a context that may not be, or cannot be fetched.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    if syntax.name == "rdfxml":
        _check_xml(data, source)
    elif syntax.name != "jsonld":
        _check_nesting(data, source)
    try:
        graphs = _graphs(data, syntax, source, base)
    except SyntaxError as error:
        if _REMOTE not in str(error.msg):
            raise _unreadable(error, syntax, source) from error
        try:
            graphs = _graphs(with_contexts(data, base, web, source), syntax, source, base)
        except SyntaxError as other:
            raise _unreadable(other, syntax, source) from other
    found = {key: ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"" for key, triples in graphs.items()}
    # Some parsers read what the store then would not take.
    if any(len(line) > _LONGEST for text in found.values() if len(text) > _LONGEST for line in text.splitlines()):
        raise _too_long(source)
    return found


def _graphs(data: bytes, syntax: Syntax, source: str, base: str | None) -> dict[URIRef | None, list[ox.Triple]]:
    graphs: dict[URIRef | None, list[ox.Triple]] = {}
    try:
        for quad in ox.parse(data, FORMATS[syntax.name], base_iri=base, rename_blank_nodes=True):
            name = quad.graph_name
            if isinstance(name, ox.BlankNode):
                raise FormatError(f"{source}: a graph has a blank node for a name. Give every named graph an IRI.")
            key = URIRef(name.value) if isinstance(name, ox.NamedNode) else None
            graphs.setdefault(key, []).append(quad.triple)
    except ValueError as error:
        raise ParseError(f"this is not {syntax.title}: {error}", source=source) from error
    except MemoryError as error:
        raise _too_long(source) from error
    return graphs


def _unreadable(error: SyntaxError, syntax: Syntax, source: str) -> ParseError:
    if _REMOTE in str(error.msg):
        return ParseError(
            "it gives a context by address where none can be put in its place. Write the context into it", source=source
        )
    # The engine counts columns from 0 where it reports a range, from line 1 on.
    reason = _POSITION.sub("", str(error.msg)).strip().rstrip(".")
    return ParseError(f"this is not {syntax.title}: {reason}", source=source, line=error.lineno, column=error.offset)


def _too_long(source: str) -> ParseError:
    return ParseError("a statement is longer than 16 MB. Shorten its text, or refer to it by an IRI", source=source)


def _check_nesting(data: bytes, source: str) -> None:
    """Raise ParseError where triples stand within triples so deep that the engine's stack would overflow."""
    for text in (data, _TEXT.sub(b"", data)):
        depth = deepest = 0
        for mark in _TRIPLE_MARK.finditer(text):
            depth += 1 if mark[0] == b"<<" else -1 if depth else 0
            deepest = max(deepest, depth)
        # Texts may have such marks in them; to take them out is work that few files need.
        if deepest <= _DEEPEST:
            return
    raise ParseError(f"triples stand more than {_DEEPEST} deep within each other", source=source)


def _check_xml(data: bytes, source: str) -> None:
    # The engine takes the end of a file that was cut short for the end of the document, and gives no place.
    def refuse_nested(name: str, _: object, value: str | None, *__: object) -> None:
        if _ENTITY_IN_ENTITY.search(value or ""):
            raise ParseError(
                f"the XML entity {name} is made of other entities, which can grow beyond bounds. Write it out",
                source=source,
                line=parser.CurrentLineNumber,
            )

    depth = 0

    def enter(name: str, _: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise ParseError(
                f"elements stand more than {_DEEPEST} deep within each other, here {name[:40]}. Refer to nodes by "
                "rdf:about or rdf:nodeID instead",
                source=source,
                line=parser.CurrentLineNumber,
            )

    def leave(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refuse_nested
    parser.StartElementHandler, parser.EndElementHandler = enter, leave
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise ParseError(
            f"this is not RDF/XML: {reason}", source=source, line=error.lineno, column=error.offset + 1
        ) from error


def rdflib_triples(ntriples: Content, *, renamed: bool = False) -> Iterator[tuple[Node, Node, Node]]:
    """Yield N-Triples as triples of rdflib; unlike rdflib's own parser this keeps every lexical form as written.

    `renamed` gives blank nodes labels that no other call gives.
    """
    for quad in ox.parse(whole(ntriples), ox.RdfFormat.N_TRIPLES, rename_blank_nodes=renamed):
        yield rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object)


def rdflib_graph(ntriples: Content) -> Graph:
    """Return N-Triples as an rdflib graph, every lexical form as written."""
    graph = Graph()
    graph.addN((s, p, o, graph) for s, p, o in rdflib_triples(ntriples))
    return graph


def results_rewritten(json: bytes, syntax: ResultSyntax) -> bytes:
    """Return the results of a SELECT or ASK query, given in JSON, in another of the W3C's formats."""
    return ox.parse_query_results(json, format=ox.QueryResultsFormat.JSON).serialize(format=RESULTS[syntax]) or b""


def rewritten(nquads: bytes, syntax: Syntax, prefixes: dict[str, str] | None = None) -> bytes:
    """Return N-Triples or N-Quads in another syntax, statements in the order given.

    Raises InputError for what RDF/XML has no way to write.
    """
    quads = ox.parse(nquads, ox.RdfFormat.N_QUADS)
    if syntax.name == "rdfxml":
        triples = xml_triples(quad.triple for quad in quads)
        text = ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=prefixes) or b""
        # Whoever reads XML takes a bare carriage return for a line feed.
        return text.replace(b"\r", b"&#13;")
    statements = quads if syntax.has_graphs else (quad.triple for quad in quads)
    return ox.serialize(statements, format=FORMATS[syntax.name], prefixes=prefixes) or b""


def xml_triples(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield triples that RDF/XML can hold; raises InputError for another."""
    for triple in triples:
        if not _XML_NAME_AT_END.search(triple.predicate.value):
            raise InputError(f"RDF/XML has no way to write the property {triple.predicate}. Use Turtle instead.")
        character = _NOT_IN_XML.search(triple.object.value) if isinstance(triple.object, ox.Literal) else None
        if character:
            raise InputError(
                f"RDF/XML cannot hold the character U+{ord(character[0]):04X}, which {triple.subject} has in its "
                f"{triple.predicate}. Use Turtle instead."
            )
        yield triple

"""The vocabulary as a page to read, in Markdown and in HTML: the same content, byte for byte the same every time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Final, TypeAlias

from rdflib import URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS
from rdflib.term import Node

from .documents import ONTOLOGY, version, vocabulary
from .facts import FactClass, fact_classes
from .identifiers import shortened
from .namespaces import CODE_SCHEMES, PREFIXES, TERMS
from .rules import shortcut_rules
from .terms import DG

_PROPERTIES: Final = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
_SEVERITIES: Final = {"Violation": "must", "Warning": "should", "Info": "may"}
_STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}caption{text-align:left;font-weight:bold}"
    "th,td{border:1px solid #888;padding:.3rem .5rem;text-align:left;vertical-align:top}"
    "pre{overflow:auto;border:1px solid #888;padding:.5rem}nav ul{columns:12rem}"
    ".skip{position:absolute;left:-99rem}.skip:focus{position:static}"
)


@dataclass(frozen=True)
class Heading:
    """A heading; `anchor` is where a link to it leads."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Paragraph:
    """Running text, in which backquotes enclose what is code."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows under column heads; `anchors`, where there are any, say where a link to each row leads."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turtle:
    """An example to copy."""

    caption: str
    text: str


Block: TypeAlias = Heading | Paragraph | Table | Turtle


def markdown() -> str:
    """Return the reference of the packaged vocabulary as Markdown, with pipe tables."""
    return "\n\n".join(_markdown_block(block) for block in _blocks()) + "\n"


def html() -> str:
    """Return the reference of the packaged vocabulary as one HTML page without scripts; `#Tenure` leads to a term."""
    blocks = list(_blocks())
    contents = "".join(
        f'<li><a href="#{block.anchor}">{escape(block.text)}</a></li>'
        for block in blocks
        if isinstance(block, Heading) and block.level > 1
    )
    title = next(block.text for block in blocks if isinstance(block, Heading))
    body = "\n".join(_html_block(block) for block in blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">Skip to the content</a>\n'
        f'<nav aria-label="Contents"><ul>{contents}</ul></nav>\n<main id="main">\n{body}\n</main>\n</body>\n</html>\n'
    )


def _blocks() -> Iterator[Block]:
    yield Heading(1, _text(ONTOLOGY, DCTERMS.title), "top")
    yield Paragraph(_text(ONTOLOGY, DCTERMS.description))
    yield Paragraph(f"Version {version()}. Terms are in the namespace `{TERMS}`, here with the prefix `dg:`.")
    facts = fact_classes()
    classes = _declared(OWL.Class)
    yield Heading(2, "Things", "things")
    yield Paragraph("What records speak of, and what they are made of.")
    for term in classes:
        if term not in facts:
            yield from _class_blocks(term)
    yield Heading(2, "Facts", "facts")
    yield Paragraph("What sources say: each fact is a node, joins two ends, and hangs on its evidence.")
    for kind in sorted(facts.values(), key=lambda kind: kind.label):
        yield from _class_blocks(kind.iri, kind)
    yield from _property_blocks()
    yield from _shortcut_blocks()
    yield Heading(2, "Code Lists", "code-lists")
    for scheme in CODE_SCHEMES:
        yield from _scheme_blocks(scheme)


def _class_blocks(term: URIRef, kind: FactClass | None = None) -> Iterator[Block]:
    graph, local = vocabulary("diplograph"), str(term).removeprefix(TERMS)
    supers = sorted(_code(broader) for broader in graph.objects(term, RDFS.subClassOf))
    yield Heading(3, _text(term, SKOS.prefLabel), local)
    yield Paragraph(f"{_code(term)}{', a kind of ' + ' and '.join(supers) if supers else ''}.")
    yield Paragraph(f"{_text(term, SKOS.definition)} For example: {_examples(term)}")
    if kind:
        words = f" or the label of its {_code(kind.words_from)}" if kind.words_from else ""
        via = f", or by the date of its {_code(kind.via)}" if kind.via else ""
        yield Paragraph(
            f"An edge from {_code(kind.source)} to {_code(kind.target)}, read “{kind.words}”{words}"
            f"{'' if kind.directed else ', in both directions'}. "
            f"It is dated by {_code(kind.start)}{'' if kind.end == kind.start else ' and ' + _code(kind.end)}{via}. "
            f"Two facts are one where these agree: {', '.join(_code(prop) for prop in kind.key)}."
        )
    rows = _shape_rows(term)
    if rows:
        yield Table(f"What is asked of {_code(term)}", ("Property", "Rule", "Weight"), rows)
    aligned = sorted(_code(other) for other in vocabulary("alignments").objects(term, RDFS.subClassOf))
    if aligned:
        yield Paragraph(f"Aligned with {', '.join(aligned)}.")
    name = re.sub(r"(?<!^)(?=[A-Z])", "-", local).lower()
    text = files(__package__).joinpath("examples", f"{name}.ttl").read_text(encoding="utf-8")
    yield Turtle(f"Example of {local}", text.rstrip())


def _shape_rows(term: URIRef) -> tuple[tuple[str, ...], ...]:
    shapes = vocabulary("shapes")
    rows = set()
    for shape in shapes.subjects(SH.targetClass, term):
        for prop in [shape, *shapes.objects(shape, SH.property)]:
            message, path = shapes.value(prop, SH.message), shapes.value(prop, SH.path)
            if message is not None:
                weight = _SEVERITIES[str(shapes.value(prop, SH.severity)).rpartition("#")[2]]
                rows.add((_code(path) if isinstance(path, URIRef) else "", str(message), weight))
    return tuple(sorted(rows, key=lambda row: ([*_SEVERITIES.values()].index(row[2]), row)))


def _property_blocks() -> Iterator[Block]:
    yield Heading(2, "Properties", "properties")
    terms = sorted({term for kind in _PROPERTIES for term in _declared(kind)}, key=str)
    yield Table(
        "Every property, in alphabetical order",
        ("Property", "Label", "Definition", "Example"),
        tuple(
            (_code(term), _text(term, SKOS.prefLabel), _text(term, SKOS.definition), _examples(term)) for term in terms
        ),
        tuple(str(term).removeprefix(TERMS) for term in terms),
    )


def _shortcut_blocks() -> Iterator[Block]:
    yield Heading(2, "Shortcuts", "shortcuts")
    yield Paragraph(f"Plain triples that follow from facts whose {_code(DG.realis)} is `realis:held`.")
    rows = []
    for rule in shortcut_rules():
        others = [f"{_code(prop)} {_code(value)}" for prop, value in rule.conditions if prop != DG.realis]
        predicate = _code(rule.predicate) if rule.predicate else f"the {_code(rule.predicate_path)}"
        shortcut = f"the {_code(rule.subject_path)}, {predicate}, the {_code(rule.object_path)}"
        rows.append((_code(rule.fact_class) + (f" with {' and '.join(others)}" if others else ""), shortcut))
    yield Table("From facts to triples", ("Fact", "Shortcut: subject, predicate, object"), tuple(sorted(rows)))


def _scheme_blocks(scheme: str) -> Iterator[Block]:
    iri = URIRef(PREFIXES[scheme][:-1])
    codes = sorted(URIRef(str(code)) for code in vocabulary("schemes").subjects(SKOS.inScheme, iri))
    label = _text(iri, SKOS.prefLabel)
    yield Heading(3, label[0].upper() + label[1:], f"code-{scheme}")
    yield Table(
        f"Codes with the prefix `{scheme}:`",
        ("Code", "Read as", "Meaning"),
        tuple((_code(code), _text(code, SKOS.prefLabel), _text(code, SKOS.definition)) for code in codes),
    )
    for collection in _collections(codes):
        members = ", ".join(_code(code) for code in codes if (collection, SKOS.member, code) in vocabulary("schemes"))
        yield Paragraph(f"The {_text(collection, SKOS.prefLabel)}: {members}. {_text(collection, SKOS.definition)}")


def _collections(codes: list[URIRef]) -> list[URIRef]:
    """Return the collections of some codes, sorted."""
    return sorted({URIRef(str(found)) for code in codes for found in vocabulary("schemes").subjects(SKOS.member, code)})


def _declared(kind: URIRef) -> list[URIRef]:
    graph = vocabulary("diplograph")
    return sorted((URIRef(str(term)) for term in graph.subjects(RDF.type, kind)), key=lambda t: (_label(t), t))


def _label(term: URIRef) -> str:
    return _text(term, SKOS.prefLabel)


def _text(term: URIRef, prop: URIRef) -> str:
    return str(vocabulary("diplograph", "schemes").value(term, prop))


def _examples(term: URIRef) -> str:
    return " ".join(sorted(str(example) for example in vocabulary("diplograph").objects(term, SKOS.example)))


def _code(term: Node | None) -> str:
    return f"`{shortened(str(term))}`"


def _markdown_block(block: Block) -> str:
    match block:
        case Heading(level, text, _):
            return f"{'#' * level} {text}"
        case Paragraph(text):
            return _markdown_text(text)
        case Table(caption, head, rows, _):
            lines = (head, ("---",) * len(head), *rows)
            return f"{_markdown_text(caption)}:\n\n" + "\n".join(_markdown_row(cells) for cells in lines)
        case Turtle(_, text):
            return f"```turtle\n{text}\n```"


def _markdown_row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(_markdown_text(cell).replace('|', '&#124;') for cell in cells)} |"


def _markdown_text(text: str) -> str:
    parts = text.split("`")
    return "`".join(part if i % 2 else re.sub(r"([\\*_<>\[\]])", r"\\\1", part) for i, part in enumerate(parts))


def _html_block(block: Block) -> str:
    match block:
        case Heading(level, text, anchor):
            return f'<h{level} id="{escape(anchor)}">{escape(text)}</h{level}>'
        case Paragraph(text):
            return f"<p>{_html_text(text)}</p>"
        case Table(caption, head, rows, anchors):
            top = "".join(f'<th scope="col">{_html_text(cell)}</th>' for cell in head)
            ids = [f' id="{escape(anchor)}"' for anchor in anchors] or [""] * len(rows)
            body = "\n".join(
                f"<tr{anchor}>{''.join(f'<td>{_html_text(cell)}</td>' for cell in row)}</tr>"
                for anchor, row in zip(ids, rows, strict=True)
            )
            return (
                f"<table>\n<caption>{_html_text(caption)}</caption>\n"
                f"<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
            )
        case Turtle(caption, text):
            return f'<pre tabindex="0" role="region" aria-label="{escape(caption)}"><code>{escape(text)}</code></pre>'


def _html_text(text: str) -> str:
    parts = text.split("`")
    return "".join(_html_code(part) if i % 2 else escape(part) for i, part in enumerate(parts))


def _html_code(code: str) -> str:
    local = code.removeprefix("dg:")
    shown = f"<code>{escape(code)}</code>"
    return f'<a href="#{escape(local)}">{shown}</a>' if code.startswith("dg:") and local else shown

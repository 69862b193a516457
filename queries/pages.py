"""Plain pages of what is known, for people: an entity, an answer, the service itself. They need no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final
from urllib.parse import quote, urlencode

from rdflib import URIRef
from rdflib.term import Node

from ..graph.description import Description
from ..graph.formats import SYNTAXES
from ..graph.provenance import DocumentRecord
from ..graph.statements import Evidence
from ..graph.wording import cited, visible
from ..ontology.namespaces import BASE, CODES, DOCUMENTS, IDENTIFIERS
from .catalogue import Question
from .results import Table

STYLE_PATH: Final = "/style.css"
"""Where the style sheet of all pages is served."""


def local_path(iri: str) -> str | None:
    """Return the path under which a server tells of one of the project's IRIs, or None for those of others."""
    iri = str(iri)  # an IRI of rdflib has a way of its own to tell what it begins with
    if not iri.startswith((IDENTIFIERS, DOCUMENTS, CODES)):
        return None
    return "/" + quote(iri.removeprefix(BASE).partition("#")[0], safe="/:@!$&'()*+,;=~-._")


def about_path(iri: str) -> str | None:
    """Return the path of the page about one of the project's IRIs: of a document its own, of a thing another."""
    path = local_path(iri)
    return path if path is None or not path.startswith("/id/") else "/about/" + path.removeprefix("/id/")


def entity_page(told: Description, address: str) -> str:
    """Return what a store knows of an entity; `address` is the path at which the page and its RDF are."""
    kinds = f' <span class="kind">{_text(", ".join(told.kinds))}</span>' if told.kinds else ""
    body = [f"<h1>{_text(told.label)}{kinds}</h1>", f"<p><code>{_text(told.short_id)}</code></p>"]
    if told.aliases:
        body.append(f"<p>Also: {_text(', '.join(told.aliases))}</p>")
    if told.properties:
        pairs = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in told.properties)
        body.append(f"<dl>{pairs}</dl>")
    if told.earlier:
        body.append(f"<p>{told.earlier:,} facts that are earlier or undated are left out.</p>")
    if told.lines:
        rows = (
            f"<tr><td>{_text(line.dates or 'undated')}</td><td>{_text(line.words)}</td>"
            f"<td>{_sources(line.evidence)}</td></tr>"
            for line in told.lines
        )
        body.append(_table("What is known, by date", ("when", "what", "source"), rows))
    body.append(f'<p class="formats">As data: {_alternates(address)}</p>')
    return _page(told.label, "\n".join(body))


def answer_page(asked: Question, values: Mapping[str, str], table: Table) -> str:
    """Return the answer to a named question, with a form to ask it anew."""
    shown = [name for name in table.columns if name != "fact"]
    headings = (*shown, "source") if "fact" in table.columns else tuple(shown)
    rows = (
        "<tr>"
        + "".join(f"<td>{_term(row[table.columns.index(name)], table.labels)}</td>" for name in shown)
        + (f"<td>{_sources(table.evidence(row))}</td>" if "fact" in table.columns else "")
        + "</tr>"
        for row in table.rows
    )
    count = "1 row" if len(table) == 1 else f"{len(table):,} rows"
    body = [
        f"<h1>{_text(asked.summary)}</h1>",
        question_form(asked, values),
        _table(count, headings, rows),
        f'<p class="formats">As data: {_as_data(asked, values)}</p>',
        f"<p>{_text(asked.description)}</p>",
    ]
    return _page(asked.summary, "\n".join(body))


def question_page(asked: Question, problem: str = "") -> str:
    """Return a question with the form to ask it, and what was wrong with how it was asked."""
    wrong = f'<p role="alert">{_text(problem)}</p>\n' if problem else ""
    return _page(
        asked.summary,
        f"<h1>{_text(asked.summary)}</h1>\n{wrong}{question_form(asked, {})}\n<p>{_text(asked.description)}</p>",
    )


def question_form(asked: Question, values: Mapping[str, str]) -> str:
    """Return the form in which a question's parameters are filled in, their examples shown."""
    fields = "".join(
        f'<label>{_text(p.meaning)} <input name="{escape(p.name)}" value="{escape(values.get(p.name, ""))}" '
        f'placeholder="{escape(p.example)}"{"" if p.default is not None else " required"}></label> '
        for p in asked.parameters
    )
    return f'<form action="/ask/{escape(asked.name)}">{fields}<button>Ask</button></form>' if fields else ""


def index_page(records: Sequence[DocumentRecord], questions: Iterable[Question], statements: int) -> str:
    """Return the page that says what is served: questions, documents, and where programs find the endpoints."""
    asked = "".join(
        f'<li><a href="/ask/{escape(each.name)}{_example(each)}">{_text(each.summary)}</a></li>' for each in questions
    )
    sources = "".join(
        f'<li>{_link(record.iri, record.title or str(record.iri))} <span class="kind">'
        f"{_text((record.published or 'no date')[:10])}, {record.statements:,} statements</span></li>"
        for record in records
    )
    return _page(
        "Diplograph",
        f"<h1>Diplograph</h1>\n<p>{statements:,} statements from {len(records):,} documents.</p>\n"
        '<p>For programs: <a href="/sparql">SPARQL</a> · <code>/graphs</code> · '
        '<a href="/openapi.json">OpenAPI</a></p>\n'
        f"<h2>Questions</h2>\n<ul>{asked}</ul>\n<h2>Documents</h2>\n<ul>{sources}</ul>",
    )


def problem_page(title: str, detail: str) -> str:
    """Return what went wrong, in words."""
    return _page(title, f"<h1>{_text(title)}</h1>\n<p>{_text(detail)}</p>")


def _example(asked: Question) -> str:
    values = {p.name: p.example for p in asked.parameters if p.default is None}
    return escape(f"?{urlencode(values)}") if values else ""


def _as_data(asked: Question, values: Mapping[str, str]) -> str:
    return " · ".join(
        f'<a href="/ask/{escape(asked.name)}?{escape(urlencode({**values, "format": name}))}">{name.upper()}</a>'
        for name in ("json", "csv")
    )


def _page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{_text(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="stylesheet" href="{STYLE_PATH}">\n</head>\n<body>\n<main>\n{body}\n</main>\n'
        '<footer><a href="/">Diplograph</a></footer>\n</body>\n</html>\n'
    )


def _table(caption: str, headings: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f"<th>{_text(heading)}</th>" for heading in headings)
    return (
        f"<table><caption>{_text(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{chr(10).join(rows)}\n</tbody></table>"
    )


def _sources(evidence: Iterable[Evidence]) -> str:
    return "<br>".join(_link(each.document, cited(each)) for each in evidence)


def _term(term: Node | None, labels: Mapping[Node, str]) -> str:
    if term is None:
        return ""
    return _link(term, labels[term]) if isinstance(term, URIRef) else _text(labels[term])


def _link(iri: URIRef, text: str) -> str:
    path = local_path(iri)
    return _text(text) if path is None else f'<a href="{escape(path)}">{_text(text)}</a>'


def _alternates(address: str) -> str:
    return " · ".join(
        f'<a href="{escape(address)}?format={syntax.name}">{_text(syntax.title)}</a>' for syntax in SYNTAXES
    )


def _text(text: str) -> str:
    return escape(visible(text))

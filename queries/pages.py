"""Plain pages of what is known, for people: an entity, an answer, the service itself. They need no script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Final

from rdflib import URIRef
from rdflib.term import Node

from ..graph.description import Description
from ..graph.formats import SYNTAXES
from ..graph.provenance import DocumentRecord
from ..graph.wording import Mention, visible
from ..ontology.identifiers import shortened
from .catalogue import Question
from .finding import Found
from .markup import asking, count, link, page, shown, sources, table
from .results import Table

MOST_ROWS: Final = 1000
"""How many rows a page shows at most."""
MOST_DOCUMENTS: Final = 100
"""How many documents the first page names at most: the latest."""

_DATE = re.compile(r"\b[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?\b")


def entity_page(told: Description, address: str, number: int = 1) -> str:
    """Return what a store knows of an entity; `address` is the path at which the page and its RDF are.

    `number` counts pages from 1, on which the latest facts are.
    """
    kinds = f' <span class="kind">{shown(", ".join(told.kinds))}</span>' if told.kinds else ""
    body = [f"<h1>{shown(told.label)}{kinds}</h1>", f"<p><code>{shown(told.short_id)}</code></p>"]
    if told.aliases:
        body.append(f"<p>Also: {shown(', '.join(told.aliases))}</p>")
    if told.properties:
        pairs = "".join(
            f"<dt>{shown(name)}</dt><dd>{_term(term, text)}</dd>"
            for (name, text), term in zip(told.properties, told.values, strict=True)
        )
        body.append(f"<dl>{pairs}</dl>")
    turning = _turning(told, address, number)
    if told.lines:
        rows = (
            f"<tr><td>{_dates(line.dates or 'undated')}</td>"
            f"<td>{''.join(_mention(mention, told.entity) for mention in line.mentions)}</td>"
            f"<td>{sources(line.evidence)}</td></tr>"
            for line in told.lines
        )
        body += [turning, table("What is known, by date", ("when", "what", "source"), rows), turning]
    body.append(f'<p class="formats">As data: {_alternates(address)}</p>')
    return page(told.label, "\n".join(filter(None, body)))


def answer_page(asked: Question, values: Mapping[str, str], answer: Table) -> str:
    """Return the answer to a named question, with a form to ask it anew."""
    body = [
        f"<h1>{shown(asked.summary)}</h1>",
        question_form(asked, values),
        _answer(answer, count(len(answer), "row", "rows")),
        f'<p class="formats">As data: {_as_data(asked, values)}</p>',
        f"<p>{shown(asked.description)}</p>",
    ]
    return page(asked.summary, "\n".join(body))


def choice_page(asked: Question, values: Mapping[str, str], name: str, candidates: Sequence[tuple[str, str]]) -> str:
    """Return what an ambiguous name may mean, each as a link that asks the question again with it."""
    parameter = next((p.name for p in asked.parameters if p.is_entity and values.get(p.name, "").strip() == name), "")
    items = "".join(
        f"<li>{asking(f'/ask/{asked.name}', {**values, parameter: iri}, label)} "
        f'<span class="kind">{shown(shortened(URIRef(iri)))}</span></li>'
        for label, iri in candidates
    )
    return page(
        asked.summary,
        f"<h1>{shown(asked.summary)}</h1>\n{question_form(asked, values)}\n"
        f"<h2>Which “{shown(name)}” is meant?</h2>\n<ul>{items}</ul>",
    )


def question_page(asked: Question, problem: str = "") -> str:
    """Return a question with the form to ask it, and what was wrong with how it was asked."""
    wrong = f'<p role="alert">{shown(problem)}</p>\n' if problem else ""
    return page(
        asked.summary,
        f"<h1>{shown(asked.summary)}</h1>\n{wrong}{question_form(asked, {})}\n<p>{shown(asked.description)}</p>",
    )


def question_form(asked: Question, values: Mapping[str, str]) -> str:
    """Return the form in which a question's parameters are filled in, their examples shown."""
    fields = "".join(
        f'<label>{shown(p.meaning)} <input name="{escape(p.name)}" value="{escape(values.get(p.name, ""))}" '
        f'placeholder="{escape(p.example)}"{"" if p.default is not None else " required"}></label> '
        for p in asked.parameters
    )
    return f'<form action="/ask/{escape(asked.name)}">{fields}<button>Ask</button></form>' if fields else ""


def find_page(text: str, found: Found) -> str:
    """Return what a text was found in: names that have it, or names like it where none has."""
    title = f"Names with “{text}”"
    if not found.rows:
        return page(title, f"<h1>{shown(title)}</h1>\n<p>No name has this in it, or is like it.</p>", text)
    rows = (
        f"<tr><td>{link(row.entity, row.label)}{_alias(row.name, row.label)}</td><td>{shown(row.kind)}</td>"
        f"<td><code>{shown(row.id)}</code></td></tr>"
        for row in found.rows
    )
    caption = "None has it; these are like it" if found.near else count(len(found.rows), "entity", "entities")
    more = f"<p>{found.more:,} more are not shown. Write more of the name.</p>" if found.more else ""
    return page(title, f"<h1>{shown(title)}</h1>\n{table(caption, ('name', 'kind', 'id'), rows)}\n{more}", text)


def query_page(sparql: str, graphs: Mapping[str, Sequence[URIRef]], answer: Table | bool | None, more: bool) -> str:
    """Return the form in which SPARQL is asked, and below it an answer; `more` says that rows are left out.

    `graphs` are those that the request chose, by the protocol's parameter.
    """
    body = ["<h1>SPARQL</h1>", _query_form(sparql, graphs)]
    if isinstance(answer, bool):
        body.append(f"<p>{'Yes' if answer else 'No'}.</p>")
    elif answer is not None:
        left_out = "the first of more; programs get all" if more else ""
        body.append(_answer(answer, ", ".join(filter(None, (count(len(answer), "row", "rows"), left_out)))))
    body.append(_QUERY_HINT)
    return page("SPARQL", "\n".join(body))


def query_problem_page(sparql: str, graphs: Mapping[str, Sequence[URIRef]], title: str, detail: str) -> str:
    """Return what was wrong with a query, above the form with the query as it was asked."""
    wrong = f'<p role="alert" id="problem">{escape(visible(detail))}</p>'
    form = _query_form(sparql, graphs, problem="problem")
    return page(f"SPARQL: {title}", "\n".join(["<h1>SPARQL</h1>", wrong, form, _QUERY_HINT]))


_QUERY_HINT: Final = "<p>The project’s prefixes need no declaration. Programs ask at the same address.</p>"


def _query_form(sparql: str, graphs: Mapping[str, Sequence[URIRef]], problem: str = "") -> str:
    chosen = "".join(
        f'<label>{escape(name)} <input name="{escape(name)}" value="{escape(iri)}"></label>'
        for name, iris in graphs.items()
        for iri in iris
    )
    wrong = f' aria-invalid="true" aria-describedby="{problem}"' if problem else ""
    # A browser takes away the first line end in a field, so that there is one to take.
    return (
        f'<form action="/sparql"><label>Query <textarea name="query" rows="8" spellcheck="false" required{wrong} '
        f'placeholder="SELECT ?person ?post {{ ?person dg:holdsPost ?post }}">\n{escape(sparql)}</textarea></label>'
        f"{chosen}<button>Ask</button></form>"
    )


def index_page(records: Sequence[DocumentRecord], questions: Iterable[Question], statements: int) -> str:
    """Return the page that says what is served: questions, documents, and where programs find the endpoints."""
    by_theme = groupby(sorted(questions, key=lambda each: each.theme), key=lambda each: each.theme)
    asked = "".join(
        f"<section><h3>{shown(theme.capitalize())}</h3>\n<ul>{''.join(map(_question, of_theme))}</ul></section>\n"
        for theme, of_theme in by_theme
    )
    latest = sorted(records, key=lambda record: record.published or "", reverse=True)[:MOST_DOCUMENTS]
    named = "".join(
        f'<li>{link(record.iri, record.title or str(record.iri))} <span class="kind">'
        f"{shown((record.published or 'no date')[:10])}, {record.statements:,} statements</span></li>"
        for record in latest
    )
    rest = len(records) - len(latest)
    others = f"<p>{rest:,} earlier ones are not named here.</p>" if rest else ""
    return page(
        "Diplograph",
        f"<h1>Diplograph</h1>\n<p>{statements:,} statements from {count(len(records), 'document', 'documents')}.</p>\n"
        '<p>For programs: <a href="/sparql">SPARQL</a> · <code>/graphs</code> · '
        '<a href="/openapi.json">OpenAPI</a></p>\n'
        f'<h2>Questions</h2>\n<div class="themes">{asked}</div>\n<h2>Documents</h2>\n<ul>{named}</ul>\n{others}',
    )


def problem_page(title: str, detail: str) -> str:
    """Return what went wrong, in words."""
    return page(title, f'<h1>{shown(title)}</h1>\n<p role="alert">{escape(visible(detail))}</p>')


def _question(asked: Question) -> str:
    values = {p.name: p.example for p in asked.parameters if p.default is None}
    path = f"/ask/{asked.name}"
    return f"<li>{asking(path, values, asked.summary) if values else _plain(path, asked.summary)}</li>"


def _plain(path: str, text: str) -> str:
    return f'<a href="{escape(path)}">{shown(text)}</a>'


def _answer(answer: Table, caption: str) -> str:
    has_facts = "fact" in answer.columns
    columns = [(number, name) for number, name in enumerate(answer.columns) if name != "fact"]
    rows = (
        "<tr>"
        + "".join(f"<td>{_cell(row[number], answer.labels)}</td>" for number, _ in columns)
        + (f"<td>{sources(answer.evidence(row))}</td>" if has_facts else "")
        + "</tr>"
        for row in answer.rows[:MOST_ROWS]
    )
    if len(answer) > MOST_ROWS:
        caption = f"{caption}, of which these are the first {MOST_ROWS:,}"
    return table(caption, answer.headings, rows)


def _turning(told: Description, address: str, number: int) -> str:
    later = asking(address, {"page": str(number - 1)}, "later facts") if number > 1 else ""
    earlier = asking(address, {"page": str(number + 1)}, f"{told.earlier:,} earlier or undated facts")
    links = " · ".join(filter(None, (later, earlier if told.earlier else "")))
    return f'<nav aria-label="Other facts"><p>{links}</p></nav>' if links else ""


def _mention(mention: Mention, about: URIRef) -> str:
    # A page does not lead to itself.
    return link(None if mention.entity == about else mention.entity, mention.text)


def _alias(name: str, label: str) -> str:
    return "" if name == label else f' <span class="kind">as {shown(name)}</span>'


def _as_data(asked: Question, values: Mapping[str, str]) -> str:
    formats = ("json", "csv")
    return " · ".join(asking(f"/ask/{asked.name}", {**values, "format": name}, name.upper()) for name in formats)


def _cell(term: Node | None, labels: Mapping[Node, str]) -> str:
    return "" if term is None else _term(term, labels[term])


def _term(term: Node, text: str) -> str:
    return link(term, text) if isinstance(term, URIRef) else _dates(text)


def _dates(text: str) -> str:
    # No date is broken at its hyphens.
    return _DATE.sub(r'<span class="date">\g<0></span>', shown(text))


def _alternates(address: str) -> str:
    return " · ".join(asking(address, {"format": syntax.name}, syntax.title) for syntax in SYNTAXES)

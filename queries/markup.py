"""Pieces of HTML: the frame of a page, tables, and links to what the service tells of the project's IRIs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Final
from urllib.parse import quote, urlencode

from rdflib import URIRef

from ..graph.statements import Evidence
from ..graph.wording import cited, visible
from ..ontology.namespaces import BASE, CODES, DOCUMENTS, IDENTIFIERS

STYLE_PATH: Final = "/style.css"
"""Where the style sheet of all pages is served."""

_NAME: Final = "Diplograph"
_LONGEST: Final = 1000
"""As many characters of a text are shown."""


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


def page(title: str, body: str, sought: str = "") -> str:
    """Return a whole page; every one has the search for names at its top, `sought` in it."""
    name = title if title == _NAME else f"{title} · {_NAME}"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{shown(name)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="stylesheet" href="{STYLE_PATH}">\n</head>\n<body>\n'
        '<a class="skip" href="#main">Skip to the content</a>\n'
        f'<header>\n<nav aria-label="{_NAME}"><a href="/">{_NAME}</a> <a href="/sparql">SPARQL</a></nav>\n'
        '<form action="/find" role="search"><input type="search" name="text" aria-label="A name, or part of one" '
        f'placeholder="Find by name" value="{escape(visible(sought))}" required><button>Find</button></form>\n'
        f'</header>\n<main id="main">\n{body}\n</main>\n</body>\n</html>\n'
    )


def table(caption: str, headings: Iterable[str], rows: Iterable[str]) -> str:
    """Return a table, its rows in HTML; one that is too wide for the page is moved sideways by itself."""
    head = "".join(f'<th scope="col">{shown(heading)}</th>' for heading in headings)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(visible(caption))}">'
        f"<table><caption>{shown(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{chr(10).join(rows)}\n</tbody></table></div>"
    )


def sources(evidence: Iterable[Evidence]) -> str:
    """Return links to the documents of some evidence."""
    return "<br>".join(link(each.document, cited(each)) for each in evidence)


def link(iri: URIRef | None, text: str) -> str:
    """Return a text as a link to what the service tells of an IRI, if it is one of the project's."""
    path = None if iri is None else local_path(iri)
    return shown(text) if path is None else f'<a href="{escape(path)}">{shown(text)}</a>'


def asking(path: str, values: Mapping[str, str], text: str) -> str:
    """Return a link to an address with parameters."""
    return f'<a href="{escape(f"{path}?{urlencode(values)}")}">{shown(text)}</a>'


def count(number: int, one: str, more: str) -> str:
    """Return a number with its noun."""
    return f"1 {one}" if number == 1 else f"{number:,} {more}"


def shown(text: str) -> str:
    """Return text as it can stand anywhere in a page; a very long one is cut, and says so."""
    return escape(visible(text if len(text) <= _LONGEST else f"{text[:_LONGEST]} … ({len(text):,} characters)"))

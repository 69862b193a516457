"""RDF as it comes over HTTP: its syntax by its media type, else by its name, and its statements for one document."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from rdflib import URIRef

from ..errors import FormatError, InputError
from .formats import SYNTAXES, Syntax
from .oxigraph import parsed
from .web import OFFLINE, Fetched, Web

_ACCEPT: Final = (
    "text/turtle, application/n-triples;q=0.9, application/ld+json;q=0.8, application/rdf+xml;q=0.7, "
    "application/trig;q=0.3, application/n-quads;q=0.3, */*;q=0.1"
)
_UNTOLD: Final = frozenset({
    "", "text/plain", "application/octet-stream", "binary/octet-stream", "application/json", "application/xml",
    "text/xml",
})  # fmt: skip
"""The media types that servers give to files they do not know better."""


@dataclass(frozen=True)
class Retrieval:
    """What was found at an address, as N-Triples for a document."""

    document: URIRef
    address: str
    ntriples: bytes


def retrieved(address: str, document: URIRef, web: Web) -> Retrieval:
    """Return what is at an address, for a document; relative IRIs in it are resolved against the address.

    Raises QueryRefusedError where it may not be fetched, HostError where it cannot be, FormatError where its syntax
    cannot be told, and InputError where it cannot be read as one graph.
    """
    fetched = web.document(address, _ACCEPT)
    syntax, source = _syntax(fetched), f"<{address}>"
    ntriples = statements(fetched.body, syntax, document, source=source, base=fetched.address, web=web)
    return Retrieval(document, address, ntriples)


def statements(
    data: bytes, syntax: Syntax, document: URIRef, *, source: str, base: str | None = None, web: Web = OFFLINE
) -> bytes:
    """Return what data states of one document, as N-Triples: what is in no named graph, or in that of the document.

    The base is the document's own IRI unless another is given. Raises InputError where it has another graph, and what
    `parsed` raises.
    """
    graphs = parsed(data, syntax, source=source, base=base or str(document), web=web)
    if others := [name for name in graphs if name not in (None, document)]:
        raise InputError(f"{source} has a graph of its own, <{others[0]}>. Give one document at a time.")
    return b"".join(graphs.values())


def _syntax(fetched: Fetched) -> Syntax:
    suffix = PurePosixPath(unquote(urlsplit(fetched.address).path)).suffix.lower()
    for syntax in SYNTAXES:
        if fetched.media_type == syntax.media_type or (fetched.media_type in _UNTOLD and suffix in syntax.extensions):
            return syntax
    known = ", ".join(syntax.media_type for syntax in SYNTAXES)
    raise FormatError(
        f"<{fetched.address}> is of type {fetched.media_type[:60] or 'unknown'!r}, which tells no RDF syntax, and so "
        f"does its name. One of {known} would."
    )

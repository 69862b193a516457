"""Identifiers: minting, shortening and checking the IRIs of entities, facts, documents and passages."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from rdflib import URIRef

from ..errors import IdentifierError
from .namespaces import DOCUMENTS, IDENTIFIERS, INSTANCE_KINDS, PREFIXES

_FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PASSAGE = re.compile(r"(?P<document>[^#]+)#char=(?P<start>\d+),(?P<end>\d+)\Z")
_LETTERS = str.maketrans(dict(zip("øłđðħŧŋəı", "olddhtnei", strict=True)) | {"æ": "ae", "œ": "oe", "þ": "th"})
"""Lower-case letters that Unicode does not decompose into a base letter and a mark."""

_PLAIN = str.maketrans({n: chr(n).lower() if chr(n).isalnum() else " " for n in range(128)} | {"'": ""})
"""The same as below for ASCII, where it is a matter of single letters."""


def folded(text: str) -> str:
    """Return text without accents, case and punctuation, words joined by single spaces: how names are compared."""
    if text.isascii():
        return " ".join(text.translate(_PLAIN).split())
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)
    return " ".join("".join(c if c.isalnum() else " " for c in plain.replace("'", "").replace("’", "")).split())


def slug(name: str) -> str:
    """Return a name as the local part of an IRI, lower-case words joined by hyphens; IdentifierError if empty."""
    words = folded(name).split()
    if not words:
        raise IdentifierError(f"{name!r} has no letter or digit, so no identifier can be made of it.")
    return "-".join(words)


def entity_iri(kind: str, name: str) -> URIRef:
    """Return the IRI of an entity of a kind, its local part made from a name or taken as it is if it is a code."""
    if kind not in INSTANCE_KINDS:
        raise IdentifierError(f"{kind!r} is no kind of entity. Use one of {', '.join(INSTANCE_KINDS)}.")
    return URIRef(f"{IDENTIFIERS}{kind}/{name if re.fullmatch('[A-Z]{3}', name) else slug(name)}")


def document_iri(name: str) -> URIRef:
    """Return the IRI of a document with a short name."""
    return URIRef(DOCUMENTS + slug(name))


def digest_iri(prefix: str, kind: str, parts: Iterable[tuple[str, str]]) -> URIRef:
    """Return the IRI of something that is what it states: the same parts, in any order, give the same IRI.

    `parts` are (property, value) pairs, both spelled as in canonical N-Triples. The IRI is the prefix's namespace, the
    kind and 80 bits of the parts' SHA-256: the chance of any collision among ten million is below one in ten thousand
    million.
    """
    return URIRef(digest_name(prefix, kind, parts))


def digest_name(prefix: str, kind: str, parts: Iterable[tuple[str, str]]) -> str:
    """Return what `digest_iri` does as plain text, for those that name very many things."""
    spelled = "\n".join(sorted(f"{prop} {value}" for prop, value in parts))
    digest = hashlib.sha256(f"{kind}\n{spelled}".encode()).hexdigest()[:20]
    return f"{PREFIXES[prefix]}{kind}-{digest}"


def passage_iri(document: URIRef, start: int, end: int) -> URIRef:
    """Return the IRI of characters `start` to `end` (code points, end exclusive) of a document, as in RFC 5147."""
    if not 0 <= start < end:
        raise IdentifierError(f"Characters {start} to {end} of {document} are no passage: start must lie before end.")
    return URIRef(f"{document}#char={start},{end}")


def passage_span(passage: str) -> tuple[URIRef, int, int] | None:
    """Return document, start and end of a passage IRI, or None where the IRI is not of that form."""
    match = _PASSAGE.match(passage)
    return None if match is None else (URIRef(match["document"]), int(match["start"]), int(match["end"]))


def checked_iri(text: str) -> URIRef:
    """Return text as an absolute IRI; raises IdentifierError where it is none or has a forbidden character."""
    if not _ABSOLUTE.match(text):
        raise IdentifierError(f"{text!r} is not an absolute IRI. It must begin with a scheme such as https:.")
    bad = _FORBIDDEN.search(text)
    if bad:
        raise IdentifierError(f"{text!r} is not an IRI: it has {bad.group()!r} at position {bad.start() + 1}.")
    return URIRef(text)


def expanded(text: str) -> URIRef | None:
    """Return the IRI that text names as an IRI, `<IRI>`, prefixed name or `kind/local` id, or None where it is none."""
    if text.startswith("<") and text.endswith(">"):
        return checked_iri(text[1:-1])
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        return checked_iri(PREFIXES[prefix] + local)
    if colon and local.startswith("//"):
        return checked_iri(text)
    kind, slash, local = text.partition("/")
    if slash and local and (kind in INSTANCE_KINDS or kind == "doc"):
        return checked_iri(PREFIXES[kind] + local)
    return None


def shortened(iri: str) -> str:
    """Return an IRI as a prefixed name where a prefix is known, else in angle brackets."""
    best = max((p for p, ns in PREFIXES.items() if iri.startswith(ns)), key=lambda p: len(PREFIXES[p]), default=None)
    return f"<{iri}>" if best is None else f"{best}:{iri[len(PREFIXES[best]) :]}"

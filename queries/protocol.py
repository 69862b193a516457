"""The SPARQL 1.1 Protocol and the Graph Store Protocol as pure functions: from a request to what it asks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import parse_qsl

from rdflib import URIRef

from ..errors import IdentifierError, ProtocolError
from ..ontology.identifiers import checked_iri

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

_MOST_FIELDS: Final = 1000
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_OPERATION = ("query", "update")
_DATASET = ("default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri")


@dataclass(frozen=True)
class Message:
    """An HTTP request as far as the protocols look at it; the body is whole."""

    method: str
    query_string: str = ""
    content_type: str | None = None
    body: bytes = b""


@dataclass(frozen=True)
class Query:
    """A query, with the graphs that the request names as its dataset; none means the store's own dataset."""

    sparql: str
    default_graphs: tuple[URIRef, ...] = ()
    named_graphs: tuple[URIRef, ...] = ()


@dataclass(frozen=True)
class Update:
    """A SPARQL Update, with the graphs that the request names as the dataset of its patterns, if it names any."""

    sparql: str
    default_graphs: tuple[URIRef, ...] = ()
    named_graphs: tuple[URIRef, ...] = ()


@dataclass(frozen=True)
class Description:
    """The wish to know what the service is."""


Operation: TypeAlias = Query | Update | Description


@dataclass(frozen=True)
class DefaultGraph:
    """The merged view, as the Graph Store Protocol's `?default` names it."""


def operation(message: Message) -> Operation:
    """Return what a request to the SPARQL endpoint asks for (SPARQL 1.1 Protocol, sections 2.1 and 2.2).

    Raises ProtocolError: 400 for a malformed request, 405 for another method, 415 for a body of another type. Other
    parameters than those of the protocol are let pass, as clients send all kinds.
    """
    if message.method not in ("GET", "HEAD", "POST", "OPTIONS"):
        allowed = "GET, HEAD, POST, OPTIONS"
        raise ProtocolError(405, f"{message.method} is no way to ask. Use {allowed}.", Allow=allowed)
    fields = form_fields(message.query_string)
    if message.method == "OPTIONS":
        return Description()
    if message.method != "POST":
        if "update" in fields:
            raise ProtocolError(400, "An update cannot come by GET. It would come by POST.")
        return _query(fields) if "query" in fields or set(fields) & set(_DATASET) else Description()
    kind = _body_type(message.content_type)
    if kind == FORM:
        # A form has all parameters in it, says the protocol; its tests put the graphs into the address all the same.
        form, beside = form_fields(_utf8(message.body)), {name: fields[name] for name in fields if name in _DATASET}
        misplaced = [name for name in fields if name in _OPERATION] + [name for name in beside if name in form]
        if misplaced:
            raise ProtocolError(400, f"{misplaced[0]} stands in the address of a form's POST. Put it into the form.")
        return _form({**beside, **form})
    misplaced = [name for name in fields if name in _OPERATION]
    if misplaced:
        raise ProtocolError(400, f"{misplaced[0]} stands in the address, and another in the body. Give only one.")
    if kind == QUERY:
        return _query({**fields, "query": (_utf8(message.body),)})
    return _update({**fields, "update": (_utf8(message.body),)})


def graph_asked(query_string: str, own: str) -> URIRef | DefaultGraph | None:
    """Return the graph that a Graph Store Protocol request means (section 4), None where it names none.

    A relative IRI after `?graph=` is not taken. `own` is the address of the graph store itself. Raises ProtocolError
    (400) for both or several names, and for what is not an IRI.
    """
    fields = form_fields(query_string)
    if "default" in fields:
        if "graph" in fields:
            raise ProtocolError(400, "Both the default graph and a named one are asked for. Ask for one.")
        return DefaultGraph()
    if "graph" not in fields:
        return None
    name = _only(fields, "graph")
    iri = _iri(name, "graph")
    if str(iri) == own:
        raise ProtocolError(400, "This is the graph store itself and no graph of it.")
    return iri


def form_fields(text: str) -> dict[str, tuple[str, ...]]:
    """Return the fields of a query string or form by name; raises ProtocolError (400) where it is damaged."""
    if not text:
        return {}
    if "%" in text and (bad := _BAD_PERCENT.search(text)):
        raise ProtocolError(400, f"The parameters have {text[bad.start() : bad.start() + 3]!r}, which encodes nothing.")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise ProtocolError(400, f"The parameters are not UTF-8 ({error.reason}).") from error
    except ValueError as error:
        raise ProtocolError(400, f"There are more than {_MOST_FIELDS} parameters.") from error
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value)
    return fields


def single_fields(fields: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return fields each of which may be given once; raises ProtocolError (400) for one that is given twice."""
    return {name: _only(fields, name) for name in fields}


def _form(fields: Mapping[str, Sequence[str]]) -> Operation:
    if "query" in fields and "update" in fields:
        raise ProtocolError(400, "The form has both a query and an update. Send one.")
    return _update(fields) if "update" in fields else _query(fields)


def _query(fields: Mapping[str, Sequence[str]]) -> Query:
    if "query" not in fields:
        raise ProtocolError(400, "There is no query. Give it as the parameter query, or as the body of a POST.")
    for name in ("using-graph-uri", "using-named-graph-uri"):
        if name in fields:
            raise ProtocolError(400, f"{name} goes with an update. Use {name.removeprefix('using-')} with a query.")
    sparql = _only(fields, "query")
    if not sparql.strip():
        raise ProtocolError(400, "The query is empty.")
    default, named = (tuple(_iri(iri, name) for iri in fields.get(name, ())) for name in _DATASET[:2])
    return Query(sparql, default, named)


def _update(fields: Mapping[str, Sequence[str]]) -> Update:
    for name in _DATASET[:2]:
        if name in fields:
            raise ProtocolError(
                400, f"{name} goes with a query. Use using-{name.removeprefix('default-')} with an update."
            )
    default, named = (tuple(_iri(iri, name) for iri in fields.get(name, ())) for name in _DATASET[2:])
    return Update(_only(fields, "update"), default, named)


def _only(fields: Mapping[str, Sequence[str]], name: str) -> str:
    values = fields[name]
    if len(values) != 1:
        raise ProtocolError(400, f"{name} is given {len(values)} times. Give it once.")
    return values[0]


def _iri(text: str, name: str) -> URIRef:
    try:
        return checked_iri(text)
    except IdentifierError as error:
        raise ProtocolError(400, f"{name}: {error}") from error


def _body_type(content_type: str | None) -> str:
    expected = f"Send {QUERY}, {UPDATE} or {FORM}."
    if content_type is None:
        raise ProtocolError(415, f"The body has no Content-Type. {expected}")
    kind, _, parameters = content_type.partition(";")
    kind = kind.strip().lower()
    if kind not in (FORM, QUERY, UPDATE):
        raise ProtocolError(415, f"The body is of type {kind[:60]!r}. {expected}")
    charset = re.search(r'charset\s*=\s*"?([^\s;"]+)', parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise ProtocolError(415, f"The body is in {charset[1][:30]!r}. Send UTF-8.")
    return kind


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(400, f"The body is not UTF-8 ({error.reason} at byte {error.start}).") from error

"""The SPARQL endpoint and the graph store, as OpenAPI describes them."""

from __future__ import annotations

from typing import Any, Final

from ...graph.federation import Endpoints
from ...graph.updating import EFFECTS
from ...graph.web import Web
from ..negotiation import GRAPHS, RESULTS
from ..protocol import FORM, QUERY, UPDATE

_IRIS: Final[dict[str, Any]] = {"type": "array", "items": {"type": "string", "format": "iri"}}
_SEEN: Final = "An ETag that was read: nothing is changed if the store has changed since."


def sparql(endpoints: Endpoints, web: Web, *, updates: bool) -> dict[str, Any]:
    """Return the endpoint: SERVICE may ask `endpoints`, FROM and LOAD fetch from the `web`; it may do `updates`."""
    responses: dict[str, Any] = {
        "200": {
            "description": "The answer; without a query, the service description.",
            "content": {kind: {} for kind in (*RESULTS, *GRAPHS)},
        },
        **_problems(
            "400", "403", "406", "413", "414", "415", *(["502"] if endpoints.allowed or web.allowed else []), "503"
        ),
    }
    graphs = _dataset(("default-graph-uri", "A graph of the query's default graph."),
                      ("named-graph-uri", "A named graph of the query's dataset."))  # fmt: skip
    reach = f" SERVICE asks endpoints at {', '.join(map(str, endpoints.allowed))}." if endpoints.allowed else ""
    reach += f" FROM fetches what is not in the store from {_hosts(web)}." if web.allowed else ""
    query = {"name": "query", "in": "query", "description": f"A SPARQL 1.1 query.{reach}", "schema": {"type": "string"}}
    asked = {
        "operationId": "queryByPost",
        "summary": "Ask in SPARQL.",
        "parameters": graphs,
        "requestBody": {"required": True, "content": {QUERY: {"schema": {"type": "string"}}, FORM: _form("query")}},
        "responses": responses,
    }
    return {
        "get": {
            "operationId": "query",
            "summary": "Ask in SPARQL.",
            "parameters": [query, *graphs],
            "responses": responses,
        },
        "post": _with_updates(asked, web) if updates else asked,
    }


def _with_updates(asked: dict[str, Any], web: Web) -> dict[str, Any]:
    graphs = _dataset(("using-graph-uri", "A graph of the default graph of an update's patterns."),
                      ("using-named-graph-uri", "A named graph of the dataset of an update's patterns."))  # fmt: skip
    effects = {
        "type": "object",
        "description": "The documents that an update made, changed and took back.",
        "properties": dict.fromkeys(EFFECTS, _IRIS),
    }
    content = asked["requestBody"]["content"] | {
        UPDATE: {"schema": {"type": "string"}},
        FORM: {"schema": {"oneOf": [_form("query")["schema"], _form("update")["schema"]]}},
    }
    answer = asked["responses"]["200"]
    done = answer | {"content": answer["content"] | {"application/json": {"schema": effects}}}
    return asked | {
        "summary": "Ask in SPARQL, or change documents by SPARQL Update.",
        "description": f"An update needs the token. What it changes are documents, by GRAPH or WITH.{_loaded(web)}",
        "security": [{}, {"token": []}],
        "parameters": [*asked["parameters"], *graphs, _header("If-Match", _SEEN)],
        "requestBody": asked["requestBody"] | {"content": content},
        "responses": asked["responses"]
        | {"200": done, "204": {"description": "The update is done."}}
        | _problems("401", "412", "422", *_fetching(web)),
    }


def _loaded(web: Web) -> str:
    if not web.allowed:
        return ""
    return f" LOAD … INTO GRAPH fetches documents of {_hosts(web)}, and JSON-LD its contexts."


def _hosts(web: Web) -> str:
    return ", ".join(map(str, web.allowed))


def _fetching(web: Web) -> tuple[str, ...]:
    return ("502",) if web.allowed else ()


def _dataset(*graphs: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "description": meaning, "schema": _IRIS} for name, meaning in graphs]


def _form(field: str) -> dict[str, Any]:
    return {"schema": {"type": "object", "required": [field], "properties": {field: {"type": "string"}}}}


def _header(name: str, meaning: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": meaning, "schema": {"type": "string"}}


def _problems(*statuses: str) -> dict[str, Any]:
    return {status: {"$ref": "#/components/responses/Problem"} for status in statuses}


def graphs(web: Web | None) -> dict[str, Any]:
    """Return the graph store; with a `web`, from which JSON-LD has its contexts, it can be changed."""
    parameters = [
        {
            "name": "graph",
            "in": "query",
            "description": "The IRI of a document.",
            "schema": {"type": "string", "format": "iri"},
        },
        {
            "name": "default",
            "in": "query",
            "allowEmptyValue": True,
            "description": "The merged view, instead of a document.",
            "schema": {"type": "string"},
        },
    ]
    refused = _problems("400", "404", "405", "406", "503")
    content: dict[str, Any] = {kind: {} for kind in GRAPHS}
    described: dict[str, Any] = {
        "get": {
            "operationId": "readGraph",
            "summary": "Read a document or the merged view.",
            "parameters": parameters,
            "responses": {"200": {"description": "The graph.", "content": content}, **refused},
        }
    }
    if web is not None:
        refused |= _problems("401", "403", "409", "412", "422", *_fetching(web))
        conditions = [
            _header("If-Match", _SEEN),
            _header("If-None-Match", "`*`: nothing is changed if there is such a document."),
        ]
        for method, name, summary in (
            ("put", "replaceGraph", "Replace a document, or load a new one."),
            ("post", "addToGraph", "Add statements to a document."),
            ("delete", "removeGraph", "Take a document back, with exactly what it contributed."),
        ):
            described[method] = {
                "operationId": name,
                "summary": summary,
                "security": [{"token": []}],
                "parameters": [*parameters[:1], *conditions],
                **({} if method == "delete" else {"requestBody": {"required": True, "content": content}}),
                "responses": {
                    "201": {"description": "A new document."},
                    "204": {"description": "It is done."},
                    **refused,
                },
            }
    return described

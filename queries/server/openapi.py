"""The service's interface as an OpenAPI 3.1 document, made from the library of questions."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from ..catalogue import Parameter, Question, questions
from ..negotiation import GRAPHS, HTML
from .finding import FORMATS as FIND_FORMATS
from .finding import LONGEST_TEXT, MOST_NAMES, USUAL
from .protocols import graphs, sparql
from .questions import FORMATS
from .settings import Settings

_SCHEMAS: dict[str, dict[str, Any]] = {
    "date": {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$", "description": "YYYY, YYYY-MM or YYYY-MM-DD"},
    "day": {"type": "string", "format": "date"},
    "number": {"type": "integer", "minimum": 0},
}
_ENTITY: dict[str, Any] = {"type": "string", "description": "A name, alias, short id such as state/AZE, or IRI"}


def openapi(base: str, settings: Settings) -> dict[str, Any]:
    """Return the document for a service whose addresses begin with `base`."""
    updates = settings.token is not None
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Diplograph",
            "version": version("diplograph"),
            "summary": "Who held which post, who met whom, who agreed what, and who says so.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base}],
        "tags": [
            {"name": theme, "description": f"Questions about {theme}."}
            for theme in dict.fromkeys(each.theme for each in questions().values())
        ],
        "paths": {
            **{f"/ask/{each.name}": {"get": _question(each)} for each in questions().values()},
            "/find": {"get": _find()},
            "/sparql": sparql(settings.endpoints, settings.web, updates=updates),
            "/graphs": graphs(settings.web if updates else None),
            "/about/{kind}/{local}": {"get": _about()},
        },
        "components": {
            "schemas": {"Problem": _PROBLEM, "Row": _ROW, "Name": _NAME},
            "responses": {"Problem": _problem("What was wrong, and what would be right.")},
            **({"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}} if updates else {}),
        },
    }


_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "candidates": {
            "type": "array",
            "description": "What an ambiguous name may mean.",
            "items": {
                "type": "object",
                "properties": {"label": {"type": "string"}, "iri": {"type": "string", "format": "iri"}},
            },
        },
    },
}
_NAME = {
    "type": "object",
    "description": "An entity that was found; `near` if its name is only like the text.",
    "required": ["label", "name", "kind", "id", "iri"],
    "properties": {
        **{name: {"type": "string"} for name in ("label", "name", "kind", "id")},
        "iri": {"type": "string", "format": "iri"},
        "near": {"type": "boolean"},
    },
}
_ROW = {
    "type": "object",
    "description": "A row of the answer: a value for each column, entities with label and IRI, and the sources.",
    "properties": {"sources": {"type": "array", "items": {"type": "object"}}},
    "additionalProperties": True,
}


def _question(asked: Question) -> dict[str, Any]:
    content: dict[str, Any] = {kind: {"schema": {"type": "string"}} for kind in FORMATS}
    content["application/json"] = {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}}
    return {
        "operationId": asked.name,
        "tags": [asked.theme],
        "summary": asked.summary,
        "description": asked.description,
        "parameters": [_parameter(each) for each in asked.parameters]
        + [
            {
                "name": "format",
                "in": "query",
                "description": "The format, instead of the header Accept.",
                "schema": {"type": "string", "enum": list(FORMATS.values())},
            }
        ],
        "responses": {
            "200": {"description": "The answer, row by row.", "content": content},
            **{status: {"$ref": "#/components/responses/Problem"} for status in ("400", "404", "503")},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = dict(_SCHEMAS.get(parameter.kind, {"type": "string"} if parameter.kind == "text" else _ENTITY))
    if parameter.default is not None:
        schema["default"] = int(parameter.default) if schema["type"] == "integer" else parameter.default
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.default is None,
        "description": f"{parameter.meaning} ({parameter.kind})",
        "schema": schema,
        "example": int(parameter.example) if schema["type"] == "integer" else parameter.example,
    }


def _find() -> dict[str, Any]:
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_NAMES, "default": USUAL}
    parameters: list[tuple[str, str, dict[str, Any]]] = [
        ("text", "A name, or part of one.", {"type": "string", "maxLength": LONGEST_TEXT}),
        ("kind", "A class of the vocabulary, such as Person.", {"type": "string"}),
        ("limit", "How many come at most.", limit),
        (
            "format",
            "The format, instead of the header Accept.",
            {"type": "string", "enum": list(FIND_FORMATS.values())},
        ),
    ]
    content: dict[str, Any] = {
        "application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Name"}}},
        HTML: {"schema": {"type": "string"}},
    }
    return {
        "operationId": "find",
        "summary": "Find entities by name, alias, or part of one; where there is none, those with a name like it.",
        "parameters": [
            {"name": name, "in": "query", "required": name == "text", "description": meaning, "schema": schema}
            for name, meaning, schema in parameters
        ],
        "responses": {
            "200": {"description": "The entities, best match first.", "content": content},
            **{status: {"$ref": "#/components/responses/Problem"} for status in ("400", "406", "503")},
        },
    }


def _about() -> dict[str, Any]:
    return {
        "operationId": "about",
        "summary": "Read what is known of an entity.",
        "parameters": [
            {"name": name, "in": "path", "required": True, "description": meaning, "schema": {"type": "string"}}
            for name, meaning in (("kind", "Such as person or state."), ("local", "The rest of its identifier."))
        ]
        + [
            {
                "name": "page",
                "in": "query",
                "description": "Of a page for people: which, where many facts are known. The latest are on the first.",
                "schema": {"type": "integer", "minimum": 1, "default": 1},
            }
        ],
        "responses": {
            "200": {"description": "What is known.", "content": {kind: {} for kind in (HTML, *GRAPHS)}},
            **{status: {"$ref": "#/components/responses/Problem"} for status in ("404", "406", "503")},
        },
    }


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}

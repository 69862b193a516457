"""Parameters into a question: values as people give them become terms in its VALUES row, never text in its query."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from rdflib import Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Identifier

from ..errors import DateError, ParameterError
from ..graph.entities import Names
from ..ontology.dates import PartialDate
from ..ontology.namespaces import TERMS
from .catalogue import PARAMETER_ROW, Parameter, Question

_LIKE_ESCAPE: Final = re.compile(r"\\[uU]")


def terms_of(question: Question, values: Mapping[str, object], names: Names) -> dict[str, Identifier]:
    """Return the terms that the given values are, of every parameter by its name.

    Entities are given by name, alias, short id or IRI, dates as YYYY, YYYY-MM or YYYY-MM-DD. Raises ParameterError for
    a value that is missing, unknown or of the wrong kind, NotFoundError and AmbiguousNameError for names.
    """
    known = [parameter.name for parameter in question.parameters]
    for name in values:
        if name not in known:
            wanted = f"It takes {', '.join(known)}." if known else "It takes none."
            raise ParameterError(f"{question.name} has no parameter {name!r}. {wanted}")
    return {parameter.name: _term(question, parameter, values, names) for parameter in question.parameters}


def bound(question: Question, terms: Mapping[str, Identifier]) -> str:
    """Return the question's SPARQL with the terms of its parameters in place of its example's."""
    row = " ".join(_spelled(terms[parameter.name]) for parameter in question.parameters)
    return PARAMETER_ROW.sub(lambda match: match["before"] + row + match["after"], question.sparql, count=1)


def _term(question: Question, parameter: Parameter, values: Mapping[str, object], names: Names) -> Identifier:
    value = values.get(parameter.name)
    value = parameter.default if value is None else value
    if value is None:
        raise ParameterError(
            f"{question.name} needs {parameter.name}: {parameter.meaning}. For example: {question.example}"
        )
    text = str(value).strip()
    if parameter.is_entity:
        kinds = () if parameter.kind == "Entity" else (URIRef(TERMS + parameter.kind),)
        return names.entity(f"<{value}>" if isinstance(value, URIRef) else text, kinds)
    if parameter.kind in ("date", "day"):
        try:
            term = PartialDate(text).term
        except DateError as error:
            raise ParameterError(f"{parameter.name}: {error}") from error
        if parameter.kind == "day" and term.datatype != XSD.date:
            raise ParameterError(f"{parameter.name}={text!r} is not a day. Write YYYY-MM-DD, as {parameter.example}.")
        return term
    if parameter.kind == "number":
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise ParameterError(f"{parameter.name}={text!r} is not a whole number such as {parameter.example}.")
        return Literal(text, datatype=XSD.integer)
    # SPARQL replaces such escapes before it reads a text (section 19.2), so that none can have one as it stands.
    if found := _LIKE_ESCAPE.search(text):
        raise ParameterError(
            f"{parameter.name}={text!r} has {found[0]}, which SPARQL takes for an escape. Leave it out."
        )
    return Literal(text)


def _spelled(term: Identifier) -> str:
    # rdflib does not escape a closing quote that follows an escaped backslash in a text of several lines.
    if isinstance(term, Literal) and term.datatype is None:
        escaped = str(term).translate({92: "\\\\", 34: '\\"', 10: "\\n", 13: "\\r"})
        return f'"{escaped}"'
    return term.n3()

"""Parameters into a question: values as people give them become terms in its VALUES row, never text in its query."""

from __future__ import annotations

from collections.abc import Mapping

from rdflib import Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Identifier

from ..errors import DateError, ParameterError
from ..graph.entities import Names
from ..ontology.dates import PartialDate
from ..ontology.namespaces import TERMS
from .catalogue import PARAMETER_ROW, Parameter, Question


def bound(question: Question, values: Mapping[str, object], names: Names) -> str:
    """Return the question's SPARQL with the given values in place of its example's.

    Entities are given by name, alias, short id or IRI, dates as YYYY, YYYY-MM or YYYY-MM-DD. Raises ParameterError for
    a value that is missing, unknown or of the wrong kind, NotFoundError and AmbiguousNameError for names.
    """
    known = [parameter.name for parameter in question.parameters]
    for name in values:
        if name not in known:
            wanted = f"It takes {', '.join(known)}." if known else "It takes none."
            raise ParameterError(f"{question.name} has no parameter {name!r}. {wanted}")
    terms = [_term(question, parameter, values, names) for parameter in question.parameters]
    row = " ".join(term.n3() for term in terms)
    return PARAMETER_ROW.sub(lambda match: match["before"] + row + match["after"], question.sparql, count=1)


def _term(question: Question, parameter: Parameter, values: Mapping[str, object], names: Names) -> Identifier:
    value = values.get(parameter.name, parameter.default)
    if value is None:
        raise ParameterError(
            f"{question.name} needs {parameter.name}: {parameter.meaning}. For example: {question.example}"
        )
    text = str(value).strip()
    if parameter.is_entity:
        kinds = () if parameter.kind == "Entity" else (URIRef(TERMS + parameter.kind),)
        return value if isinstance(value, URIRef) else names.entity(text, kinds)
    if parameter.kind == "date":
        try:
            return PartialDate(text).term
        except DateError as error:
            raise ParameterError(f"{parameter.name}: {error}") from error
    if parameter.kind == "number":
        if not text.isdecimal():
            raise ParameterError(f"{parameter.name}={text!r} is not a whole number such as {parameter.example}.")
        return Literal(text, datatype=XSD.integer)
    return Literal(text)

"""Named questions as resources: `/ask/<name>` with the question's parameters in the address."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from ...errors import ParameterError
from ..catalogue import Question, question, questions
from ..negotiation import HTML, media_type, media_type_named
from ..pages import question_page
from ..protocol import form_fields, single_fields
from ..tasks import AnswerQuestion
from .answers import Answered, Answers

FORMATS = {
    "application/json": "json",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "text/markdown": "markdown",
    HTML: "html",
}
"""Media type to the name of the format in which a table comes, the one that is preferred first."""

_OFFERED = tuple(FORMATS)


class Questions:
    """Answers requests to `/ask` and `/ask/<name>`."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def listed(self, _: Request) -> Answered:
        """Return all questions with their parameters as JSON."""
        return Response(json.dumps([_told(each) for each in questions().values()]), 200, None, "application/json")

    async def asked(self, request: Request) -> Answered:
        """Return the answer to a question; a person who gives no parameters gets the form to fill in."""
        asked = question(request.path_params["name"])
        fields = single_fields(form_fields(request.scope["query_string"].decode("latin-1")))
        format_ = fields.pop("format", None)
        if format_ is None:
            chosen = media_type(request.headers.get("accept"), _OFFERED)
        else:
            chosen = media_type_named(format_, FORMATS)
        # A form sends what was left empty, too.
        values = {name: value for name, value in fields.items() if value.strip()}
        try:
            checked(asked, values)
        except ParameterError as error:
            if chosen != HTML:
                raise
            return Response(question_page(asked, str(error) if fields else ""), 400 if fields else 200, None, HTML)
        task = AnswerQuestion(asked.name, tuple(sorted(values.items())), FORMATS[chosen])
        return await self._answers.response(request, task, chosen)


def checked(asked: Question, values: dict[str, str]) -> None:
    """Raise ParameterError for a parameter that is unknown or missing, before any work is done."""
    known = {parameter.name: parameter for parameter in asked.parameters}
    for name in values:
        if name not in known:
            wanted = f"It takes {', '.join(known)}." if known else "It takes none."
            raise ParameterError(f"{asked.name} has no parameter {name[:60]!r}. {wanted}")
    for parameter in asked.parameters:
        if parameter.default is None and parameter.name not in values:
            raise ParameterError(f"{asked.name} needs {parameter.name}: {parameter.meaning}.")


def _told(asked: Question) -> dict[str, object]:
    return {
        "name": asked.name,
        "theme": asked.theme,
        "question": asked.summary,
        "parameters": [
            {"name": p.name, "kind": p.kind, "meaning": p.meaning, "example": p.example, "default": p.default}
            for p in asked.parameters
        ],
    }

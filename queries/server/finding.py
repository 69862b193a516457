"""Finding entities by name: `/find?text=…`, for people and for programs."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from ...errors import ParameterError
from ..negotiation import HTML, media_type, media_type_named
from ..protocol import form_fields, single_fields
from ..tasks import FindEntities
from .answers import Answered, Answers

FORMATS: Final = {"application/json": "json", HTML: "html"}
"""Media type to the name of the format in which names come, the one that is preferred first."""
LONGEST_TEXT: Final = 200
"""How many characters of a name can be looked for."""
MOST_NAMES: Final = 1000
"""How many names can be asked for at once."""
USUAL: Final = 50
"""How many names come unless more or fewer are asked for."""


class Finding:
    """Answers requests to `/find`."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def __call__(self, request: Request) -> Answered:
        """Return what has a name with the text in it or, where nothing has, a name like it."""
        fields = single_fields(form_fields(request.scope["query_string"].decode("latin-1")))
        format_, kind = fields.pop("format", None), fields.pop("kind", "").strip() or None
        text, limit = fields.pop("text", "").strip(), fields.pop("limit", str(USUAL))
        if fields:
            raise ParameterError(f"There is no parameter {next(iter(fields))[:60]!r}. Give text, kind, limit, format.")
        if not text:
            raise ParameterError("Nothing is looked for. Give the parameter text: a name, or part of one.")
        if len(text) > LONGEST_TEXT:
            raise ParameterError(f"text has {len(text):,} characters. Give {LONGEST_TEXT} at most.")
        if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:9]) <= MOST_NAMES):
            raise ParameterError(f"limit={limit[:20]!r} is not a number from 1 to {MOST_NAMES:,}.")
        if format_ is None:
            chosen = media_type(request.headers.get("accept"), tuple(FORMATS))
        else:
            chosen = media_type_named(format_, FORMATS)
        task = FindEntities(text, kind, int(limit), FORMATS[chosen])
        return await self._answers.response(request, task, chosen)

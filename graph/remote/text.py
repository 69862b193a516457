"""The text of a query that is SPARQL: its prologue, its form, and what it says of datasets and order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Final

from ..tokens import PROLOGUE

_PROLOGUE: Final = re.compile(PROLOGUE, re.IGNORECASE)
_DECLARED: Final = re.compile(r"PREFIX[ \t\r\n]*([^\s:<>#]*):", re.IGNORECASE)
_FORM: Final = re.compile(r"SELECT|ASK|CONSTRUCT|DESCRIBE", re.IGNORECASE)
_OPAQUE: Final = re.compile(
    r"""'''(?:'{0,2}(?:[^'\\]|\\.))*'''|\"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\"|'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*"
    |<[^<>"{}|^`\\\x00-\x20]*>|\#[^\r\n]*""",
    re.DOTALL | re.VERBOSE,
)
"""Strings, IRIs and comments, in which words mean nothing."""


def _word(words: str) -> re.Pattern[str]:
    # Neither a variable nor a part of a name.
    return re.compile(rf"(?<![\w:?$@.%-])(?:{words})(?![\w:-])", re.IGNORECASE)


_ORDERED: Final = _word("ORDER|LIMIT|OFFSET")
_DATASET: Final = _word("FROM")
_GRAPH: Final = _word("GRAPH")


class QueryText:
    """A query in two parts: declarations of prefixes and base, and all that follows."""

    def __init__(self, prologue: str, query: str) -> None:
        self.prologue, self.query = prologue, query

    @property
    def whole(self) -> str:
        """The query as one."""
        return self.prologue + self.query

    @property
    def form(self) -> str:
        """SELECT, ASK, CONSTRUCT or DESCRIBE."""
        match = _FORM.match(self.query)
        return match[0].upper() if match else "SELECT"

    @property
    def is_ordered(self) -> bool:
        """Whether the query says in which order its rows come, or how many of them."""
        return _ORDERED.search(self.words) is not None

    @property
    def names_dataset(self) -> bool:
        """Whether the query says itself what graphs it asks."""
        return _DATASET.search(self.words) is not None

    @property
    def asks_graphs(self) -> bool:
        """Whether the query looks into named graphs."""
        return _GRAPH.search(self.words) is not None

    @cached_property
    def words(self) -> str:
        """The query without what stands in strings, IRIs and comments; every other character has its place."""
        return _OPAQUE.sub(lambda match: " " * len(match[0]), self.query)

    def pattern(self) -> str:
        """Return what follows the template of a CONSTRUCT query: the dataset, the pattern, and what limits it."""
        end = len("CONSTRUCT")
        if self.words[end:].lstrip().startswith("{"):
            end = self.words.index("{") + 1
            depth = 1
            while depth:
                depth += (self.words[end] == "{") - (self.words[end] == "}")
                end += 1
        return self.query[end:]


def query_text(sparql: str, prefixes: Mapping[str, str]) -> QueryText:
    """Return a query with declarations of those prefixes that it uses and does not declare itself."""
    match = _PROLOGUE.match(sparql)
    end = match.end() if match else 0
    prologue, query = sparql[:end], sparql[end:]
    declared = set(_DECLARED.findall(prologue))
    missing = (
        f"PREFIX {prefix}: <{namespace}>\n"
        for prefix, namespace in prefixes.items()
        if prefix not in declared and f"{prefix}:" in query
    )
    return QueryText("".join(missing) + prologue, query)

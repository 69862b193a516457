"""A query as it is written, cut into the parts of its WHERE: blocks of triples, filters, and what stands in braces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""
      (?P<skip>[ \t\r\n]+|\#[^\n]*)
    | (?P<text>\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<variable>[?$]\w+)
    | (?P<name>(?:[\w][\w.-]*)?:(?:[\w:%\\-](?:[\w.:%\\-]*[\w:%\\-])?)?)
    | (?P<word>[A-Za-z]\w*)
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_STARTS: Final = frozenset(("FILTER", "OPTIONAL", "MINUS", "BIND", "VALUES", "GRAPH", "SERVICE"))


@dataclass(frozen=True)
class Parts:
    """The prologue of a query, and the parts of its outermost WHERE, in order; each is its text."""

    prologue: str
    parts: tuple[str, ...]

    def up_to(self, number: int) -> str:
        """Return a query that counts what the first so many parts find."""
        return f"{self.prologue} SELECT (COUNT(*) AS ?n) WHERE {{ {' '.join(self.parts[:number])} }}"


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text.upper() in words


def parts_of(sparql: str) -> Parts:
    """Return the parts of a query that parses."""
    tokens = [
        _Token(str(match.lastgroup), match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(sparql)
        if match.lastgroup != "skip"
    ]
    forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    form = next(number for number, token in enumerate(tokens) if token.is_word(*forms))
    begin, end = _where(tokens, form)
    spans = _spans(tokens, begin + 1, end)
    texts = (_without_comments(sparql[tokens[a].start : tokens[b - 1].end]) for a, b in spans)
    return Parts(_without_comments(sparql[: tokens[form].start]), tuple(texts))


def _without_comments(text: str) -> str:
    """The text on one line; only what is between its words becomes a blank, and strings stay as they are."""
    return "".join(" " if match.lastgroup == "skip" else match.group() for match in _TOKEN.finditer(text)).strip()


def _where(tokens: list[_Token], form: int) -> tuple[int, int]:
    """The first and the last brace of the outermost WHERE: of several groups, the last that VALUES does not begin."""
    depth, begin, found = 0, 0, (form, form)
    for number in range(form, len(tokens)):
        if tokens[number].text == "{":
            begin = number if depth == 0 else begin
            depth += 1
        elif tokens[number].text == "}":
            depth -= 1
            before = [token for token in tokens[form:begin] if token.kind != "variable" and token.text not in "()"]
            if depth == 0 and not (before and before[-1].is_word("VALUES")):
                found = (begin, number)
    return found


def _spans(tokens: list[_Token], at: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    while at < end:
        if tokens[at].text == ".":
            at += 1
            continue
        if tokens[at].is_word("SELECT"):
            # The group is a sub-select as a whole.
            return [(at, end)]
        stop = _after(tokens, at, end)
        spans.append((at, stop))
        at = stop
    return spans


def _after(tokens: list[_Token], at: int, end: int) -> int:
    """Where the part ends that begins here."""
    token = tokens[at]
    if token.is_word("FILTER"):
        braces = tokens[at + 1].is_word("NOT", "EXISTS")
        return _closed(tokens, at, end, "{" if braces else "(")
    if token.is_word("BIND"):
        return _closed(tokens, at, end, "(")
    if token.is_word(*_STARTS):
        return _closed(tokens, at, end, "{")
    if token.text == "{":
        stop = _closed(tokens, at, end, "{")
        while stop < end and tokens[stop].is_word("UNION"):
            stop = _closed(tokens, stop, end, "{")
        return stop
    depth = 0
    for number in range(at, end):
        text = tokens[number].text
        if depth == 0 and number > at and (text == "{" or tokens[number].is_word(*_STARTS)):
            return number
        depth += (text in "([") - (text in ")]")
        if depth == 0 and text == ".":
            return number + 1
    return end


def _closed(tokens: list[_Token], at: int, end: int, opening: str) -> int:
    """Where the first bracket of a kind from here on is closed."""
    closing = {"{": "}", "(": ")"}[opening]
    depth = 0
    for number in range(at, end):
        if tokens[number].text == opening:
            depth += 1
        elif tokens[number].text == closing:
            depth -= 1
            if depth == 0:
                return number + 1
    return end

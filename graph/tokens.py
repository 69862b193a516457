"""The tokens of SPARQL, in every way in which engines can read a text as a row of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ..errors import QuerySyntaxError

# The terminals of SPARQL 1.1 (https://www.w3.org/TR/sparql11-query/#sparqlGrammar, rules 139-173). They are exact where
# a name, a string or an IRI ends: one character more or less, and what follows would be hidden or seen wrongly.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = _BASE + "0-9_\u00b7\u0300-\u036f\u203f\u2040"
_TOKEN = re.compile(
    rf"""
      (?P<blanks>[ \t\r\n]+)
    | (?P<comment>\#[^\n\r]*)
    | (?P<string>'''(?:'{{0,2}}(?:[^'\\]|\\[tbnrf"'\\]))*''' | \"\"\"(?:"{{0,2}}(?:[^"\\]|\\[tbnrf"'\\]))*\"\"\"
        | '(?:[^'\\\n\r]|\\[tbnrf"'\\])*' | "(?:[^"\\\n\r]|\\[tbnrf"'\\])*")
    | <(?P<iri>[^<>"{{}}|^`\\\x00-\x20]*)>
    | (?P<variable>[?$][{_NAME}]+)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<node>_:[{_BASE}_0-9](?:[{_NAME}.\-]*[{_NAME}\-])?)
    | (?P<prefixed>(?:[{_BASE}](?:[{_NAME}.\-]*[{_NAME}\-])?)?:
        (?:(?:[{_BASE}_:0-9]|%[0-9A-Fa-f]{{2}}|\\.)
           (?:(?:[{_NAME}.:\-]|%[0-9A-Fa-f]{{2}}|\\.)*(?:[{_NAME}:\-]|%[0-9A-Fa-f]{{2}}|\\.))?)?)
    | (?P<word>[{_NAME}]+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
# Nothing that is read as < and an expression goes on with two slashes, so this is an IRI and no comparison.
_SURELY_IRI = re.compile(r"[^'#]*//")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_LIKE_ESCAPE = re.compile(r"\\[uU][0-9A-Fa-f]{4}")

PROLOGUE: Final = (
    r"(?:[ \t\r\n]++|#[^\r\n]*+|BASE[ \t\r\n]*+<[^<>]*+>|PREFIX[ \t\r\n]*+[^\s:<>#]*+:[ \t\r\n]*+<[^<>]*+>)*+"
)
"""A pattern, in letters of either case, for the declarations that a query begins with, written as they mostly are."""


class Token(NamedTuple):
    """One token: its kind, its text without what encloses or marks it, and where it stands."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def prefix(self) -> str:
        """What stands before the colon of a name with a prefix."""
        return self.text.partition(":")[0]


def unescaped(sparql: str) -> str:
    """Return a text with its codepoint escapes replaced; raises QuerySyntaxError for what stands for no character."""
    # Escapes are replaced before anything else is read (section 19.2). Engines differ in it: none is left to them.
    try:
        text = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), sparql)
        text.encode()
    except (ValueError, OverflowError) as error:
        raise QuerySyntaxError(
            "The query has a character or an escape that stands for none, such as half of a surrogate pair. "
            "Write the character itself, or \\U and its eight hexadecimal digits, at most 0010FFFF."
        ) from error
    if match := _LIKE_ESCAPE.search(text):
        raise QuerySyntaxError(f"The query has {match[0]}, which is no whole escape: \\u takes four digits, \\U eight.")
    return text


def readings(text: str) -> Iterator[list[Token]]:
    """Yield the ways to read a text: the usual one whole, then each other until it meets one before it."""
    # The first reading is the usual one. The others begin where < may compare and where a comment may go on after a
    # carriage return, which only a whole parser can tell, and end where they meet an earlier one.
    starts, seen = [0], {len(text)}
    while starts:
        start, reading = starts.pop(), list[Token]()
        while start not in seen:
            seen.add(start)
            token = _token(text, start)
            reading.append(token)
            if token.kind == "iri" and not _SURELY_IRI.match(token.text):
                starts.append(start + 1)
            elif token.kind == "comment" and text.find("\n", start) > token.end:
                starts.append(text.index("\n", start))
            start = token.end
        yield reading


def _token(text: str, start: int) -> Token:
    match = next(_TOKEN.finditer(text, start))  # the last alternative takes whatever there is
    kind = str(match.lastgroup)
    return Token(kind, match[kind], start, match.end())


def following(text: str, token: Token) -> Token:
    """Return the next token after one that is neither space nor comment, at the end one without text."""
    while token.end < len(text):
        token = _token(text, token.end)
        if token.kind not in ("blanks", "comment"):
            return token
    return Token("other", "", len(text), len(text))

"""Content negotiation by RFC 9110: the media type to answer with, of those that there are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..errors import ProtocolError
from ..graph.formats import SYNTAXES

RESULTS: Final = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
"""Media type to the W3C format of results that it stands for, the one that is preferred first."""

GRAPHS: Final = {syntax.media_type: syntax.name for syntax in SYNTAXES} | {"application/json": "jsonld"}
"""Media type to the RDF syntax that it stands for, the one that is preferred first."""

HTML: Final = "text/html"

_LIMIT: Final = 4096
_ELEMENT = re.compile(r'((?:[^,"]|"(?:[^"\\]|\\.)*+"?)*+)(?:,|\Z)', re.DOTALL)
_PARAMETER = re.compile(r';[ \t]*([^\s;="]++)[ \t]*=[ \t]*("(?:[^"\\]|\\.)*+"|[^\s;"]*+)[ \t]*')
_RANGE = re.compile(r"([\w!#$%&'*+.^`|~-]++)/([\w!#$%&'*+.^`|~-]++)\Z", re.ASCII)
_WEIGHT = re.compile(r"(?:0?\.[0-9]+|[01](?:\.[0-9]*)?)\Z")


@dataclass(frozen=True)
class MediaRange:
    """One element of an Accept header; `specificity` is 0 for all types up to 3 for one with parameters."""

    kind: str
    subtype: str
    weight: float
    specificity: int
    charset: str | None

    def covers(self, media_type: str) -> bool:
        """Whether a media type is in the range. Whatever is text here is UTF-8."""
        kind, _, subtype = media_type.partition("/")
        return (
            self.kind in ("*", kind) and self.subtype in ("*", subtype) and self.charset in (None, "utf-8", "us-ascii")
        )


def media_ranges(accept: str) -> tuple[MediaRange, ...]:
    """Return the elements of an Accept header that are media ranges.

    What is none is left out, as RFC 9110 lets a server do; a lone `*` and weights such as `.2`, which old clients send,
    are understood. Raises ProtocolError (400) where nothing is left, and (431) for a header that is too long.
    """
    if len(accept) > _LIMIT:
        raise ProtocolError(431, f"The Accept header has {len(accept)} characters. At most {_LIMIT} are read.")
    found = tuple(element for text in _ELEMENT.findall(accept) if (element := _media_range(text.strip())))
    if accept.strip() and not found:
        raise ProtocolError(
            400, f"The Accept header has no media type: {accept[:60]!r}. Write, for example, {next(iter(RESULTS))}."
        )
    return found


def _media_range(text: str) -> MediaRange | None:
    name, semicolon, _ = text.partition(";")
    match = _RANGE.match("*/*" if name.strip() == "*" else name.strip().lower())
    if match is None or (match[1] == "*" and match[2] != "*"):
        return None
    parameters = {key.lower(): value.strip('"').lower() for key, value in _PARAMETER.findall(text[len(name) :])}
    weight = parameters.pop("q", "1") if semicolon else "1"
    if not _WEIGHT.match(weight) or float(weight) > 1:
        return None
    specificity = 0 if match[1] == "*" else 1 if match[2] == "*" else 3 if parameters else 2
    return MediaRange(match[1], match[2], float(weight), specificity, parameters.get("charset"))


def media_type_named(name: str, offered: Mapping[str, str]) -> str:
    """Return the first media type that stands for a format of that name; raises ProtocolError (400) for another."""
    for kind, format_ in offered.items():
        if format_ == name:
            return kind
    known = tuple(dict.fromkeys(offered.values()))
    raise ProtocolError(400, f"{name[:60]!r} is no format here. There is {_listed(known)}.")


@lru_cache(maxsize=1024)
def media_type(accept: str | None, offered: tuple[str, ...]) -> str:
    """Return the one of the media types on offer, which come in order of preference, that the client likes best.

    For each, the most specific range that covers it tells its weight. Without an Accept header anything will do. Raises
    ProtocolError (406), which names what there is, where nothing on offer will do.
    """
    ranges = media_ranges(accept or "")
    if not ranges:
        return offered[0]
    weights = [_weight(ranges, each) for each in offered]
    best = max(weights)
    if best == 0:
        raise ProtocolError(406, f"Nothing here comes as {accept!r}. There is {_listed(offered)}.")
    return offered[weights.index(best)]


def _weight(ranges: Sequence[MediaRange], media_type: str) -> float:
    covering = [(element.specificity, element.weight) for element in ranges if element.covers(media_type)]
    return max(covering)[1] if covering else 0


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))

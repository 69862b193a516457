"""SERVICE clauses: whether a query may ask the endpoints that it names, and the same query asking the relay instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, count
from string import ascii_letters

from ..errors import QueryRefusedError
from .federation import Endpoints
from .prologue import Prologue, prologue
from .tokens import Token, following, readings

_SERVICE = re.compile("SERVICE", re.IGNORECASE)
_PLAIN_SERVICE = re.compile("SERVICE", re.IGNORECASE | re.ASCII)
_GROUP_AHEAD = re.compile(r"[ \t\r\n]*[{#]")


def check_service(text: str, token: Token, declared: Prologue, endpoints: Endpoints) -> None:
    """Raise QueryRefusedError where an engine could take a token for SERVICE, unless the endpoint may be asked."""
    if not _is_service(text, token):
        return
    if not endpoints.allowed:
        raise QueryRefusedError(
            f"SERVICE would ask another endpoint, and nothing leaves this machine unasked. {endpoints.hint} "
            "If it is a part of an IRI, write that IRI in full."
        )
    target = _target(text, token)
    if target.kind not in ("iri", "prefixed"):
        said = text[target.start : target.end] or "the end of the query"
        raise QueryRefusedError(f"SERVICE must be followed by the IRI of an endpoint, not by {said}. {endpoints.hint}")
    endpoints.target(declared.iri(target))


def check_nesting(reading: Iterable[Token]) -> None:
    """Raise QueryRefusedError for a SERVICE within another: it would be for that endpoint to ask it."""
    depth, within = 0, 0
    for token in reading:
        if token.kind == "word" and _SERVICE.fullmatch(token.text):
            if within:
                raise QueryRefusedError(
                    "A SERVICE within another would be asked by that endpoint, not from here. Put them side by side."
                )
            within = depth + 1
        elif token.text == "{" and token.kind == "other":
            depth += 1
        elif token.text == "}" and token.kind == "other":
            depth -= 1
            within = within if depth >= within else 0


def relayed(text: str, given: Mapping[str, str], endpoints: Endpoints) -> tuple[str, dict[str, str]]:
    """Return a query, which has been checked, that asks the relay for its endpoints, and the prefixes that it needs.

    What comes after an endpoint's IRI stays at its place, if the IRI is not very short. The secret of the relay's
    address is in the prefixes alone. Raises QueryRefusedError where an engine could read that something else is asked.
    """
    reading = next(readings(text))
    declared, names = prologue(text, reading, given), dict[str, str]()
    free = (name for name in chain(ascii_letters, (f"s{number}" for number in count())) if f"{name}:" not in text)
    pieces, end = [], 0
    for token in reading:
        if token.kind != "word" or not _is_service(text, token):
            continue
        target = _target(text, token)
        address = endpoints.address(declared.iri(target))
        if address not in names:
            names[address] = next(free)
        name = f" {names[address]}:" if target.kind == "iri" else f"{names[address]}:"
        pieces += [text[end : target.start], name.ljust(target.end - target.start)]
        end = target.end
    asking = "".join([*pieces, text[end:]])
    _check_relayed(asking, names.values())
    return asking, {name: address for address, name in names.items()}


def _check_relayed(text: str, names: Iterable[str]) -> None:
    # This is the text that the engine gets: however it reads it, nothing but the relay is asked.
    known = {f"{name}:" for name in names}
    for token in _services(text):
        target = _target(text, token)
        if target.kind != "prefixed" or target.text not in known:
            raise QueryRefusedError(
                "The query has a SERVICE that can be read in two ways. Write spaces around < and >."
            )


def _services(text: str) -> Iterator[Token]:
    return (token for token in chain.from_iterable(readings(text)) if _is_service(text, token))


def _is_service(text: str, token: Token) -> bool:
    """Whether some engine could read the keyword; raises QueryRefusedError where it could not be told from a name."""
    if token.kind == "word" and _SERVICE.search(token.text):
        if not _PLAIN_SERVICE.fullmatch(token.text):
            raise QueryRefusedError(
                f"SERVICE would ask another endpoint, and {token.text} can be read so. Write it with spaces around it."
            )
        return True
    if token.kind == "prefixed" and _SERVICE.search(token.prefix) and _GROUP_AHEAD.match(text, token.end):
        raise QueryRefusedError(
            f"{token.text} can be read as SERVICE, which would ask another endpoint. Rename the prefix {token.prefix}:."
        )
    return False


def _target(text: str, token: Token) -> Token:
    target = following(text, token)
    return following(text, target) if target.kind == "word" and target.text.upper() == "SILENT" else target

"""Contexts of JSON-LD that are given by address: what is fetched is put in their place, as the engine fetches none."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any, Final
from urllib.parse import urljoin

from ..errors import ParseError
from .web import OPTION, Web

_ACCEPT: Final = "application/ld+json, application/json;q=0.9"
_MOST: Final = 16
"""How many contexts are fetched for one text."""
_DEEPEST: Final = 8
"""How deep contexts may name others."""
_LONGEST: Final = 1024 * 1024
"""How long a context may be, in bytes."""
_MOST_PUT: Final = 32 * 1024 * 1024
"""How much is put into one text, in bytes."""


def with_contexts(data: bytes, base: str | None, web: Web, source: str) -> bytes:
    """Return JSON-LD in which each context that is given by address stands in full, as the web has it.

    Addresses are resolved against `base`, and in a context that was fetched against its own. Raises ParseError for what
    is no JSON or no context, or goes beyond bounds, QueryRefusedError for an address that may not be fetched, HostError
    for one that cannot be.
    """
    contexts = _Contexts(web, source)
    try:
        return contexts.written(contexts.of_node(contexts.read(data), base or ""))
    except RecursionError as error:
        raise ParseError("it nests too deep for its contexts to be found", source=source) from error
    except ValueError as error:
        raise ParseError(f"this is not JSON-LD: {error}", source=source) from error


class _Contexts:
    """The contexts of one text, each fetched once."""

    def __init__(self, web: Web, source: str) -> None:
        self._web, self._source = web, source
        # What each address stands for, with nothing in it by address any more, and how long that is.
        self._whole: dict[str, tuple[Any, int]] = {}
        self._number = self._put = 0
        # The terms that some context says have any JSON for a value: nothing in it is a context.
        self._json: set[str] = set()
        # Numbers stay as they are written, as texts that begin with what no other begins with.
        self._mark = secrets.token_hex(16)

    def read(self, data: bytes) -> Any:
        """Return what JSON says; raises ValueError for what is none."""
        return json.loads(data, parse_int=self._marked, parse_float=self._marked, parse_constant=self._marked)

    def written(self, value: Any) -> bytes:
        """Return what was read as JSON again."""
        return re.sub(rf'"{self._mark}([^"]*)"', r"\1", json.dumps(value)).encode()

    def _marked(self, number: str) -> str:
        return self._mark + number

    def of_node(self, value: Any, base: str) -> Any:
        """Return what stands in a text, its contexts in full; what is data of JSON stays as it is."""
        if isinstance(value, list):
            return [self.of_node(each, base) for each in value]
        if not isinstance(value, dict):
            return value
        # First, wherever it stands: it tells which keys have JSON for values.
        context = self._context(value["@context"], base, ()) if "@context" in value else None
        return {key: context if key == "@context" else self._value(key, each, base) for key, each in value.items()}

    def _value(self, key: str, value: Any, base: str) -> Any:
        return value if key == "@value" or key in self._json else self.of_node(value, base)

    def _context(self, context: Any, base: str, within: tuple[str, ...]) -> Any:
        if isinstance(context, str):
            return self._remote(context, base, within)
        if isinstance(context, list):
            found = [self._context(each, base, within) for each in context]
            return [each for one in found for each in (one if isinstance(one, list) else [one])]
        if not isinstance(context, dict):
            return context
        imported = self._imported(context["@import"], base, within) if "@import" in context else {}
        own = {
            key: self._term(key, each, base, within)
            for key, each in context.items()
            # The base is that of the text itself, whatever a context says that was fetched.
            if key != "@import" and not (key == "@base" and within)
        }
        return {**imported, **own}

    def _term(self, key: str, definition: Any, base: str, within: tuple[str, ...]) -> Any:
        if not isinstance(definition, dict):
            return definition
        if definition.get("@type") == "@json":
            self._json.add(key)
        if "@context" not in definition:
            return definition
        return {**definition, "@context": self._context(definition["@context"], base, within)}

    def _imported(self, address: Any, base: str, within: tuple[str, ...]) -> dict[str, Any]:
        context = self._remote(address, base, within) if isinstance(address, str) else None
        if not isinstance(context, dict):
            raise self._error(f"@import names {address!r}, which is no single context")
        return context

    def _remote(self, address: str, base: str, within: tuple[str, ...]) -> Any:
        iri = urljoin(base, address)
        if not self._web.allowed:
            raise self._error(
                f"it gives its context by the address <{iri}>, and remote contexts are read only from hosts that "
                f"{OPTION} names. Write the context into the file, or allow its host"
            )
        if iri in within:
            raise self._error(f"the context <{iri}> is a part of itself. Write it out")
        if iri not in self._whole:
            context = self._fetched(iri, within)
            self._whole[iri] = context, len(json.dumps(context))
        context, length = self._whole[iri]
        self._put += length
        if self._put > _MOST_PUT:
            raise self._error(f"its contexts would take more than {_MOST_PUT:,} bytes if they stood in it, as <{iri}>")
        return context

    def _fetched(self, iri: str, within: tuple[str, ...]) -> Any:
        if len(within) == _DEEPEST:
            raise self._error(f"contexts name others more than {_DEEPEST} deep, at <{iri}>")
        self._number += 1
        if self._number > _MOST:
            raise self._error(f"it needs more than {_MOST} contexts, of which <{iri}> is one")
        document = self._web.document(iri, _ACCEPT, _LONGEST)
        return self._context(self._context_in(iri, document.body), document.address, (*within, iri))

    def _context_in(self, iri: str, body: bytes) -> Any:
        try:
            read = self.read(body)
        except (ValueError, RecursionError) as error:
            raise self._error(f"what is at <{iri}> is no context of JSON-LD ({error})") from error
        if not isinstance(read, dict) or "@context" not in read:
            raise self._error(f"what is at <{iri}> is no context of JSON-LD: it has no @context")
        return read["@context"]

    def _error(self, reason: str) -> ParseError:
        return ParseError(reason, source=self._source)

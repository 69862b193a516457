"""Which documents of other hosts may be fetched: those at origins that were named, by whatever is given to do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import urldefrag, urljoin

from ..errors import HostError, QueryRefusedError
from .origins import Origin, Target, target_at

OPTION: Final = "--allow-document"
"""What names the hosts whose documents may be fetched."""
MOST_BYTES: Final = 64 * 1024 * 1024
"""How long a document may be: it is kept in memory."""
_MOST_REDIRECTS: Final = 5


class Reply(NamedTuple):
    """What a host answered, whole: its media type, and the address to which it leads instead, if it does."""

    media_type: str
    body: bytes
    location: str | None = None


Fetch: TypeAlias = Callable[[Target, str, int], Reply]
"""Asks for a document, with the header Accept and the most bytes that it may have; raises HostError."""


class Fetched(NamedTuple):
    """A document of another host, and the address at which it was found."""

    address: str
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Web:
    """The documents at the origins that are allowed; none unless named. It can go to another process if `fetch` can."""

    allowed: tuple[Origin, ...] = ()
    fetch: Fetch | None = None

    def document(self, iri: str, accept: str = "*/*", most_bytes: int = MOST_BYTES) -> Fetched:
        """Return the document that an IRI names, by way of redirects between these origins.

        Raises QueryRefusedError where the IRI, or a redirect, leads to another origin, and HostError where the document
        cannot be had.
        """
        address = urldefrag(iri).url
        for _ in range(_MOST_REDIRECTS + 1):
            fetch, target = self._allowed(address, iri)
            try:
                reply = fetch(target, accept, most_bytes)
                if reply.location is None:
                    return Fetched(address, reply.media_type, reply.body)
                address = urldefrag(urljoin(address, reply.location)).url
            except HostError as error:
                raise HostError(f"<{iri}> cannot be fetched: {error}") from error
            except ValueError as error:
                raise HostError(f"<{iri}> cannot be fetched: its host leads to what is no address.") from error
        raise HostError(f"<{iri}> cannot be fetched: its host leads on more than {_MOST_REDIRECTS} times.")

    def allows(self, iri: str) -> bool:
        """Whether the document that an IRI names may be fetched; a redirect of it is looked at when it comes."""
        try:
            return target_at(urldefrag(iri).url, self.allowed) is not None
        except ValueError:
            # Of what is no address the standard library says so in this way.
            return False

    def _allowed(self, address: str, iri: str) -> tuple[Fetch, Target]:
        target = target_at(address, self.allowed)
        if target is None or self.fetch is None:
            led = "" if address == urldefrag(iri).url else f", to which <{iri}> leads"
            raise QueryRefusedError(f"<{address}>{led} would be fetched, and may not be. {self.hint}")
        return self.fetch, target

    @property
    def hint(self) -> str:
        """A sentence on what may be fetched."""
        if not self.allowed:
            return f"Documents are fetched from those hosts that {OPTION} names."
        return f"{OPTION} names: {', '.join(map(str, self.allowed))}; an address there has no user, and is in ASCII."


OFFLINE: Final = Web()
"""Nothing may be fetched."""

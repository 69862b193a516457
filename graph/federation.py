"""Which other endpoints a query may ask by SERVICE: those at origins that were named, and through a relay alone."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final, NamedTuple

from ..errors import InputError, QueryRefusedError

_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_PLACE = rf"({_LABEL}(?:\.{_LABEL})*)(?::([0-9]{{1,5}}))?"
_ENTRY = re.compile(rf"(?:(https?)://)?{_PLACE}/?", re.IGNORECASE | re.ASCII)
# No user, no fragment, and nothing that two programs could read in two ways.
_ADDRESS = re.compile(rf"(https?)://{_PLACE}((?:/[\w.~!$&'()*+,;=:@/%-]*)?(?:\?[\w.~!$&'()*+,;=:@/%?-]*)?)",
                      re.IGNORECASE | re.ASCII)  # fmt: skip
_PORTS = {"https": 443, "http": 80}
_PAYLOAD, _UNREADABLE = "with payload:\n", "Parser error"


class Origin(NamedTuple):
    """Where an endpoint is: scheme, host in lower case, and port."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        scheme = "" if self.scheme == "https" else f"{self.scheme}://"
        return f"{scheme}{self.host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")


class Target(NamedTuple):
    """An endpoint: its origin, and the path there, with what follows a question mark."""

    origin: Origin
    path: str


def origin(entry: str) -> Origin:
    """Return the origin that is named by `HOST` or `HOST:PORT`, and is asked by HTTPS unless it begins with `http://`.

    Without a port it is 443, or 80 for HTTP. Raises InputError for anything else.
    """
    found = _origin(match) if (match := _ENTRY.fullmatch(entry)) else None
    if found is None:
        raise InputError(
            f"{entry!r} names no host. Give a name such as example.org or example.org:8443, in ASCII and without a "
            "path; http://example.org for one that is to be asked without encryption."
        )
    return found


@dataclass(frozen=True)
class Endpoints:
    """The origins that may be asked, and where the relay is that asks them; none unless named."""

    allowed: tuple[Origin, ...] = ()
    relay: str = ""

    def target(self, iri: str) -> Target:
        """Return the endpoint that an IRI names; raises QueryRefusedError unless it is at one of these origins."""
        match = _ADDRESS.fullmatch(iri)
        found = _origin(match) if match else None
        if match is None or found not in self.allowed:
            raise QueryRefusedError(f"SERVICE would ask <{iri}>. {self.hint}")
        return Target(found, match[4] if match[4].startswith("/") else f"/{match[4]}")

    @property
    def hint(self) -> str:
        """A sentence on what may be asked."""
        if not self.allowed:
            return "`diplograph serve` and `diplograph query` ask those hosts that --allow-service names."
        return f"Allowed is an IRI without user and fragment at: {', '.join(map(str, self.allowed))}."

    def address(self, iri: str) -> str:
        """Return the address at which the relay asks an endpoint."""
        return f"{self.relay}/{urlsafe_b64encode(iri.encode()).decode()}"

    def told(self, said: str) -> str | None:
        """Return what the relay tells in an engine's error, None where the error is of something else."""
        if self.relay and self.relay in said:
            return said.partition(_PAYLOAD)[2] or "An endpoint that SERVICE asks did not answer."
        if self.relay and said.startswith(_UNREADABLE):
            return f"What SERVICE was answered is no SPARQL results: {said}."
        return None


CLOSED: Final = Endpoints()
"""No other endpoint may be asked."""


def iri_in(name: str) -> str:
    """Return the IRI of an endpoint from the last part of its address at the relay; raises ValueError for none."""
    return urlsafe_b64decode(name.encode()).decode()


def _origin(match: re.Match[str]) -> Origin | None:
    scheme, host = (match[1] or "https").lower(), match[2].lower()
    port = int(match[3]) if match[3] else _PORTS[scheme]
    return Origin(scheme, host, port) if 0 < port < 65536 and len(host) < 254 else None

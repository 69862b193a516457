"""Which other endpoints a query may ask by SERVICE: those at origins that were named, and through a relay alone."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

from ..errors import QueryRefusedError
from .origins import Origin, Target, target_at

_PAYLOAD, _UNREADABLE = "with payload:\n", "Parser error"


@dataclass(frozen=True)
class Endpoints:
    """The origins that may be asked, and where the relay is that asks them; none unless named."""

    allowed: tuple[Origin, ...] = ()
    relay: str = ""

    def target(self, iri: str) -> Target:
        """Return the endpoint that an IRI names; raises QueryRefusedError unless it is at one of these origins."""
        if (target := target_at(iri, self.allowed)) is None:
            raise QueryRefusedError(f"SERVICE would ask <{iri}>. {self.hint}")
        return target

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

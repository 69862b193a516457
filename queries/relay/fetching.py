"""Fetching documents of other hosts, as the relay asks endpoints: at addresses that were checked, within bounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ...graph.origins import Target
from ...graph.web import Reply
from .call import USER_AGENT, Asked, Caller

PATIENCE: Final = 30.0
"""How long a document may take, in seconds."""


@dataclass(frozen=True)
class Fetcher:
    """Asks for a document, and for nothing else of its host; what a `Web` fetches by."""

    caller: Caller = field(default_factory=lambda: Caller(PATIENCE))

    def __call__(self, target: Target, accept: str, most_bytes: int) -> Reply:
        """Return what the host answers, or where it leads to; raises HostError."""
        headers = {"Accept": accept, "User-Agent": USER_AGENT}
        return self.caller.reply(target, Asked("GET", most_bytes, headers, may_lead=True))

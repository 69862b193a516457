"""What can be set of a service, once, at its edge."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...graph.federation import CLOSED, Endpoints
from ...graph.web import OFFLINE, Web
from ..workers import Limits


@dataclass(frozen=True)
class Settings:
    """All that a service is told; sizes are in bytes, times in seconds.

    `origins` are those whose pages may read the answers, none unless named. `public_url` is where others find the
    service, if not where it listens: requests under other names are refused then. Without a `token` nothing can be
    changed. SERVICE may ask `endpoints`; changes may fetch documents of the `web`, and queries name them as graphs;
    none unless named.
    """

    location: Path
    limits: Limits
    host: str = "127.0.0.1"
    port: int = 8484
    workers: int = 4
    receptionists: int = 0
    origins: tuple[str, ...] = ()
    public_url: str | None = None
    token: str | None = None
    endpoints: Endpoints = CLOSED
    web: Web = OFFLINE
    largest_query: int = 256 * 1024
    largest_document: int = 64 * 1024 * 1024
    largest_address: int = 64 * 1024
    largest_head: int = 96 * 1024
    most_headers: int = 64
    patience_for_request: float = 10
    patience_at_end: float = 10
    patience_for_change: float = 600
    memory_for_change: int = 4 * 1024 * 1024 * 1024
    kept_answers: int = 64 * 1024 * 1024
    slow: float = 1
    most_connections: int = 1000

"""Stores as a command line opens them, and queries in them that can be given a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ..graph.federation import Endpoints
    from ..graph.origins import Origin
    from ..graph.remote import RemoteSettings
    from ..graph.store import Store


@contextmanager
def opened(location: str, *, create: bool = False, timeout: float | None = None) -> Iterator[Store]:
    """Open the store at a location."""
    import logging

    from ..graph.opening import open_store

    # rdflib tells of each literal that does not fit its datatype; `diplograph validate` tells it in plain words.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    with open_store(location, create=create, remote=_remote_settings(timeout) if "://" in location else None) as store:
        yield store


def _remote_settings(timeout: float | None) -> RemoteSettings:
    from ..graph.remote import RemoteSettings

    given = click.get_current_context().find_root().params
    return RemoteSettings(
        timeout=given["endpoint_timeout"] if timeout is None else timeout,
        user=given["endpoint_user"],
        password=os.environ.get("DIPLOGRAPH_ENDPOINT_PASSWORD"),
        update_url=given["endpoint_update"],
        graph_store_url=given["endpoint_graphs"],
    )


@contextmanager
def relaying(services: tuple[Origin, ...], seconds: float) -> Iterator[Endpoints]:
    """Have endpoints at these origins asked for queries, which may take a time; where there is none, nothing runs."""
    from ..graph.federation import CLOSED

    if not services:
        yield CLOSED
        return
    from ..queries.relay import Relay

    # So much less than a query that it can still be told which endpoint took long.
    with Relay(services, 0.9 * seconds) as relay:
        yield relay.endpoints


def limited_to(
    location: str, timeout: float | None, function: Callable[..., str | bytes], *arguments: Any
) -> str | bytes:
    """Return what a function makes of the view of a store, in a process that can be ended if there is a timeout."""
    from ..queries.workers import Limits, limited

    if timeout is None or "://" in location:
        with opened(location, timeout=timeout) as store:
            return function(store.view(), *arguments)
    if location == ":memory:":
        raise click.UsageError("--query-timeout goes with a store in a directory or an endpoint.")

    return limited(Path(location), Limits(timeout, memory=None, rows=None, bytes=None), function, *arguments)

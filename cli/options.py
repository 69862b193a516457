"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from ..graph.origins import Origin
    from ..graph.web import Web

Command = TypeVar("Command", bound=Callable[..., Any])

TABLE_FORMATS = ("table", "markdown", "csv", "tsv", "json")


def store_option(command: Command) -> Command:
    """Give a command the store it works on."""
    return click.option(
        "--store",
        "location",
        default="diplograph.db",
        envvar="DIPLOGRAPH_STORE",
        show_default=True,
        metavar="LOCATION",
        help="The store: a directory, :memory:, or the URL of a SPARQL endpoint.",
    )(command)


def format_option(formats: Iterable[str], default: str) -> Callable[[Command], Command]:
    """Return what gives a command the choice of how it prints."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(list(formats)),
        default=default,
        show_default=True,
        help="How to print it.",
    )


def timeout_option(command: Command) -> Command:
    """Give a command the time that its query may take."""
    return click.option(
        "--query-timeout",
        "timeout",
        type=click.FloatRange(0, min_open=True),
        envvar="DIPLOGRAPH_QUERY_TIMEOUT",
        metavar="SECONDS",
        help="End the query after this time; not with a store in memory.",
    )(command)


def service_option(command: Command) -> Command:
    """Give a command the hosts that its queries may ask by SERVICE."""
    return click.option(
        "--allow-service",
        "services",
        multiple=True,
        metavar="HOST[:PORT]",
        callback=_origins,
        help="Let SERVICE ask this host, by HTTPS unless it begins with http://; may be repeated. None unless named.",
    )(command)


def document_option(command: Command) -> Command:
    """Give a command the hosts whose documents it may fetch."""
    return click.option(
        "--allow-document",
        "web",
        multiple=True,
        metavar="HOST[:PORT]",
        envvar="DIPLOGRAPH_ALLOW_DOCUMENT",
        callback=_web,
        help="Fetch documents of this host, for LOAD in updates, FROM in queries and as JSON-LD contexts, by HTTPS "
        "unless it begins with http://; may be repeated. None unless named.",
    )(command)


def _web(context: click.Context, parameter: click.Parameter, entries: Iterable[str]) -> Web:
    from ..graph.web import OFFLINE, Web

    if not entries:
        return OFFLINE
    from ..queries.relay import Fetcher

    return Web(_origins(context, parameter, entries), Fetcher())


def _origins(_: click.Context, __: click.Parameter, entries: Iterable[str]) -> tuple[Origin, ...]:
    # Most commands are given none.
    if not entries:
        return ()
    from ..errors import InputError
    from ..graph.origins import origin

    try:
        return tuple(dict.fromkeys(map(origin, entries)))
    except InputError as error:
        raise click.BadParameter(str(error)) from error


def output_option(command: Command) -> Command:
    """Give a command the file it writes to."""
    return click.option(
        "-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of standard output."
    )(command)

"""Commands for programs: the service over HTTP, and completion in a shell."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import get_completion_class

from .options import document_option, service_option, store_option
from .program import diplograph
from .stores import relaying

if TYPE_CHECKING:
    from ..graph.origins import Origin
    from ..graph.web import Web


@diplograph.command()
@store_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0 for all.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8484, show_default=True, help="0 takes any that is free."
)
@click.option("--public-url", metavar="URL", help="Where others find the service, if a proxy stands before it.")
@click.option("--workers", type=click.IntRange(1), default=4, show_default=True, help="How many queries run at once.")
@click.option("--receptionists", type=click.IntRange(0), metavar="N",
              help="Processes beside the server that answer the shortest queries, and those that come again.  "
              "[default: one for each further processor, at most 3]")  # fmt: skip
@click.option("--query-timeout", type=click.FloatRange(0.01), default=30.0, show_default=True, metavar="SECONDS",
              envvar="DIPLOGRAPH_QUERY_TIMEOUT", help="The longest that an answer may take.")  # fmt: skip
@click.option("--query-memory", type=click.IntRange(64), default=1024, show_default=True, metavar="MB",
              envvar="DIPLOGRAPH_QUERY_MEMORY", help="The most memory that an answer may take.")  # fmt: skip
@click.option("--query-rows", type=click.IntRange(1), default=10_000_000, show_default=True, metavar="N",
              envvar="DIPLOGRAPH_QUERY_ROWS", help="The most rows of an answer.")  # fmt: skip
@click.option("--query-bytes", type=click.IntRange(1), default=4 * 1024**3, show_default=True, metavar="N",
              envvar="DIPLOGRAPH_QUERY_BYTES", help="The most bytes of an answer.")  # fmt: skip
@click.option("--origin", "origins", multiple=True, metavar="URL",
              help="A web site whose pages may read the answers; may be repeated.")  # fmt: skip
@service_option
@document_option
@click.option("--updates", is_flag=True,
              help="Let whoever has the token put, add to and delete documents, also by SPARQL Update.")  # fmt: skip
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE",
              help="Holds the token for --updates; else DIPLOGRAPH_TOKEN does.")  # fmt: skip
def serve(location: str, host: str, port: int, public_url: str | None, workers: int, receptionists: int | None,
          query_timeout: float, query_memory: int, query_rows: int, query_bytes: int, origins: tuple[str, ...],
          services: tuple[Origin, ...], web: Web, updates: bool, token_file: Path | None) -> None:  # fmt: skip
    """Serve the store over HTTP: SPARQL, graphs, named questions and pages. Read-only, for this machine alone.

    Interrupt it to end; what is being answered then is finished first.
    """
    from ..graph.opening import disk_store
    from ..queries.server import Settings, serve
    from ..queries.workers import Limits

    if token_file and not updates:
        raise click.UsageError("--token-file goes with --updates.")
    disk_store(Path(location), create=False).close()
    settings = Settings(
        location=Path(location),
        limits=Limits(query_timeout, query_memory * 1024 * 1024, query_rows, query_bytes),
        host=host,
        port=port,
        workers=workers,
        receptionists=min(3, (os.cpu_count() or 1) - 1) if receptionists is None else receptionists,
        origins=origins,
        public_url=public_url,
        token=_token(token_file) if updates else None,
        web=web,
    )
    with relaying(services, query_timeout) as endpoints:
        serve(
            replace(settings, endpoints=endpoints),
            lambda url: click.echo(f"{location} is served at {url}", err=True),
        )


def _token(file: Path | None) -> str:
    from ..graph.files import file_text

    token = file_text(file).strip() if file else os.environ.get("DIPLOGRAPH_TOKEN", "")
    if len(token) < 16 or not token.isascii() or not token.isprintable() or " " in token:
        raise click.UsageError(
            "--updates needs a token of at least 16 ASCII characters without spaces, in the file that --token-file "
            "names or in DIPLOGRAPH_TOKEN."
        )
    return token


@diplograph.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that makes SHELL complete commands and question names."""
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click knows each of the choices
    click.echo(kind(diplograph, {}, "diplograph", "_DIPLOGRAPH_COMPLETE").source())

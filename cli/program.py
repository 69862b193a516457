"""The program: its commands in one group, and what it ends with."""

from __future__ import annotations

import os
import sys

import click

from ..errors import DiplographError, HostError, LimitError, NotFoundError, ServiceError, StoreError


def main() -> None:
    """Run the command line and exit: 0 done, 1 input, 2 usage, 3 not found, 4 a limit, 5 store or endpoint failed."""
    try:
        diplograph.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except DiplographError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(exit_code(error))
    except BrokenPipeError:
        # Whoever read the output has had enough; nothing more can be said on it, at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        # Everything else that is opened says so itself.
        click.echo(f"Error: Standard output cannot be written: {error.strerror}.", err=True)
        sys.exit(1)


def exit_code(error: DiplographError) -> int:
    """Return what the program ends with after an error."""
    if isinstance(error, NotFoundError):
        return 3
    if isinstance(error, LimitError):
        return 4
    return 5 if isinstance(error, StoreError | ServiceError | HostError) else 1


@click.group(context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "DIPLOGRAPH"})
@click.version_option(package_name="diplograph", message="%(prog)s %(version)s")
@click.option(
    "--endpoint-timeout",
    type=click.FloatRange(0, min_open=True),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="Where the store is an endpoint: how long one question or change may take.",
)
@click.option("--endpoint-user", metavar="NAME", help="Who asks it; the password is in DIPLOGRAPH_ENDPOINT_PASSWORD.")
@click.option("--endpoint-update", metavar="URL", help="Where it takes changes, if its own URL does not tell.")
@click.option("--endpoint-graphs", metavar="URL", help="Where it takes whole graphs, if its own URL does not tell.")
def diplograph(endpoint_timeout: float, endpoint_user: str | None, endpoint_update: str | None,
               endpoint_graphs: str | None) -> None:  # fmt: skip
    """A knowledge graph of diplomacy in which every fact can say who says so.

    Begin with `diplograph demo`.
    """

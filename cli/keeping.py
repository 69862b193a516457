"""Commands that copy a store and bring it back."""

from __future__ import annotations

from pathlib import Path

import click

from .options import store_option
from .program import diplograph


@diplograph.command()
@click.argument("directory", type=click.Path(path_type=Path))
@store_option
def backup(directory: Path, location: str) -> None:
    """Copy the store to DIRECTORY, as it is now; a store that is there already gets this state."""
    from ..graph.opening import disk_store

    with disk_store(Path(location), create=False) as store:
        store.backup(directory)
    click.echo(f"{directory}: a copy of {location}")


@diplograph.command()
@click.argument("directory", type=click.Path(path_type=Path))
@store_option
@click.confirmation_option(prompt="What the store holds now will be replaced. Go on?", help="Do not ask first.")
def restore(directory: Path, location: str) -> None:
    """Make the store what the backup in DIRECTORY is."""
    from ..graph.opening import disk_store

    with disk_store(directory, create=False), disk_store(Path(location)) as store:
        store.restore(directory)
    click.echo(f"{location}: restored from {directory}")

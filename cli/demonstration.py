"""The command that shows what this is."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import OutputError
from .output import terminal_width
from .program import diplograph


@diplograph.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=".", help="Where to leave the results."
)
def demo(out: Path) -> None:
    """Build the example graph, ask it, draw it and export it, in a few seconds and offline."""
    from ..graph.export import exported
    from ..graph.files import write_file
    from ..graph.loading import PACKAGED, load, packaged_sources
    from ..graph.opening import open_store
    from ..queries.engine import ask
    from ..viz.network import network
    from ..viz.page import page

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{out} cannot be made: {error.strerror}.") from error
    with open_store(out / "diplograph.db") as store:
        sources = [source for name in PACKAGED for source in packaged_sources(name)]
        load(store, sources, replace=True)
        click.echo(f"Loaded {sum(source.statements for source in sources):,} statements from {len(sources)} documents:")
        for source in sources:
            click.echo(f"  {source.document}")
        for name, values in (
            ("who-held-post", {"post": "Minister of Foreign Affairs of Azerbaijan", "on": "2023-02-28"}),
            ("meetings-of", {"council": "Russia-Azerbaijan Expert Council"}),
            ("agreements-between", {"a": "Azerbaijan", "b": "Russia"}),
        ):
            typed = " ".join(f'{key}="{value}"' if " " in value else f"{key}={value}" for key, value in values.items())
            click.echo(f"\n> diplograph ask {name} {typed}")
            click.echo(ask(store, name, values).text(terminal_width()), nl=False)
        write_file(out / "graph.ttl", exported(store))
        write_file(out / "graph.html", page(network(store, title="Russia-Azerbaijan Expert Council")).encode())
    click.echo(f"\nThe graph as Turtle: {out / 'graph.ttl'}")
    click.echo(f"The graph to explore in a browser: {out / 'graph.html'}")
    option = "" if out == Path() else f" --store {out / 'diplograph.db'}"
    click.echo(f'\nTry next:\n  diplograph questions\n  diplograph show{option} "Jeyhun Bayramov"')
    click.echo(f'  diplograph draw{option} --around "Sergey Lavrov" -o lavrov.html')

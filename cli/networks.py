"""Commands that draw, measure and follow the network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ..errors import NotFoundError, OutputError
from .arguments import entity_named, pairs, period_of
from .options import TABLE_FORMATS, Command, format_option, output_option, store_option
from .output import printed, put, tell, terminal_width
from .program import diplograph
from .stores import opened

if TYPE_CHECKING:
    import networkx as nx

    from ..graph.store import View


NETWORK_FORMATS = {
    ".graphml": "graphml",
    ".gexf": "gexf",
    ".net": "pajek",
    ".json": "node_link",
    ".csv": "edge_list",
}


def _network_options(command: Command) -> Command:
    for option in reversed(
        (
            click.option("--around", metavar="ENTITY", help="Only what lies near this entity."),
            click.option("--depth", type=click.IntRange(1), default=1, show_default=True, help="How many steps near."),
            click.option("--question", metavar="NAME", help="Only the facts that answer a question; then KEY=VALUE."),
            click.option("--kind", "kinds", multiple=True, help="Only entities of this kind; may be repeated."),
            click.option("--as-of", metavar="DATE", help="Only what can have held on this day, month or year."),
            click.option("--between", nargs=2, metavar="FROM UNTIL", help="Only what can have held in this period."),
            click.argument("values", nargs=-1, metavar="[KEY=VALUE]..."),
        )
    ):
        command = option(command)
    return command


@diplograph.command()
@store_option
@click.option("-o", "--output", type=click.Path(path_type=Path), default="graph.html", show_default=True,
              help="The file: a page, or a figure for a paper if it ends in .svg or .pdf.")  # fmt: skip
@click.option("--title", help="The heading.")
@click.option("--view", "kind_of_view", type=click.Choice(("network", "matrix", "timeline", "bipartite")),
              default="network", show_default=True,
              help="A network, who met whom, what was when, or who was where.")  # fmt: skip
@click.option("--of", metavar="ACTORS", help="Draw people, states, organizations, actors or any by their ties.")
@click.option("--tie", metavar="TIE", help="met, agreement, organization, post, visited, or a kind of facts.  [met]")
@click.option("--colour-by", default="kind", show_default=True, metavar="NAME",
              help="kind, communities, or another measure of actors.")  # fmt: skip
@click.option("--size-by", default="degree", show_default=True, metavar="NAME", help="A measure of actors.")
@click.option("--thin", metavar="RULE", help="strongest:N ties, ties with facts:N or more, core:N, or none.")
@click.option("--most", type=click.IntRange(2), help="How many actors and meetings other views show.  [40]")
@click.option("--side-by-side", is_flag=True, help="Compare the two times of --between: dates, or 2001/2008.")
@_network_options
def draw(location: str, output: Path, side_by_side: bool, kind_of_view: str, values: tuple[str, ...],
         as_of: str | None, between: tuple[str, str] | None, **options: Any) -> None:  # fmt: skip
    """Draw the network, who met whom, or what was when, as one interactive HTML page that needs no internet."""
    from ..graph.files import write_file
    from ..viz.drawing import Drawing, drawn
    from ..viz.selection import Selection

    forms: dict[str, Literal["svg", "pdf"]] = {".svg": "svg", ".pdf": "pdf"}
    if side_by_side and not between:
        raise click.UsageError("--side-by-side goes with --between and two times.")
    if values and not options["question"]:
        raise click.UsageError(f"{values[0]!r} goes with --question.")
    chosen = {name: options.pop(name) for name in ("question", "around", "depth", "kinds")}
    period = period_of(as_of, None if side_by_side else between)
    drawing = Drawing(
        view=kind_of_view,
        selection=Selection(values=pairs(values), period=period, **chosen),
        pair=between if side_by_side else None,
        **options,
    )
    with opened(location) as store:
        content, told = drawn(store.view(), drawing, forms.get(output.suffix.lower(), "html"))
    write_file(output, content)
    click.echo(f"{output}: {told}")


@diplograph.command()
@store_option
@output_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(sorted({*NETWORK_FORMATS.values(), *TABLE_FORMATS, "turtle"})),
    help="Told by the file name.",
)
@click.option("--of", metavar="ACTORS", help="A network of people, states, organizations, actors or any by their ties.")
@click.option("--tie", metavar="TIE", help="met, agreement, organization, post, visited, or a kind of facts.  [met]")
@click.option("--measure", "measures", multiple=True, metavar="NAME", help="Reckon a measure; may be repeated.")
@click.option("--through", type=click.Choice(("representation", "nationality")), default="representation",
              show_default=True, help="By whom states are where people are.")  # fmt: skip
@click.option("--compared-with", nargs=2, metavar="FROM UNTIL", help="What has changed since this earlier period.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="The rows of a table, at most.")
@_network_options
def network(location: str, output: Path | None, format_: str | None, of: str | None, tie: str | None,
            measures: tuple[str, ...], through: str, compared_with: tuple[str, str] | None, limit: int,
            **selection: Any) -> None:  # fmt: skip
    """Write the network for Gephi, igraph and others: GraphML, GEXF, Pajek, node-link JSON or a CSV edge list.

    With --of, --tie or --measure, a network of actors by their ties, and what it comes to in numbers: as a table, or in
    a file as one of the formats, CSV (.csv) and Turtle (.ttl) of the measures included. Of all measures tells
    `diplograph measures`.
    """
    from ..viz import interchange

    if of or tie or measures or compared_with:
        unfit = [name for name in ("around", "question", "kinds", "values") if selection.get(name)]
        if unfit:
            raise click.UsageError(f"--{unfit[0].rstrip('s')} does not go with --of, --tie or --measure.")
        period = period_of(selection["as_of"], selection["between"])
        with opened(location) as store:
            _networked(store.view(), (tie or "met", of or "people", through), measures, (period, compared_with),
                       (output, format_, limit))  # fmt: skip
        return
    chosen = format_ or (NETWORK_FORMATS.get(output.suffix.lower()) if output else "graphml")
    if chosen is None:
        raise OutputError(f"{output}: no network format has this extension. Use one of {', '.join(NETWORK_FORMATS)}.")
    if chosen not in NETWORK_FORMATS.values():
        raise click.UsageError(f"--format {chosen} goes with --of, --tie or --measure.")
    with opened(location) as store:
        graph = _selected(store.view(), **selection)
    put(getattr(interchange, chosen)(graph), output)


def _networked(
    view: View,
    wanted: tuple[str, str, str],
    measures: Sequence[str],
    periods: tuple[tuple[str, str] | None, ...],
    out: tuple[Path | None, str | None, int],
) -> None:
    """Print or write a network of actors, what it comes to, or what has changed in it."""
    from ..viz import interchange, tables
    from ..viz.change import change
    from ..viz.measures import measured
    from ..viz.ties import ties
    from ..viz.timeline import period

    (tie, of, through), (output, format_, limit) = wanted, out
    now, before = (period(*each) if each else None for each in periods)
    table = view.edges()
    found = ties(table, tie, of, during=now, through=through)
    suffix = output.suffix.lower() if output else ""
    chosen = format_ or {".ttl": "turtle", ".tsv": "tsv"}.get(suffix) or NETWORK_FORMATS.get(suffix, "table")
    if suffix == ".csv" and not format_ and (measures or before):
        chosen = "csv"
    rows = limit if chosen in ("table", "markdown") else None
    if before:
        earlier = ties(table, tie, of, during=before, through=through)
        shown = [change(earlier, found).table(view, rows)]
    else:
        values = measured(found, measures)
        if chosen == "turtle":
            put(tables.turtle(found, values, now), output)
            return
        if chosen in NETWORK_FORMATS.values():
            put(getattr(interchange, chosen)(tables.drawable(view, found, values.get("actor", {}))), output)
            return
        shown = [tables.network_table(view, values["network"])] if "network" in values else []
        if "actor" in values:
            shown.append(tables.actor_table(view, found, values["actor"], rows))
        if "tie" in values or not values:
            shown.append(tables.tie_table(view, found, values.get("tie", {}), rows))
    if chosen in NETWORK_FORMATS.values():
        raise click.UsageError("What has changed is a table: table, markdown, csv, tsv or json.")
    if not any(shown):
        raise NotFoundError(f"No two of the {of} are tied here by {tie}.")
    put("\n".join(printed(each, chosen, terminal_width()) for each in shown), output)
    if rows and any(len(each) == rows for each in shown):
        click.echo("Say --limit for more.", err=True)


def _selected(view: View, values: Sequence[str], as_of: str | None, between: tuple[str, str] | None,
              title: str = "Diplograph", **conditions: Any) -> nx.MultiDiGraph[str]:  # fmt: skip
    from ..viz.selection import Selection, selected

    if values and not conditions["question"]:
        raise click.UsageError(f"{values[0]!r} goes with --question.")
    chosen = Selection(values=pairs(values), period=period_of(as_of, between), **conditions)
    return selected(view, chosen, title=title)


@diplograph.command()
@click.argument("name", required=False)
def measures(name: str | None) -> None:
    """List the measures of networks, or define one: what it is, by whom, and what it means here."""
    from ..viz.measures import MEASURES, measure_called

    if name is not None:
        click.echo(measure_called(name).definition)
        return
    width = max(map(len, MEASURES))
    for each in sorted(MEASURES.values(), key=lambda each: (each.about, each.name)):
        click.echo(f"{each.about:<8} {each.name:<{width}}  {each.summary}")


@diplograph.command()
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@store_option
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only by facts of this kind; may be repeated.")
@click.option("--as-of", metavar="DATE", help="Only by what can have held on this day, month or year.")
@click.option("--between", nargs=2, metavar="FROM UNTIL", help="Only by what can have held in this period.")
@click.option("--strongest", type=click.Choice(("evidence", "recency")), help="The strongest way, not the shortest.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Draw it as a page to this file, too.")
@format_option(("text", "json"), "text")
def path(start: str, end: str, location: str, kinds: tuple[str, ...], as_of: str | None,
         between: tuple[str, str] | None, strongest: Literal["evidence", "recency"] | None, output: Path | None,
         format_: str) -> None:  # fmt: skip
    """Show how FROM and TO are connected: each step with its fact and who says so.

    By the fewest steps; with --strongest, by the way whose weakest step the most documents state, or whose oldest step
    is the most recent.
    """
    from ..graph.entities import labels
    from ..graph.files import write_file
    from ..viz.network import network
    from ..viz.page import page
    from ..viz.paths import path
    from ..viz.timeline import period

    chosen = period_of(as_of, between)
    with opened(location) as store:
        view = store.view()
        ends = entity_named(view, start), entity_named(view, end)
        during = period(*chosen) if chosen else None
        steps = path(view, *ends, kinds=kinds, during=during, strongest=strongest)
        called = labels(view, ends)
        if output:
            title = f"{called[ends[0]]} to {called[ends[1]]}"
            write_file(output, page(network(view, [step.fact for step in steps], title=title)).encode())
    head = f"{called[ends[0]]} to {called[ends[1]]}: {len(steps)} {'step' if len(steps) == 1 else 'steps'}\n"
    tell([step.as_dict() for step in steps], head + "".join(step.text() for step in steps), format_)

"""The command line: a thin skin over the library, and the only place that prints or exits."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click
from click.shell_completion import CompletionItem, get_completion_class

from .errors import (
    DiplographError,
    InputError,
    LimitError,
    NotFoundError,
    OutputError,
    ParameterError,
    StoreError,
    UnknownDocumentError,
    ValidationError,
)

if TYPE_CHECKING:
    import networkx as nx
    from rdflib import URIRef

    from .graph.formats import Syntax
    from .graph.remote import RemoteSettings
    from .graph.store import Store, View
    from .queries.results import Table

Command = TypeVar("Command", bound=Callable[..., Any])

TABLE_FORMATS = ("table", "markdown", "csv", "tsv", "json")
NETWORK_FORMATS = {
    ".graphml": "graphml",
    ".gexf": "gexf",
    ".net": "pajek",
    ".json": "node_link",
    ".csv": "edge_list",
}


def main() -> None:
    """Run the command line and exit: 0 done, 1 input, 2 usage, 3 nothing found, 4 a limit, 5 the store failed."""
    try:
        diplograph.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except DiplographError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(_exit_code(error))
    except BrokenPipeError:
        # Whoever read the output has had enough; nothing more can be said on it, at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        # Everything else that is opened says so itself.
        click.echo(f"Error: Standard output cannot be written: {error.strerror}.", err=True)
        sys.exit(1)


def _exit_code(error: DiplographError) -> int:
    if isinstance(error, NotFoundError):
        return 3
    if isinstance(error, LimitError):
        return 4
    return 5 if isinstance(error, StoreError) else 1


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


def _store_option(command: Command) -> Command:
    return click.option(
        "--store",
        "location",
        default="diplograph.db",
        envvar="DIPLOGRAPH_STORE",
        show_default=True,
        metavar="LOCATION",
        help="The store: a directory, :memory:, or the URL of a SPARQL endpoint.",
    )(command)


def _format_option(formats: Iterable[str], default: str) -> Callable[[Command], Command]:
    return click.option(
        "--format",
        "format_",
        type=click.Choice(list(formats)),
        default=default,
        show_default=True,
        help="How to print it.",
    )


def _timeout_option(command: Command) -> Command:
    return click.option(
        "--query-timeout",
        "timeout",
        type=click.FloatRange(0, min_open=True),
        envvar="DIPLOGRAPH_QUERY_TIMEOUT",
        metavar="SECONDS",
        help="End the query after this time; not with a store in memory.",
    )(command)


def _output_option(command: Command) -> Command:
    return click.option(
        "-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of standard output."
    )(command)


@diplograph.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=".", help="Where to leave the results."
)
def demo(out: Path) -> None:
    """Build the example graph, ask it, draw it and export it, in a few seconds and offline."""
    from .graph.export import exported
    from .graph.files import write_file
    from .graph.loading import PACKAGED, load, packaged_sources
    from .graph.opening import open_store
    from .queries.engine import ask
    from .viz.network import network
    from .viz.page import page

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
            click.echo(ask(store, name, values).text(_width()), nl=False)
        write_file(out / "graph.ttl", exported(store))
        write_file(out / "graph.html", page(network(store, title="Russia-Azerbaijan Expert Council")).encode())
    click.echo(f"\nThe graph as Turtle: {out / 'graph.ttl'}")
    click.echo(f"The graph to explore in a browser: {out / 'graph.html'}")
    option = "" if out == Path() else f" --store {out / 'diplograph.db'}"
    click.echo(f'\nTry next:\n  diplograph questions\n  diplograph show{option} "Jeyhun Bayramov"')
    click.echo(f'  diplograph draw{option} --around "Sergey Lavrov" -o lavrov.html')


@diplograph.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@_store_option
@click.option("--format", "format_", metavar="FORMAT", help="The RDF syntax, where file names do not tell it.")
@click.option("--document", metavar="NAME", help="The document's IRI or short name; only with a single file.")
@click.option("--replace", is_flag=True, help="Replace a document of the same name that came from another file.")
@click.option("--reference", is_flag=True, help="Load the reference graph of the world's states too.")
@click.option("--check", is_flag=True, help="Refuse facts that violate the vocabulary's shapes.")
def load(
    files: tuple[Path, ...],
    location: str,
    format_: str | None,
    document: str | None,
    replace: bool,
    reference: bool,
    check: bool,
) -> None:
    """Load RDF FILES (ttl, nt, nq, trig, rdf, jsonld; also .gz, .bz2, .xz, .zst), each as a document: all, or none."""
    from .graph.formats import syntax_named
    from .graph.loading import file_sources, load, packaged_sources

    if not files and not reference:
        raise click.UsageError("Name at least one file, or say --reference.")
    if document and len(files) != 1:
        raise click.UsageError("--document goes with exactly one file.")
    syntax = syntax_named(format_) if format_ else None
    name = _document(document) if document else None
    sources = packaged_sources("states") if reference else []
    for path in _progress(files, "Reading"):
        sources += file_sources(path, syntax=syntax, document=name)
    with _open(location, create=True) as store, _progress_of(len(sources), "Loading") as step:
        load(store, sources, replace=replace, check=check, done=step)
    for source in sources:
        click.echo(f"{source.document}: {source.statements:,} statements from {source.origin}")


@diplograph.command("import")
@click.argument("origin", type=click.Choice(("historyatstate", "manytreaties", "country-codes", "table")))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@_store_option
@click.option("--map", "mapping", type=click.Path(path_type=Path), help="What a table's columns mean; only with table.")
@click.option("--replace", is_flag=True, help="Replace a table of the same name that came from another file.")
@click.option("--report", type=click.Path(path_type=Path), help="Write all that was left unresolved or unread here.")
@_format_option(("text", "json"), "text")
def import_(origin: str, paths: tuple[Path, ...], location: str, mapping: Path | None, replace: bool,
            report: Path | None, format_: str) -> None:  # fmt: skip
    """Import records of ORIGIN from its files or directories: all of them, or none if it is interrupted.

    \b
    historyatstate  the Office of the Historian's pocom, visits, travels, rdcr
    manytreaties    a directory with agreements_*.csv and parties_*.csv
    country-codes   country-codes.csv: names in six languages and codes
    table           a CSV file of your own, with --map
    """
    from .graph.files import write_file
    from .graph.importing import import_records

    if (mapping is not None) != (origin == "table"):
        raise click.UsageError("--map goes with table, and table needs --map.")
    options = {} if mapping is None else {"mapping": mapping}
    with _open(location, create=True) as store, _stages() as stage:
        done = import_records(store, origin, paths, replace=replace, progress=stage, **options)
    if report:
        write_file(report, done.text(limit=None).encode())
    _tell(done.as_dict(), done.text(), format_)


@diplograph.command()
@click.argument("file", type=click.Path(path_type=Path))
@_store_option
@click.option("--document", metavar="NAME", help="The document, where the whole text's hash does not tell it.")
def attach(file: Path, location: str, document: str | None) -> None:
    """Give a cited document its own text from FILE: hashes are checked, and quotes are shown from then on."""
    from .graph.files import file_text
    from .graph.provenance import attach

    text = file_text(file)
    with _open(location) as store:
        found, passages = attach(store, text, _document(document) if document else None)
    click.echo(f"{found}: {passages} passages have the cited hashes and can be quoted.")


def _complete_question(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from .queries.catalogue import questions

    return [CompletionItem(name, help=q.summary) for name, q in questions().items() if name.startswith(incomplete)]


@diplograph.command()
@click.argument("name", required=False, shell_complete=_complete_question)
@click.option("--sparql", is_flag=True, help="Print the question's SPARQL.")
def questions(name: str | None, sparql: bool) -> None:
    """List the library of named questions, or tell of one: its parameters and an example."""
    from .queries.catalogue import question, questions

    if name is None:
        theme, width = "", max(map(len, questions()))
        for each in questions().values():
            if each.theme != theme:
                theme = each.theme
                click.echo(f"{theme.capitalize()}:")
            click.echo(f"  {each.name:<{width}}  {each.summary}")
        return
    asked = question(name)
    if sparql:
        click.echo(asked.sparql, nl=False)
        return
    click.echo(f"{asked.summary}\n\n{asked.description}\n")
    for parameter in asked.parameters:
        default = f", {parameter.default} unless given" if parameter.default is not None else ""
        click.echo(f"  {parameter.name:<14} {parameter.meaning} ({parameter.kind}{default})")
    click.echo(f"\nExample:\n  diplograph ask {asked.example}")


@diplograph.command()
@click.argument("name", shell_complete=_complete_question)
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]...")
@_store_option
@_format_option(TABLE_FORMATS, "table")
@_output_option
@_timeout_option
def ask(
    name: str, values: tuple[str, ...], location: str, format_: str, output: Path | None, timeout: float | None
) -> None:
    """Answer the named question NAME. Values are names, aliases, short ids or IRIs, and dates."""
    _put(_limited(location, timeout, _asked, name, _pairs(values), format_, _width()), output)


@diplograph.command()
@click.argument("sparql", required=False)
@click.option("--file", "file", type=click.Path(path_type=Path), help="Read the query from this file.")
@_store_option
@click.option("--format", "format_", metavar="FORMAT", default="table", show_default=True,
              help="table, markdown, csv, tsv, json or xml; for a graph an RDF syntax such as turtle.")  # fmt: skip
@click.option("--explain", is_flag=True, help="Say which part takes long, and how to write it better.")
@_output_option
@_timeout_option
def query(sparql: str | None, file: Path | None, location: str, format_: str, explain: bool, output: Path | None,
          timeout: float | None) -> None:  # fmt: skip
    """Run any SPARQL query; SPARQL may be - to read it from standard input."""
    text = _query_text(sparql, file)
    if explain:
        _put(_explained(location, timeout, text), output)
        return
    _put(_limited(location, timeout, _answered, text, format_, _width()), output)


def _explained(location: str, timeout: float | None, sparql: str) -> str:
    """Return what takes long in a query; each part of it is ended after the timeout, where there is one."""
    from .graph.wording import visible
    from .queries.explanation import ended, explanation, measured_text

    with _open(location, timeout=timeout) as store:
        measure = None if timeout is None else ended(lambda part: _limited(location, timeout, measured_text, part))
        told = explanation(store.view(), sparql, measure).text()
    return "".join(f"{visible(line)}\n" for line in told.splitlines())


@diplograph.command()
@click.argument("text")
@_store_option
@click.option("--kind", help="Only entities of this kind, such as Person or Agreement.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many to list at most.")
@_format_option(("table", "json"), "table")
def find(text: str, kind: str | None, location: str, limit: int, format_: str) -> None:
    """Find entities by name, alias, or part of one; where there is none, those with a name like it."""
    import json

    from .graph.wording import visible
    from .queries.finding import found

    with _open(location) as store:
        names = found(store.view(), text, kind, limit)
    if not names.rows:
        raise NotFoundError(f"Nothing has a name with {text!r} in it, or one like it.")
    if format_ == "json":
        click.echo(json.dumps(names.dicts(), ensure_ascii=False, indent=2))
        return
    for row in names.rows:
        also = f" (as {row.name})" if row.name != row.label else ""
        click.echo(visible(f"{'near: ' if names.near else ''}{row.label}{also}  {row.kind}  {row.id}"))
    if names.more:
        click.echo(f"… and {names.more} more; say --limit {limit + names.more}.", err=True)


@diplograph.command()
@click.argument("entity")
@_store_option
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="The latest facts, at most.")
@click.option("--all", "all_", is_flag=True, help="All facts, however many.")
@_format_option(("text", "json"), "text")
def show(entity: str, location: str, limit: int, all_: bool, format_: str) -> None:
    """Show what is known of ENTITY, by date, each line with its sources."""
    import json

    from .graph.description import description

    with _open(location) as store:
        told = description(store, _entity(store.view(), entity), None if all_ else limit)
    click.echo(
        json.dumps(told.as_dict(), ensure_ascii=False, indent=2) + "\n" if format_ == "json" else told.text(), nl=False
    )
    if told.earlier:
        click.echo("Say --limit for more facts, or --all.", err=True)


@diplograph.command()
@_store_option
@_output_option
@click.option("--format", "format_", metavar="FORMAT", help="turtle, trig, ntriples, nquads, jsonld or rdfxml.")
@click.option("--document", metavar="NAME", help="Only what this document states.")
@click.option("--entity", metavar="NAME", help="Only what is said of this entity, with the evidence.")
@click.option("--query", "file", type=click.Path(path_type=Path), help="Only what this CONSTRUCT query makes.")
@click.option("--quotations", is_flag=True, help="With the quotations of attached texts.")
def export(location: str, output: Path | None, format_: str | None, document: str | None, entity: str | None,
           file: Path | None, quotations: bool) -> None:  # fmt: skip
    """Export the graph: readable Turtle unless told otherwise, the same bytes for the same graph."""
    from .graph.export import exported, exported_document, exported_entity, exported_query

    if sum(part is not None for part in (document, entity, file)) > 1:
        raise click.UsageError("--document, --entity and --query exclude each other.")
    if quotations and (document or entity or file):
        raise click.UsageError("--quotations goes with the whole graph.")
    syntax = _syntax(format_, output)
    with _open(location) as store:
        if document:
            data = exported_document(store, _document(document), syntax)
        elif entity:
            data = exported_entity(store, _entity(store.view(), entity), syntax)
        elif file:
            data = exported_query(store, _query_text(None, file), syntax)
        else:
            data = exported(store, syntax, quotations=quotations)
    _put(data, output)


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
@_store_option
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
    from .graph.files import write_file
    from .viz.drawing import Drawing, drawn
    from .viz.selection import Selection

    forms: dict[str, Literal["svg", "pdf"]] = {".svg": "svg", ".pdf": "pdf"}
    if side_by_side and not between:
        raise click.UsageError("--side-by-side goes with --between and two times.")
    if values and not options["question"]:
        raise click.UsageError(f"{values[0]!r} goes with --question.")
    chosen = {name: options.pop(name) for name in ("question", "around", "depth", "kinds")}
    period = _period(as_of, None if side_by_side else between)
    drawing = Drawing(
        view=kind_of_view,
        selection=Selection(values=_pairs(values), period=period, **chosen),
        pair=between if side_by_side else None,
        **options,
    )
    with _open(location) as store:
        content, told = drawn(store.view(), drawing, forms.get(output.suffix.lower(), "html"))
    write_file(output, content)
    click.echo(f"{output}: {told}")


@diplograph.command()
@_store_option
@_output_option
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
    from .viz import interchange

    if of or tie or measures or compared_with:
        unfit = [name for name in ("around", "question", "kinds", "values") if selection.get(name)]
        if unfit:
            raise click.UsageError(f"--{unfit[0].rstrip('s')} does not go with --of, --tie or --measure.")
        period = _period(selection["as_of"], selection["between"])
        with _open(location) as store:
            _networked(store.view(), (tie or "met", of or "people", through), measures, (period, compared_with),
                       (output, format_, limit))  # fmt: skip
        return
    chosen = format_ or (NETWORK_FORMATS.get(output.suffix.lower()) if output else "graphml")
    if chosen is None:
        raise OutputError(f"{output}: no network format has this extension. Use one of {', '.join(NETWORK_FORMATS)}.")
    if chosen not in NETWORK_FORMATS.values():
        raise click.UsageError(f"--format {chosen} goes with --of, --tie or --measure.")
    with _open(location) as store:
        graph = _selected(store.view(), **selection)
    _put(getattr(interchange, chosen)(graph), output)


def _period(as_of: str | None, between: tuple[str, str] | None) -> tuple[str, str] | None:
    if as_of and between:
        raise click.UsageError("--as-of and --between exclude each other.")
    return (as_of, as_of) if as_of else between


def _networked(
    view: View,
    wanted: tuple[str, str, str],
    measures: Sequence[str],
    periods: tuple[tuple[str, str] | None, ...],
    out: tuple[Path | None, str | None, int],
) -> None:
    """Print or write a network of actors, what it comes to, or what has changed in it."""
    from .viz import interchange, tables
    from .viz.change import change
    from .viz.measures import measured
    from .viz.ties import ties
    from .viz.timeline import period

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
            _put(tables.turtle(found, values, now), output)
            return
        if chosen in NETWORK_FORMATS.values():
            _put(getattr(interchange, chosen)(tables.drawable(view, found, values.get("actor", {}))), output)
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
    _put("\n".join(_printed(each, chosen, _width()) for each in shown), output)
    if rows and any(len(each) == rows for each in shown):
        click.echo("Say --limit for more.", err=True)


@diplograph.command()
@click.argument("name", required=False)
def measures(name: str | None) -> None:
    """List the measures of networks, or define one: what it is, by whom, and what it means here."""
    from .viz.measures import MEASURES, measure_called

    if name is not None:
        click.echo(measure_called(name).definition)
        return
    width = max(map(len, MEASURES))
    for each in sorted(MEASURES.values(), key=lambda each: (each.about, each.name)):
        click.echo(f"{each.about:<8} {each.name:<{width}}  {each.summary}")


@diplograph.command()
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@_store_option
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only by facts of this kind; may be repeated.")
@click.option("--as-of", metavar="DATE", help="Only by what can have held on this day, month or year.")
@click.option("--between", nargs=2, metavar="FROM UNTIL", help="Only by what can have held in this period.")
@click.option("--strongest", type=click.Choice(("evidence", "recency")), help="The strongest way, not the shortest.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Draw it as a page to this file, too.")
@_format_option(("text", "json"), "text")
def path(start: str, end: str, location: str, kinds: tuple[str, ...], as_of: str | None,
         between: tuple[str, str] | None, strongest: Literal["evidence", "recency"] | None, output: Path | None,
         format_: str) -> None:  # fmt: skip
    """Show how FROM and TO are connected: each step with its fact and who says so.

    By the fewest steps; with --strongest, by the way whose weakest step the most documents state, or whose oldest step
    is the most recent.
    """
    from .graph.entities import labels
    from .graph.files import write_file
    from .viz.network import network
    from .viz.page import page
    from .viz.paths import path
    from .viz.timeline import period

    chosen = _period(as_of, between)
    with _open(location) as store:
        view = store.view()
        ends = _entity(view, start), _entity(view, end)
        during = period(*chosen) if chosen else None
        steps = path(view, *ends, kinds=kinds, during=during, strongest=strongest)
        called = labels(view, ends)
        if output:
            title = f"{called[ends[0]]} to {called[ends[1]]}"
            write_file(output, page(network(view, [step.fact for step in steps], title=title)).encode())
    head = f"{called[ends[0]]} to {called[ends[1]]}: {len(steps)} {'step' if len(steps) == 1 else 'steps'}\n"
    _tell([step.as_dict() for step in steps], head + "".join(step.text() for step in steps), format_)


@diplograph.command()
@_store_option
@_format_option(("table", "json"), "table")
def sources(location: str, format_: str) -> None:
    """List the documents of the store: title, day of publication, when it was taken in and from where."""
    import json
    from dataclasses import asdict

    from .graph.provenance import documents
    from .graph.wording import visible
    from .ontology.identifiers import shortened

    with _open(location) as store:
        found = documents(store.view())
    if format_ == "json":
        click.echo(json.dumps([asdict(record) for record in found], ensure_ascii=False, indent=2))
        return
    for record in found:
        click.echo(visible(record.title or shortened(record.iri)))
        click.echo(f"  {record.iri}  published {(record.published or 'unknown')[:10]}")
        attached = ", text attached" if record.attached else ""
        click.echo(
            f"  {record.statements:,} statements, taken in {record.taken_in} from {record.loaded_from}{attached}"
        )


@diplograph.command()
@_store_option
@_format_option(TABLE_FORMATS, "table")
def stats(location: str, format_: str) -> None:
    """Count what the store holds, by class."""
    from .queries.engine import query

    with _open(location) as store:
        table = query(
            store,
            "SELECT ?class (COUNT(*) AS ?number) WHERE { ?s a ?class } GROUP BY ?class ORDER BY DESC(?number) ?class",
        )
        size = store.view().size()
    _put(_printed(table, format_, _width()), None)  # type: ignore[arg-type]
    click.echo(f"{size:,} triples in the merged view", err=True)


@diplograph.command()
@_store_option
@click.option("--document", metavar="NAME", help="Only what this document states.")
def validate(location: str, document: str | None) -> None:
    """Check the facts against the vocabulary's shapes; violations give exit code 1."""
    from .graph.oxigraph import rdflib_graph
    from .ontology.identifiers import shortened
    from .ontology.validation import findings

    with _open(location) as store:
        view = store.view()
        name = _document(document) if document else None
        if name is not None and name not in view.graphs():
            raise UnknownDocumentError(name)
        found = findings(rdflib_graph(view.ntriples(name)))
    for finding in found:
        click.echo(f"{finding.severity}: {shortened(str(finding.focus))}: {finding.message}")
    violations = sum(finding.severity == "violation" for finding in found)
    click.echo(f"{violations} violations, {len(found) - violations} other findings", err=True)
    if violations:
        raise ValidationError(f"{violations} violations of the shapes were found.")


@diplograph.command()
@_format_option(("turtle", "markdown", "html"), "turtle")
@_output_option
def vocabulary(format_: str, output: Path | None) -> None:
    """Print the vocabulary: its classes, properties, code lists, shapes and rules."""
    from .graph.export import written_graph
    from .ontology import reference
    from .ontology.documents import published_vocabulary

    if format_ == "turtle":
        _put(written_graph(published_vocabulary()), output)
    else:
        _put(reference.markdown() if format_ == "markdown" else reference.html(), output)


@diplograph.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False, exists=True))
@_format_option(("table", "markdown", "earl"), "table")
@_output_option
def conformance(directory: Path, format_: str, output: Path | None) -> None:
    """Run the W3C's test suites that are in DIRECTORY and print what comes of them.

    DIRECTORY holds copies of the W3C's repositories rdf-tests, data-shapes and rdf-canon. Exit code 1 tells that a test
    failed which is not known to, or passed which is known to fail.
    """
    from .queries.conformance import report
    from .queries.conformance.running import results

    with _without_remarks():
        found = list(results(directory))
    kinds = {"table": report.table, "markdown": report.page, "earl": report.earl}
    _put(kinds[format_](found), output)
    if surprises := report.surprises(found):
        raise InputError(f"{len(surprises)} tests came out otherwise than known: {'; '.join(surprises[:3])}")


@diplograph.group()
def merge() -> None:
    """Say which entities are one: propose, accept or refuse, and take it back. Documents stay as they are."""


@merge.command()
@_store_option
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many to list at most.")
@_format_option(("text", "json"), "text")
def propose(location: str, limit: int, format_: str) -> None:
    """List pairs of persons that may be one, with points and what speaks for and against each. Merges nothing."""
    from dataclasses import asdict

    from .graph.candidates import proposals

    with _open(location) as store:
        found = proposals(store)
    _tell([asdict(each) for each in found[:limit]], "".join(each.text() for each in found[:limit]), format_)
    if len(found) > limit and format_ == "text":
        click.echo(f"… and {len(found) - limit:,} more; say --limit {len(found)}.", err=True)


def _by_option(command: Command) -> Command:
    return click.option("--by", envvar="USER", default="unknown", show_envvar=True, help="Who judges.")(command)


@merge.command()
@click.argument("keep")
@click.argument("other")
@_store_option
@click.option("--reason", default="They are the same.", show_default=True, help="Why they are one.")
@_by_option
def accept(keep: str, other: str, location: str, reason: str, by: str) -> None:
    """Judge that KEEP and OTHER are the same, and show both as KEEP from now on."""
    _judge(location, keep, other, "same", reason, by)


@merge.command()
@click.argument("one")
@click.argument("other")
@_store_option
@click.option("--reason", required=True, help="Why they are two.")
@_by_option
def apart(one: str, other: str, location: str, reason: str, by: str) -> None:
    """Judge that ONE and OTHER are different: they are proposed no more, and cannot be merged."""
    _judge(location, one, other, "different", reason, by)


def _judge(location: str, one: str, other: str, verdict: Literal["same", "different"], reason: str, by: str) -> None:
    from .graph.merging import entity_to_judge, judge
    from .ontology.identifiers import shortened

    with _open(location) as store:
        view = store.view()
        pair = entity_to_judge(view, one), entity_to_judge(view, other)
        judge(store, *pair, verdict, reason=reason, by=by)
    click.echo(f"{shortened(pair[0])} and {shortened(pair[1])}: judged {verdict}")


@merge.command("undo")
@click.argument("one")
@click.argument("other")
@_store_option
def undo_(one: str, other: str, location: str) -> None:
    """Take back what was judged of ONE and OTHER, each named as before it was merged."""
    from .graph.merging import judged_pair, undo
    from .ontology.identifiers import shortened

    with _open(location) as store:
        for each in undo(store, judged_pair(store.view(), one, other)):
            click.echo(f"{shortened(each.keeps)} and {shortened(each.merges)}: no longer judged {each.verdict}")


@merge.command("list")
@_store_option
@_format_option(("text", "json"), "text")
def list_(location: str, format_: str) -> None:
    """List all judgements, with who made them, when and why."""
    from dataclasses import asdict

    from .graph.judgements import judgements

    with _open(location) as store:
        found = judgements(store)
    _tell([asdict(each) for each in found], "".join(each.text() for each in found), format_)


@merge.command()
@_store_option
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="How many left apart to list.")
@_format_option(("text", "json"), "text")
def rules(location: str, limit: int, format_: str) -> None:
    """Merge persons of the same name and post at overlapping dates, where nothing speaks against it; list the rest."""
    from .graph.merging import judge_by_rule

    with _open(location) as store:
        done = judge_by_rule(store)
    _tell(done.as_dict(), done.text(limit), format_)


@diplograph.command()
@click.argument("document")
@_store_option
def forget(document: str, location: str) -> None:
    """Take DOCUMENT back, with exactly what it contributed; what others state too stays."""
    from .graph.loading import forget

    name = _document(document)
    with _open(location) as store:
        forget(store, [name])
    click.echo(f"{name}: forgotten")


@diplograph.command()
@click.argument("directory", type=click.Path(path_type=Path))
@_store_option
def backup(directory: Path, location: str) -> None:
    """Copy the store to DIRECTORY, as it is now; a store that is there already gets this state."""
    from .graph.opening import disk_store

    with disk_store(Path(location), create=False) as store:
        store.backup(directory)
    click.echo(f"{directory}: a copy of {location}")


@diplograph.command()
@click.argument("directory", type=click.Path(path_type=Path))
@_store_option
@click.confirmation_option(prompt="What the store holds now will be replaced. Go on?", help="Do not ask first.")
def restore(directory: Path, location: str) -> None:
    """Make the store what the backup in DIRECTORY is."""
    from .graph.opening import disk_store

    with disk_store(directory, create=False), disk_store(Path(location)) as store:
        store.restore(directory)
    click.echo(f"{location}: restored from {directory}")


@diplograph.command()
@_store_option
def verify(location: str) -> None:
    """Check that the merged view is what the documents say, with the shortcuts that follow, and nothing else."""
    from .graph.verification import verification

    with _open(location) as store:
        found = verification(store)
    if not found.sound:
        example = (*found.missing, *found.unfounded)[0].decode()
        raise StoreError(
            f"The merged view lacks {len(found.missing)} statements and has {len(found.unfounded)} without reason, "
            f"such as {example} Export the documents as TriG and load them into a new store."
        )
    click.echo(
        f"Named graphs: {found.documents}. Statements in the merged view: {found.statements:,}. All as they should be."
    )


@diplograph.command()
@_store_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0 for all.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8484, show_default=True, help="0 takes any that is free."
)
@click.option("--public-url", metavar="URL", help="Where others find the service, if a proxy stands before it.")
@click.option("--workers", type=click.IntRange(1), default=4, show_default=True, help="How many queries run at once.")
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
@click.option("--updates", is_flag=True, help="Let whoever has the token put, add to and delete documents.")
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE",
              help="Holds the token for --updates; else DIPLOGRAPH_TOKEN does.")  # fmt: skip
def serve(location: str, host: str, port: int, public_url: str | None, workers: int, query_timeout: float,
          query_memory: int, query_rows: int, query_bytes: int, origins: tuple[str, ...],
          updates: bool, token_file: Path | None) -> None:  # fmt: skip
    """Serve the store over HTTP: SPARQL, graphs, named questions and pages. Read-only, for this machine alone.

    Interrupt it to end; what is being answered then is finished first.
    """
    from .graph.opening import disk_store
    from .queries.server import Settings, serve
    from .queries.workers import Limits

    if token_file and not updates:
        raise click.UsageError("--token-file goes with --updates.")
    disk_store(Path(location), create=False).close()
    settings = Settings(
        location=Path(location),
        limits=Limits(query_timeout, query_memory * 1024 * 1024, query_rows, query_bytes),
        host=host,
        port=port,
        workers=workers,
        origins=origins,
        public_url=public_url,
        token=_token(token_file) if updates else None,
    )
    serve(settings, lambda url: click.echo(f"{location} is served at {url}", err=True))


def _token(file: Path | None) -> str:
    from .graph.files import file_text

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


@contextmanager
def _without_remarks() -> Iterator[None]:
    """What libraries say of odd texts in a test is part of the test."""
    import logging
    import warnings

    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logging.disable(logging.NOTSET)


@contextmanager
def _open(location: str, *, create: bool = False, timeout: float | None = None) -> Iterator[Store]:
    import logging

    from .graph.opening import open_store

    # rdflib tells of each literal that does not fit its datatype; `diplograph validate` tells it in plain words.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    with open_store(location, create=create, remote=_remote_settings(timeout) if "://" in location else None) as store:
        yield store


def _remote_settings(timeout: float | None) -> RemoteSettings:
    from .graph.remote import RemoteSettings

    given = click.get_current_context().find_root().params
    return RemoteSettings(
        timeout=given["endpoint_timeout"] if timeout is None else timeout,
        user=given["endpoint_user"],
        password=os.environ.get("DIPLOGRAPH_ENDPOINT_PASSWORD"),
        update_url=given["endpoint_update"],
        graph_store_url=given["endpoint_graphs"],
    )


def _selected(view: View, values: Sequence[str], as_of: str | None, between: tuple[str, str] | None,
              title: str = "Diplograph", **conditions: Any) -> nx.MultiDiGraph[str]:  # fmt: skip
    from .viz.selection import Selection, selected

    if values and not conditions["question"]:
        raise click.UsageError(f"{values[0]!r} goes with --question.")
    if as_of and between:
        raise click.UsageError("--as-of and --between exclude each other.")
    period = (as_of, as_of) if as_of else between
    return selected(view, Selection(values=_pairs(values), period=period, **conditions), title=title)


def _entity(view: View, text: str) -> URIRef:
    from .graph.entities import Names

    return Names(view).entity(text)


def _document(text: str) -> URIRef:
    from .ontology.identifiers import document_iri, expanded

    return expanded(text) or document_iri(text)


def _syntax(name: str | None, output: Path | None) -> Syntax:
    from .graph.formats import COMPRESSIONS, syntax_named, syntax_of

    if name:
        return syntax_named(name)
    if output and output.suffix.lower() in COMPRESSIONS:
        raise OutputError(
            f"{output}: exports are not compressed. Leave {output.suffix} away and compress the file then."
        )
    return syntax_of(output) if output and output.suffix else syntax_named("turtle")


def _pairs(values: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for value in values:
        key, equals, text = value.partition("=")
        if not equals:
            raise ParameterError(f"{value!r} is no parameter. Write KEY=VALUE, for example on=2023-02-28.")
        if key in pairs:
            raise ParameterError(f"{key} is given twice, as {pairs[key]!r} and as {text!r}. Give it once.")
        pairs[key] = text
    return pairs


def _query_text(sparql: str | None, file: Path | None) -> str:
    from .graph.files import file_text

    if (sparql is None) == (file is None):
        raise click.UsageError("Give the query as an argument, as - for standard input, or with --file.")
    if file is None:
        text = sys.stdin.buffer.read() if sparql == "-" else os.fsencode(str(sparql))
        try:
            return text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"The query is not UTF-8 text ({error.reason} at byte {error.start}).") from error
    return file_text(file)


def _limited(
    location: str, timeout: float | None, function: Callable[..., str | bytes], *arguments: Any
) -> str | bytes:
    """Return what a function makes of the view of a store, in a process that can be ended if there is a timeout."""
    from .queries.workers import Limits, limited

    if timeout is None or "://" in location:
        with _open(location, timeout=timeout) as store:
            return function(store.view(), *arguments)
    if location == ":memory:":
        raise click.UsageError("--query-timeout goes with a store in a directory or an endpoint.")

    return limited(Path(location), Limits(timeout, memory=None, rows=None, bytes=None), function, *arguments)


def _asked(view: View, name: str, values: dict[str, str], format_: str, width: int) -> str:
    from .queries.engine import ask

    return _printed(ask(view, name, values), format_, width)


def _answered(view: View, sparql: str, format_: str, width: int) -> str | bytes:
    from .graph.export import exported_query
    from .graph.formats import syntax_named
    from .ontology.namespaces import PREFIXES
    from .queries.engine import query
    from .queries.results import Table

    if format_ in ("json", "xml", "csv", "tsv"):
        return view.serialized(sparql, format_, PREFIXES)  # type: ignore[arg-type]
    if format_ not in ("table", "markdown"):
        return exported_query(view, sparql, syntax_named(format_))
    answer = query(view, sparql)
    if isinstance(answer, bool):
        return "yes\n" if answer else "no\n"
    return _printed(answer, format_, width) if isinstance(answer, Table) else exported_query(view, sparql)


def _printed(table: Table, format_: str, width: int) -> str:
    if format_ == "table":
        return table.text(width)
    return table.csv("\t") if format_ == "tsv" else str(getattr(table, format_)())


def _width() -> int:
    return shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 120


def _tell(data: object, text: str, format_: str) -> None:
    """Print what was found as JSON, or in words that cannot steer a terminal."""
    import json

    from .graph.wording import visible

    if format_ == "json":
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for line in text.splitlines():
        click.echo(visible(line))


def _put(data: str | bytes, output: Path | None) -> None:
    from .graph.files import write_file

    if output:
        write_file(output, data.encode() if isinstance(data, str) else data)
    else:
        click.echo(data, nl=not data.endswith("\n" if isinstance(data, str) else b"\n"))  # type: ignore[arg-type]


def _progress(items: Sequence[Path], label: str) -> Iterator[Path]:
    with click.progressbar(items, label=label, file=sys.stderr, hidden=len(items) < 2) as bar:
        yield from bar


@contextmanager
def _progress_of(length: int, label: str) -> Iterator[Callable[[object], None]]:
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=length < 2) as bar:
        yield lambda _: bar.update(1)


@contextmanager
def _stages() -> Iterator[Callable[[str, int, int], None]]:
    """Show the stages of long work one after another, each with its count and the time that is left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def stage(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=done, total=total)

        yield stage

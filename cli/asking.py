"""Commands that ask: named questions, queries, and what is known of one entity."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from ..errors import NotFoundError
from .arguments import entity_named, pairs, query_text
from .options import (
    TABLE_FORMATS,
    document_option,
    format_option,
    output_option,
    service_option,
    store_option,
    timeout_option,
)
from .output import printed, put, terminal_width
from .program import diplograph
from .stores import limited_to, opened, relaying

if TYPE_CHECKING:
    from ..graph.federation import Endpoints
    from ..graph.origins import Origin
    from ..graph.store import View
    from ..graph.web import Web

_PATIENCE = 60.0
"""How long an endpoint may take that SERVICE asks, in seconds, where the query itself has all the time it wants."""


def _complete_question(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from ..queries.catalogue import questions

    return [CompletionItem(name, help=q.summary) for name, q in questions().items() if name.startswith(incomplete)]


@diplograph.command()
@click.argument("name", required=False, shell_complete=_complete_question)
@click.option("--sparql", is_flag=True, help="Print the question's SPARQL.")
def questions(name: str | None, sparql: bool) -> None:
    """List the library of named questions, or tell of one: its parameters and an example."""
    from ..queries.catalogue import question, questions

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
@store_option
@format_option(TABLE_FORMATS, "table")
@output_option
@timeout_option
def ask(
    name: str, values: tuple[str, ...], location: str, format_: str, output: Path | None, timeout: float | None
) -> None:
    """Answer the named question NAME. Values are names, aliases, short ids or IRIs, and dates."""
    put(limited_to(location, timeout, _asked, name, pairs(values), format_, terminal_width()), output)


def _asked(view: View, name: str, values: dict[str, str], format_: str, width: int) -> str:
    from ..queries.engine import ask

    return printed(ask(view, name, values), format_, width)


@diplograph.command()
@click.argument("sparql", required=False)
@click.option("--file", "file", type=click.Path(path_type=Path), help="Read the query from this file.")
@store_option
@click.option("--format", "format_", metavar="FORMAT", default="table", show_default=True,
              help="table, markdown, csv, tsv, json or xml; for a graph an RDF syntax such as turtle.")  # fmt: skip
@click.option("--explain", is_flag=True, help="Say which part takes long, and how to write it better.")
@service_option
@document_option
@output_option
@timeout_option
def query(sparql: str | None, file: Path | None, location: str, format_: str, explain: bool,
          services: tuple[Origin, ...], web: Web, output: Path | None, timeout: float | None) -> None:  # fmt: skip
    """Run any SPARQL query; SPARQL may be - to read it from standard input."""
    if services and (explain or "://" in location):
        raise click.UsageError("--allow-service goes with a store of this machine, and not with --explain.")
    if explain and click.get_current_context().get_parameter_source("web") is ParameterSource.COMMANDLINE:
        raise click.UsageError("--allow-document goes without --explain, which is of what is in the store.")
    text = query_text(sparql, file)
    if explain:
        put(_explained(location, timeout, text), output)
        return
    with relaying(services, timeout or _PATIENCE) as endpoints:
        answer = limited_to(location, timeout, _answered, text, format_, terminal_width(), endpoints, web)
    put(answer, output)


def _answered(view: View, sparql: str, format_: str, width: int, endpoints: Endpoints, web: Web) -> str | bytes:
    from ..graph.elsewhere import view_asked
    from ..graph.export import exported_query
    from ..graph.formats import syntax_named
    from ..graph.scope import Scope
    from ..ontology.namespaces import PREFIXES
    from ..queries.engine import query
    from ..queries.results import Table

    scope = Scope(endpoints=endpoints)
    view = view_asked(view, sparql, PREFIXES, scope, web)
    if format_ in ("json", "xml", "csv", "tsv"):
        return view.serialized(sparql, format_, PREFIXES, scope)  # type: ignore[arg-type]
    if format_ not in ("table", "markdown"):
        return exported_query(view, sparql, syntax_named(format_), scope)
    answer = query(view, sparql, scope)
    if isinstance(answer, bool):
        return "yes\n" if answer else "no\n"
    return printed(answer, format_, width) if isinstance(answer, Table) else exported_query(view, sparql, scope=scope)


def _explained(location: str, timeout: float | None, sparql: str) -> str:
    """Return what takes long in a query; each part of it is ended after the timeout, where there is one."""
    from ..graph.wording import visible
    from ..queries.explanation import ended, explanation, measured_text

    with opened(location, timeout=timeout) as store:
        measure = None if timeout is None else ended(lambda part: limited_to(location, timeout, measured_text, part))
        told = explanation(store.view(), sparql, measure).text()
    return "".join(f"{visible(line)}\n" for line in told.splitlines())


@diplograph.command()
@click.argument("text")
@store_option
@click.option("--kind", help="Only entities of this kind, such as Person or Agreement.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many to list at most.")
@format_option(("table", "json"), "table")
def find(text: str, kind: str | None, location: str, limit: int, format_: str) -> None:
    """Find entities by name, alias, or part of one; where there is none, those with a name like it."""
    import json

    from ..graph.wording import visible
    from ..queries.finding import found

    with opened(location) as store:
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
@store_option
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="The latest facts, at most.")
@click.option("--all", "all_", is_flag=True, help="All facts, however many.")
@format_option(("text", "json"), "text")
def show(entity: str, location: str, limit: int, all_: bool, format_: str) -> None:
    """Show what is known of ENTITY, by date, each line with its sources."""
    import json

    from ..graph.description import description

    with opened(location) as store:
        told = description(store, entity_named(store.view(), entity), None if all_ else limit)
    click.echo(
        json.dumps(told.as_dict(), ensure_ascii=False, indent=2) + "\n" if format_ == "json" else told.text(), nl=False
    )
    if told.earlier:
        click.echo("Say --limit for more facts, or --all.", err=True)


@diplograph.command()
@store_option
@format_option(TABLE_FORMATS, "table")
def stats(location: str, format_: str) -> None:
    """Count what the store holds, by class."""
    from ..queries.engine import query

    with opened(location) as store:
        table = query(
            store,
            "SELECT ?class (COUNT(*) AS ?number) WHERE { ?s a ?class } GROUP BY ?class ORDER BY DESC(?number) ?class",
        )
        size = store.view().size()
    put(printed(table, format_, terminal_width()), None)  # type: ignore[arg-type]
    click.echo(f"{size:,} triples in the merged view", err=True)

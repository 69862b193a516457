"""Commands that judge which entities are one."""

from __future__ import annotations

from typing import Literal

import click

from .options import Command, format_option, store_option
from .output import tell
from .program import diplograph
from .stores import opened


@diplograph.group()
def merge() -> None:
    """Say which entities are one: propose, accept or refuse, and take it back. Documents stay as they are."""


@merge.command()
@store_option
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many to list at most.")
@format_option(("text", "json"), "text")
def propose(location: str, limit: int, format_: str) -> None:
    """List pairs of persons that may be one, with points and what speaks for and against each. Merges nothing."""
    from dataclasses import asdict

    from ..graph.candidates import proposals

    with opened(location) as store:
        found = proposals(store)
    tell([asdict(each) for each in found[:limit]], "".join(each.text() for each in found[:limit]), format_)
    if len(found) > limit and format_ == "text":
        click.echo(f"… and {len(found) - limit:,} more; say --limit {len(found)}.", err=True)


def _by_option(command: Command) -> Command:
    return click.option("--by", envvar="USER", default="unknown", show_envvar=True, help="Who judges.")(command)


@merge.command()
@click.argument("keep")
@click.argument("other")
@store_option
@click.option("--reason", default="They are the same.", show_default=True, help="Why they are one.")
@_by_option
def accept(keep: str, other: str, location: str, reason: str, by: str) -> None:
    """Judge that KEEP and OTHER are the same, and show both as KEEP from now on."""
    _judge(location, keep, other, "same", reason, by)


@merge.command()
@click.argument("one")
@click.argument("other")
@store_option
@click.option("--reason", required=True, help="Why they are two.")
@_by_option
def apart(one: str, other: str, location: str, reason: str, by: str) -> None:
    """Judge that ONE and OTHER are different: they are proposed no more, and cannot be merged."""
    _judge(location, one, other, "different", reason, by)


def _judge(location: str, one: str, other: str, verdict: Literal["same", "different"], reason: str, by: str) -> None:
    from ..graph.merging import entity_to_judge, judge
    from ..ontology.identifiers import shortened

    with opened(location) as store:
        view = store.view()
        pair = entity_to_judge(view, one), entity_to_judge(view, other)
        judge(store, *pair, verdict, reason=reason, by=by)
    click.echo(f"{shortened(pair[0])} and {shortened(pair[1])}: judged {verdict}")


@merge.command("undo")
@click.argument("one")
@click.argument("other")
@store_option
def undo_(one: str, other: str, location: str) -> None:
    """Take back what was judged of ONE and OTHER, each named as before it was merged."""
    from ..graph.merging import judged_pair, undo
    from ..ontology.identifiers import shortened

    with opened(location) as store:
        for each in undo(store, judged_pair(store.view(), one, other)):
            click.echo(f"{shortened(each.keeps)} and {shortened(each.merges)}: no longer judged {each.verdict}")


@merge.command("list")
@store_option
@format_option(("text", "json"), "text")
def list_(location: str, format_: str) -> None:
    """List all judgements, with who made them, when and why."""
    from dataclasses import asdict

    from ..graph.judgements import judgements

    with opened(location) as store:
        found = judgements(store)
    tell([asdict(each) for each in found], "".join(each.text() for each in found), format_)


@merge.command()
@store_option
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="How many left apart to list.")
@format_option(("text", "json"), "text")
def rules(location: str, limit: int, format_: str) -> None:
    """Merge persons of the same name and post at overlapping dates, where nothing speaks against it; list the rest."""
    from ..graph.merging import judge_by_rule

    with opened(location) as store:
        done = judge_by_rule(store)
    tell(done.as_dict(), done.text(limit), format_)

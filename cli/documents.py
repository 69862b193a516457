"""Commands on the documents of a store: taken in, listed, given their texts, and taken back."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from .arguments import document_named, query_text
from .options import document_option, format_option, store_option
from .output import stages, tell
from .program import diplograph
from .stores import opened

if TYPE_CHECKING:
    from rdflib import URIRef

    from ..graph.loading import Source
    from ..graph.web import Web

_LARGE: Final = 5_000_000
"""From this many bytes on, how far a document has come is shown."""


@diplograph.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@store_option
@click.option("--format", "format_", metavar="FORMAT", help="The RDF syntax, where file names do not tell it.")
@click.option("--document", metavar="NAME", help="The document's IRI or short name; only with a single file.")
@click.option("--replace", is_flag=True, help="Replace a document of the same name that came from another file.")
@click.option("--reference", is_flag=True, help="Load the reference graph of the world's states too.")
@click.option("--check", is_flag=True, help="Refuse facts that violate the vocabulary's shapes.")
@document_option
def load(
    files: tuple[Path, ...],
    location: str,
    format_: str | None,
    document: str | None,
    replace: bool,
    reference: bool,
    check: bool,
    web: Web,
) -> None:
    """Load RDF FILES (ttl, nt, nq, trig, rdf, jsonld; also .gz, .bz2, .xz, .zst), each as a document: all, or none."""
    from ..graph.formats import syntax_named
    from ..graph.loading import file_sources, load, packaged_sources
    from ..ontology.identifiers import shortened

    if not files and not reference:
        raise click.UsageError("Name at least one file, or say --reference.")
    if document and len(files) != 1:
        raise click.UsageError("--document goes with exactly one file.")
    syntax = syntax_named(format_) if format_ else None
    name = document_named(document) if document else None
    sources = packaged_sources("states") if reference else []
    with stages() as stage:
        for number, path in enumerate(files):
            stage("Reading", number, len(files))
            sources += file_sources(path, syntax=syntax, document=name, web=web)
            stage("Reading", number + 1, len(files))
        loaded = count(1)

        def done(_: Source) -> None:
            number = next(loaded)
            stage("Loading", number, len(sources))
            if number == len(sources):
                stage("Storing", 0, 0)

        def progress(document: URIRef, done: int, total: int) -> None:
            if total >= _LARGE:
                stage(f"Loading {shortened(document)}, bytes", done, total)

        with opened(location, create=True) as store:
            load(store, sources, replace=replace, check=check, done=done, progress=progress)
        stage("Storing", 1, 1)
    for source in sources:
        click.echo(f"{source.document}: {source.statements:,} statements from {source.origin}")


@diplograph.command("import")
@click.argument("origin", type=click.Choice(("historyatstate", "manytreaties", "country-codes", "table")))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@store_option
@click.option("--map", "mapping", type=click.Path(path_type=Path), help="What a table's columns mean; only with table.")
@click.option("--replace", is_flag=True, help="Replace a table of the same name that came from another file.")
@click.option("--report", type=click.Path(path_type=Path), help="Write all that was left unresolved or unread here.")
@format_option(("text", "json"), "text")
def import_(origin: str, paths: tuple[Path, ...], location: str, mapping: Path | None, replace: bool,
            report: Path | None, format_: str) -> None:  # fmt: skip
    """Import records of ORIGIN from its files or directories: all of them, or none if it is interrupted.

    \b
    historyatstate  the Office of the Historian's pocom, visits, travels, rdcr
    manytreaties    a directory with agreements_*.csv and parties_*.csv
    country-codes   country-codes.csv: names in six languages and codes
    table           a CSV file of your own, with --map
    """
    from ..graph.files import write_file
    from ..graph.importing import import_records

    if (mapping is not None) != (origin == "table"):
        raise click.UsageError("--map goes with table, and table needs --map.")
    options = {} if mapping is None else {"mapping": mapping}
    with opened(location, create=True) as store, stages() as stage:
        done = import_records(store, origin, paths, replace=replace, progress=stage, **options)
    if report:
        write_file(report, done.text(limit=None).encode())
    tell(done.as_dict(), done.text(), format_)


@diplograph.command()
@click.argument("file", type=click.Path(path_type=Path))
@store_option
@click.option("--document", metavar="NAME", help="The document, where the whole text's hash does not tell it.")
def attach(file: Path, location: str, document: str | None) -> None:
    """Give a cited document its own text from FILE: hashes are checked, and quotes are shown from then on."""
    from ..graph.files import file_text
    from ..graph.provenance import attach

    text = file_text(file)
    with opened(location) as store:
        found, passages = attach(store, text, document_named(document) if document else None)
    click.echo(f"{found}: {passages} passages have the cited hashes and can be quoted.")


@diplograph.command()
@store_option
@format_option(("table", "json"), "table")
def sources(location: str, format_: str) -> None:
    """List the documents of the store: title, day of publication, when it was taken in and from where."""
    import json
    from dataclasses import asdict

    from ..graph.provenance import documents
    from ..graph.wording import visible
    from ..ontology.identifiers import shortened

    with opened(location) as store:
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
@click.argument("document")
@store_option
def forget(document: str, location: str) -> None:
    """Take DOCUMENT back, with exactly what it contributed; what others state too stays."""
    from ..graph.loading import forget

    name = document_named(document)
    with opened(location) as store:
        forget(store, [name])
    click.echo(f"{name}: forgotten")


@diplograph.command()
@click.argument("sparql", required=False)
@click.option("--file", "file", type=click.Path(path_type=Path), help="Read the update from this file.")
@store_option
@document_option
@format_option(("text", "json"), "text")
def update(sparql: str | None, file: Path | None, location: str, web: Web, format_: str) -> None:
    """Change documents by SPARQL Update, all of it or nothing; SPARQL may be - to read it from standard input.

    What it changes are documents: GRAPH doc:name { … } around statements, or WITH doc:name before an operation. Each is
    checked against the shapes, and one that is left without statements is forgotten. LOAD <address> INTO GRAPH doc:name
    adds what is at an address, if --allow-document names its host.
    """
    from ..graph.updating import EFFECTS, update

    text = query_text(sparql, file, "update")
    with opened(location) as store:
        effects = update(store, text, web=web)
    told = {effect: [str(each) for each, kind in effects.items() if kind == effect] for effect in EFFECTS}
    lines = "".join(f"{document}: {effect}\n" for document, effect in effects.items())
    tell(told, lines or "No document is changed.\n", format_)

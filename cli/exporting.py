"""Commands that write graphs: what a store holds, and the vocabulary."""

from __future__ import annotations

from pathlib import Path

import click

from .arguments import document_named, entity_named, query_text, syntax_for
from .options import format_option, output_option, store_option
from .output import put
from .program import diplograph
from .stores import opened


@diplograph.command()
@store_option
@output_option
@click.option("--format", "format_", metavar="FORMAT", help="turtle, trig, ntriples, nquads, jsonld or rdfxml.")
@click.option("--document", metavar="NAME", help="Only what this document states.")
@click.option("--entity", metavar="NAME", help="Only what is said of this entity, with the evidence.")
@click.option("--query", "file", type=click.Path(path_type=Path), help="Only what this CONSTRUCT query makes.")
@click.option("--quotations", is_flag=True, help="With the quotations of attached texts.")
def export(location: str, output: Path | None, format_: str | None, document: str | None, entity: str | None,
           file: Path | None, quotations: bool) -> None:  # fmt: skip
    """Export the graph: readable Turtle unless told otherwise, the same bytes for the same graph."""
    from ..graph.export import exported, exported_document, exported_entity, exported_query

    if sum(part is not None for part in (document, entity, file)) > 1:
        raise click.UsageError("--document, --entity and --query exclude each other.")
    if quotations and (document or entity or file):
        raise click.UsageError("--quotations goes with the whole graph.")
    syntax = syntax_for(format_, output)
    with opened(location) as store:
        if document:
            data = exported_document(store, document_named(document), syntax)
        elif entity:
            data = exported_entity(store, entity_named(store.view(), entity), syntax)
        elif file:
            data = exported_query(store, query_text(None, file), syntax)
        else:
            data = exported(store, syntax, quotations=quotations)
    put(data, output)


@diplograph.command()
@format_option(("turtle", "markdown", "html"), "turtle")
@output_option
def vocabulary(format_: str, output: Path | None) -> None:
    """Print the vocabulary: its classes, properties, code lists, shapes and rules."""
    from ..graph.export import written_graph
    from ..ontology import reference
    from ..ontology.documents import published_vocabulary

    if format_ == "turtle":
        put(written_graph(published_vocabulary()), output)
    else:
        put(reference.markdown() if format_ == "markdown" else reference.html(), output)

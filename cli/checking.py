"""Commands that check: facts, the merged view, and the engine against the W3C's tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ..errors import InputError, StoreError, UnknownDocumentError, ValidationError
from .arguments import document_named
from .options import format_option, output_option, store_option
from .output import put
from .program import diplograph
from .stores import opened


@diplograph.command()
@store_option
@click.option("--document", metavar="NAME", help="Only what this document states.")
def validate(location: str, document: str | None) -> None:
    """Check the facts against the vocabulary's shapes; violations give exit code 1."""
    from ..graph.oxigraph import rdflib_graph
    from ..ontology.identifiers import shortened
    from ..ontology.validation import findings

    with opened(location) as store:
        view = store.view()
        name = document_named(document) if document else None
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
@store_option
def verify(location: str) -> None:
    """Check that the merged view is what the documents say, with the shortcuts that follow, and nothing else."""
    from ..graph.verification import verification

    with opened(location) as store:
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
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False, exists=True))
@format_option(("table", "markdown", "earl"), "table")
@output_option
def conformance(directory: Path, format_: str, output: Path | None) -> None:
    """Run the W3C's test suites that are in DIRECTORY and print what comes of them.

    DIRECTORY holds copies of the W3C's repositories rdf-tests, data-shapes and rdf-canon. Exit code 1 tells that a test
    failed which is not known to, or passed which is known to fail.
    """
    from ..queries.conformance import report
    from ..queries.conformance.running import results

    with _without_remarks():
        found = list(results(directory))
    kinds = {"table": report.table, "markdown": report.page, "earl": report.earl}
    put(kinds[format_](found), output)
    if surprises := report.surprises(found):
        raise InputError(f"{len(surprises)} tests came out otherwise than known: {'; '.join(surprises[:3])}")


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

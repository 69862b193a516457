"""What a store says, property by property, as tables of a DuckDB connection: written by the store's own engine."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from rdflib import URIRef
from rdflib.namespace import RDF

from ...errors import StoreError
from ...ontology.facts import fact_classes
from ...ontology.terms import DG
from .hints import TIMES, entity_classes, kinds, properties

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Write: TypeAlias = Callable[[Path, str], None]
"""Writes the answer to a SELECT query to a file, as TSV."""

_CHUNK: Final = 5000
_AT_ONCE: Final = 2
"""How many answers are written at once; the engine works on one processor for each."""
_FORM: Final = "delim='\\t', header=true, quote='', escape='', auto_detect=false, max_line_size=100000000"
_TWO: Final = "{'s': 'VARCHAR', 'o': 'VARCHAR'}"
_SUBJECT: Final = "starts_with(s, '<')"


@contextlib.contextmanager
def duckdb_errors(what: str) -> Iterator[None]:
    """Raise StoreError for what DuckDB or the system reports; `what` says what cannot be done."""
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as error:
        raise StoreError(f"{what}: {str(error).splitlines()[0].rstrip('.')}.") from error


def read_all(connection: DuckDBPyConnection, write: Write, place: Path) -> None:
    """Read everything that edges are made from into `typed` and a table for each property; `place` is for files."""
    classes = " ".join(c.n3() for c in (*fact_classes(), *entity_classes()))
    _read(connection, write, place, "typed", f"SELECT ?s ?o {{ VALUES ?o {{ {classes} }} ?s {RDF.type.n3()} ?o }}")
    found = {row[0] for row in connection.execute("SELECT DISTINCT o FROM typed").fetchall()}
    wanted = _wanted(found)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        files = {iri: place / f"{table}.tsv" for iri, table in properties().items() if iri in wanted}
        queries = {iri: f"SELECT ?s ?o {{ ?s {iri.n3()} ?o }}" for iri in files}
        written = {iri: pool.submit(write, file, queries[iri]) for iri, file in files.items()}
        for iri, table in properties().items():
            if iri in written:
                written[iri].result()
                _take(connection, table, files[iri])
            else:
                connection.execute(f"CREATE TABLE {table} (s VARCHAR, o VARCHAR)")


def _wanted(found: set[str]) -> set[URIRef]:
    """Return the properties of the classes that the store has facts of; most stores have facts of few."""
    wanted: set[URIRef | None] = {DG.realis, DG.evidence, DG.inDocument, DG.asOf}
    for kind in kinds():
        if kind.source is None:
            wanted.add(kind.iri)
        elif str(kind.iri) in found:
            wanted |= {kind.source, kind.target, kind.words_from, kind.start, kind.end, kind.via}
            wanted |= set(TIMES) if kind.via else set()
    return {iri for iri in wanted if iri is not None}


def _read(connection: DuckDBPyConnection, write: Write, place: Path, table: str, query: str) -> None:
    file = place / f"{table}.tsv"
    write(file, query)
    _take(connection, table, file)


def _take(connection: DuckDBPyConnection, table: str, file: Path) -> None:
    connection.execute(
        f"CREATE TABLE {table} AS SELECT {_name('s')} AS s, {_value(table)} AS o FROM "
        f"read_csv(?, {_FORM}, columns={_TWO}) WHERE {_SUBJECT} AND {_fits(table)}",
        [str(file)],
    )
    file.unlink()


def _value(table: str) -> str:
    # Of a literal as TSV has it, the first ten characters: a date as it is written, and of a timestamp its day.
    return "left(regexp_extract(o, '^\"?([^\"]*)', 1), 10)" if table.startswith("d") else _name("o")


def _fits(table: str) -> str:
    return f"{'NOT ' if table.startswith('d') else ''}starts_with(o, '<')"


def _name(column: str) -> str:
    return f"substr({column}, 2, length({column}) - 2)"


def read_some(connection: DuckDBPyConnection, write: Write, place: Path, touched: Sequence[str]) -> set[str]:
    """Read what edges are made from of some subjects, and return those and the facts that rest on one of them.

    Makes the same tables as `read_all`, with no more than the edges of these subjects need.
    """
    connection.execute("CREATE TABLE said (s VARCHAR, p VARCHAR, o VARCHAR)")
    classes = {str(iri) for iri in fact_classes()}
    facts = {subject for subject, kind in _said(connection, write, place, touched, RDF.type) if kind in classes}
    for iri in sorted({DG.evidence, *(kind.via for kind in kinds() if kind.via)}):
        facts |= _resting_on(connection, write, place, touched, iri)
    _say(connection, write, place, sorted(facts), None)
    told = connection.execute("SELECT DISTINCT o FROM said WHERE starts_with(o, '<') AND p <> ?", [str(RDF.type)])
    ends = sorted({value[1:-1] for (value,) in told.fetchall()} - facts)
    for iri in (RDF.type, *TIMES, DG.inDocument, DG.asOf):
        _say(connection, write, place, ends, iri)
    for kind in kinds():
        if kind.source is None:
            _say(connection, write, place, touched, kind.iri)
    connection.execute(
        f"CREATE TABLE typed AS SELECT DISTINCT s, {_name('o')} AS o FROM said WHERE p = ?", [str(RDF.type)]
    )
    for iri, table in properties().items():
        connection.execute(
            f"CREATE TABLE {table} AS SELECT DISTINCT s, {_value(table)} AS o FROM said WHERE p = ? AND {_fits(table)}",
            [str(iri)],
        )
    return facts | set(touched)


def _said(
    connection: DuckDBPyConnection, write: Write, place: Path, subjects: Iterable[str], iri: URIRef
) -> list[tuple[str, str]]:
    _say(connection, write, place, subjects, iri)
    told = connection.execute(f"SELECT s, {_name('o')} FROM said WHERE p = ?", [str(iri)])
    return [(subject, value) for subject, value in told.fetchall()]


def _say(
    connection: DuckDBPyConnection, write: Write, place: Path, subjects: Iterable[str], iri: URIRef | None
) -> None:
    """Add what the store says of subjects to `said`: all of it, or the values of one property."""
    file = place / "said.tsv"
    for values in _values(subjects):
        pattern = "?s ?p ?o" if iri is None else f"?s {iri.n3()} ?o"
        write(file, f"SELECT {'?s ?p ?o' if iri is None else '?s ?o'} {{ VALUES ?s {{ {values} }} {pattern} }}")
        columns = "{'s': 'VARCHAR', 'p': 'VARCHAR', 'o': 'VARCHAR'}" if iri is None else _TWO
        connection.execute(
            f"INSERT INTO said SELECT {_name('s')}, {_name('p') if iri is None else '?'}, o "
            f"FROM read_csv(?, {_FORM}, columns={columns}) WHERE {_SUBJECT}",
            [str(file)] if iri is None else [str(iri), str(file)],
        )
        file.unlink()


def _resting_on(
    connection: DuckDBPyConnection, write: Write, place: Path, values: Iterable[str], iri: URIRef
) -> set[str]:
    """Return the subjects that have one of some values for a property."""
    file, found = place / "resting.tsv", set[str]()
    for block in _values(values):
        write(file, f"SELECT ?s ?o {{ VALUES ?o {{ {block} }} ?s {iri.n3()} ?o }}")
        rows = connection.execute(
            f"SELECT DISTINCT {_name('s')} FROM read_csv(?, {_FORM}, columns={_TWO}) WHERE {_SUBJECT}", [str(file)]
        )
        found.update(subject for (subject,) in rows.fetchall())
        file.unlink()
    return found


def _values(iris: Iterable[str]) -> Iterator[str]:
    # What the store itself has as an IRI is one; it is not to be looked at again.
    rest = iter(iris)
    while block := list(islice(rest, _CHUNK)):
        yield " ".join(f"<{iri}>" for iri in block)

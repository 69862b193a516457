"""The edge table in files beside a store's own, as Parquet in parts: built when first asked for, then only added to."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from ...errors import StoreError
from .hints import fingerprint
from .reading import Write, duckdb_errors, read_all, read_some
from .record import TEMPORARY, Part, Record, record_in, write_record

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from .table import EdgeTable

DIRECTORY: Final = "edges"
"""What the directory of the table is called, inside that of a store's state."""

_LOCK: Final = "lock.new"
_PARTS: Final = 8
"""From so many parts on, they are made one: each costs a look at its files whenever the table is opened."""
_SHARE: Final = 4
"""From one touched subject for so many edges on, building the table anew is as fast as refreshing it."""
_TABLES: Final = ("edges", "terms", "evidence", "classes", "gone", "reset")


def kept_table(directory: Path, write: Write, stamp: str) -> EdgeTable:
    """Return the table that is kept in a directory, made complete and true first where it is not.

    `stamp` is the state of the store that it has to be of. A table that is missing, damaged, of another state or by
    another vocabulary is built anew; one in which changes are pending is refreshed. Where nothing can be written, the
    table is made in memory.
    """
    found = _opened(directory, stamp)
    if found is not None:
        return found
    try:
        directory.mkdir(exist_ok=True)
        lock = (directory / _LOCK).open("ab")
    except OSError:
        # Who may not write here can still ask.
        from .building import table_in_memory

        return table_in_memory(write)
    with lock:
        with contextlib.suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        # Another process may have been faster.
        return _opened(directory, stamp) or _made(directory, write, stamp)


def carry(before: Path, after: Path, touched: Iterable[str] | None, stamp: str) -> None:
    """Hand the table of one state of a store on to the next, in which `touched` subjects may have changed.

    Nothing is handed on where there is no table, and where None says that anything may have changed.
    """
    record = record_in(before)
    if touched is None or record is None or not record.is_current:
        return
    after.mkdir(exist_ok=True)
    for name in (*(path.name for part in record.parts for path in part.files(before)), *record.pending):
        linked(before / name, after / name)
    names = record.pending
    if lines := "".join(f"{iri}\n" for iri in sorted(set(touched))):
        names = (*names, f"touched-{secrets.token_hex(6)}.txt")
        (after / names[-1]).write_text(lines, encoding="utf-8")
    write_record(after, replace(record, stamp=stamp, pending=names))


def linked(source: Path, target: Path) -> None:
    """Give a file that never changes a second name, or copy it where there are no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def is_kept(directory: Path) -> bool:
    """Return whether a directory has a table that could be handed on."""
    record = record_in(directory)
    return record is not None and record.is_current


def _made(directory: Path, write: Write, stamp: str) -> EdgeTable:
    from .building import build, connected

    record = record_in(directory)
    if record is not None and record.stamp == stamp and record.is_current and record.pending:
        # A table that cannot be refreshed is damaged, and no reason to give up.
        with contextlib.suppress(StoreError):
            refreshed = _refreshed(directory, record, write)
            if refreshed is not None:
                return refreshed
    with duckdb_errors("The edge table cannot be built"), TemporaryDirectory(prefix="diplograph-") as place:
        connection = connected()
        read_all(connection, write, Path(place))
        build(connection)
        part = _written(connection, directory)
        connection.close()
    write_record(directory, Record(stamp, fingerprint(), (part,)))
    return _checked(directory, stamp, "built")


def _refreshed(directory: Path, record: Record, write: Write) -> EdgeTable | None:
    """Add what pending changes have made of the edges; None where it is faster to build them anew."""
    from .building import build, connected

    touched = _touched(directory, record)
    rows, terms = (sum(getattr(part, name) for part in record.parts) for name in ("rows", "terms"))
    if len(touched) * _SHARE > rows or not record.is_whole(directory):
        return None
    with duckdb_errors("The edge table cannot be refreshed"), TemporaryDirectory(prefix="diplograph-") as place:
        connection = connected()
        _look_at(connection, directory, record.parts)
        connection.execute("DROP TABLE known")
        connection.execute("CREATE VIEW known AS SELECT code, iri FROM terms")
        connection.execute("CREATE TABLE touched (iri VARCHAR)")
        subjects = read_some(connection, write, Path(place), touched)
        _insert(connection, "touched", touched)
        connection.execute("CREATE TABLE subjects (iri VARCHAR)")
        _insert(connection, "subjects", subjects)
        build(connection, rows, terms)
        connection.execute(
            """CREATE TABLE new_gone AS SELECT row FROM edges WHERE fact IN (SELECT iri FROM subjects)
            OR (fact = '' AND source IN (SELECT code FROM known SEMI JOIN touched USING (iri))) ORDER BY row"""
        )
        connection.execute(
            """CREATE TABLE new_reset AS SELECT term FROM new_classes UNION
            SELECT code FROM (FROM known UNION ALL FROM new_terms) SEMI JOIN touched USING (iri)"""
        )
        part = _written(connection, directory)
        connection.close()
    parts = (*record.parts, part)
    write_record(directory, replace(record, parts=parts, pending=()))
    if len(parts) > _PARTS:
        _join(directory, replace(record, parts=parts, pending=()))
    return _checked(directory, record.stamp, "refreshed")


def _join(directory: Path, record: Record) -> None:
    """Make one part of all, without the rows that are gone."""
    from .building import connected

    with duckdb_errors("The edge table cannot be refreshed"):
        connection = connected()
        _look_at(connection, directory, record.parts)
        connection.execute(
            """CREATE TABLE new_edges AS
            SELECT * REPLACE (CAST(row_number() OVER (ORDER BY row) - 1 AS INTEGER) AS row), row AS was FROM edges"""
        )
        connection.execute(
            """CREATE TABLE new_evidence AS SELECT n.row, e.document FROM evidence e
            JOIN new_edges n ON n.was = e.row ORDER BY ALL"""
        )
        connection.execute("ALTER TABLE new_edges DROP COLUMN was")
        connection.execute("CREATE TABLE new_terms AS FROM terms ORDER BY code")
        connection.execute("CREATE TABLE new_classes AS SELECT DISTINCT term, class FROM classes ORDER BY ALL")
        part = _written(connection, directory)
        connection.close()
    write_record(directory, replace(record, parts=(part,)))


def _insert(connection: DuckDBPyConnection, table: str, values: Iterable[str]) -> None:
    connection.execute(f"INSERT INTO {table} SELECT unnest(?)", [list(values)])


def _touched(directory: Path, record: Record) -> list[str]:
    lines: set[str] = set()
    for name in record.pending:
        lines.update((directory / name).read_text(encoding="utf-8").split("\n"))
    return sorted(lines - {""})


def _written(connection: DuckDBPyConnection, directory: Path) -> Part:
    name, sizes = secrets.token_hex(6), {}
    made = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for table in _TABLES:
        if f"new_{table}" in made:
            file = directory / f"{name}-{table}.parquet"
            new = file.with_name(file.name + TEMPORARY)
            connection.execute(f"COPY new_{table} TO '{_quoted(new)}' (FORMAT parquet, COMPRESSION zstd)")
            new.replace(file)
            sizes[table] = file.stat().st_size
    counts = [connection.execute(f"SELECT count(*) FROM new_{table}").fetchall()[0][0] for table in ("edges", "terms")]
    return Part(name, counts[0], counts[1], sizes)


def _opened(directory: Path, stamp: str) -> EdgeTable | None:
    record = record_in(directory)
    if record is None or record.stamp != stamp or not record.is_current or record.pending:
        return None
    return _checked(directory, stamp, "kept") if record.is_whole(directory) and _readable(directory, record) else None


def _readable(directory: Path, record: Record) -> bool:
    with contextlib.suppress(StoreError):
        table = _table(directory, record, "kept")
        table.load()
        return len(table.column("kind")) <= sum(part.rows for part in record.parts)
    return False


def _checked(directory: Path, stamp: str, origin: str) -> EdgeTable:
    record = record_in(directory)
    if record is None or record.stamp != stamp:
        raise StoreError(f"The edge table in {directory} was taken away while it was made. Ask again.")
    table = _table(directory, record, origin)
    table.load()
    return table


def _table(directory: Path, record: Record, origin: str) -> EdgeTable:
    import numpy as np

    from .building import connected
    from .table import EdgeTable

    with duckdb_errors("The edge table cannot be read"):
        connection = connected()
        _look_at(connection, directory, record.parts)
        gone = connection.execute("SELECT row FROM gone ORDER BY row").fetchnumpy()["row"]
    return EdgeTable(connection, np.asarray(gone, dtype=np.int64) if len(gone) else None, origin)


def _look_at(connection: DuckDBPyConnection, directory: Path, parts: tuple[Part, ...]) -> None:
    """Let a connection see all parts as one, rows in their order under `all_edges`, and those that hold in `edges`."""

    def every(table: str, columns: str = "*") -> str:
        files = [part.file(directory, table) for part in parts if table in part.sizes]
        return " UNION ALL ".join(f"SELECT {columns} FROM read_parquet('{_quoted(file)}')" for file in files)

    nothing = "SELECT CAST(NULL AS INTEGER) AS {} WHERE false"
    connection.execute(f"CREATE VIEW gone AS {every('gone', 'row') or nothing.format('row')}")
    connection.execute(f"CREATE VIEW all_edges AS {every('edges')}")
    connection.execute("CREATE VIEW edges AS FROM all_edges ANTI JOIN gone USING (row)")
    connection.execute(f"CREATE VIEW terms AS {every('terms')}")
    connection.execute(f"CREATE VIEW evidence AS SELECT * FROM ({every('evidence')}) ANTI JOIN gone USING (row)")
    classes = []
    for number, part in enumerate(parts):
        later = [each.file(directory, "reset") for each in parts[number + 1 :] if "reset" in each.sizes]
        void = " UNION ALL ".join(f"SELECT term FROM read_parquet('{_quoted(file)}')" for file in later)
        own = f"SELECT term, class FROM read_parquet('{_quoted(part.file(directory, 'classes'))}')"
        classes.append(f"SELECT * FROM ({own}) ANTI JOIN ({void}) USING (term)" if void else own)
    connection.execute(f"CREATE VIEW classes AS {' UNION ALL '.join(classes)}")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")

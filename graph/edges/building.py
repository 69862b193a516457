"""The rows of the edge table, joined in DuckDB from what a store says of each property."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from ...ontology.terms import DG, REALIS
from .hints import NOT_JOINED, TIMES, Kind, kinds, properties
from .reading import Write, duckdb_errors, read_all
from .table import STANDINGS, EdgeTable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DAY: Final = "CAST(date_diff('day', DATE '1970-01-01', {}) AS INTEGER)"
_PARTIAL: Final = "regexp_full_match({0}, '[0-9]{{4}}(-[0-9]{{2}}){{0,2}}') AND {0} >= '0001'"
_FIRST: Final = "try_cast(left({0} || '-01-01', 10) AS DATE)"
_LAST: Final = "CASE length({0}) WHEN 4 THEN try_cast({0} || '-12-31' AS DATE) ELSE last_day({1}) END"


def table_in_memory(write: Write) -> EdgeTable:
    """Return the edge table of a store, whose engine writes its answers to files, kept in memory only."""
    connection = connected()
    with TemporaryDirectory(prefix="diplograph-") as place, duckdb_errors("The edge table cannot be built"):
        read_all(connection, write, Path(place))
        build(connection)
        for name in ("edges", "terms", "evidence", "classes"):
            connection.execute(f"ALTER TABLE new_{name} RENAME TO {name}")
        connection.execute("CREATE VIEW all_edges AS FROM edges")
    return EdgeTable(connection)


def connected() -> DuckDBPyConnection:
    """Return a connection to an empty database in memory, which looks for nothing anywhere else."""
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("CREATE TABLE known (code INTEGER, iri VARCHAR)")
    return connection


def build(connection: DuckDBPyConnection, rows: int = 0, terms: int = 0) -> None:
    """Make `new_edges`, `new_terms`, `new_evidence` and `new_classes` of what was read, and drop that.

    Numbers of rows and codes of terms go on from `rows` and `terms`; a term that is `known` keeps its code.
    """
    tables = properties()
    connection.execute(
        "CREATE TABLE raw (fact VARCHAR, kind SMALLINT, source VARCHAR, target VARCHAR, role VARCHAR, via VARCHAR, "
        "start VARCHAR, finish VARCHAR, realis VARCHAR)"
    )
    times = " UNION ALL ".join(f"FROM {tables[iri]}" for iri in TIMES)
    connection.execute(f"CREATE TABLE times AS SELECT s, min(o) AS first, max(o) AS last FROM ({times}) GROUP BY s")
    connection.execute(f"CREATE TABLE standing AS SELECT s, min(o) AS o FROM {tables[DG.realis]} GROUP BY s")
    for code, kind in enumerate(kinds()):
        connection.execute(f"INSERT INTO raw {_rows(code, kind)}")
    connection.execute("CREATE TABLE facts AS SELECT DISTINCT fact AS s FROM raw")
    connection.execute(
        f"CREATE TABLE witness AS SELECT DISTINCT e.s, d.o AS document, a.o AS attested FROM {tables[DG.evidence]} e "
        f"SEMI JOIN facts USING (s) JOIN {tables[DG.inDocument]} d ON d.s = e.o LEFT JOIN {tables[DG.asOf]} a "
        "ON a.s = e.o"
    )
    named = " UNION ".join(f"SELECT {c} AS iri FROM raw" for c in ("source", "target", "role", "via"))
    # Few terms are needed for a refresh, of very many that are known: these are looked through once.
    connection.execute(
        f"CREATE TABLE needed AS SELECT iri FROM ({named} UNION SELECT document FROM witness "
        "UNION SELECT DISTINCT o FROM typed) WHERE iri IS NOT NULL"
    )
    connection.execute("CREATE TABLE coded AS SELECT code, iri FROM known SEMI JOIN needed USING (iri)")
    connection.execute(
        f"""CREATE TABLE new_terms AS
        SELECT CAST(row_number() OVER (ORDER BY iri) - 1 + {terms} AS INTEGER) AS code, iri
        FROM needed ANTI JOIN coded USING (iri) ORDER BY iri"""
    )
    connection.execute("INSERT INTO coded FROM new_terms")
    _make_edges(connection, rows)
    connection.execute(
        """CREATE TABLE new_evidence AS SELECT DISTINCT e.row, d.code AS document FROM new_edges e
        JOIN witness w ON w.s = e.fact JOIN coded d ON d.iri = w.document ORDER BY ALL"""
    )
    connection.execute(
        """CREATE TABLE new_classes AS SELECT DISTINCT n.code AS term, c.code AS class FROM typed t
        JOIN coded n ON n.iri = t.s JOIN coded c ON c.iri = t.o ORDER BY ALL"""
    )
    for table in ("raw", "needed", "coded", "times", "standing", "facts", "witness", "typed", *tables.values()):
        connection.execute(f"DROP TABLE {table}")


def _rows(code: int, kind: Kind) -> str:
    """Return the query for the rows of one kind; a fact with several values for an end makes a row for each."""
    tables = properties()
    if kind.source is None or kind.target is None or kind.start is None or kind.end is None:
        held = REALIS.held
        return f"SELECT '', {code}, s, o, NULL, NULL, NULL, NULL, '{held}' FROM {tables[kind.iri]}"
    words = f"LEFT JOIN ({_one(tables[kind.words_from])}) w USING (s)" if kind.words_from else ""
    joined = ", ".join(f"'{iri}'" for iri in NOT_JOINED)
    fits = f"WHERE w.o NOT IN ({joined})" if kind.iri == DG.Assertion else ""
    via = f"LEFT JOIN ({_one(tables[kind.via])}) v USING (s) LEFT JOIN times h ON h.s = v.o" if kind.via else ""
    undated = "x.o IS NULL AND y.o IS NULL"
    first = f"CASE WHEN {undated} THEN h.first ELSE x.o END" if kind.via else "x.o"
    last = f"CASE WHEN {undated} THEN {'h.last' if kind.passes else 'NULL'} ELSE y.o END" if kind.via else "y.o"
    return f"""
        SELECT f.s, {code}, a.o, b.o, {"w.o" if words else "NULL"}, {"v.o" if via else "NULL"}, {first}, {last}, r.o
        FROM (SELECT DISTINCT s FROM typed WHERE o = '{kind.iri}') f
        JOIN {tables[kind.source]} a USING (s) JOIN {tables[kind.target]} b USING (s) JOIN standing r USING (s)
        LEFT JOIN ({_one(tables[kind.start])}) x USING (s)
        LEFT JOIN ({_one(tables[kind.end], "max")}) y USING (s) {words} {via} {fits}"""


def _one(table: str, which: str = "min") -> str:
    return f"SELECT s, {which}(o) AS o FROM {table} GROUP BY s"


def _make_edges(connection: DuckDBPyConnection, rows: int) -> None:
    standing = " ".join(f"WHEN '{REALIS}{name}' THEN {code}" for code, name in enumerate(STANDINGS[:-1]))
    connection.execute(
        f"""CREATE TABLE new_edges AS SELECT CAST(row_number() OVER () - 1 + {rows} AS INTEGER) AS row, * FROM (
          SELECT fact, kind, s.code AS source, t.code AS target, coalesce(r.code, -1) AS role,
            coalesce(v.code, -1) AS via,
            CAST(CASE realis {standing} ELSE {len(STANDINGS) - 1} END AS TINYINT) AS realis,
            start, finish AS end, {_grain("start")} AS start_grain, {_grain("finish")} AS end_grain,
            {_days("start", "start")}, {_days("finish", "end")},
            coalesce(w.attested, false) AS attested, CAST(coalesce(w.documents, 0) AS INTEGER) AS documents
          FROM raw JOIN coded s ON s.iri = source JOIN coded t ON t.iri = target
          LEFT JOIN coded r ON r.iri = role LEFT JOIN coded v ON v.iri = via
          LEFT JOIN (SELECT s AS fact, count(DISTINCT document) AS documents, bool_or(attested IS NOT NULL) AS attested
                     FROM witness GROUP BY s) w USING (fact)
          ORDER BY kind, s.code, t.code, fact)"""
    )


def _grain(column: str) -> str:
    """0 where nothing is written, 1 a year, 2 a month, 3 a day, 4 what is no date that can be read."""
    sound = f"{_PARTIAL.format(column)} AND {_FIRST.format(column)} IS NOT NULL"
    return (
        f"CAST(CASE WHEN {column} IS NULL THEN 0 WHEN NOT ({sound}) THEN 4 "
        f"WHEN length({column}) = 4 THEN 1 WHEN length({column}) = 7 THEN 2 ELSE 3 END AS TINYINT)"
    )


def _days(column: str, name: str) -> str:
    """The first and the last day that a date can mean, in days from 1970; where it is open, any."""
    first, sound = _FIRST.format(column), _PARTIAL.format(column)
    last = f"CASE WHEN length({column}) = 10 THEN {first} ELSE {_LAST.format(column, first)} END"
    return (
        f"coalesce(CASE WHEN {sound} THEN {_DAY.format(first)} END, -2147483648) AS {name}_first, "
        f"coalesce(CASE WHEN {sound} THEN {_DAY.format(last)} END, 2147483647) AS {name}_last"
    )

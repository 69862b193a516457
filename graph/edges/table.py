"""The edge table as columns: NumPy arrays for what is reckoned with, Arrow and SQL for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rdflib import URIRef

from ...errors import InputError
from ...ontology.dates import PartialDate
from .hints import Kind, kinds
from .reading import duckdb_errors

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
Period: TypeAlias = tuple[PartialDate, PartialDate]
"""A first and a last day, month or year, both included."""

STANDINGS: Final = ("held", "planned", "denied", "claimed", "other")
"""The standing of a fact by its code in the column `realis`."""

GRAINS: Final = ("", "year", "month", "day", "unreadable")
"""How exactly a date is written, by its code in the columns `start_grain` and `end_grain`."""

_READING: Final = "The edge table cannot be read"
_EPOCH: Final = 719163
"""1 January 1970 as `date.toordinal` counts days."""


@dataclass(frozen=True)
class Edges:
    """Some rows of the edge table; each column is an array with one value for each of them."""

    table: EdgeTable
    rows: Ints

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, column: str) -> NDArray[Any]:
        return self.table.column(column)[self.rows]

    def where(self, mask: Mask) -> Edges:
        """Return those of the rows for which the mask is true."""
        return Edges(self.table, self.rows[mask])

    def arrow(self) -> pa.Table:
        """Return the rows as an Arrow table with all words written out; needs pyarrow."""
        return self.table.arrow(self.rows)


class EdgeTable:
    """All edges of one state of a store: a row for each fact that joins two entities, and each edge without a fact.

    Columns: `fact` (IRI, empty where there is none), `kind` (code: place in `kinds()`), `source`, `target`, `role`,
    `via`
    (codes of terms, -1 for none), `realis` (code in STANDINGS), `start` and `end` (as written, None where open or
    unknown), `start_grain` and `end_grain` (codes in GRAINS), `start_first`, `start_last`, `end_first`, `end_last` (the
    first and the last day that each can mean, in days from 1970; the least and the greatest integers where it is open),
    `attested` (whether a source vouches for some day) and `documents` (how many documents state it).
    """

    def __init__(self, connection: DuckDBPyConnection, gone: Ints | None = None, origin: str = "") -> None:
        self._connection, self._gone = connection, gone
        self._columns: dict[str, NDArray[Any]] = {}
        self._codes: dict[str, int] = {}
        self._rows_of: dict[tuple[tuple[object, ...], ...], Ints] = {}
        self.origin = origin
        """Whether the table was `kept`, `refreshed` or `built` when it was asked for; empty where it is in memory."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of edges in the order of their codes."""
        return kinds()

    def __len__(self) -> int:
        return len(self.column("kind"))

    def column(self, name: str) -> NDArray[Any]:
        """Return a column; text columns hold str or None."""
        if name not in self._columns:
            values = self._fetched(f'SELECT "{name}" AS v FROM all_edges')
            self._columns[name] = values if self._gone is None else np.delete(values, self._gone)
        return self._columns[name]

    def load(self, names: Iterable[str] = ()) -> None:
        """Read columns now, those for reckoning where none are named, so that the first question need not wait."""
        for name in names or ("kind", "source", "target", "role", "via", "realis", *_DAYS, "attested", "documents"):
            self.column(name)

    def edges(
        self,
        of: Iterable[str] = (),
        *,
        during: Period | None = None,
        realis: Sequence[str] = ("held",),
        roles: Iterable[URIRef] = (),
    ) -> Edges:
        """Return the edges of some kinds, all where none are named, that can have held in a period.

        A partial date counts with every day that it can mean, an open or unknown end with every day. What has no date
        is left out where a period is given, unless a source vouches for some day. Raises InputError for an unknown kind
        or standing.
        """
        key = (tuple(of), tuple(realis), tuple(roles))
        if during is None and key in self._rows_of:
            return Edges(self, self._rows_of[key])
        kinds, realis, roles = key
        keep = self._of(kinds)
        standings = [code for code, name in enumerate(STANDINGS) if name in realis]
        if unknown := set(realis) - set(STANDINGS):
            raise InputError(f"{min(unknown)!r} is no standing of a fact. Use {', '.join(STANDINGS)}.")
        if len(standings) < len(STANDINGS):
            keep &= _among(self.column("realis"), standings)
        if during is not None:
            keep &= self.can_have_held(during)
        if wanted := list(map(self.code, roles)):
            keep &= _among(self.column("role"), [code for code in wanted if code is not None])
        rows = np.flatnonzero(keep)
        if during is None:
            # They are asked for again and again, at all times: whoever gets them shall not change them.
            rows.flags.writeable = False
            self._rows_of[key] = rows
        return Edges(self, rows)

    def _of(self, names: Iterable[str]) -> Mask:
        named = {kind.name: code for code, kind in enumerate(self.kinds)}
        codes = []
        for name in names:
            if name not in named:
                raise InputError(f"There is no kind of edges {name!r}. Use {', '.join(named)}.")
            codes.append(named[name])
        kind = self.column("kind")
        return _among(kind, codes) if codes else np.ones(len(kind), dtype=bool)

    def can_have_held(self, period: Period) -> Mask:
        """Return of each edge whether it can have held at some time in a period."""
        first, last = (day.toordinal() - _EPOCH for day in (period[0].first_day, period[1].last_day))
        dated = (self.column("start_grain") > 0) | (self.column("end_grain") > 0)
        overlaps = (self.column("start_first") <= last) & (self.column("end_last") >= first)
        return np.asarray((dated & overlaps) | (~dated & self.column("attested")))

    @cached_property
    def terms(self) -> NDArray[Any]:
        """The IRIs of terms, each in the place of its code."""
        return self._fetched("SELECT iri AS v FROM terms")

    @cached_property
    def size(self) -> int:
        """The number of terms."""
        return int(self._fetched("SELECT count(*) AS v FROM terms")[0])

    def code(self, iri: str) -> int | None:
        """Return the code of a term, None where no edge has it."""
        if iri not in self._codes:
            found = self._rows("SELECT code FROM terms WHERE iri = ?", [str(iri)])
            self._codes[iri] = int(found[0][0]) if found else -1
        return self._codes[iri] if self._codes[iri] >= 0 else None

    def instances(self, classes: Iterable[URIRef]) -> Mask:
        """Return of each term whether it is of one of some classes; narrower classes are to be named, too."""
        pairs = self._classes
        wanted = [code for code in map(self.code, classes) if code is not None]
        found = np.zeros(self.size, dtype=bool)
        found[pairs["term"][np.isin(pairs["class"], wanted)]] = True
        return found

    @cached_property
    def _classes(self) -> Mapping[str, NDArray[Any]]:
        with duckdb_errors(_READING):
            found: Any = self._connection.cursor().execute("SELECT term, class FROM classes").fetchnumpy()
        return {name: np.asarray(values) for name, values in found.items()}

    def facts(self, rows: Ints) -> list[URIRef]:
        """Return the facts of some rows, in their order."""
        return [URIRef(iri) for iri in self.column("fact")[rows]]

    def sql(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query in DuckDB's SQL over `edges`, `terms`, `evidence` and `classes`."""
        with duckdb_errors("The query of the edge table cannot be answered"):
            return self._connection.cursor().execute(query, list(parameters)).fetchall()

    def arrow(self, rows: Ints | None = None) -> pa.Table:
        """Return some rows, or all, as an Arrow table with terms and codes written out; needs pyarrow."""
        try:
            import pyarrow as pa
        except ImportError as error:
            raise InputError("An Arrow table needs pyarrow: pip install pyarrow.") from error
        at = np.arange(len(self)) if rows is None else rows
        terms = pa.array(self.terms, type=pa.string())

        def named(values: NDArray[Any], names: Any) -> pa.Array:
            codes = pa.array(values, type=pa.int32(), mask=values < 0)
            return pa.DictionaryArray.from_arrays(codes, names)

        words = {name: named(self.column(name)[at], terms) for name in ("source", "target", "role", "via")}
        return pa.table(
            {
                "fact": pa.array(self.column("fact")[at], type=pa.string()),
                "kind": named(self.column("kind")[at], pa.array([kind.name for kind in self.kinds])),
                **words,
                "realis": named(self.column("realis")[at], pa.array(STANDINGS)),
                "start": pa.array(self.column("start")[at], type=pa.string()),
                "end": pa.array(self.column("end")[at], type=pa.string()),
                **{f"{end}_granularity": named(self.column(f"{end}_grain")[at], pa.array(GRAINS)) for end in _ENDS},
                **{name: pa.array(self.column(name)[at], type=pa.int32()) for name in _DAYS if "grain" not in name},
                "attested": pa.array(self.column("attested")[at]),
                "documents": pa.array(self.column("documents")[at]),
            }
        )

    def _fetched(self, query: str) -> NDArray[Any]:
        with duckdb_errors(_READING):
            values: Any = self._connection.cursor().execute(query).fetchnumpy()["v"]
        if isinstance(values, np.ma.MaskedArray):
            gone, values = np.ma.getmaskarray(values), np.array(values.data)
            if values.dtype == object:
                values[gone] = None
        return np.asarray(values)

    def _rows(self, query: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        with duckdb_errors(_READING):
            return self._connection.cursor().execute(query, list(parameters)).fetchall()


def _among(values: NDArray[Any], codes: Sequence[int]) -> Mask:
    """Return which of the values are among a few codes: to look each up in a table is faster than to compare it."""
    table = np.zeros(int(values.max(initial=-1)) + 2, dtype=bool)
    table[[code for code in codes if code < len(table) - 1]] = True
    # A value of -1 finds the last place, which nothing stands in.
    return np.asarray(table[values])


_ENDS: Final = ("start", "end")
_DAYS: Final = ("start_grain", "end_grain", "start_first", "start_last", "end_first", "end_last")

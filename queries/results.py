"""A table of answers, as text, Markdown, CSV, JSON, Python rows or a data frame."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from rdflib import Literal as RdfLiteral
from rdflib import URIRef
from rdflib.term import Node

from ..graph.statements import Evidence, Fact
from ..graph.store import Row
from ..graph.wording import cited, visible

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Table:
    """Rows of terms under the query's variables, with a label for every term, and the facts that rows rest on.

    The variable ?fact is not a column for people: `shown` and all formats give the fact's sources in its place.
    """

    columns: tuple[str, ...]
    rows: list[Row]
    labels: dict[Node, str] = field(repr=False)
    facts: dict[URIRef, Fact] = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield the rows as dicts from variable to Python value; see `dicts`."""
        return iter(self.dicts())

    def dicts(self) -> list[dict[str, Any]]:
        """Return the rows as dicts: labels for entities, Python values for literals, None for what is unbound.

        Partial dates stay text, as they are written. The key `sources` lists each row's evidence as dicts.
        """
        return [
            {name: self._value(term) for name, term in zip(self.columns, row, strict=True) if name != "fact"}
            | ({"sources": [_evidence_dict(e) for e in self.evidence(row)]} if "fact" in self.columns else {})
            for row in self.rows
        ]

    def terms(self) -> list[dict[str, Node]]:
        """Return the rows as dicts from variable to rdflib term, without what is unbound."""
        return [
            {name: term for name, term in zip(self.columns, row, strict=True) if term is not None} for row in self.rows
        ]

    def dataframe(self) -> pd.DataFrame:
        """Return the rows as a pandas data frame, which needs `pip install diplograph[pandas]`."""
        import pandas as pd

        return pd.DataFrame(self._texts(), columns=list(self.headings))

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns as people see them: without ?fact, and with `source` where rows have facts."""
        shown = tuple(name for name in self.columns if name != "fact")
        return (*shown, "source") if "fact" in self.columns else shown

    def evidence(self, row: Row) -> tuple[Evidence, ...]:
        """Return the evidence of the fact that a row rests on."""
        fact = row[self.columns.index("fact")] if "fact" in self.columns else None
        found = self.facts.get(fact) if isinstance(fact, URIRef) else None
        return found.evidence if found else ()

    def text(self, width: int = 100) -> str:
        """Return the rows as a table for a terminal of that many characters."""
        from rich import box
        from rich.console import Console
        from rich.table import Table as RichTable
        from rich.text import Text

        table = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
        for heading in self.headings:
            table.add_column(Text(heading), overflow="fold")
        for cells in self._texts():
            table.add_row(*(Text(visible(cell)) for cell in cells))
        # With a height of its own, rich asks neither the environment nor the terminal how wide to be.
        console = Console(
            width=width, height=25, file=io.StringIO(), color_system=None, legacy_windows=False, force_terminal=False
        )
        with console.capture() as capture:
            console.print(table)
        lines = capture.get().split("\n")[:-1]
        return "\n".join(line.rstrip() for line in lines) + f"\n{_count(len(self))}\n"

    def markdown(self) -> str:
        """Return the rows as a Markdown table."""
        lines = [self.headings, ["---"] * len(self.headings), *self._texts()]
        return "".join(f"| {' | '.join(_markdown_cell(cell) for cell in line)} |\n" for line in lines)

    def csv(self, delimiter: str = ",") -> str:
        """Return the rows as CSV with labels, one header line; `delimiter` may be a tab."""
        file = io.StringIO()
        texts = self._texts()
        # The writer does not see that a carriage return ends a line for whoever reads.
        returns = any("\r" in cell for cells in texts for cell in cells)
        quoting: Literal[0, 1] = 1 if returns else 0
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n", quoting=quoting)
        writer.writerow(self.headings)
        writer.writerows(texts)
        return file.getvalue()

    def json(self) -> str:
        """Return the rows as a JSON array: each value with its IRI where it has one, each row with its sources."""
        rows = [
            {name: self._json(term) for name, term in zip(self.columns, row, strict=True)}
            | ({"sources": [_evidence_dict(e) for e in self.evidence(row)]} if "fact" in self.columns else {})
            for row in self.rows
        ]
        return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"

    def _texts(self) -> list[list[str]]:
        return [
            [
                "" if term is None else self.labels[term]
                for name, term in zip(self.columns, row, strict=True)
                if name != "fact"
            ]
            + (["; ".join(map(cited, self.evidence(row)))] if "fact" in self.columns else [])
            for row in self.rows
        ]

    def _value(self, term: Node | None) -> Any:
        if isinstance(term, RdfLiteral) and isinstance(term.value, (bool, int, float)) and math.isfinite(term.value):
            return term.value
        return None if term is None else self.labels[term]

    def _json(self, term: Node | None) -> Any:
        return {"label": self.labels[term], "iri": str(term)} if isinstance(term, URIRef) else self._value(term)


def _evidence_dict(evidence: Evidence) -> dict[str, Any]:
    return {
        "document": str(evidence.document),
        "title": evidence.title,
        "published": evidence.published,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
        "file": evidence.file,
        "record": evidence.record,
        "level": evidence.level,
        "method": evidence.method,
        "as_of": evidence.as_of,
        "decided_by": [{"start": start, "end": end, "quote": quote} for start, end, quote in evidence.decided_by],
        "notes": list(evidence.notes),
    }


def _markdown_cell(text: str) -> str:
    text = visible(text).replace("\\", "\\\\").replace("|", "\\|")
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _count(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows} rows"

"""Which part of a query takes long, and how to write it better: measured in the store, and read off the query."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from rdflib.paths import MulPath
from rdflib.term import BNode, Node, Variable

from ..errors import LimitError, QuerySyntaxError
from ..graph.store import Solutions, View
from ..ontology.identifiers import shortened
from ..ontology.namespaces import PREFIXES
from .algebra import Triple, patterns, written
from .diagnosis import Finding, findings
from .parts import Parts, parts_of

if TYPE_CHECKING:
    from rdflib.plugins.sparql.parserutils import CompValue

Measured: TypeAlias = tuple[int, float] | None
"""How many rows a query has, and in how many seconds; None where a limit ended it."""

Measure: TypeAlias = Callable[[str], Measured]


@dataclass(frozen=True)
class Step:
    """One part of a query: its text, and what was measured of the query up to and with it."""

    text: str
    rows: int | None
    seconds: float | None


@dataclass(frozen=True)
class Explanation:
    """What was found out of a query: its parts in order, its patterns with their matches, and advice."""

    steps: tuple[Step, ...]
    patterns: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]
    rows: int | None
    seconds: float | None

    @property
    def slowest(self) -> Step | None:
        """The part that adds most time; the first that was not done in time where there is one, None without parts."""
        before, slowest, most = 0.0, None, 0.0
        for step in self.steps:
            if step.seconds is None:
                return step
            if slowest is None or step.seconds - before > most:
                slowest, most = step, step.seconds - before
            before = step.seconds
        return slowest

    def text(self) -> str:
        """Return the explanation as text for a terminal."""
        done = "not done in time" if self.seconds is None else f"{self.rows:,} rows in {self.seconds:.3f} s"
        lines = [f"The whole query: {done}.", "", "Its parts, each with all before it:"]
        for step in self.steps:
            told = (
                "    not done in time" if step.seconds is None else f"{step.rows or 0:12,} rows {step.seconds:9.3f} s"
            )
            mark = ">" if step is self.slowest and len(self.steps) > 1 else " "
            lines.append(f"{mark} {told}  {_cut(step.text)}")
        lines += ["", "Its patterns, each by itself:"]
        lines += [f"  {number:12,} matches  {pattern}" for pattern, number in self.patterns]
        for finding in self.findings:
            lines += ["", f"Seen: {finding.seen}.", f"  {finding.advice.text}"]
            lines += [f"  Instead of  {finding.advice.before}", f"  write       {finding.advice.after}"]
        lines += [] if self.findings else ["", "Nothing was seen that is better written in another way."]
        return "\n".join(lines) + "\n"


def explanation(view: View, sparql: str, measure: Measure | None = None) -> Explanation:
    """Return what can be said of a query: which part takes how long, how often each pattern matches, and advice.

    Parts are measured one after the other until one is not done; `measure` runs a query, here if it is not given, or
    where it can be ended. Advice comes from the query's algebra and the number of matches of its patterns. Raises
    QuerySyntaxError, and QueryRefusedError for what would write or leave the store.
    """
    run = measure or (lambda query: measured(view, query))
    # The engine looks first: it says better than any other what is wrong with a query.
    whole = run(sparql)
    algebra = _algebra(sparql)
    steps = _steps(parts_of(sparql), run)

    @cache
    def count(triple: Triple) -> int:
        return _matches(view, triple)

    found = dict.fromkeys(patterns(algebra))
    return Explanation(
        steps=tuple(steps),
        patterns=tuple((written(triple, shortened), count(triple)) for triple in found),
        findings=tuple(findings(algebra, count)),
        rows=whole[0] if whole else None,
        seconds=whole[1] if whole else None,
    )


def measured(view: View, sparql: str) -> tuple[int, float]:
    """Return how many rows a query has, triples of a graph, or 1 of a truth, and in how many seconds it was answered.

    A query of one row with the one variable ?n has as many rows as that says.
    """
    begin = time.perf_counter()
    answer = view.query(sparql, PREFIXES)
    if isinstance(answer, Solutions):
        rows = list(answer.rows)
        is_count = answer.variables == ("n",) and len(rows) == 1 and str(rows[0][0]).isdecimal()
        number = int(str(rows[0][0])) if is_count else len(rows)
    else:
        number = 1 if isinstance(answer, bool) else answer.ntriples.count(b"\n")
    return number, time.perf_counter() - begin


def measured_text(view: View, sparql: str) -> str:
    """Return what `measured` does as text, as a process can hand it on."""
    rows, seconds = measured(view, sparql)
    return f"{rows} {seconds}"


def ended(measure: Callable[[str], str | bytes]) -> Measure:
    """Return a measure that takes the text of `measured_text` from elsewhere, and None where a limit ended it."""

    def run(sparql: str) -> Measured:
        try:
            told = measure(sparql)
            rows, seconds = (told if isinstance(told, str) else told.decode()).split()
        except LimitError:
            return None
        return int(rows), float(seconds)

    return run


def _steps(parts: Parts, run: Measure) -> list[Step]:
    steps: list[Step] = []
    for number, text in enumerate(parts.parts, start=1):
        found = None if steps and steps[-1].seconds is None else run(parts.up_to(number))
        steps.append(Step(text, *(found or (None, None))))
    return steps


def _matches(view: View, triple: Triple) -> int:
    """How many matches a pattern has by itself; of a path of any length, those of one step of it."""
    subject, predicate, value = triple
    while isinstance(predicate, MulPath):
        predicate = predicate.path
    names = {term: f"?v{number}" for number, term in enumerate(dict.fromkeys(_variables(triple)))}
    told = " ".join(names.get(term) or term.n3() for term in (subject, predicate, value))
    [row] = view.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {told} }}")
    return int(str(row["n"]))


def _variables(triple: Triple) -> list[Node]:
    # What has no name in a pattern stands for anything, as a variable does.
    return [term for term in triple if isinstance(term, Variable | BNode)]


def _algebra(sparql: str) -> CompValue:
    # Imported here because it takes a tenth of a second that only this should cost.
    from pyparsing import ParseException
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    prologue = "".join(f"PREFIX {prefix}: <{name}> " for prefix, name in PREFIXES.items())
    try:
        return translateQuery(parseQuery(prologue + sparql)).algebra
    except ParseException as error:
        raise QuerySyntaxError(f"The query does not parse, near {error.line.strip()[:60]!r}.") from error


def _cut(text: str, most: int = 90) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"

"""A table of one's own: a mapping says which facts each row gives, and what the columns mean in them.

Take envoys.csv,

    Name,From,To,Start,End
    Ada Example,France,Azerbaijan,2001-03,2004-06-30
    Ben Sample,France,Azerbaijan,2004-07-01,

and envoys.yaml, which says what it means:

    document: {name: my-envoys, title: My envoys, lastUpdated: 2020-05-01}
    facts:
      - class: Tenure
        person: {column: Name, kind: Person}
        post:
          text: Ambassador of {From} to {To}
          kind: Post
          also: {postOf: {column: From, kind: State, on: Start}}
        from: {column: Start, kind: date}
        until: {column: End, kind: date}

Then `import table envoys.csv --map envoys.yaml` loads two tenures, each with the line that says so as its evidence.

Each key of a fact but `class` and `where` is a property, and says what its value is made of: a `column`, a `value` that
is the same in all rows, or a `text` made of columns. `kind` is date, text (with `language`), code (`role:participant`),
State (a name or code, as it was meant at the date in the column `on`), or Person, Post, Organization, Event, Agreement,
Place, Topic or a class below one of them: their identifiers are made from the name or from the column `id`, and `also`
gives them properties of their own. `split` divides a cell of several values: there is a fact for each.

`identity: name` says that the same name, or `id`, is the same entity wherever it occurs; `identity: table`, that it is
so in this table only. Persons and whatever has an `id` are the table's own unless the mapping says otherwise, and a
full identifier in the column `id`, such as `person/ada-example`, is taken as it is.

`where: {Status: [served, serves]}` takes only the rows that have one of these cells. Dates are YYYY, YYYY-MM or
YYYY-MM-DD, or of the form that the mapping gives beside `document` as `dates: DD.MM.YYYY`. Every fact needs the ends of
its class and what else the shapes want of it: a row that lacks one of them gives no such fact, and is listed by its
line, as is every date, state or code that cannot be read.

No established language serves as well. RML and YARRRML have a kept engine in morph-kgc (Apache-2.0), but it wants older
versions of pyoxigraph and rdflib than this package runs on, and brings pandas and DuckDB. The CSVW library csvw
(Apache-2.0) adds nine packages and LinkML-Map some twenty, and both say what the cells say. None of them makes an
identifier of all that a fact states, tells a state by its name at a date, keeps dates as exact as written, or says
which line a fact is from, without functions written in Python beside: the mapping would be the lesser part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Final

from rdflib.namespace import DCTERMS

from ...errors import InputError
from ...ontology.dates import PartialDate
from ...ontology.identifiers import entity_iri
from ...ontology.terms import DG
from .drafts import Draft, Pair, Spelled, date, iri
from .intake import Intake
from .states import StateNames
from .table_file import Row, TableFile, table_file
from .table_mapping import FactMap, table_mapping
from .table_values import Values

_STEP: Final = 1_000
"""After how many rows progress is told."""


def read(paths: Sequence[Path], intake: Intake, mapping: Path) -> None:
    """Read one table by its mapping; raises InputError where one of the two cannot be used."""
    if len(paths) != 1:
        raise InputError(f"A mapping is of one table, and {len(paths)} were given. Import them one by one.")
    table = table_file(paths[0])
    meant = table_mapping(mapping, table.columns)
    rows = list(table.rows(intake))
    draft = intake.draft(meant.document["name"])
    _say_document(draft, meant.document)
    values = Values(meant, draft, StateNames())
    for done, (line, row) in enumerate(rows, start=1):
        for fact in meant.facts:
            if all(row[column] in cells for column, cells in fact.where):
                for message in _say(fact, row, table, line, values):
                    intake.problem(table.path.name, f"line {line}", message)
        if done % _STEP == 0 or done == len(rows):
            intake.progress(done, len(rows))
    intake.finish(draft)


def _say_document(draft: Draft, said: dict[str, str]) -> None:
    pairs: list[Pair] = [(DG.lastUpdated, date(said["lastUpdated"]))] if "lastUpdated" in said else []
    if "publisher" in said:
        publisher = entity_iri("organization", said["publisher"])
        pairs.append((DCTERMS.publisher, draft.describe(publisher, DG.Organization, said["publisher"])))
    pairs += [(DCTERMS[key], iri(said[key])) for key in ("license", "source") if key in said]
    draft.title(said["title"], DG.Dataset, pairs)


def _say(fact: FactMap, row: Row, table: TableFile, line: int, values: Values) -> Iterator[str]:
    """Say the facts that a row gives, and yield what was left out."""
    unread: list[str] = []
    found = {value.name: values.of(value, row, unread) for value in fact.values}
    lacking = [name for name in fact.required if not found[name]]
    if lacking:
        values.drop()
        blank = [f"{value.name} ({value.words}) is blank." for value in fact.values if value.name in lacking]
        told = unread or blank
        yield f"The {fact.kind.label} was left out: {' '.join(told)}"
        return
    yield from unread
    values.keep()
    start, end = (found[name][0] if found.get(name) else "" for name in ("from", "until"))
    if start and end and _date(end).last_day < _date(start).first_day:
        yield f"until: the end, {_date(end).lexical}, is before the start, {_date(start).lexical}."
        found["until"] = []
    evidence = values.draft.evidence(table.path.name, f"line {line}")
    in_key = [value for value in fact.values if value.prop in fact.kind.key and found[value.name]]
    more = [(value.prop, each) for value in fact.values if value not in in_key for each in found[value.name]]
    for chosen in product(*(found[value.name] for value in in_key)):
        key = [(value.prop, each) for value, each in zip(in_key, chosen, strict=True)]
        ends = [each for prop, each in key if prop in (fact.kind.source, fact.kind.target)]
        if not fact.kind.directed and ends[0] == ends[1]:
            yield f"The {fact.kind.label} was left out: its two ends are the same."
        else:
            values.draft.fact(fact.kind.iri, key, evidence, more)


def _date(spelled: Spelled) -> PartialDate:
    return PartialDate(spelled.split('"')[1])

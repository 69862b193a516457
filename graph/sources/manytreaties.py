"""Agreements and their parties, from the tables of the R package manytreaties: GGO and DESTA.

- A treaty's identifier is the package's own, so that what both datasets have meets in one agreement. Where one
  identifier stands for several titles of GGO, each title is an agreement of its own. DESTA's two tables write the same
  treaty differently and are joined by its number.
- A row of a table of parties says what its dates say: signed, ratified, in force for the party, ended for it. Who has
  ratified, or is said to be bound, is a party; so is who is only listed. Who has signed and nothing more is none.
- Days such as 9999-12-31, 2999-01-01 and 2899-01-01 say that something is open, and are no dates. A mark of doubt (`?`,
  `~`) or a range goes into the evidence's note, and with a range no date is given.
- The code RUS stands for the Soviet Union and the Russian Empire in their time, and is read so, with a note.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rdflib import URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from ...errors import InputError
from ...ontology.identifiers import entity_iri
from ...ontology.terms import ACTION, DG
from .drafts import Draft, Pair, Spelled, date, iri, text
from .intake import Intake
from .states import StateNames
from .treaty_dates import WrittenDate, written_date
from .treaty_names import Agreements
from .treaty_parties import Parties

_LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
_REPOSITORY: Final = "https://github.com/globalgov/manytreaties"
_TITLES: Final = {
    "GGO": "Agreements and their parties (manytreaties: GGO)",
    "DESTA": "Trade agreements and their parties (manytreaties: DESTA)",
}
_KINDS: Final = {
    "Agreement": DG.Treaty,
    "Amendment": DG.Treaty,
    "Protocol": DG.Treaty,
    "Extending": DG.Treaty,
    "Resolution": DG.Resolution,
}
_ACTIONS: Final = (
    ("StateSignature", ACTION.signed.n3()),
    ("StateRatification", ACTION.ratified.n3()),
    ("StateForce", ACTION["entered-into-force"].n3()),
    ("StateEnd", ACTION.terminated.n3()),
)
_DATES: Final = (("Signature", DG.date), ("Force", DG.entryIntoForce), ("End", DG.termination))
_PLAIN: Final = (("TypeAgree", DG.kind), ("TypeAmbit", DG.scope), ("Depository", DG.depositary))
_STEP: Final = 1000


def read(paths: Sequence[Path], intake: Intake) -> None:
    """Read the tables in directories; raises InputError where there are none, or one lacks a column that it needs."""
    states = StateNames()
    for path in paths:
        found = [
            name for name in _TITLES if any(_table(path, kind, name).is_file() for kind in ("agreements", "parties"))
        ]
        if not found:
            wanted = "agreements_GGO.csv, parties_GGO.csv, agreements_DESTA.csv, parties_DESTA.csv"
            raise InputError(f"{path}: it has none of the tables {wanted}.")
        for name in found:
            _Dataset(name, path, intake, states).read()


def _table(directory: Path, kind: str, name: str) -> Path:
    return directory / f"{kind}_{name}.csv"


@dataclass(frozen=True)
class _Row:
    """A row of a table: its cells by column, where it stands, and the dates in it."""

    cells: dict[str, str]
    file: str
    line: int

    @property
    def record(self) -> str:
        return f"line {self.line}"

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column) or ""


class _Dataset:
    """One dataset, read into a draft of its own."""

    def __init__(self, name: str, directory: Path, intake: Intake, states: StateNames) -> None:
        self._name, self._directory, self._intake = name, directory, intake
        self._draft: Draft = intake.draft(f"manytreaties {name}")
        self._agreements = Agreements(by_number="destaID" if name == "DESTA" else "")
        self._parties = Parties(states, self._draft, intake)

    def read(self) -> None:
        agreements = list(self._rows("agreements", ("treatyID", "Title")))
        for row in agreements:
            self._agreements.add(row.cells)
        for row in agreements:
            self._say_agreement(self._agreements.of(row.cells), row)
        size = _table(self._directory, "parties", self._name)
        total = size.stat().st_size if size.is_file() else 0
        for done, row in enumerate(self._rows("parties", ("treatyID", "stateID")), start=1):
            self._say_party(row)
            if done % _STEP == 0:
                # Rows are about as long as each other: what is left is told from the length of the file.
                self._intake.progress(done, max(done, total // 190))
        self._say_dataset(agreements)
        self._intake.finish(self._draft)

    def _say_dataset(self, agreements: list[_Row]) -> None:
        organization = entity_iri("organization", "globalgov")
        publisher = self._draft.describe(organization, DG.Organization, "manytreaties, globalgov")
        source = [(DCTERMS.publisher, publisher), (DCTERMS.license, iri(_LICENSE)), (DCTERMS.source, iri(_REPOSITORY))]
        # The tables do not say when they were last kept, which was not before the newest agreement in them.
        newest = max((self._date(row, "Signature").lexical for row in agreements), default="")
        kept = [(DG.lastUpdated, date(newest))] if newest else []
        self._draft.title(_TITLES[self._name], DG.Dataset, [*source, *kept])

    def _rows(self, kind: str, needed: tuple[str, ...]) -> Iterator[_Row]:
        path = _table(self._directory, kind, self._name)
        if not path.is_file():
            return
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            lacking = [column for column in needed if column not in (reader.fieldnames or ())]
            if lacking:
                raise InputError(f"{path}: it has no column {' and no '.join(lacking)}.")
            begin = 2
            for cells in reader:
                row = _Row(cells, path.name, begin)
                begin = reader.line_num + 1
                if None in cells or None in cells.values():
                    self._intake.problem(row.file, row.record, "The row has not as many cells as there are columns.")
                elif not row["treatyID"].strip():
                    self._intake.problem(row.file, row.record, "The row names no treaty.")
                else:
                    yield row

    def _date(self, row: _Row, column: str) -> WrittenDate:
        found = written_date(row[column])
        if found.wrong:
            self._intake.problem(row.file, row.record, f"{column} {row[column]!r} was left out: it is no date.")
        return found

    def _say_agreement(self, agreement: URIRef, row: _Row) -> Spelled:
        dates = [(column, prop, self._date(row, column)) for column, prop in _DATES]
        notes = [f"{column} is written {row[column]}." for column, _, found in dates if found.doubtful]
        evidence = self._draft.evidence(row.file, row.record, [(DG.note, text(note, "en")) for note in notes])
        pairs: list[Pair] = [(DG.localId, text(f"manytreaties-{self._name.lower()}:{row['treatyID']}"))]
        pairs += [(prop, text(row[column], "en")) for column, prop in _PLAIN if row[column] not in ("", "None")]
        subjects = [row[column] for column in ("TypeDomain", "TypeSubject") if row[column]]
        pairs += [(DG.subject, text(subject, "en")) for subject in subjects]
        pairs += [(SKOS.altLabel, text(row["TitleAlt"], "en"))] if row["TitleAlt"] not in ("", row["Title"]) else []
        kind = _KINDS.get(row["TypeAgree"], DG.Agreement)
        title = row["Title"] or row["treatyID"]
        if self._agreements.say(agreement, title) != title:
            pairs.append((SKOS.altLabel, text(title, "en")))
        spelled = self._draft.describe(agreement, kind, title, pairs)
        for _, prop, found in dates:
            if found.spelled:
                asserted = [(RDF.subject, spelled), (RDF.predicate, iri(prop)), (RDF.object, found.spelled)]
                self._draft.fact(DG.Assertion, asserted, evidence)
        return spelled

    def _say_party(self, row: _Row) -> None:
        agreement = self._agreements.of(row.cells)
        if not self._agreements.is_known(agreement):
            # No table of agreements has it: what the rows of its parties tell of it is all there is.
            self._say_agreement(agreement, _Row({**row.cells, "TitleAlt": ""}, row.file, row.line))
        if self._name == "DESTA":
            cells = {"StateSignature": row["Signature"], "StateForce": row["Force"]}
            row = _Row({**row.cells, **cells}, row.file, row.line)
        dates = {column: self._date(row, column) for column, _ in _ACTIONS}
        on = min((found.lexical for found in dates.values() if found.lexical), default="")
        party = self._parties.party(row.cells, on, row.file, row.record)
        notes = [f"{column} is written {row[column]}." for column, found in dates.items() if found.doubtful]
        evidence = self._parties.evidence(party, row.file, row.record, [*notes, row["Comments"]])
        ends: list[Pair] = [(DG.party, party.spelled), (DG.agreement, iri(agreement))]
        for column, action in _ACTIONS:
            if dates[column].spelled:
                acted = [*ends, (DG.action, action), (DG.date, dates[column].spelled)]
                self._draft.fact(DG.TreatyAction, acted, evidence)
        only_signed = row["StateSignature"] and not (dates["StateRatification"].lexical or dates["StateForce"].lexical)
        if not only_signed:
            bounds = ((DG["from"], dates["StateForce"].spelled), (DG.until, dates["StateEnd"].spelled))
            self._draft.fact(DG.Partyship, [*ends, *((prop, day) for prop, day in bounds if day)], evidence)

"""Agreements and their parties, from the tables of the R package manytreaties: GGO and DESTA.

- A treaty's identifier is the package's own, so that what both datasets have meets in one agreement. Where one
  identifier stands for several titles, each title is an agreement of its own. A row of a party whose title is worded
  otherwise is of the one that was signed at the same time. DESTA's two tables write identifiers differently and are
  joined by its number.
- A row of a table of parties says what its dates say: signed, ratified, in force for the party, ended for it. Who has
  ratified, or is said to be bound, is a party; so is who is only listed. Who has signed and nothing more is none. Many
  rows end before they begin: they tell what was done on which day, and of no time in which anyone was party.
- DESTA has no dates of a party's own. Those of the treaty are taken for them, by inference; a party that is listed
  again when others accede has the earliest.
- Days such as 9999-12-31, 2999-01-01, 2899-01-01 and 0001-01-01 say that something is open, and are no dates. A mark of
  doubt (`?`, `~`) or a range goes into the evidence's note, and with a range no date is given. So does a term.
- Some codes stand for earlier states as well, such as RUS for the Soviet Union: at each date it is the state of the
  time that acts. Where a treaty outlived such a state, that was party until its end, and the next one from its
  beginning. All this is by resolution. A date at which there was no state of a code has a note that says so.
- Places, languages, websites, texts and who coded a row are not read.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rdflib import URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from ...errors import InputError
from ...ontology.identifiers import entity_iri
from ...ontology.terms import ACTION, DG, LEVEL
from .drafts import Draft, Pair, Spelled, date, iri, text
from .intake import Intake
from .states import StateNames
from .treaty_dates import WrittenDate, written_date
from .treaty_names import Agreements
from .treaty_parties import Parties
from .treaty_times import Party, before

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
_ACTIONS: Final = {
    "StateSignature": ACTION.signed.n3(),
    "StateRatification": ACTION.ratified.n3(),
    "StateForce": ACTION["entered-into-force"].n3(),
    "StateEnd": ACTION.terminated.n3(),
}
# Looked up once: a large table asks for them hundreds of thousands of times.
_PARTY: Final = DG.party
_AGREEMENT: Final = DG.agreement
_ACTION: Final = DG.action
_DATE: Final = DG.date
_FROM: Final = DG["from"]
_UNTIL: Final = DG.until
_INFERRED: Final = (DG.level, LEVEL.inferred.n3())
_RESOLVED: Final = (DG.level, LEVEL.resolved.n3())
_TREATYS: Final = "The dates are the treaty's, as the table has none of a party's own."
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
    """A row of a table, or a part of one: its cells by column, and where it stands."""

    cells: dict[str, str]
    file: str
    line: int
    part: str = ""

    @property
    def record(self) -> str:
        return f"line {self.line}, {self.part}" if self.part else f"line {self.line}"

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column) or ""


class _Dataset:
    """One dataset, read into a draft of its own."""

    def __init__(self, name: str, directory: Path, intake: Intake, states: StateNames) -> None:
        self._name, self._directory, self._intake = name, directory, intake
        self._draft: Draft = intake.draft(f"manytreaties {name}")
        self._agreements = Agreements(number="destaID" if name == "DESTA" else "")
        self._parties = Parties(states, self._draft, intake)
        self._first: dict[tuple[URIRef, str, str], tuple[str, str]] = {}

    def read(self) -> None:
        agreements = list(self._rows("agreements", ("treatyID", "Title")))
        for row in agreements:
            self._agreements.add(row.cells)
        for row in agreements:
            self._say_agreement(self._agreements.of(row.cells), row)
        if self._name == "DESTA":
            self._note_first_years()
        size = _table(self._directory, "parties", self._name)
        total = size.stat().st_size if size.is_file() else 0
        for done, row in enumerate(self._rows("parties", ("treatyID", "stateID")), start=1):
            self._say_party(self._with_treatys_dates(row) if self._name == "DESTA" else row)
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

    def _rows(self, kind: str, needed: tuple[str, ...], *, quiet: bool = False) -> Iterator[_Row]:
        """Yield the rows of a table that name a treaty; others are listed, unless quiet."""
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
                wrong = ""
                if None in cells or None in cells.values():
                    wrong = "The row has not as many cells as there are columns."
                elif not row["treatyID"].strip():
                    wrong = "The row names no treaty."
                if not wrong:
                    yield row
                elif not quiet:
                    self._intake.problem(row.file, row.record, wrong)

    def _note_first_years(self) -> None:
        for row in self._rows("parties", ("treatyID", "stateID"), quiet=True):
            key = self._agreements.of(row.cells), row["stateID"], row["StateName"]
            years = row["Signature"], row["Force"]
            self._first[key] = min(self._first.get(key, years), years, key=lambda each: each[0] or "9999")

    def _with_treatys_dates(self, row: _Row) -> _Row:
        signed, force = self._first[self._agreements.of(row.cells), row["stateID"], row["StateName"]]
        again = (row["Signature"], row["Force"]) != (signed, force)
        comment = f"Listed again with {row['Signature'] or 'no year'}." if again else ""
        cells = {"StateSignature": signed, "StateForce": force, "Comments": comment, "Inference": _TREATYS}
        return _Row({**row.cells, **cells}, row.file, row.line)

    def _date(self, row: _Row, column: str) -> WrittenDate:
        found = written_date(row[column])
        if found.wrong:
            self._intake.problem(row.file, row.record, f"{column} {row[column]!r} was left out: it is no date.")
        return found

    def _say_agreement(self, agreement: URIRef, row: _Row) -> Spelled:
        dates = [(column, prop, self._date(row, column)) for column, prop in _DATES]
        notes = self._notes(row, {column: found for column, _, found in dates})
        said = [(DG.note, text(note, "en")) for note in notes if note.strip()]
        evidence = self._draft.evidence(row.file, row.record, said)
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
        agreement, party = self._agreements.of(row.cells), self._parties.party(row.cells, row.file, row.record)
        if not self._agreements.is_known(agreement):
            # No table of agreements has it: what the rows of its parties tell of it is all there is.
            cells = {**row.cells, "Comments": "", "Term": ""}
            self._say_agreement(agreement, _Row(cells, row.file, row.line, "treaty"))
        dates = {column: self._date(row, column) for column in _ACTIONS}
        days = {column: found.lexical for column, found in dates.items() if found.lexical}
        evidence = self._evidence(row, party, dates, days.values())
        in_agreement = (_AGREEMENT, iri(agreement))
        for column, day in days.items():
            acted = [(_PARTY, party.at(day).party), in_agreement, (_ACTION, _ACTIONS[column]), (_DATE, date(day))]
            self._draft.fact(DG.TreatyAction, acted, evidence)
        _, ratified, force, end = dates.values()
        if _is_reversed(dates):
            return
        if ratified.lexical or force.lexical or not (row["StateSignature"] or ratified.open or force.open):
            # Where the party's end is blank, the treaty's tells whether it is open.
            is_open = end.open or (not row["StateEnd"] and written_date(row["End"]).open)
            acted_on = next(iter(days.values()), "")
            for spell in party.spells(force.lexical, end.lexical, is_open=is_open, acted=acted_on):
                bounds = [(prop, date(day)) for prop, day in ((_FROM, spell.start), (_UNTIL, spell.end)) if day]
                self._draft.fact(DG.Partyship, [(_PARTY, spell.party), in_agreement, *bounds], evidence)
        elif not days:
            self._intake.problem(row.file, row.record, "It gave no fact, as it says of nothing that it has happened.")

    def _evidence(self, row: _Row, party: Party, dates: Mapping[str, WrittenDate], days: Collection[str]) -> Spelled:
        notes = [*self._notes(row, dates), *party.remarks(days), party.note, row["Inference"]]
        if _is_reversed(dates):
            notes.append("It ended before it began: no time in which it was party is given.")
        said = [(DG.note, text(note, "en")) for note in dict.fromkeys(notes) if note.strip()]
        if row["Inference"]:
            said.append(_INFERRED)
        elif party.note or any(party.at(day) is not party.own for day in days):
            said.append(_RESOLVED)
        return self._draft.evidence(row.file, row.record, said)

    def _notes(self, row: _Row, dates: Mapping[str, WrittenDate]) -> list[str]:
        """Return what the row has besides its dates, and how those are written that say more than a date."""
        written = [column for column, found in dates.items() if found.doubtful]
        told = [f"{column} is written {row[column]}." for column in written]
        if row["Term"] and row["Term"] != row["End"]:
            told.append(f"Term is written {row['Term']}.")
        return [*told, row["Comments"]]


def _is_reversed(dates: Mapping[str, WrittenDate]) -> bool:
    return before(dates["StateEnd"].lexical, dates["StateForce"].lexical)

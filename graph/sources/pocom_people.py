"""The people of the records of principal officers and chiefs of mission.

The files tell names, and years of birth and death. Where in the United States somebody lived, and whether they came
from the Foreign Service, is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rdflib.namespace import SKOS

from ...ontology.identifiers import entity_iri
from ...ontology.terms import DG
from .drafts import Draft, Pair, Spelled, date, text
from .historian import changes, known_date
from .intake import Intake
from .xmlfiles import Located, root, words


class Known(NamedTuple):
    """A person, and what was needed besides the identifier to find them, empty where it was enough."""

    person: Spelled
    note: str = ""


class People:
    """Everybody who has a file in a directory's people/, said in a draft; `stamps` tell when the files were changed."""

    def __init__(self, directory: Path, draft: Draft, intake: Intake) -> None:
        self._draft, self._intake = draft, intake
        self._known: dict[str, Known] = {}
        self._former: dict[str, str] = {}
        self.stamps: list[str] = []
        for path in sorted((directory / "people").glob("*/*.xml")):
            self._read(path, path.relative_to(directory).as_posix())

    def known(self, identifier: str, file: str, record: str) -> Known:
        """Return the person of an identifier.

        One without a file is noted. It is whoever had it formerly, as their own file says, or somebody of whom only
        the identifier is known, and who is called by it.
        """
        if identifier not in self._known:
            now = self._former.get(identifier, "")
            if now in self._known:
                note = f"The person {identifier!r} has no file, and is {now!r}, whose former identifier that is."
                self._known[identifier] = Known(self._known[now].person, note)
            else:
                note = f"The person {identifier!r} has no file, so no more is known than this identifier."
                name = " ".join(identifier.replace("-", " ").title().split())
                self._known[identifier] = Known(self._say(identifier, name, []), note)
            self._intake.problem(file, record, note)
        return self._known[identifier]

    def _read(self, path: Path, file: str) -> None:
        person = root(path, file, self._intake)
        identifier = words(person, "id")
        if person is None or not identifier:
            self._intake.problem(file, "", "It describes no person with an identifier, and was left out.")
            return
        self.stamps += changes(person)
        name, *others = dict.fromkeys(_names(person))
        pairs: list[Pair] = [(SKOS.altLabel, text(other, "en")) for other in others]
        for prop, tag in ((DG.born, "birth"), (DG.died, "death")):
            day = known_date(words(person, tag), tag, file, identifier, self._intake)
            pairs += [(prop, date(day))] if day else []
        for former in person.iterfind("old-ids/old-id"):
            self._former[words(former)] = identifier
            pairs.append((DG.localId, text(f"pocom:{words(former)}")))
        self._known[identifier] = Known(self._say(identifier, name or identifier, pairs))

    def _say(self, identifier: str, name: str, pairs: list[Pair]) -> Spelled:
        local = (DG.localId, text(f"pocom:{identifier}"))
        return self._draft.describe(entity_iri("person", identifier), DG.Person, name, [local, *pairs])


def _names(person: Located) -> Iterator[str]:
    """Yield the name in full, then the other names that the record gives."""
    name = person.find("persName")
    parts = (words(name, "forename"), words(name, "surname"), words(name, "genName"))
    yield " ".join(part for part in parts if part)
    for other in name.findall("altname") if name is not None else ():
        if words(other):
            yield words(other)

"""A made-up graph shaped like diplomacy, the same every time: few people and states are in most of what happens."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from diplograph.ontology.namespaces import DOCUMENTS, IDENTIFIERS, PREFIXES

SEED = 1848
_DG, _OA, _XSD = PREFIXES["dg"], PREFIXES["oa"], PREFIXES["xsd"]
_TYPE, _LABEL = f"<{PREFIXES['rdf']}type>", f"<{PREFIXES['skos']}prefLabel>"
_STATES = 193
_ROLES = ("participant", "participant", "participant", "speaker", "organiser", "observer")
_REALIS = ("held",) * 9 + ("claimed",)


def statements(*, blank_nodes: bool = False) -> Iterator[str]:
    """Yield the N-Triples lines of an endless graph: meetings, who took part, tenures, partyships and their evidence.

    Each line comes once. `blank_nodes` adds passages with a selector that has no name.
    """
    chance = random.Random(SEED)  # noqa: S311
    people: set[int] = set()
    for number in range(_STATES):
        yield from _thing(f"<{IDENTIFIERS}state/S{number}>", "State", (_LABEL, f'"State {number}"@en'))
    for number in count():
        meeting, day = f"<{IDENTIFIERS}event/meeting-{number}>", _day(number)
        document = f"<{DOCUMENTS}communique-{number // 20}>"
        yield from _thing(meeting, "Meeting", (_LABEL, f'"Meeting {number} of the council"@en'), (_dg("date"), day))
        for _ in range(1 + int(9 * chance.random() ** 2)):
            # Squares and cubes of even chances: a few are in very many facts, most in few.
            person = int((number + 10) * chance.random() ** 3)
            state = f"<{IDENTIFIERS}state/S{int(_STATES * chance.random() ** 2)}>"
            who = f"<{IDENTIFIERS}person/person-{person}>"
            if person not in people:
                people.add(person)
                label = f'"Zoë Person {person}"@en'
                yield from _thing(who, "Person", (_LABEL, label), (_dg("nationality"), state))
                post = f"<{IDENTIFIERS}post/post-{int(9973 * chance.random() ** 2)}>"
                yield from _fact(chance, "Tenure", document, ("person", who), ("post", post), ("from", day))
            role = f"<{PREFIXES['role']}{chance.choice(_ROLES)}>"
            yield from _fact(chance, "Participation", document, ("agent", who), ("event", meeting), ("role", role))
        if number % 3 == 0:
            agreement = f"<{IDENTIFIERS}agreement/agreement-{number}>"
            label = f'"Agreement {number} on \\"cultural\\" ties"@en'
            yield from _thing(agreement, "Agreement", (_LABEL, label), (_dg("date"), day))
            for _ in range(2):
                state = f"<{IDENTIFIERS}state/S{int(_STATES * chance.random() ** 2)}>"
                yield from _fact(chance, "Partyship", document, ("party", state), ("agreement", agreement))
        if blank_nodes:
            start, selector = chance.randrange(9000), f"_:c14n{number}"
            passage = f"{document[:-1]}#char={start},{start + 80}>"
            yield f"{passage} <{_OA}hasSelector> {selector} .\n"
            yield f"{selector} {_TYPE} <{_OA}TextPositionSelector> .\n"
            yield f'{selector} <{_OA}start> "{start}"^^<{_XSD}integer> .\n'
            yield f'{selector} <{_OA}end> "{start + 80}"^^<{_XSD}integer> .\n'


def write(path: Path, triples: int, *, graph: str | None = None) -> None:
    """Write the first triples as an N-Triples file, or as N-Quads of one graph."""
    with path.open("w", encoding="utf-8") as file:
        lines = islice(statements(), triples)
        file.writelines(lines if graph is None else (f"{line[:-2]}<{graph}> .\n" for line in lines))


def _dg(name: str) -> str:
    return f"<{_DG}{name}>"


def _day(number: int) -> str:
    return f'"{1990 + number % 35}-{1 + number % 12:02}-{1 + number % 28:02}"^^<{_XSD}date>'


def _thing(subject: str, kind: str, *rows: tuple[str, str]) -> Iterator[str]:
    yield f"{subject} {_TYPE} {_dg(kind)} .\n"
    for predicate, value in rows:
        yield f"{subject} {predicate} {value} .\n"


def _fact(chance: random.Random, kind: str, document: str, *ends: tuple[str, str]) -> Iterator[str]:
    fact, evidence = (f"<{IDENTIFIERS}{room}/{chance.getrandbits(80):020x}>" for room in ("fact", "evidence"))
    realis = f"<{PREFIXES['realis']}{chance.choice(_REALIS)}>"
    rows = ((_dg(name), value) for name, value in (*ends, ("realis", realis), ("evidence", evidence)))
    yield from _thing(fact, kind, *rows)
    level, method = f"<{PREFIXES['level']}stated>", f"<{PREFIXES['method']}imported>"
    yield from _thing(
        evidence, "Evidence", (_dg("level"), level), (_dg("method"), method), (_dg("inDocument"), document)
    )

"""How fast names are found among 300,000: in part, misspelt and whole, beside SPARQL's CONTAINS on the same store."""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from diplograph.graph.entities import Names
from diplograph.graph.loading import Source, load
from diplograph.graph.naming import names_query, rows_in_tsv, write_index
from diplograph.graph.opening import open_store
from diplograph.graph.store import View
from diplograph.ontology.identifiers import document_iri, folded
from diplograph.ontology.namespaces import IDENTIFIERS, PREFIXES

_GIVEN = "Ann Boris Carla David Elena Farid Giorgi Hanna Ilham Jeyhun Karl Leyla Maria Nino Omar Petra Rashid Sofia"
_SYLLABLES = (
    "a al an ber bo cha da den e fa gor ha i jo ka ko lan li ma mir na no o pa ra ri sa sen ta to u va vi za ze"
)
_ENDINGS = "ov ova ev yev sky enko ian dze shvili son sen ez ini er mann oğlu"


def people(number: int) -> Iterator[str]:
    """Yield names of people, the same every time; a few surnames are common and most are rare."""
    chance = random.Random(1815)  # noqa: S311
    given, syllables, endings = _GIVEN.split(), _SYLLABLES.split(), _ENDINGS.split()
    surnames = [
        ("".join(chance.choice(syllables) for _ in range(chance.randint(2, 4))) + chance.choice(endings)).capitalize()
        for _ in range(number // 3)
    ]
    for _ in range(number):
        first = " ".join(chance.sample(given, chance.randint(1, 2)))
        yield f"{first} {surnames[int(len(surnames) * chance.random() ** 2)]}"


def main() -> None:
    """Print how long the index takes to write, and how long each kind of search takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=300_000, help="names in the store (default 300,000)")
    parser.add_argument("--searches", type=int, default=100, help="searches of each kind (default 100)")
    chosen = parser.parse_args()
    names = list(people(chosen.names))
    chance = random.Random(1919)  # noqa: S311
    asked = chance.sample(names, chosen.searches)
    with tempfile.TemporaryDirectory() as place:
        store = open_store(Path(place) / "store")
        print(f"{chosen.names:,} names, {chosen.searches} searches of each kind")
        print(f"{'loading, with the index':<34} {_seconds(lambda: load(store, [_document(names)])):8.2f} s")
        view = store.view()
        alone = Path(place) / "index"
        writing = _seconds(lambda: write_index(alone, rows_in_tsv(view.serialized(names_query(), "tsv"))))
        print(f"{'the index alone':<34} {writing:8.2f} s, {alone.stat().st_size / 1e6:.0f} MB")
        change = Source(document_iri("change"), _person(0, "Anna Newcomer"), "change")
        print(f"{'loading one more name':<34} {_seconds(lambda: load(store, [change])):8.2f} s")
        view = store.view()
        print(f"{'milliseconds':<34} {'median':>8} {'worst':>8}")
        Names(view).containing("warm", limit=1)
        parts = [_part(name, chance) for name in asked]
        first = "part of a name: the first 20"
        index = _row(first, parts, lambda text: Names(view).containing(text, limit=20))
        _row("part of a name: how many", parts, lambda text: Names(view).count(text))
        letters = [text[: 1 + number % 2] for number, text in enumerate(parts)]
        _row("a letter or two: the first 20", letters, lambda text: Names(view).containing(text, limit=20))
        misspelt = [_misspelt(name, chance) for name in asked]
        _row("misspelt name", misspelt, lambda text: Names(view).near(text))
        # Whole names that are one person's: for others, all are listed.
        times = Counter(map(folded, names))
        whole = [name for name in asked if times[folded(name)] == 1]
        exact = _row("whole name", whole, lambda text: Names(view).entity(text))
        print("\nthe same by a SPARQL query:")
        scan = _row("part of a name: CONTAINS", parts[:20], lambda text: _by_scan(view, f"CONTAINS(?folded, {text!r})"))
        same = _row("whole name: LCASE", whole[:20], lambda text: _by_scan(view, f"?folded = {text.lower()!r}"))
        print(f"\nparts of names {scan / index:.0f}x, whole names {same / exact:.0f}x faster by the index")
        store.close()


def _document(names: list[str]) -> Source:
    return Source(document_iri("people"), b"".join(_person(n, name) for n, name in enumerate(names)), "people")


def _person(number: int, name: str) -> bytes:
    who = f"<{IDENTIFIERS}person/p{number}>"
    kind = f"{who} <{PREFIXES['rdf']}type> <{PREFIXES['dg']}Person> .\n"
    return f'{kind}{who} <{PREFIXES["skos"]}prefLabel> "{name}"@en .\n'.encode()


def _part(name: str, chance: random.Random) -> str:
    word = folded(name).split()[-1]
    begin = chance.randint(0, max(0, len(word) - 6))
    return word[begin : begin + chance.randint(3, 6)]


def _misspelt(name: str, chance: random.Random) -> str:
    place = chance.randint(len(name) - 5, len(name) - 2)
    return name[:place] + chance.choice(["", "x", name[place] * 2]) + name[place + 1 :]


def _by_scan(view: View, condition: str) -> None:
    view.select(
        f"SELECT ?entity ?name WHERE {{ ?entity <{PREFIXES['skos']}prefLabel> ?name "
        f"BIND(LCASE(STR(?name)) AS ?folded) FILTER({condition}) }} ORDER BY ?name LIMIT 20"
    )


def _row(what: str, texts: list[str], search: Callable[[str], object]) -> float:
    """Print and return the median time of a search in milliseconds."""
    times = [1000 * _seconds(lambda text=text: search(text)) for text in texts]  # type: ignore[misc]
    print(f"{what:<34} {statistics.median(times):8.2f} {max(times):8.2f}")
    return statistics.median(times)


def _seconds(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()

"""What readable Turtle costs: `graph.turtle` beside rdflib's serializer on the same graph, in one run."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from itertools import count, islice

import rdflib

from diplograph.graph.turtle import turtle
from diplograph.ontology.namespaces import DOCUMENTS, IDENTIFIERS, PREFIXES

SEED = 1848


def statements() -> Iterator[str]:
    """Yield the lines of an endless made-up graph of people, posts, meetings and the passages that speak of them."""
    chance = random.Random(SEED)  # noqa: S311
    dg, rdf, xsd = PREFIXES["dg"], PREFIXES["rdf"], PREFIXES["xsd"]

    def thing(subject: str, kind: str, *rows: tuple[str, str]) -> Iterator[str]:
        yield f"<{subject}> <{rdf}type> <{dg}{kind}> .\n"
        for predicate, value in rows:
            yield f"<{subject}> <{predicate}> {value} .\n"

    for number in count():
        person, post = f"{IDENTIFIERS}person/person-{number}", f"{IDENTIFIERS}post/post-{number % 997}"
        document, state = f"{DOCUMENTS}communique-{number // 50}", f"{IDENTIFIERS}state/S{number % 193}"
        meeting, fact = f"{IDENTIFIERS}event/meeting-{number // 8}", f"{IDENTIFIERS}fact/{chance.getrandbits(80):020x}"
        start = chance.randrange(9000)
        passage = f"{document}#char={start},{start + 80}"
        day = f'"{1990 + number % 35}-{1 + number % 12:02}-{1 + number % 28:02}"^^<{xsd}date>'
        label = f"{PREFIXES['skos']}prefLabel"
        yield from thing(person, "Person", (label, f'"Person {number}"@en'), (f"{dg}nationality", f"<{state}>"))
        yield from thing(
            meeting, "Meeting", (label, f'"Meeting {number // 8}"@en'), (f"{dg}participant", f"<{person}>")
        )
        yield from thing(
            fact,
            "Tenure",
            *((f"{dg}holder", f"<{person}>"), (f"{dg}post", f"<{post}>"), (f"{dg}from", day)),
            *((f"{dg}evidence", f"<{passage}>"), (f"{dg}confidence", f'"0.{number % 90 + 10}"^^<{xsd}decimal>')),
        )
        yield from thing(
            passage,
            "Passage",
            *(
                (f"{dg}inDocument", f"<{document}>"),
                (f"{dg}quote", f'"Person {number} took \\"office\\" in Zürich."@en'),
            ),
            (f"{PREFIXES['oa']}hasSelector", f"_:c14n{number}"),
        )
        yield f"_:c14n{number} <{rdf}type> <{PREFIXES['oa']}TextPositionSelector> .\n"
        yield f'_:c14n{number} <{PREFIXES["oa"]}start> "{start}"^^<{xsd}integer> .\n'
        yield f'_:c14n{number} <{PREFIXES["oa"]}end> "{start + 80}"^^<{xsd}integer> .\n'


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print the seconds that both need, and how many times faster diplograph is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=200_000, help="the size of the graph (default: %(default)s)")
    parser.add_argument("--alone", action="store_true", help="leave rdflib out, for graphs too large for it")
    options = parser.parse_args()

    lines = list(dict.fromkeys(islice(statements(), options.triples)))
    random.Random(SEED).shuffle(lines)  # noqa: S311
    data, size = "".join(lines).encode(), len(lines)
    del lines
    ours = min(seconds(lambda: turtle(data, PREFIXES)) for _ in range(3))
    print(f"{size:,} triples, shuffled, {len(data) / 1e6:.1f} MB of N-Triples")
    print(f"diplograph {ours:8.2f} s   {size / ours:12,.0f} triples/s")
    if options.alone:
        return
    graph = rdflib.Graph().parse(data=data, format="nt")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    theirs = seconds(lambda: graph.serialize(format="turtle"))
    print(f"rdflib     {theirs:8.2f} s   {size / theirs:12,.0f} triples/s")
    print(f"diplograph is {theirs / ours:.1f} times as fast")


if __name__ == "__main__":
    main()

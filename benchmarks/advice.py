"""What the advice of `query --explain` is worth: each example beside what it is to be written as, in one run."""

from __future__ import annotations

import argparse
import random
import time

from rdflib import URIRef

from diplograph import Store, open_store
from diplograph.graph.entities import Names
from diplograph.ontology.namespaces import PREFIXES
from diplograph.queries.advice import ALL
from diplograph.queries.explanation import measured


def main() -> None:
    """Print seconds before and after each advice, and how many times faster it makes the query."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=4000, help="how many tenures there are (default 4000)")
    asked = parser.parse_args()
    with open_store(":memory:") as store:
        with store.writing() as writer:
            writer.put(URIRef(f"{PREFIXES['doc']}made-up"), made_up(asked.facts))
        print(f"{store.view().size():,} triples\n\n{'advice':<16} {'before':>9} {'after':>9} {'faster':>9}")
        for one in ALL:
            before, after = (_seconds(store, sparql) for sparql in (one.before, one.after))
            print(f"{one.name:<16} {before:9.4f} {after:9.4f} {before / after:8.1f}x")


def made_up(facts: int, seed: int = 1) -> bytes:
    """Return N-Triples of tenures, participations and bodies within bodies, as many as `facts` of each."""
    chance = random.Random(seed)  # noqa: S311 - no secret hangs on it
    lines: list[str] = []

    def say(subject: str, predicate: str, value: str) -> None:
        lines.append(f"<{_full(subject)}> <{_full(predicate)}> {value} .")

    for number in range(facts):
        person, there = f"person:p{chance.randrange(facts // 2)}", f"event:e{chance.randrange(facts // 4)}"
        post = "post:a" if number % 400 == 0 else "post:b" if number % 401 == 0 else f"post:p{chance.randrange(50)}"
        say(person, "rdf:type", f"<{_full('dg:Person')}>")
        say(person, "skos:prefLabel", f'"{person[7:]} {chance.choice(("Tahirov", "Lind", "Chirac"))} {number}"@en')
        for predicate, value in (("rdf:type", "dg:Tenure"), ("dg:person", person), ("dg:post", post)):
            say(f"fact:t{number}", predicate, f"<{_full(value)}>")
        if number % 3:
            say(f"fact:t{number}", "dg:from", f'"{1900 + number % 100}"^^<{_full("xsd:gYear")}>')
        for predicate, value in (("dg:agent", person), ("dg:event", there)):
            for double in ("a", "b"):
                say(f"fact:p{number}{double}", predicate, f"<{_full(value)}>")
        say(f"fact:p{number}a", "dg:date", f'"{1900 + number % 100}"^^<{_full("xsd:gYear")}>')
        if number:
            whole = (
                "organization:a"
                if number % 50 == 1
                else f"organization:o{chance.randrange(max(1, number - 20), number + 1)}"
            )
            say(f"organization:o{number}", "dg:partOf", f"<{_full(whole)}>")
    return ("\n".join(dict.fromkeys(lines)) + "\n").encode()


def _full(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _seconds(store: Store, sparql: str) -> float:
    """The least of three runs; looking entities up in the index of names counts, too."""
    if "NAME" in sparql:
        sparql = sparql.replace("NAME", "p77 tahirov")
    view = store.view()
    Names(view).containing("warm", [], 1)
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        text = sparql
        if "ENTITIES" in sparql:
            entities = " ".join(f"<{name.entity}>" for name in Names(view).containing("p77 tahirov", [], 100))
            text = sparql.replace("ENTITIES", entities)
        measured(view, text)
        times.append(time.perf_counter() - begin)
        if times[-1] > 2:
            break
    return min(times)


if __name__ == "__main__":
    main()

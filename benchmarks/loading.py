"""What loading costs: a large document beside pyoxigraph's own bulk_load of the same quads, in one run."""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import synthetic

from diplograph.graph.loading import Source, load
from diplograph.graph.oxigraph import OxigraphStore, bulk
from diplograph.graph.oxigraph.naming import write_names
from diplograph.ontology.identifiers import document_iri
from diplograph.ontology.namespaces import PREFIXES

DOCUMENT = document_iri("synthetic")
Times = dict[str, float]


@contextlib.contextmanager
def timed(times: Times, name: str) -> Iterator[None]:
    """Note how long the block takes, in seconds."""
    start = time.perf_counter()
    yield
    times[name] = time.perf_counter() - start


def baseline(ntriples: Path, place: Path) -> Times:
    """Load the document's quads with the engine alone."""
    times: Times = {}
    engine = ox.Store(str(place))
    with timed(times, "pyoxigraph bulk_load"):
        engine.bulk_load(path=str(ntriples.with_suffix(".nq")), format=ox.RdfFormat.N_QUADS)
    return times


def phases(ntriples: Path, place: Path) -> Times:
    """Load the document as diplograph does, one thing after the other."""
    times: Times = {}
    engine = ox.Store(str(place))
    with timed(times, "the document's graph"):
        bulk.load(engine, ntriples, [ox.NamedNode(DOCUMENT)], lambda _: None)
    with timed(times, "the merged view"):
        bulk.load(engine, ntriples, [bulk.MERGED], lambda _: None)
    with timed(times, "compaction"):
        engine.optimize()
    with timed(times, "shortcuts"):
        bulk.derive(engine)
    with timed(times, "compaction of these"):
        engine.optimize()
    with timed(times, "the index of names"):
        write_names(place / "names", place / "none", set(), lambda query: tsv(engine, query))
    return times


def tsv(engine: ox.Store, query: str) -> bytes:
    """Return an answer of the engine as the index of names reads it."""
    return engine.query(query).serialize(format=ox.QueryResultsFormat.TSV) or b""


def together(ntriples: Path, place: Path) -> Times:
    """Load the document into a store of diplograph, and then a small one, and the large one once more."""
    times: Times = {}
    small = Source(document_iri("small"), "".join(few_lines()).encode(), "made up")
    with OxigraphStore(place) as store:
        with timed(times, "load() of it all"):
            load(store, [Source(DOCUMENT, ntriples, "made up")])
        with timed(times, "an empty change of the store"), store.writing():
            pass
        with timed(times, "load() of 20 more lines"):
            load(store, [small])
        with timed(times, "load() of the same again"):
            load(store, [small, Source(DOCUMENT, ntriples, "made up")])
    return times


def few_lines() -> Iterator[str]:
    """Yield five tenures of people of whom the large document speaks."""
    for number in range(5):
        fact = f"<{PREFIXES['fact']}small-{number}>"
        yield f"{fact} <{PREFIXES['rdf']}type> <{PREFIXES['dg']}Tenure> .\n"
        yield f"{fact} <{PREFIXES['dg']}person> <{PREFIXES['person']}person-{number}> .\n"
        yield f"{fact} <{PREFIXES['dg']}post> <{PREFIXES['post']}small-{number}> .\n"
        yield f"{fact} <{PREFIXES['dg']}realis> <{PREFIXES['realis']}held> .\n"


RUNS: dict[str, Callable[[Path, Path], Times]] = {run.__name__: run for run in (baseline, phases, together)}


def measured(name: str, ntriples: Path) -> tuple[Times, int]:
    """Return the seconds of a run, and its peak memory in MB, in a process of its own and a fresh directory."""
    with tempfile.TemporaryDirectory(dir=ntriples.parent) as place:
        command = [sys.executable, __file__, "--run", name, str(ntriples), place]
        times, memory = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return times, memory


def main() -> None:
    """Print the seconds of each part, its share of pyoxigraph's own time, and the peak memory of each run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=1_000_000, help="the size of the graph (default: %(default)s)")
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        name, ntriples, place = options.run
        times = RUNS[name](Path(ntriples), Path(place) / "store")
        print(json.dumps([times, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]))
        return

    with tempfile.TemporaryDirectory() as directory:
        ntriples = Path(directory) / "synthetic.nt"
        synthetic.write(ntriples, options.triples)
        synthetic.write(ntriples.with_suffix(".nq"), options.triples, graph=str(DOCUMENT))
        print(f"{options.triples:,} triples, {ntriples.stat().st_size / 1e6:,.0f} MB of N-Triples")
        unit = 0.0
        for name in RUNS:
            times, memory = measured(name, ntriples)
            unit = unit or next(iter(times.values()))
            for part, seconds in times.items():
                print(f"  {part:30} {seconds:8.2f} s   {seconds / unit:6.2f} of pyoxigraph's time")
            print(f"  {'peak memory':30} {memory:8,} MB\n")


if __name__ == "__main__":
    main()

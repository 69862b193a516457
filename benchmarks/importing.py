"""What importing records costs: beside the engine's own bulk load of the quads it makes, and beside rdflib's store.

The quads are those of the documents alone, and all that the store holds after the import: the documents and the merged
view. rdflib takes in either by itself, with its own parser and store. Then the same import is made with rdflib's store
in the place of the engine's, but with the engine's parser.

Needs the files of the records: the directories pocom, visits, travels and rdcr of the Office of the Historian, and the
tables of manytreaties, unpacked in one directory. Each piece of work runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pyoxigraph

HISTORYATSTATE = ("pocom", "visits", "travels", "rdcr")

# Each prints its seconds, its peak memory in MB, and what it has counted.
_MEASURED = """
import json, resource, sys, time
begin = time.perf_counter()
def done(count):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([time.perf_counter() - begin, peak, count]), flush=True)
"""
_IMPORT = f"""{_MEASURED}
from pathlib import Path
import rdflib
from diplograph import open_store
from diplograph.graph.importing import import_records
with open_store(rdflib.Dataset() if sys.argv[1] == "rdflib" else sys.argv[1]) as store:
    import_records(store, "historyatstate", [Path(path) for path in sys.argv[3:]])
    import_records(store, "manytreaties", [Path(sys.argv[2])])
    done(store.view().size())
"""
_BULK_LOAD = f"""{_MEASURED}
import os, pyoxigraph
store = pyoxigraph.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1])
done(0)
os._exit(0)  # what the engine still tidies is not ours to wait for
"""
_RDFLIB = f"""{_MEASURED}
import rdflib
dataset = rdflib.Dataset()
dataset.parse(sys.argv[1], format="nquads")
done(len(dataset))
"""


def main() -> None:
    """Print the seconds and the peak memory of each, and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path, help="the directory with pocom, visits, travels, rdcr and manytreaties")
    parser.add_argument("--rdflib", action="store_true", help="measure rdflib's store too, which takes minutes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        scratch = Path(directory)
        paths = [str(options.records / name) for name in ("manytreaties", *HISTORYATSTATE)]
        ours, peak, triples = _measured(_IMPORT, str(scratch / "store"), *paths)
        again, _, _ = _measured(_IMPORT, str(scratch / "store"), *paths)
        quads = {"the documents": scratch / "documents.nq", "all in the store": scratch / "all.nq"}
        _export(scratch / "store", quads["the documents"])
        _dump(scratch / "store", quads["all in the store"])
        print(f"{_lines(quads['the documents']):,} quads in documents, {triples:,.0f} triples in the merged view")
        print(f"import                          {ours:8.1f} s   {peak:7.0f} MB at most")
        print(f"the same once more              {again:8.1f} s   which changes nothing")
        for name, file in quads.items():
            engine, engine_peak, _ = _measured(_BULK_LOAD, str(file), str(scratch / f"engine-{file.stem}"))
            print(f"bulk load of {name:18} {engine:8.1f} s   {engine_peak:7.0f} MB at most")
            print(f"  import / bulk load            {ours / engine:8.2f}     (goal: at most 2)")
        if options.rdflib:
            for name, file in quads.items():
                theirs, theirs_peak, _ = _measured(_RDFLIB, str(file))
                print(f"rdflib takes in {name:16} {theirs:8.1f} s   {theirs_peak:7.0f} MB at most")
                print(f"  rdflib / import               {theirs / ours:8.1f}     (goal: at least 5)")
            theirs, theirs_peak, _ = _measured(_IMPORT, "rdflib", *paths)
            print(f"the import with rdflib's store  {theirs:8.1f} s   {theirs_peak:7.0f} MB at most")
            print(f"  rdflib / import               {theirs / ours:8.1f}     (goal: at least 5)")


def _export(store: Path, file: Path) -> None:
    command = (sys.executable, "-m", "diplograph", "export", "--store", str(store), "-o", str(file))
    subprocess.run(command, check=True, capture_output=True)


def _dump(store: Path, file: Path) -> None:
    generation = json.loads((store / "diplograph.json").read_text())["generation"]
    engine = pyoxigraph.Store.read_only(str(store / generation))
    engine.dump(str(file), pyoxigraph.RdfFormat.N_QUADS)


def _lines(file: Path) -> int:
    with file.open("rb") as opened:
        return sum(1 for _ in opened)


def _measured(program: str, *arguments: str) -> tuple[float, float, float]:
    run = subprocess.run((sys.executable, "-c", program, *arguments), check=True, capture_output=True, text=True)
    seconds, peak, count = json.loads(run.stdout.splitlines()[-1])
    return seconds, peak, count


if __name__ == "__main__":
    main()

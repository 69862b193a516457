"""What others feel of queries that never end: a hundred in a row, while eight clients of a service ask small ones."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from synthetic import write

from diplograph.graph.loading import file_sources, load
from diplograph.graph.opening import open_store
from diplograph.ontology.namespaces import IDENTIFIERS

RUNAWAY = f"SELECT (SUM(?n0) AS ?n) {{ {' '.join(f'?s{n} ?p{n} ?o{n} .' for n in range(5))} BIND(1 AS ?n0) }}"
SORTING = f"SELECT * {{ {' '.join(f'?s{n} ?p{n} ?o{n} .' for n in range(5))} }} ORDER BY ?o4 ?s0"
CLIENTS, LATEST, SLOWEST = 8, 0.5, 0.25


def main() -> None:
    """Print how late runaway queries are ended, how point queries fare meanwhile and before, and the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=100_000, help="size of the made-up store (default 100000)")
    parser.add_argument("--runaways", type=int, default=100, help="queries that never end (default 100)")
    parser.add_argument("--limit", type=float, default=1, help="their limit in seconds (default 1)")
    parser.add_argument("--at-once", type=int, default=1, help="how many of them run at once (default 1)")
    parser.add_argument("--workers", type=int, default=4, help="workers of the service (default 4)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        store = _store(Path(temporary), options.triples)
        with _served(store, options.limit, options.workers) as (url, process):
            asyncio.run(_measure(url, process, options.runaways, options.limit, options.at_once))


async def _measure(url: str, process: int, runaways: int, limit: float, at_once: int) -> None:
    numbers = count()
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=httpx.Limits(max_connections=50)) as client:
        alone = await _points(client, numbers, asyncio.create_task(asyncio.sleep(5)))
        _tell("point queries alone", alone)
        before = _memory(process)
        over: list[float] = []
        each = runaways // at_once
        running = asyncio.gather(*(_runaways(client, each, limit, over) for _ in range(at_once)))
        busy = await _points(client, numbers, running)
        _tell(f"beside {each * at_once} runaways", busy)
        await asyncio.sleep(1)
        after = _memory(process)
    late, slow = max(over), _percentile(busy[0], 99)
    middle = statistics.median(over)
    print(f"\nended after the limit of {limit:g} s by: median {middle * 1000:.0f} ms, most {late * 1000:.0f} ms")
    print(f"memory of all processes: {before:.0f} MiB before, {after:.0f} after ({after / before:.2f}x)")
    print(f"ratios: 99th percentile {slow / _percentile(alone[0], 99):.1f}x of that alone")
    kept = {
        f"ended within the limit + {LATEST} s": late < LATEST,
        "no point query failed": not busy[1],
        f"their 99th percentile is under {SLOWEST * 1000:.0f} ms": slow < SLOWEST,
        "memory returns": after < before * 1.2 + 20,
    }
    print(*(f"{'yes' if held else 'NO '}  {goal}" for goal, held in kept.items()), sep="\n")


async def _runaways(client: httpx.AsyncClient, number: int, limit: float, over: list[float]) -> None:
    for each in range(number):
        begin = time.perf_counter()
        # In turn one that takes time, and one that takes memory too.
        answer = await client.post("/sparql", data={"query": SORTING if each % 2 else RUNAWAY})
        over.append(time.perf_counter() - begin - limit)
        assert answer.status_code == 503, answer.text


async def _points(
    client: httpx.AsyncClient, numbers: Iterator[int], meanwhile: asyncio.Future[Any]
) -> tuple[list[float], int]:
    """Let the clients ask, one query after another each, until something else is over: the times, and the failures."""
    times: list[float] = []
    failures = 0

    async def ask() -> None:
        nonlocal failures
        while not meanwhile.done():
            meeting = f"<{IDENTIFIERS}event/meeting-{next(numbers) % 200}>"
            begin = time.perf_counter()
            query = f"SELECT ?p ?o {{ {meeting} ?p ?o }} LIMIT {100 + next(numbers)}"
            try:
                # No answer is to come from memory, nor to be kept there: that may take room, and lasts.
                headers = {"Cache-Control": "no-store"}
                answer = await client.get("/sparql", params={"query": query}, headers=headers)
                failures += answer.status_code != 200 or b'"bindings":[{' not in answer.content
            except httpx.HTTPError:
                failures += 1
            times.append(time.perf_counter() - begin)

    await asyncio.gather(*(ask() for _ in range(CLIENTS)))
    await meanwhile
    return times, failures


def _tell(what: str, points: tuple[list[float], int]) -> None:
    times, failures = points
    median, slow = statistics.median(times) * 1000, _percentile(times, 99) * 1000
    most = max(times) * 1000
    print(
        f"{what:<22} {len(times):>7,} asked, {failures} failed; "
        f"median {median:.1f} ms, 99th percentile {slow:.1f} ms, most {most:.0f} ms"
    )


def _percentile(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


def _store(directory: Path, triples: int) -> Path:
    write(directory / "made-up.nt", triples)
    with open_store(directory / "store.db") as store:
        load(store, file_sources(directory / "made-up.nt"))
    return directory / "store.db"


@contextlib.contextmanager
def _served(store: Path, limit: float, workers: int) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", "diplograph", "serve", "--store", str(store), "--port", "0"]
    options = ["--workers", str(workers), "--query-timeout", str(limit)]
    with subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        line = next(line for line in server.stderr if "http" in line)
        url = re.search(r"http://\S+", line)
        assert url, line
        # Its log of slow queries has to go somewhere.
        reader = subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
        try:
            yield url[0], server.pid
        finally:
            server.terminate()
            server.wait(20)
            reader.wait(5)


def _memory(process: int) -> float:
    """Return what a process and all below it have for themselves in memory, in MiB; shared pages count in parts."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    own = int(re.search(r"Pss:\s+(\d+) kB", rollup)[1]) / 1024  # type: ignore[index]
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return own + sum(_memory(int(child)) for child in children)


if __name__ == "__main__":
    main()

"""How long a drawing takes: the layout beside igraph's, the making of the page, and the opening of it in Chromium."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import networkx as nx

from diplograph.viz.layout import positions
from diplograph.viz.page import page

READY = """() => new Promise((done) => {
  const look = () => window.diplograph
    ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))
    : setTimeout(look, 5);
  look();
})"""


def main() -> None:
    """Print seconds for layouts and pages of several sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 2000], help="entities of the pages")
    parser.add_argument("--layout", type=int, default=10_000, help="entities of the largest layout")
    parser.add_argument("--runs", type=int, default=3, help="how often each page is opened; the median is told")
    asked = parser.parse_args()
    print(f"{'entities':>9} {'facts':>7} {'layout s':>9} {'igraph s':>9} {'page s':>7} {'MB':>6} {'opened s':>9}")
    for size in sorted({*asked.sizes, asked.layout}):
        network = made_up(size)
        begin = time.perf_counter()
        places = positions(network)
        layout = time.perf_counter() - begin
        told = f"{size:9,} {network.number_of_edges():7,} {layout:9.2f} {_igraph(network):>9}"
        if size in asked.sizes:
            begin = time.perf_counter()
            content = page(network, positions=places)
            making = time.perf_counter() - begin
            told += f" {making:7.2f} {len(content.encode()) / 1e6:6.1f} {_opened(content, asked.runs):>9}"
        print(told)


def made_up(size: int, seed: int = 1) -> nx.MultiDiGraph[str]:
    """Return a network of persons and meetings in which a few meet often, three facts for each entity."""
    chance = random.Random(seed)  # noqa: S311 - no secret hangs on it
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(title="Made up", subtitle=f"{size} entities")
    for number in range(size):
        kind = chance.choice(("person", "person", "state", "meeting", "organization", "post"))
        name = f"{kind.title()} of the long and worthy name {number}"
        network.add_node(
            f"n{number:06}", label=name, kind=kind, kind_label=kind.title(), aliases=[], facts=[], note=None
        )
    for u, v in nx.barabasi_albert_graph(size, 3, seed=seed).edges():
        year = chance.randint(1950, 2023)
        source = {
            "document": "A record of what was made up",
            "published": "2023-02-28",
            "level": "stated",
            "passage": f"line {u}",
            "quote": None,
            "decided_by": None,
        }
        told = {
            "text": "took part",
            "dates": str(year),
            "realis": "held",
            "claimed_by": None,
            "sources": [source],
        }
        network.add_edge(
            f"n{u:06}",
            f"n{v:06}",
            key=f"f{network.number_of_edges()}",
            label="took part in",
            kind="participation",
            kind_label="Participation",
            realis="held",
            claimed_by=None,
            start=str(year),
            end=str(year),
            attested=[],
            directed=True,
            fact=told,
        )
    return network


def _igraph(network: nx.MultiDiGraph[str]) -> str:
    """The seconds of igraph's spring layout, which leaves no room for captions; nothing where it is not installed."""
    try:
        import igraph
    except ImportError:
        return "-"
    number = {node: at for at, node in enumerate(network)}
    graph = igraph.Graph(len(number), [(number[u], number[v]) for u, v in network.edges()])
    begin = time.perf_counter()
    graph.layout_fruchterman_reingold()
    return f"{time.perf_counter() - begin:.2f}"


def _opened(content: str, runs: int) -> str:
    """The median of the seconds from the start of loading until the page has been drawn and answers."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        file = Path(directory) / "page.html"
        file.write_text(content, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        times = [_ready(browser, file) for _ in range(runs)]
        browser.close()
    return f"{statistics.median(times):.2f}"


def _ready(browser: Any, file: Path) -> float:
    tab = browser.new_page(viewport={"width": 1440, "height": 900})
    tab.goto(file.as_uri(), wait_until="commit")
    milliseconds = tab.evaluate(READY)
    tab.close()
    return float(milliseconds) / 1000


if __name__ == "__main__":
    main()

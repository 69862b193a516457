"""One HTML file that shows a network and needs nothing but itself: pyvis renders our own template."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from itertools import groupby
from math import sqrt
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .policy import asset, policy, script_of
from .style import REALIS, SHAPES, caption, kind_style, legend_order, printable, standing

if TYPE_CHECKING:
    import networkx as nx
    from pyvis.network import Network

# In the order in which they are joined; they share one scope, and the last one starts the page.
SCRIPTS = (
    "model.js", "captions.js", "drawing.js", "export.js", "picture.js",
    "controls.js", "panel.js", "table.js", "page.js",
)  # fmt: skip
STYLES = ("basics.css", "page.css", "table.css")

# vis-network has no part in what may be clicked or read besides the canvas: no title, no menu, no moving by itself.
OPTIONS: Mapping[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {
        "hover": True,
        "multiselect": False,
        "selectConnectedEdges": False,
        "hoverConnectedEdges": False,
        "keyboard": {"enabled": True, "bindToWindow": False},
    },
    "nodes": {"chosen": False},
    "edges": {
        "arrowStrikethrough": False,
        "arrows": {"to": {"scaleFactor": 0.5}},
        "chosen": False,
        "hoverWidth": 0,
        "selectionWidth": 0,
        "width": 1.3,
    },
}


def page(network: nx.MultiDiGraph[str], *, positions: Mapping[str, tuple[float, float]] | None = None) -> str:
    """Return the whole HTML page of a network; see `diplograph.viz.network` for the attributes it reads.

    The page asks nothing of any network, and its Content-Security-Policy lets nothing run but its own scripts.
    Labels reach it as data and are shown as text. Kinds that it does not know look like other ones, and facts of a
    standing that it does not know like held ones. The same network gives the same page, byte for byte; the network is
    left as it was. `positions` are places in pixels for every node; without them they are computed.

    Raises InputError where `positions` leave a node without a place.
    """
    if positions is None:
        # Imported here, like pyvis below: numpy and scipy would slow the start of every command that never draws.
        from .layout import positions as computed

        positions = computed(network)
    if homeless := sorted(node for node in network if node not in positions):
        raise InputError(
            f"The positions for the page lack {len(homeless)} of {len(network)} nodes, first {homeless[0]!r}. "
            "Give a place for every node, or none at all to have them computed."
        )
    drawing = _drawing(network, positions)
    script, style = script_of(SCRIPTS), "\n".join(map(asset, STYLES))
    library = _vis_network()
    kinds = dict(_kind_of(network.nodes[node]) for node in sorted(network))
    drawing.templateEnv.globals.update(
        title=printable(str(network.graph.get("title", ""))) or "Network",
        subtitle=printable(str(network.graph.get("subtitle", ""))),
        library=library,
        script=script,
        style=style,
        policy=policy(scripts=(library, script), styles=(style,)),
        size_by=str(network.graph.get("size_by", "")),
        looks={
            "kinds": [_kind(kind, kinds[kind]) for kind in legend_order(kinds)],
            "groups": network.graph.get("groups", []),
            "realis": [{"key": key, "label": line.label, "dashes": line.dashes} for key, line in REALIS.items()],
        },
    )
    return str(drawing.generate_html())


def _drawing(network: nx.MultiDiGraph[str], places: Mapping[str, tuple[float, float]]) -> Network:
    """The network as pyvis holds it, filled node by node: pyvis' own `from_nx` would write into the network."""
    # Imported here because it loads IPython, which takes seconds that only a drawing should cost.
    from pyvis.network import Network

    # Directed, as pyvis drops the second of two undirected edges; the arrow is taken away edge by edge instead.
    drawing = Network(directed=True, cdn_resources="in_line")
    drawing.set_template_dir(str(resources.files(__package__) / "templates"), "page.html")
    drawing.templateEnv.autoescape = True
    drawing.options = dict(OPTIONS)
    ids = {node: f"n{number}" for number, node in enumerate(sorted(network))}
    for node, own in ids.items():
        data = network.nodes[node]
        x, y = places[node]
        drawing.add_node(
            own,
            label=caption(str(data["label"])) or "?",
            shape="custom",
            color=None,
            x=x,
            y=y,
            size=data.get("size") or round(7 + 2.4 * sqrt(min(network.degree(node), 40)), 1),
            iri=node,
            name=data["label"],
            **dict(zip(("kind", "kind_label"), _kind_of(data), strict=True)),
            facts=[_told(fact) for fact in data.get("facts") or ()],
            **{key: data.get(key) for key in ("aliases", "note", "group", "measured")},
        )
    facts = sorted(network.edges(keys=True, data=True), key=lambda edge: (edge[0], edge[1], str(edge[2])))
    bends = _bends([(u, v) for u, v, _, _ in facts])
    for number, ((u, v, key, data), bend) in enumerate(zip(facts, bends, strict=True)):
        realis = standing(data.get("realis"))
        drawing.add_edge(
            ids[u],
            ids[v],
            id=f"e{number}",
            iri=str(key),
            label=caption(str(data["label"]), width=34, lines=1),
            name=data["label"],
            arrows="to" if data["directed"] else "",
            dashes=list(REALIS[realis].dashes) or False,
            realis=realis,
            fact=_told(data["fact"]),
            **bend,
            **dict(zip(("kind", "kind_label"), _kind_of(data), strict=True)),
            **{key: data.get(key) for key in ("claimed_by", "start", "end", "years")},
            strength=round(1 + 0.3 * sqrt(min(int(data.get("weight", 1)), 150) - 1), 2),
        )
    return drawing


def _kind_of(data: Mapping[str, Any]) -> tuple[str, str]:
    """The kind of a node or an edge and its label; what has none of its own is of the kind "other"."""
    kind = str(data.get("kind") or "other")
    return kind, str(data.get("kind_label") or kind.capitalize())


def _told(fact: Mapping[str, Any]) -> dict[str, Any]:
    return {**fact, "realis": standing(fact.get("realis"))}


def _bends(ends: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """How each edge curves, so that facts between the same two nodes lie side by side."""
    bends: list[dict[str, Any]] = [{} for _ in ends]
    by_pair = sorted(range(len(ends)), key=lambda number: (sorted(ends[number]), number))
    for pair, numbers in groupby(by_pair, key=lambda number: sorted(ends[number])):
        together = list(numbers)
        for at, number in enumerate(together):
            if pair[0] == pair[1]:
                bends[number] = {"selfReference": {"size": 16 + 7 * at, "angle": 0.8}, "smooth": False}
                continue
            turn = (at - (len(together) - 1) / 2) * min(0.22, 1.1 / len(together))
            # The curve is told as seen from the edge's own start: one that runs the other way bends the other way.
            clockwise = (turn > 0) == (ends[number][0] == pair[0])
            bends[number] = {
                "smooth": {
                    "enabled": True,
                    "type": "curvedCW" if clockwise else "curvedCCW",
                    "roundness": round(abs(turn), 3),
                }
                if turn
                else False
            }
    return bends


def _kind(kind: str, label: str) -> dict[str, str]:
    look = kind_style(kind)
    return {"key": kind, "label": label, "light": look.light, "dark": look.dark, "path": SHAPES[look.shape]}


def _vis_network() -> str:
    """The drawing library as pyvis ships it; its style sheet is for buttons and tooltips that the page has not."""
    shipped = resources.files("pyvis") / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
    # A source map would be one more file to fetch.
    lines = shipped.read_text(encoding="utf-8").split("\n")
    return "\n".join(line for line in lines if "sourceMappingURL=" not in line)

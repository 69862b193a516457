"""A drawing as one asks for it: what to show, in which view, and how it looks; made as a page or as a figure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from rdflib import URIRef

from ..errors import InputError
from ..graph.entities import Names
from ..graph.store import Store, View, edges_of, view_of
from ..graph.wording import dates_of
from .selection import SEEN, Selection, period_of, selected
from .thinning import rule_called

if TYPE_CHECKING:
    import networkx as nx

    from .ties import Ties
    from .views.scene import Scene

Form = Literal["html", "svg", "pdf"]

VIEWS: Final = ("network", "matrix", "timeline", "bipartite")
_TIES: Final = 1500  # the most ties that a network of actors shows unless told otherwise
_PANEL: Final = 250  # the most entities of a picture that stands still


@dataclass(frozen=True)
class Drawing:
    """What is to be drawn. `selection` says what to take; `thin` is a rule as text, `none`, or None for as usual.

    `of` and `tie` ask for actors by their ties; a matrix and meetings with people are always of these. With
    `side_by_side`, `pair` are two times to compare: days, months, years, or periods as `2001/2008`.
    """

    title: str | None = None
    view: str = "network"
    selection: Selection = field(default_factory=Selection)
    thin: str | None = None
    of: str | None = None
    tie: str | None = None
    colour_by: str = "kind"
    size_by: str = "degree"
    pair: tuple[str, str] | None = None
    most: int | None = None


def drawn(source: Store | View, drawing: Drawing, form: Form = "html") -> tuple[bytes, str]:
    """Return a drawing as a file of a form, and its subtitle, which says what is in it.

    The same store gives the same bytes. Raises InputError for wishes that do not go together, NotFoundError where there
    is nothing to draw, and what reading the names and dates raises.
    """
    view = view_of(source)
    if drawing.view not in VIEWS:
        raise InputError(f"There is no view {drawing.view!r}. Use {', '.join(VIEWS)}.")
    if drawing.view == "network" and drawing.pair is None:
        graph = _network(view, drawing, limit=SEEN if form == "html" else _PANEL)
        if form == "html":
            from .page import page

            return page(graph).encode(), str(graph.graph["subtitle"])
        from .layout import positions
        from .views.network import picture

        scene = picture(graph, positions(graph))
    else:
        scene = _scene(view, drawing)
    if form == "html":
        from .views.sheet import sheet

        return sheet(scene).encode(), scene.subtitle
    from .figures import figure

    return figure(scene, form), scene.subtitle


def _network(view: View, drawing: Drawing, *, limit: int) -> nx.MultiDiGraph[str]:
    rule = None if drawing.thin in (None, "none") else rule_called(str(drawing.thin))
    title = drawing.title or "Diplograph"
    most = None if drawing.thin == "none" else limit
    if drawing.of or drawing.tie:
        from .actors import actors

        ties = _ties(view, drawing)
        graph = actors(view, ties, rule=rule, limit=most and min(most, _TIES), title=title)
    else:
        graph = selected(view, replace(drawing.selection, thin=rule, limit=most), title=title)
    if (drawing.colour_by, drawing.size_by) != ("kind", "degree"):
        from .appearance import dress

        dress(graph, edges_of(view), colour_by=drawing.colour_by, size_by=drawing.size_by)
    return graph


def _scene(view: View, drawing: Drawing) -> Scene:
    if drawing.thin is not None and drawing.pair is None:
        raise InputError("A rule for thinning goes with a network. How much other views show is said by --most.")
    if drawing.pair is not None:
        return _compared(view, drawing)
    if drawing.view == "timeline":
        return _timeline(view, drawing)
    from .views.bipartite import bipartite
    from .views.matrix import matrix

    around = drawing.selection.around
    entity = None if around is None else str(Names(view).entity(around))
    ties = _ties(view, drawing)
    said = f"{ties.of} who {_DID.get(ties.tie, ties.tie)}" + _when(drawing.selection.period)
    title = {} if drawing.title is None else {"title": drawing.title}
    make = matrix if drawing.view == "matrix" else bipartite
    return make(view, ties, most=drawing.most or 40, around=entity, said=said, **title)


_DID: Final = {
    "met": "met",
    "agreement": "are party to the same agreement",
    "organization": "are members of the same body",
    "post": "held the same post",
    "visited": "visited each other",
}


def _timeline(view: View, drawing: Drawing) -> Scene:
    from .views.timeline import EVENTS, timeline

    if drawing.selection.around is None:
        raise InputError("A timeline is that of somebody or something. Say of whom with --around.")
    entity = str(Names(view).entity(drawing.selection.around))
    graph = selected(view, replace(drawing.selection, depth=1))
    events = [URIRef(node) for node, data in graph.nodes(data=True) if data["kind"] in EVENTS]
    dates = {str(event): found for event, found in dates_of(view, events).items()}
    said = _when(drawing.selection.period).lstrip(", ")
    return timeline(graph, entity, dates=dates, title=drawing.title or "", said=said)


def _compared(view: View, drawing: Drawing) -> Scene:
    from .views.comparison import comparison

    if drawing.view != "network":
        raise InputError(f"Two times side by side are networks; leave --view {drawing.view} away.")
    assert drawing.pair is not None  # noqa: S101 - asked by the caller
    periods = [period_written(text) for text in drawing.pair]
    graphs = [
        _network(view, replace(drawing, selection=replace(drawing.selection, period=period)), limit=_PANEL)
        for period in periods
    ]
    names = [first if first == last else f"{first} to {last}" for first, last in periods]
    title = drawing.title or f"{names[0]} and {names[1]}"
    said = "; ".join(dict.fromkeys(rule for graph in graphs for rule in str(graph.graph["subtitle"]).split("; ")[1:]))
    return comparison(graphs[0], graphs[1], (names[0], names[1]), title=title, said=said)


def period_written(text: str) -> tuple[str, str]:
    """Return the first and the last date of `2001`, `2001-05`, `2001-05-09` or `2001/2008`; raises what they raise."""
    first, _, last = text.partition("/")
    period = (first, last or first)
    period_of(period)
    return period


def _ties(view: View, drawing: Drawing) -> Ties:
    from .ties import ties

    selection = drawing.selection
    for name, value in (("question", selection.question), ("kind", selection.kinds)):
        if value:
            raise InputError(f"--{name} chooses facts; it does not go with a network of actors.")
    period = period_of(selection.period)
    return ties(edges_of(view), drawing.tie or "met", drawing.of or "people", during=period)


def _when(period: tuple[str, str] | None) -> str:
    if period is None:
        return ""
    return f", {period[0]}" if period[0] == period[1] else f", {period[0]} to {period[1]}"

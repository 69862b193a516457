"""Which part of the network to look at: around an entity, of some kinds, at some time, or what answers a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import InputError, NotFoundError
from ..graph.entities import Names
from ..graph.store import Store, View, view_of
from ..ontology.dates import PartialDate
from ..queries.engine import ask
from .network import around, known_kinds, network, of_kinds, retitled
from .timeline import between

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True)
class Selection:
    """What to take from the whole network; the conditions that are set apply together.

    `question` takes the facts that answer it with `values`; `period` is a first and a last day, month or year; `around`
    is an entity by name or identifier, with what lies within `depth` steps; `kinds` are kinds of nodes.
    """

    question: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    period: tuple[str, str] | None = None
    around: str | None = None
    depth: int = 1
    kinds: Sequence[str] = ()


def selected(source: Store | View, selection: Selection, *, title: str = "Diplograph") -> nx.MultiDiGraph[str]:
    """Return the part of a store's network that a selection takes; raises NotFoundError where nothing is left.

    Also raises InputError for an unknown kind, DateError, and what asking the question raises.
    """
    view = view_of(source)
    for kind in selection.kinds:
        if kind not in known_kinds():
            raise InputError(f"There is no kind {kind!r}. Use {', '.join(known_kinds())}.")
    facts = None
    if selection.question:
        facts = list(ask(view, selection.question, selection.values).facts.values())
    graph = network(view, facts, title=title)
    if selection.period:
        first, last = (PartialDate(day) for day in selection.period)
        if last.last_day < first.first_day:
            raise InputError(f"The period from {first} to {last} ends before it begins.")
        graph = between(graph, first, last)
    if selection.around:
        graph = around(graph, str(Names(view).entity(selection.around)), selection.depth)
    if selection.kinds:
        graph = of_kinds(graph, selection.kinds)
    if not graph:
        raise NotFoundError("No fact joins two entities here, so there is nothing to draw.")
    return retitled(graph)

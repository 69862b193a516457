"""What was reckoned of a network, as tables for people, as attributes of nodes, and as RDF."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, XSD, Namespace
from rdflib.term import Node

from ..graph.edges.table import Period
from ..graph.entities import kinds_of, labels
from ..graph.export import written_graph
from ..graph.store import Row, View
from ..ontology.namespaces import CODES, IDENTIFIERS
from ..queries.results import Table
from .measures import About, Columns, rhythm
from .network import kind_of_entity, retitled
from .ties import Ties

if TYPE_CHECKING:
    import networkx as nx

QB: Final = Namespace("http://purl.org/linked-data/cube#")
_MEASURE: Final = Namespace(f"{CODES}measure/")
_VALUE: Final = URIRef("http://purl.org/linked-data/sdmx/2009/measure#obsValue")


def actor_table(view: View, ties: Ties, columns: Columns, limit: int | None = None) -> Table:
    """Return the actors with a column for each measure, those with the greatest first value first."""
    names = np.array(ties.names, dtype=object)
    order = _by_value(columns, names)[:limit]
    terms = [URIRef(names[at]) for at in order]
    rows = [
        (term, *(_literal(column[at]) for column in columns.values())) for term, at in zip(terms, order, strict=True)
    ]
    return _table(view, ("actor", *columns), rows, terms)


def tie_table(view: View, ties: Ties, columns: Columns, limit: int | None = None) -> Table:
    """Return the ties with their weights and a column for each measure, the strongest first."""
    source, target, weight = ties.edges
    names = np.array(ties.names, dtype=object)
    order = np.lexsort((names[target].astype(str), names[source].astype(str), -weight))[:limit]
    rows: list[Row] = [
        (
            URIRef(names[source[at]]),
            URIRef(names[target[at]]),
            Literal(int(weight[at])),
            *(_literal(column[at]) for column in columns.values()),
        )
        for at in order
    ]
    ends = ("source", "target") if ties.directed else ("one", "other")
    return _table(view, (*ends, "weight", *columns), rows, [term for row in rows for term in row[:2] if term])


def network_table(view: View, columns: Columns) -> Table:
    """Return the values that a network has as a whole, one row for each."""
    rows: list[Row] = [(Literal(name), _literal(column[0])) for name, column in columns.items()]
    return _table(view, ("measure", "value"), rows, [])


def _table(view: View, columns: tuple[str, ...], rows: Sequence[Row], entities: Sequence[Node]) -> Table:
    # With what text the other cells have, as a table looks for the label of every term.
    cells = {term for row in rows for term in row if isinstance(term, Literal)}
    return Table(columns, list(rows), labels(view, {*entities, *cells}), {})


def _by_value(columns: Columns, names: np.ndarray) -> np.ndarray:
    first = next(iter(columns.values()), np.zeros(len(names)))
    return np.lexsort((names.astype(str), -np.nan_to_num(first.astype(float), nan=-np.inf)))


def _literal(value: Any) -> Literal | None:
    """A value as RDF has it: whole numbers whole, others to six figures, days as dates, and nothing for none."""
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else Literal(str(value.astype("datetime64[D]")), datatype=XSD.date)
    number = float(value)
    if math.isnan(number):
        return None
    return Literal(int(number)) if number.is_integer() else Literal(float(f"{number:.6g}"))


def turtle(ties: Ties, found: Mapping[About, Columns], period: Period | None = None) -> bytes:
    """Return what was measured as Turtle: an observation of the RDF Data Cube vocabulary for each actor and measure.

    Values of the network as a whole are of the network itself, which is named by its tie and whom it is of. Values of
    ties are left out.
    """
    graph = Graph()
    graph.bind("qb", QB)
    of = URIRef(f"{IDENTIFIERS}network/{ties.tie}-{ties.of}")
    dated = f"-{period[0]}-{period[1]}" if period else ""
    subjects = {"actor": ties.names, "network": [str(of)]}
    for about, columns in found.items():
        for name, column in columns.items():
            for subject, value in zip(subjects.get(about, ()), column, strict=about in subjects):
                literal = _literal(value)
                if literal is None:
                    continue
                tail = subject.removeprefix(IDENTIFIERS).replace("/", "-")
                node = URIRef(f"{of}{dated}/{name}/{tail}")
                graph.add((node, RDF.type, QB.Observation))
                graph.add((node, QB.dataSet, URIRef(f"{of}{dated}")))
                graph.add((node, QB.measureType, _MEASURE[name]))
                graph.add((node, DCTERMS.subject, URIRef(subject)))
                graph.add((node, _VALUE, literal))
    return written_graph(graph)


def drawable(view: View, ties: Ties, columns: Columns, title: str = "Diplograph") -> nx.MultiDiGraph[str]:
    """Return a network as files and pages take it: labels, kinds, and the measures of actors as attributes of nodes.

    An edge for each tie, whose label says what ties the two and how often; ties of meetings last from the first contact
    to the last.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title=title, subtitle="")
    names = ties.names
    terms = [URIRef(name) for name in names]
    called, kinds = labels(view, terms), kinds_of(view, terms)
    for at, (name, term) in enumerate(zip(names, terms, strict=True)):
        kind, kind_label = kind_of_entity(kinds.get(term, ()))
        values = {key.replace("-", "_"): _plain(column[at]) for key, column in columns.items()}
        graph.add_node(
            name, label=called[term], kind=kind, kind_label=kind_label, aliases=[], facts=[], note=None, **values
        )
    times = rhythm.contact(ties) if ties.tie == "met" else {}
    words = _WORDS.get(ties.tie, ties.tie)
    for at, (source, target, weight) in enumerate(zip(*(part.tolist() for part in ties.edges), strict=True)):
        days = [_day(times[name][at]) if times else None for name in ("first-contact", "last-contact")]
        text = f"{words}: {weight}"
        graph.add_edge(
            names[source],
            names[target],
            key=f"{ties.tie}-{at}",
            label=text,
            weight=weight,
            kind=ties.tie,
            kind_label=words.capitalize(),
            realis="held",
            claimed_by=None,
            start=days[0],
            end=days[1],
            attested=[],
            directed=ties.directed,
            fact={"text": text, "dates": "", "realis": "held", "claimed_by": None, "sources": []},
        )
    return retitled(graph)


_WORDS: Final = {
    "met": "met",
    "agreement": "party to the same agreement",
    "organization": "member of the same organization",
    "post": "held the same post",
    "visited": "visited",
}


def _plain(value: Any) -> float | int | None:
    number = float(value)
    return None if math.isnan(number) else int(number) if number.is_integer() else number


def _day(value: np.datetime64) -> str | None:
    return None if np.isnat(value) else str(value.astype("datetime64[D]"))

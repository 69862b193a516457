"""Diplograph: a knowledge graph of diplomacy in which every fact can say who says so.

>>> import diplograph
>>> store = diplograph.example_store()
>>> table = diplograph.ask(store, "organisers", event="3rd meeting of the Russia-Azerbaijan Expert Council")
>>> [row["organiser"] for row in table]
['Center for Analysis of International Relations', 'Russian International Affairs Council']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .errors import DiplographError

if TYPE_CHECKING:
    from .graph.candidates import Proposal, proposals
    from .graph.description import Description, description
    from .graph.export import exported, exported_document, exported_entity, exported_query
    from .graph.judgements import Judgement, judgements
    from .graph.loading import Source, example_store, file_sources, forget, load, packaged_sources
    from .graph.merging import RuleReport, judge, judge_by_rule, undo
    from .graph.opening import open_store
    from .graph.provenance import attach, documents
    from .graph.store import Store, View, edges_of
    from .ontology.validation import findings
    from .queries.catalogue import Question, questions
    from .queries.engine import ask, query
    from .queries.results import Table
    from .viz.measures import measured
    from .viz.network import network
    from .viz.page import page
    from .viz.ties import ties

__version__ = "0.1.0"

# Each name is imported when it is first used, so that `import diplograph` stays cheap.
_HOMES = {
    "Proposal": "graph.candidates",
    "proposals": "graph.candidates",
    "Description": "graph.description",
    "description": "graph.description",
    "exported": "graph.export",
    "exported_document": "graph.export",
    "exported_entity": "graph.export",
    "exported_query": "graph.export",
    "Judgement": "graph.judgements",
    "judgements": "graph.judgements",
    "Source": "graph.loading",
    "example_store": "graph.loading",
    "file_sources": "graph.loading",
    "forget": "graph.loading",
    "load": "graph.loading",
    "packaged_sources": "graph.loading",
    "RuleReport": "graph.merging",
    "judge": "graph.merging",
    "judge_by_rule": "graph.merging",
    "undo": "graph.merging",
    "open_store": "graph.opening",
    "attach": "graph.provenance",
    "documents": "graph.provenance",
    "Store": "graph.store",
    "View": "graph.store",
    "edges_of": "graph.store",
    "findings": "ontology.validation",
    "Question": "queries.catalogue",
    "questions": "queries.catalogue",
    "ask": "queries.engine",
    "query": "queries.engine",
    "Table": "queries.results",
    "measured": "viz.measures",
    "network": "viz.network",
    "page": "viz.page",
    "ties": "viz.ties",
}

__all__ = [
    "Description",
    "DiplographError",
    "Judgement",
    "Proposal",
    "Question",
    "RuleReport",
    "Source",
    "Store",
    "Table",
    "View",
    "ask",
    "attach",
    "description",
    "documents",
    "edges_of",
    "example_store",
    "exported",
    "exported_document",
    "exported_entity",
    "exported_query",
    "file_sources",
    "findings",
    "forget",
    "judge",
    "judge_by_rule",
    "judgements",
    "load",
    "measured",
    "network",
    "open_store",
    "packaged_sources",
    "page",
    "proposals",
    "query",
    "questions",
    "ties",
    "undo",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""The steps of a SPARQL Update: what can be done at once, before anything follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rdflib import URIRef

from .operations import Load, Operation, Using, operations, united


@dataclass(frozen=True)
class Step:
    """Operations that can be done one after the other before anything follows from them: a request of its own.

    `graphs` are the named graphs that they can change, None where these cannot be told from the text. Where `load` says
    how, it is one LOAD, written as an operation is that loads.
    """

    text: str
    graphs: frozenset[URIRef] | None
    load: Load | None = None


def steps(sparql: str, prefixes: Mapping[str, str], using: Using | None = None) -> list[Step]:
    """Return the steps of an update that an engine has parsed already, and whose escapes are replaced.

    Only the first operation of a step reads the merged view. Raises QueryRefusedError where an operation would change
    the default graph, and QueryError where both the text and the request choose a dataset.
    """
    found = operations(sparql, prefixes, using or Using())
    begins = [number for number, each in enumerate(found) if not number or _begins(each, found[number - 1])]
    ends = [*begins[1:], len(found)] if begins else []
    return [
        Step(
            _alone(sparql, found[:end], begin),
            united(*(each.graphs for each in found[begin:end])),
            found[begin].load,
        )
        for begin, end in zip(begins, ends, strict=True)
    ]


def _begins(operation: Operation, before: Operation) -> bool:
    # An engine may take declarations before the first operation only, and none is given a LOAD.
    has_own = operation.declared < operation.start
    return has_own or operation.reads_merged or bool(operation.load) or bool(before.load)


def _alone(sparql: str, operations: Sequence[Operation], begin: int) -> str:
    """Return the operations from one on, with all declarations before them, each where it stands in the whole text."""
    parts, at = list[str](), 0
    for number, each in enumerate(operations):
        between = sparql[at : each.declared]
        parts.append(between if number > begin else _blank(between))
        parts.append(sparql[each.declared : each.start])
        parts.append(each.text if number >= begin else _blank(sparql[each.start : each.end]))
        at = each.end
    return "".join(parts)


def _blank(text: str) -> str:
    return "\n" * text.count("\n") + " " * (len(text) - text.rfind("\n") - 1)

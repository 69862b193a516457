"""Turtle and TriG for people: grouped by kind, sorted, the same bytes for the same graph."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ..errors import InputError
from ..ontology.namespaces import PREFIXES, TERMS
from .nesting import FIRST, NIL, REST, Facts, Link, Nesting, nesting
from .spelling import RDF, Spelling

KINDS: Final = (
    *("Ontology", "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Property"),
    *("ConceptScheme", "Concept", "NodeShape"),
    *("Document", "NewsArticle", "ReferenceWork", "Dataset"),
    *("State", "Territory", "Region", "City", "Place"),
    *("Organization", "Ministry", "Council", "ThinkTank", "NewsAgency"),
    *("IntergovernmentalOrganization", "IntergovernmentalBody", "Agent", "Person", "Post"),
    *("Meeting", "Conference", "Conflict", "Anniversary", "EstablishmentOfRelations", "Event"),
    *("Agreement", "Treaty", "Declaration", "JointStatement", "Communique", "Resolution"),
    *("Publication", "Report", "Topic"),
)
"""The classes that come first, by their local names, in the order of their groups."""

LAST_KINDS: Final = (
    *("Tenure", "Participation", "Representation", "Membership", "Affiliation", "Signature", "TreatyAction"),
    *("Partyship", "Relations", "Utterance", "Assessment", "Position", "Proposal", "Recommendation", "Naming"),
    *("Assertion", "Fact", "Evidence", "Passage"),
)
"""The classes that come after all others: facts, and what supports them."""

WIDTH: Final = 100
"""The number of characters that a line of several objects may have."""

_TYPE = f"<{RDF}type>"
_LEADING = (_TYPE, f"<{PREFIXES['skos']}prefLabel>", f"<{PREFIXES['rdfs']}label>")
_CHUNK = 1 << 20
_NEXT_ROW = " ;\n    "
_NUMBER = re.compile(r"[0-9]{1,40}+(?![0-9A-Za-z])")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLACES = {kind: (0, place) for place, kind in enumerate(KINDS)} | {
    kind: (2, place) for place, kind in enumerate((*LAST_KINDS, ""))
}


def turtle(ntriples: bytes, prefixes: Mapping[str, str]) -> bytes:
    """Return canonical N-Triples, in any order and with or without repeated lines, as Turtle.

    Prefixes that are used come first, then subjects under a comment that names their kind, by IRI, numbers in IRIs
    counted as numbers. Blank nodes mentioned once are nested. The same triples and prefixes give the same bytes if
    blank nodes have canonical labels; no triples give no bytes. Raises InputError for text that is not canonical
    N-Triples and for IRIs that Turtle cannot carry.
    """
    document = _Document(prefixes)
    return document.text([("", _Graph([s for chunk in _chunks(ntriples) for s in chunk], document))])


def trig(nquads: bytes, prefixes: Mapping[str, str]) -> bytes:
    """Return canonical N-Quads as TriG: the default graph, then each named graph by name, laid out as by `turtle`.

    A blank node that several graphs share, or that names a graph, keeps its label. Promises and errors are those of
    `turtle`.
    """
    document = _Document(prefixes)
    statements: dict[str, list[str]] = defaultdict(list)
    for chunk in _chunks(nquads):
        for statement in chunk:
            # The last word is the graph unless it is the object or ends it: a closing quote or bracket shows that.
            triple, _, name = statement.rpartition(" ")
            if triple.count(" ") > 1 and '"' not in name and name != ")>>":
                statements[name].append(triple)
            else:
                statements[""].append(statement)
    names = sorted(sorted(statements), key=_natural)
    return document.text([(name, _Graph(statements.pop(name), document)) for name in names])


class _Graph:
    """The triples of one graph, predicates and objects already spelled.

    A subject that has nothing to do with blank nodes is finished at once and kept as `rows` of text, which costs a
    third of keeping all its terms; the others are kept as `facts` until it is known what nests in what.
    """

    def __init__(self, statements: list[str], document: _Document) -> None:
        self.rows: dict[str, str] = {}
        self.facts: Facts = {}
        self.links: dict[Link, bool] = {}
        self.kinds: dict[str, list[str]] = defaultdict(list)
        self.predicates: set[str] = set()
        self._document = document
        self._leading = [document.predicates[predicate] for predicate in _LEADING]
        # Sorting first costs less than finding each subject in a large table, and repeated lines meet.
        statements.sort()
        self._read(statements)

    def _read(self, statements: list[str]) -> None:
        links, predicates, names = self.links, self._document.predicates, self._document.names
        last_subject = last_predicate = ""
        blank = False
        spelled = ""
        values: dict[str, str | list[str]] = {}
        for statement in statements:
            try:
                subject, predicate, value = statement.split(" ", 2)
                # Names and typed literals are looked up; all else is spelled as it is, and kept out of the table.
                name = names[value] if value[-1] == ">" or value[0] == "<" else value
            except (ValueError, IndexError):
                raise InputError(
                    f"{statement!r} is not a line of canonical N-Triples: subject, predicate and object, "
                    "a single space after each, then a full stop."
                ) from None
            if subject != last_subject:
                if values:
                    self._keep(last_subject, values, blank)
                last_subject, last_predicate, blank, values = subject, "", subject[0] == "_", {}
            if predicate != last_predicate:
                last_predicate = predicate
                spelled = predicates[predicate]
                values[spelled] = name
            elif isinstance(objects := values[spelled], list):
                if name != objects[-1]:
                    objects.append(name)
            elif name != objects:
                values[spelled] = [objects, name]
            if value[0] == "_":
                links[subject, predicate, value] = blank = True
        if values:
            self._keep(last_subject, values, blank)

    def _keep(self, subject: str, values: dict[str, str | list[str]], blank: bool) -> None:
        self.kinds[self._document.kind(values.get("a", ()))].append(subject)
        values = {p: values[p] for p in self._leading if p in values} | values
        if blank:
            self.facts[subject] = values
            return
        self.predicates.update(values)
        self.rows[subject] = _NEXT_ROW.join(
            [
                f"{predicate} {objects}" if isinstance(objects, str) else _row(predicate, _ordered(objects), 4)
                for predicate, objects in values.items()
            ]
        )

    def labels(self) -> set[str]:
        return {link[2] for link in self.links}.union(subject for subject in self.facts if subject[0] == "_")


class _Document:
    """The spellings that the graphs of one document share, and its text."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.names = Spelling(prefixes, {f"<{RDF}nil>": NIL})
        self.predicates = Spelling(prefixes, {_TYPE: "a"})
        self.graphs = Spelling(prefixes)
        self._kinds: dict[str | tuple[str, ...], str] = {}

    def kind(self, types: str | Iterable[str]) -> str:
        """The local name of the type that says most, a class of the project's own before any other; "" for none."""
        key = types if isinstance(types, str) else tuple(types)
        kind = self._kinds.get(key)
        if kind is None:
            classes = sorted(iri for iri in map(self.names.iri, [key] if isinstance(key, str) else key) if iri)
            iri = next((c for c in classes if c.startswith(TERMS)), classes[0] if classes else "")
            kind = self._kinds[key] = re.split("[/#:]", iri.rstrip("/#:"))[-1]
        return kind

    def text(self, graphs: list[tuple[str, _Graph]]) -> bytes:
        labelled = set(self.names.quoted).union(name for name, _ in graphs if name)
        seen: set[str] = set()
        for _, graph in graphs if len(graphs) > 1 else ():
            labels = graph.labels()
            labelled |= labels & seen
            seen |= labels
        layouts = [(name, _Layout(graph, labelled, self)) for name, graph in graphs]
        predicates = set[str]()
        for _, graph in graphs:
            predicates.update(graph.predicates, *graph.facts.values())
        parts = []
        for name, layout in layouts:
            blocks = "\n".join(layout.blocks())
            parts.append(f"{self.graphs[name]} {{\n{blocks}}}\n" if name else blocks)
        head = self._declarations(predicates)
        return "\n".join([head, *parts] if head else parts).encode()

    def _declarations(self, predicates: set[str]) -> str:
        used = self.names.used | self.graphs.used
        used.update(p.partition(":")[0] for p in predicates if p != "a" and p[0] != "<")
        return "".join(f"@prefix {prefix}: <{self.names.namespace(prefix)}> .\n" for prefix in sorted(used))


class _Layout:
    """One graph as blocks of text, a comment or a subject each."""

    def __init__(self, graph: _Graph, labelled: set[str], document: _Document) -> None:
        self._names = document.names
        first, rest = document.predicates[FIRST], document.predicates[REST]
        self._nesting: Nesting = nesting(graph.facts, graph.links, labelled, first, rest)
        self._lists = {
            head: [str(graph.facts.pop(cell)[first]) for cell in cells] for head, cells in self._nesting.lists.items()
        }
        self._graph, self._facts = graph, graph.facts
        self._mentioned = labelled.union(link[2] for link in graph.links)

    def blocks(self) -> Iterator[str]:
        """The kinds in their order, each with its subjects in theirs; what is nested is left out."""
        kinds = {
            kind: [s for s in subjects if s not in self._nesting.inside and (s in self._graph.rows or s in self._facts)]
            for kind, subjects in self._graph.kinds.items()
        }
        for kind in sorted(filter(kinds.get, kinds), key=lambda kind: (_PLACES.get(kind, (1, 0)), kind)):
            yield f"# {_CAMEL.sub(' ', kind) or 'Other'}\n"
            for subject in sorted(kinds[kind], key=_natural):
                rows = self._graph.rows.get(subject) or _NEXT_ROW.join(self._rows(self._facts[subject], 4))
                name = self._names[subject] if subject[0] == "<" or subject in self._mentioned else "[]"
                yield f"{name} {rows} .\n"

    def _rows(self, values: Mapping[str, str | list[str]], indent: int) -> list[str]:
        """Predicates with their objects, blank nodes nested; the rows stand `indent` characters from the margin."""
        rows = []
        for predicate, objects in values.items():
            if isinstance(objects, str):
                rows.append(f"{predicate} {self._object(objects, indent, len(predicate) + 1)}")
            else:
                rows.append(_row(predicate, [self._object(o, indent + 4) for o in _ordered(objects)], indent))
        return rows

    def _object(self, term: str, indent: int, lead: int = 0) -> str:
        """A term, or all of a nested blank node; `lead` characters stand before it in its first line."""
        if term not in self._nesting.inside:
            return term
        if term in self._lists:
            return _enclosed("(", [self._object(i, indent + 4) for i in self._lists[term]], " ", ")", indent, lead)
        if term not in self._facts:
            return "[]"
        return _enclosed("[", self._rows(self._facts[term], indent + 4), " ; ", "]", indent, lead)


def _chunks(data: bytes) -> Iterator[list[str]]:
    """The statements, some thousands at a time, without their full stops."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start + _CHUNK) + 1 or len(data)
        yield data[start:end].decode().removesuffix("\n").removesuffix(" .").split(" .\n")
        start = end


def _natural(text: str) -> str:
    """A key that sorts numbers at the end of words by value: each is led by the count of its digits."""
    return _NUMBER.sub(_counted, text)


def _counted(number: re.Match[str]) -> str:
    digits = number[0].lstrip("0")
    return chr(48 + len(digits)) + digits


def _ordered(objects: list[str]) -> list[str]:
    return sorted(objects, key=_natural)


def _row(predicate: str, objects: list[str], indent: int) -> str:
    row = f"{predicate} {', '.join(objects)}"
    if len(row) + indent + 2 <= WIDTH and "\n" not in row:
        return row
    pad = "\n" + " " * (indent + 4)
    return f"{predicate}{pad}{f',{pad}'.join(objects)}"


def _enclosed(start: str, parts: list[str], separator: str, end: str, indent: int, lead: int) -> str:
    line = f"{start} {separator.join(parts)} {end}"
    if indent + lead + len(line) + 2 <= WIDTH and "\n" not in line:
        return line
    pad = "\n" + " " * (indent + 4)
    between = separator.rstrip() + pad
    return f"{start}{pad}{between.join(parts)}\n{' ' * indent}{end}"

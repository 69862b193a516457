"""The operations of a SPARQL Update: which graphs each can change, and whether it reads the merged view, or loads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from typing import Literal as OneOf

from rdflib import URIRef

from ..errors import QueryError, QueryRefusedError, QuerySyntaxError
from .tokens import Token, readings

_AS_IT_IS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!.*/\.)", re.DOTALL)
"""An IRI that means the same against every base, in every engine: it is absolute, and no path in it goes back."""
_END: Final = Token("other", "", 0, 0)


@dataclass(frozen=True)
class Using:
    """The graphs that a request names as the dataset of all its patterns (SPARQL 1.1 Protocol, section 2.2.3)."""

    default: tuple[URIRef, ...] = ()
    named: tuple[URIRef, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.default or self.named)

    def clauses(self) -> str:
        """Return the graphs as the clauses of an operation."""
        plain = "".join(f"USING {graph.n3()} " for graph in self.default)
        return plain + "".join(f"USING NAMED {graph.n3()} " for graph in self.named)


Load: TypeAlias = OneOf["loud", "silent"]
"""Whether it is told when a LOAD fails."""


@dataclass(frozen=True)
class Operation:
    """An operation: where its declarations begin, where it begins itself and ends, and how it is to be written.

    `graphs` are the named graphs that it can change, None where these cannot be told from the text. A `load` is written
    as a statement, in the graph that it would fill, of the IRI of what it would fetch: so an engine tells both.
    """

    declared: int
    start: int
    end: int
    text: str
    graphs: frozenset[URIRef] | None
    reads_merged: bool = False
    load: Load | None = None


@dataclass(frozen=True)
class _Block:
    """What stands in braces: the graphs named in it, and whether it has anything that is in none of them."""

    text: str
    graphs: frozenset[URIRef] | None
    outside: bool


def united(*graphs: frozenset[URIRef] | None) -> frozenset[URIRef] | None:
    """Return all of these graphs, None where some are not known."""
    known = [each for each in graphs if each is not None]
    return frozenset().union(*known) if len(known) == len(graphs) else None


def operations(sparql: str, prefixes: Mapping[str, str], using: Using) -> list[Operation]:
    """Return the operations of an update that an engine has parsed already, and whose escapes are replaced.

    Raises QueryRefusedError where one would change the default graph, QueryError where both the text and the request
    choose a dataset, and QuerySyntaxError for what cannot be told apart.
    """
    return list(_Reader(sparql, prefixes, using).operations())


class _Reader:
    """Reads operations token by token; what is within a group is looked at only for the graphs that it names."""

    def __init__(self, sparql: str, prefixes: Mapping[str, str], using: Using) -> None:
        self._text, self._using = sparql, using
        self._prefixes: dict[str, str | None] = dict(prefixes)
        plain, *others = [*readings(sparql)] or [[]]
        self._tokens = [token for token in plain if token.kind not in ("blanks", "comment")]
        self._at = 0
        # An engine may read < as a comparison where we read an IRI: then a string or a brace may be none, or be one.
        self._is_sure = not any(
            token.kind in ("string", "comment") or token.text in ("{", "}") for other in others for token in other
        )

    def operations(self) -> Iterator[Operation]:
        while True:
            declared = self._next.start
            self._declare()
            if self._next is _END:
                return
            start = self._next.start
            load = self._load()
            text, graphs, reads_merged = self._loading(start) if load else self._operation()
            end = self._tokens[self._at - 1].end
            known = graphs if self._is_sure else None
            yield Operation(declared, start, end, text or self._text[start:end], known, reads_merged, load)
            if not self._takes(";"):
                break
        if self._next is not _END:
            raise self._unclear()

    @property
    def _next(self) -> Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _token(self) -> Token:
        token = self._next
        self._at += 1
        return token

    def _takes(self, *words: str) -> bool:
        if self._next.kind not in ("word", "other") or self._next.text.upper() not in words:
            return False
        self._at += 1
        return True

    def _expect(self, word: str) -> None:
        if not self._takes(word):
            raise self._unclear()

    def _declare(self) -> None:
        while self._next.kind == "word" and self._next.text.upper() in ("BASE", "PREFIX", "VERSION"):
            word, told = self._token().text.upper(), self._token()
            if word == "PREFIX":
                name, told = told, self._token()
                self._prefixes[name.prefix] = told.text if _AS_IT_IS.match(told.text) else None

    def _load(self) -> Load | None:
        # Should an engine read a string around it, then that has no end in the step before, and nothing is done.
        if not self._takes("LOAD"):
            return None
        return "silent" if self._takes("SILENT") else "loud"

    def _loading(self, start: int) -> tuple[str, frozenset[URIRef] | None, bool]:
        address = self._named()
        if not self._takes("INTO"):
            raise QueryRefusedError(
                f"LOAD at {self._place(start)} would change the default graph. That is the merged view, which "
                "follows from the documents. Name a document: LOAD <address> INTO GRAPH <document>."
            )
        self._expect("GRAPH")
        at = self._at
        document = self._named()
        self._at = at
        return f"INSERT DATA {{ GRAPH {document} {{ {address} {address} {address} }} }}", self._name(), False

    def _named(self) -> str:
        token = self._next
        self._name()
        return self._text[token.start : token.end]

    def _operation(self) -> tuple[str, frozenset[URIRef] | None, bool]:
        # How to write it, or nothing if as it is; the graphs that it can change; whether it reads the merged view.
        start = self._next
        if self._takes("CLEAR", "DROP"):
            self._takes("SILENT")
            return "", None if self._takes("ALL", "NAMED") else self._target(start), False
        if self._takes("CREATE"):
            self._takes("SILENT")
            return "", self._target(start), False
        if self._takes("ADD", "COPY", "MOVE"):
            self._takes("SILENT")
            merged = self._takes("DEFAULT")
            if merged and start.text.upper() == "MOVE":
                raise self._refusal(start)
            source = frozenset[URIRef]() if merged else self._target(start)
            self._expect("TO")
            return "", united(source, self._target(start)), merged
        return self._modification()

    def _modification(self) -> tuple[str, frozenset[URIRef] | None, bool]:
        start, templates = self._next, list[_Block]()
        has_with = self._takes("WITH")
        with_graph = self._name() if has_with else frozenset[URIRef]()
        for word in ("DELETE", "INSERT"):
            if not self._takes(word):
                continue
            is_data = self._takes("DATA")
            if is_data or (word == "DELETE" and self._takes("WHERE")):
                block = self._named_block(start)
                again = f"DELETE {block.text} {self._using.clauses()}WHERE {block.text}"
                return "" if is_data or not self._using else again, block.graphs, False
            templates.append(self._block() if has_with else self._named_block(start))
        has_using = self._next.text.upper() == "USING"
        if self._using and (has_with or has_using):
            raise QueryError(
                "The update chooses its graphs by WITH or USING, and the request by using-graph-uri or "
                "using-named-graph-uri. Choose them in one place."
            )
        while self._takes("USING"):
            self._takes("NAMED")
            self._name()
        where = self._next.start
        self._expect("WHERE")
        pattern = self._block()
        text = f"{self._text[start.start : where]}{self._using.clauses()}WHERE {pattern.text}" if self._using else ""
        reads = pattern.outside and not (has_with or has_using or self._using)
        return text, united(with_graph, *(each.graphs for each in templates)), reads

    def _named_block(self, operation: Token) -> _Block:
        block = self._block()
        if block.outside:
            raise self._refusal(operation)
        return block

    def _target(self, operation: Token) -> frozenset[URIRef] | None:
        self._takes("GRAPH")
        if self._takes("DEFAULT"):
            raise self._refusal(operation)
        return self._name()

    def _name(self) -> frozenset[URIRef] | None:
        token = self._token()
        if token.kind not in ("iri", "prefixed", "variable"):
            self._at -= 1
            raise self._unclear()
        iri: str | None = token.text if token.kind == "iri" else None
        if token.kind == "prefixed":
            namespace, local = self._prefixes.get(token.prefix), token.text.partition(":")[2]
            iri = None if namespace is None or "\\" in local else namespace + local
        return frozenset([URIRef(iri)]) if iri is not None and _AS_IT_IS.match(iri) else None

    def _block(self) -> _Block:
        start, graphs, outside, depth = self._next, list[frozenset[URIRef] | None](), False, 0
        self._expect("{")
        while self._next is not _END:
            if depth == 0 and self._takes("GRAPH"):
                graphs.append(self._name())
                if self._next.text != "{":
                    raise self._unclear()
                self._group()
                continue
            token = self._token()
            if token.kind == "other" and token.text in ("{", "}"):
                depth += 1 if token.text == "{" else -1
                if depth < 0:
                    return _Block(self._text[start.start : token.end], united(*graphs), outside)
            outside = outside or token.text != "."
        raise self._unclear()

    def _group(self) -> None:
        depth = 0
        while self._next is not _END:
            token = self._token()
            if token.kind == "other":
                depth += (token.text == "{") - (token.text == "}")
            if depth == 0:
                return

    def _refusal(self, operation: Token) -> QueryRefusedError:
        return QueryRefusedError(
            f"{operation.text.upper()} at {self._place(operation.start)} would change the default graph. That is the "
            "merged view, which follows from the documents. Name a document: GRAPH <document> { … } around the "
            "statements, or WITH <document> before the operation."
        )

    def _unclear(self) -> QuerySyntaxError:
        token = self._next
        if token is _END:
            return QuerySyntaxError("The update ends in the middle of an operation. Close its braces.")
        return QuerySyntaxError(
            f"What stands at {self._place(token.start)}, {self._text[token.start :][:30]!r}, cannot be told apart. Put "
            "spaces around keywords, and a semicolon between operations."
        )

    def _place(self, start: int) -> str:
        line = self._text.count("\n", 0, start) + 1
        return f"line {line}, column {start - self._text.rfind(chr(10), 0, start)}"

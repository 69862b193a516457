"""Terms as canonical N-Triples writes them, spelled as a person would write them in Turtle."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..errors import InputError
from ..ontology.namespaces import PREFIXES

RDF: Final = PREFIXES["rdf"]
XSD: Final = PREFIXES["xsd"]

_FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|^`]')
_NAMESPACE = re.compile(r'[^\x00-\x20<>"{}|^`\\]+')
_LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PREFIX = re.compile(r"(?:[A-Za-z][A-Za-z0-9_-]*)?")
# Less than the grammar allows (no escapes, colons or percent signs), so that old and strict parsers agree on it.
_LOCAL = re.compile(rf"[{_LETTER}_0-9](?:[{_LETTER}_0-9.-]*[{_LETTER}_0-9-])?")

# Every form here reads back with the same digits even in parsers that compute the number: no leading zeros or plus
# sign, and no decimal so small that it would come back with an exponent.
_SHORTHANDS: Final = {
    f"<{XSD}integer>": re.compile(r"0|-?[1-9][0-9]{0,99}"),
    f"<{XSD}decimal>": re.compile(r"-?(?:0\.[0-9]{1,6}|[1-9][0-9]{0,99}\.[0-9]{1,99})"),
    f"<{XSD}double>": re.compile(r"-?[0-9]{1,99}(?:\.[0-9]{1,99})?[eE][+-]?[0-9]{1,9}"),
    f"<{XSD}boolean>": re.compile(r"true|false"),
}

_LABEL = re.compile(r"_:[^ ]+")


class Spelling(dict[str, str]):
    """The Turtle spelling of every N-Triples term that it is asked for, found once and kept.

    `given` are spellings that hold in place of what would be found. `used` are the prefixes of all names spelled so
    far, `quoted` the blank nodes seen inside triple terms, which are carried as they are. Of prefixes for the same
    namespace the first in order counts; one that Turtle cannot declare is passed over. Raises InputError for an IRI
    that Turtle cannot carry.
    """

    def __init__(self, prefixes: Mapping[str, str], given: Mapping[str, str] | None = None) -> None:
        super().__init__(given or {})
        self.used: set[str] = set()
        self.quoted: set[str] = set()
        self._datatypes: dict[str, str] = {}
        self._prefixes = {
            namespace: prefix
            for prefix, namespace in sorted(prefixes.items(), reverse=True)
            if _PREFIX.fullmatch(prefix) and _NAMESPACE.fullmatch(namespace)
        }
        # Most namespaces end where the last step of an IRI begins and are found at once; the others are tried in turn.
        self._unusual = sorted((n for n in self._prefixes if n[-1] not in "/#:"), key=len, reverse=True)

    def __missing__(self, term: str) -> str:
        if term.startswith("<<("):
            self.quoted.update(_LABEL.findall(term))
            spelled = term
        elif term[0] == "<":
            spelled = self._iri(term)
        elif term[0] == '"' and term[-1] == ">":
            spelled = self._typed(term)
        else:
            spelled = term
        self[term] = spelled
        return spelled

    def namespace(self, prefix: str) -> str:
        """Return the namespace that a used prefix stands for."""
        return next(namespace for namespace, known in self._prefixes.items() if known == prefix)

    def iri(self, spelled: str) -> str | None:
        """Return the IRI that a spelled term stands for, None for literals and blank nodes."""
        if spelled[0] == "<":
            return spelled[1:-1]
        prefix, colon, local = spelled.partition(":")
        return self.namespace(prefix) + local if colon and prefix in self.used else None

    def _iri(self, term: str) -> str:
        cut = max(term.rfind("/"), term.rfind("#"), term.rfind(":")) + 1
        for namespace in self._unusual:
            if len(namespace) >= cut and term.startswith(namespace, 1):
                cut = len(namespace) + 1
                break
        prefix = self._prefixes.get(term[1:cut])
        if prefix is not None and _LOCAL.fullmatch(term, cut, len(term) - 1):
            self.used.add(prefix)
            return f"{prefix}:{term[cut:-1]}"
        if cut < 2 or term[-1] != ">" or _FORBIDDEN.search(term, 1, len(term) - 1):
            raise InputError(
                f"{term} cannot be written as Turtle. An IRI is absolute, in angle brackets, "
                'and has no space and none of <>"{}|^`.'
            )
        return term

    def _typed(self, term: str) -> str:
        text, _, datatype = term.rpartition('"^^')
        shorthand = _SHORTHANDS.get(datatype)
        if shorthand is not None and shorthand.fullmatch(text, 1):
            return text[1:]
        spelled = self._datatypes.get(datatype)
        if spelled is None:
            spelled = self._datatypes[datatype] = self._iri(datatype)
        return f'{text}"^^{spelled}'

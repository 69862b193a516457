"""Tests of RDF syntaxes: files are read as `diplograph load` reads them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from rdflib import URIRef

from ...errors import DiplographError, ParseError
from ...graph.content import whole
from ...graph.formats import Syntax, syntax_named
from ...graph.loading import file_sources
from ...graph.oxigraph import rewritten
from .isomorphism import same
from .manifests import MF, Case
from .terms import Row, statements
from .verdicts import PASSED, Verdict, difference, failed

_SYNTAXES: Final = {".ttl": "turtle", ".trig": "trig", ".nt": "ntriples", ".nq": "nquads", ".rdf": "rdfxml"}


def positive_syntax(case: Case) -> Verdict:
    """Return whether a file that is of its syntax is read."""
    try:
        _graphs(case, str(case.action()))
    except DiplographError as error:
        return failed(f"{type(error).__name__}: {error}")
    return PASSED


def negative_syntax(case: Case) -> Verdict:
    """Return whether a file that is not of its syntax is said not to be."""
    try:
        _graphs(case, str(case.action()))
    except ParseError:
        return PASSED
    except DiplographError as error:
        return failed(f"It is refused for another reason than its syntax: {error}")
    return failed(f"It was taken for {_syntax(str(case.action())).title}.")


def evaluation(case: Case) -> Verdict:
    """Return whether a file is read as the statements that it makes."""
    try:
        found = _statements(case, str(case.action()))
        wanted = _statements(case, str(case.value(MF.result)))
    except DiplographError as error:
        return failed(f"{type(error).__name__}: {error}")
    return PASSED if same(wanted, found) else failed(difference(wanted, found))


def canonical_form(case: Case) -> Verdict:
    """Return whether statements are written, as an export writes them, in the one way that there is for them."""
    iri = str(case.action())
    wanted, found = case.tree.data(str(case.value(MF.result))), rewritten(case.tree.data(iri), _syntax(iri))
    return PASSED if found == wanted else failed(f"It is {found!r}, expected was {wanted!r}.")


def _graphs(case: Case, iri: str) -> dict[URIRef | None, bytes]:
    # A file's own document has the file's IRI, against which its relative IRIs are resolved.
    sources = file_sources(case.tree.path(iri), syntax=_syntax(iri), document=URIRef(iri))
    return {None if str(source.document) == iri else source.document: whole(source.ntriples) for source in sources}


def _syntax(iri: str) -> Syntax:
    return syntax_named(_SYNTAXES[PurePosixPath(iri).suffix])


def _statements(case: Case, iri: str) -> list[Row]:
    return statements(_graphs(case, iri))

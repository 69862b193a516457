"""Tests of the canonical form of datasets (RDFC-1.0), by which documents are told from each other."""

from __future__ import annotations

from ...errors import DiplographError
from ...graph.formats import syntax_named
from ...graph.oxigraph import canonical, rewritten
from .manifests import MF, Case
from .verdicts import PASSED, Verdict, failed


def canonization(case: Case) -> Verdict:
    """Return whether a dataset's canonical form is, byte for byte, the one expected."""
    try:
        # Read and written anew first, as whatever is in a store has been.
        found = canonical(rewritten(case.tree.data(str(case.action())), syntax_named("nquads")))
    except DiplographError as error:
        return failed(f"{type(error).__name__}: {error}")
    wanted = case.tree.data(str(case.value(MF.result)))
    return PASSED if found == wanted else failed(f"It is {found!r}, expected was {wanted!r}.")

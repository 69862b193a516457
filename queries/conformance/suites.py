"""The suites: where each is found, what of Diplograph its tests go through, and which of them do not apply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...errors import InputError
from .manifests import Case, Tree, cases


@dataclass(frozen=True)
class Repository:
    """One of the W3C's repositories of tests: a directory that only it has, and the IRI at which it is published."""

    title: str
    base: str
    mark: str


RDF_TESTS: Final = Repository("rdf-tests", "https://w3c.github.io/rdf-tests/", "sparql/sparql11")
SHACL_TESTS: Final = Repository("data-shapes", "https://w3c.github.io/data-shapes/", "data-shapes-test-suite/tests")
CANONICAL_TESTS: Final = Repository("rdf-canon", "https://w3c.github.io/rdf-canon/", "tests/rdfc10")


@dataclass(frozen=True)
class Suite:
    """Some manifests of a repository that are counted together.

    `through` is what of Diplograph the tests go through. Where `beyond` is not empty, it is the reason why none of the
    tests applies.
    """

    title: str
    repository: Repository
    manifests: tuple[str, ...]
    through: str = ""
    beyond: str = ""

    def cases(self, directory: Path) -> list[Case]:
        """Return the suite's tests, from a directory that holds the repositories' files or a directory for each.

        Raises InputError where it does not.
        """
        tree = _tree(directory, self.repository)
        return [case for name in self.manifests for case in cases(tree, tree.directory / name)]


def _tree(directory: Path, repository: Repository) -> Tree:
    for root in _candidates(directory):
        if (root / repository.mark).is_dir():
            return Tree(root, repository.base)
    raise InputError(
        f"{directory}: the W3C's {repository.title} tests are not there. Give a directory that holds what is in that "
        f"repository, or a directory for each repository; {repository.mark}/ tells where it begins."
    )


def _candidates(directory: Path) -> Iterator[Path]:
    yield directory
    if directory.is_dir():
        yield from sorted(path for path in directory.iterdir() if path.is_dir())


_ASKED = "`View.query` and `View.serialized`"
_LOADED = "`diplograph load` (`file_sources`)"
_SERVED = "the application of `diplograph serve`, open to changes by token"
_ENTAILMENT = (
    "Diplograph answers from what is stated, without entailment: shortcuts are derived when documents are loaded."
)
_SPARQL_11 = "sparql/sparql11/"

SUITES: Final = (
    Suite("SPARQL 1.0 Query", RDF_TESTS, ("sparql/sparql10/manifest.ttl",), _ASKED),
    Suite("SPARQL 1.1 Query", RDF_TESTS, (f"{_SPARQL_11}manifest-sparql11-query.ttl",), _ASKED),
    Suite(
        "SPARQL 1.1 Update",
        RDF_TESTS,
        (f"{_SPARQL_11}manifest-sparql11-update.ttl",),
        "the engine (`OxigraphDataset.update`)",
    ),
    Suite(
        "SPARQL 1.1 Results in CSV, TSV and JSON",
        RDF_TESTS,
        (f"{_SPARQL_11}manifest-sparql11-results.ttl",),
        "`View.serialized`",
    ),
    Suite(
        "SPARQL 1.1 Federation, syntax",
        RDF_TESTS,
        (f"{_SPARQL_11}syntax-fed/manifest.ttl",),
        "the engine's parser, as SERVICE is refused",
    ),
    Suite(
        "SPARQL 1.1 Federation, evaluation",
        RDF_TESTS,
        (f"{_SPARQL_11}service/manifest.ttl",),
        beyond="SERVICE is refused: nothing leaves the machine unasked.",
    ),
    Suite("SPARQL 1.1 Entailment Regimes", RDF_TESTS, (f"{_SPARQL_11}entailment/manifest.ttl",), beyond=_ENTAILMENT),
    Suite("SPARQL 1.1 Protocol", RDF_TESTS, (f"{_SPARQL_11}protocol/manifest.ttl",), _SERVED),
    Suite("SPARQL 1.1 Graph Store Protocol", RDF_TESTS, (f"{_SPARQL_11}graph-store-protocol/manifest.ttl",), _SERVED),
    Suite("SPARQL 1.1 Service Description", RDF_TESTS, (f"{_SPARQL_11}service-description/manifest.ttl",), _SERVED),
    Suite("SPARQL 1.2 Query and Update", RDF_TESTS, ("sparql/sparql12/manifest.ttl",), f"{_ASKED}; updates as above"),
    Suite("RDF 1.1 Turtle", RDF_TESTS, ("rdf/rdf11/rdf-turtle/manifest.ttl",), _LOADED),
    Suite("RDF 1.1 TriG", RDF_TESTS, ("rdf/rdf11/rdf-trig/manifest.ttl",), _LOADED),
    Suite("RDF 1.1 N-Triples", RDF_TESTS, ("rdf/rdf11/rdf-n-triples/manifest.ttl",), _LOADED),
    Suite("RDF 1.1 N-Quads", RDF_TESTS, ("rdf/rdf11/rdf-n-quads/manifest.ttl",), _LOADED),
    Suite("RDF 1.1 XML", RDF_TESTS, ("rdf/rdf11/rdf-xml/manifest.ttl",), _LOADED),
    Suite(
        "RDF 1.2 Turtle",
        RDF_TESTS,
        ("rdf/rdf12/rdf-turtle/syntax/manifest.ttl", "rdf/rdf12/rdf-turtle/eval/manifest.ttl"),
        _LOADED,
    ),
    Suite(
        "RDF 1.2 TriG",
        RDF_TESTS,
        ("rdf/rdf12/rdf-trig/syntax/manifest.ttl", "rdf/rdf12/rdf-trig/eval/manifest.ttl"),
        _LOADED,
    ),
    Suite(
        "RDF 1.2 N-Triples",
        RDF_TESTS,
        ("rdf/rdf12/rdf-n-triples/syntax/manifest.ttl", "rdf/rdf12/rdf-n-triples/c14n/manifest.ttl"),
        f"{_LOADED}; `rewritten`",
    ),
    Suite(
        "RDF 1.2 N-Quads",
        RDF_TESTS,
        ("rdf/rdf12/rdf-n-quads/syntax/manifest.ttl", "rdf/rdf12/rdf-n-quads/c14n/manifest.ttl"),
        f"{_LOADED}; `rewritten`",
    ),
    Suite("RDF 1.2 XML", RDF_TESTS, ("rdf/rdf12/rdf-xml/eval/manifest.ttl",), _LOADED),
    Suite(
        "RDF Semantics 1.1 and 1.2",
        RDF_TESTS,
        ("rdf/rdf12/rdf-semantics/manifest.ttl",),
        beyond=_ENTAILMENT,
    ),
    Suite("RDF Canonicalization (RDFC-1.0)", CANONICAL_TESTS, ("tests/manifest.ttl",), "`canonical`"),
    Suite(
        "SHACL Core",
        SHACL_TESTS,
        ("data-shapes-test-suite/tests/core/manifest.ttl",),
        "`validation.report` and `validation.findings`",
    ),
    Suite(
        "SHACL-SPARQL",
        SHACL_TESTS,
        ("data-shapes-test-suite/tests/sparql/manifest.ttl",),
        beyond="Shapes are SHACL Core; constraints in SPARQL are not offered.",
    ),
)
"""Every suite that there is for what Diplograph does, without deprecated tests, which newer suites replace."""

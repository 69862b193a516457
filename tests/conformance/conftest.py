"""The W3C's suites, unpacked once for all workers from the archives that are kept beside the project."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tarfile
import tempfile
from functools import cache
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from diplograph.queries.conformance.known import Known, known_failures, known_inapplicable
from diplograph.queries.conformance.manifests import Case
from diplograph.queries.conformance.suites import SUITES, Suite

ARCHIVES = Path(__file__).resolve().parents[3] / "shared" / "w3c"
MISSING = "the W3C's test suites kept beside the project are missing"
NAMES = ("rdf-tests", "shacl-tests", "rdf-canon-tests")


@cache
def unpacked() -> Path | None:
    """Return a directory with the suites, one directory for each archive, or None where the archives are not there."""
    archives = [ARCHIVES / f"{name}.tar.gz" for name in NAMES]
    if not all(archive.is_file() for archive in archives):
        return None
    content = hashlib.sha256()
    for archive in archives:
        content.update(archive.read_bytes())
    # Not under the directory of one run: tests are collected before it is there, and in each worker.
    home = Path(tempfile.gettempdir()) / f"diplograph-tests-{os.getuid()}"
    home.mkdir(mode=0o700, exist_ok=True)
    if home.stat().st_uid != os.getuid():
        raise PermissionError(f"{home} belongs to someone else.")
    root = home / f"w3c-{content.hexdigest()[:16]}"
    with root.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists():
            with tempfile.TemporaryDirectory(dir=home) as part:
                for archive in archives:
                    with tarfile.open(archive) as opened:
                        opened.extractall(Path(part) / "w3c" / archive.name.partition(".")[0], filter="data")
                (Path(part) / "w3c").rename(root)
    return root


@pytest.fixture(scope="session")
def w3c() -> Path:
    """A directory with the suites; skips the test where they are not there."""
    root = unpacked()
    if root is None:
        pytest.skip(MISSING)
    return root


@pytest.fixture(scope="session")
def w3c_cases(w3c: Path) -> list[tuple[Suite, Case]]:
    """Every test of every suite."""
    return every_case(w3c)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that takes a suite and a case every case that applies."""
    if "case" in metafunc.fixturenames:
        root, skipped = unpacked(), pytest.param(None, None, marks=pytest.mark.skip(MISSING))
        metafunc.parametrize(("suite", "case"), [skipped] if root is None else _parameters(root))


@cache
def every_case(root: Path) -> list[tuple[Suite, Case]]:
    """Return every test of every suite."""
    return [(suite, case) for suite in SUITES for case in suite.cases(root)]


def _parameters(root: Path) -> list[ParameterSet]:
    beyond, known = known_inapplicable(), known_failures()
    return [
        pytest.param(suite, case, id=_name(suite, case), marks=_marks(known.get(case.iri)))
        for suite, case in every_case(root)
        if not suite.beyond and case.iri not in beyond
    ]


def _name(suite: Suite, case: Case) -> str:
    return "/".join((suite.title, *case.iri.replace("#", "/").split("/")[-3:]))


def _marks(known: Known | None) -> list[pytest.MarkDecorator]:
    if known is None:
        return []
    return [pytest.mark.xfail(reason=f"known: {known.origin}", run=known.run, raises=AssertionError, strict=True)]

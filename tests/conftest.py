"""What all tests share: the checkout is no test package, and where every test must run, a skip is a failure."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest


class Checkout:
    """Takes the root of the checkout for a plain directory.

    It has an `__init__.py`, as it is the package; taken for a package of tests, it would be imported under the
    directory's own name, which may be any.
    """

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        return pytest.Dir.from_parent(parent, path=path) if path == Path(__file__).parent.parent else None


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Checkout())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and os.environ.get("DIPLOGRAPH_NO_SKIPS") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped where no test may be: {report.longrepr}"
    return report

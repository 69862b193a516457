"""What is shipped: every package and every data file that is here, and nothing that is not."""

from __future__ import annotations

import subprocess
import tomllib
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import diplograph

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
ROOMS = ("cli", "graph", "ontology", "queries", "viz")


def own_files(pattern: str) -> set[Path]:
    """Files in the rooms, as paths from the root; what tools leave behind is not ours."""
    found = (path for room in ROOMS for path in (ROOT / room).rglob(pattern) if path.is_file())
    return {path.relative_to(ROOT) for path in found if "__pycache__" not in path.parts}


def shipped(path: Path) -> bool:
    """Whether a data file matches the globs of the package that it lies in or below."""
    for package, patterns in SETUPTOOLS["package-data"].items():
        home = Path(*package.split(".")[1:])
        if path.is_relative_to(home) or home == Path():
            inner = path.relative_to(home)
            for pattern in patterns:
                recursive = pattern.replace("**/", "*/")
                depth = "**" in pattern or len(inner.parts) == len(Path(pattern).parts)
                if depth and fnmatch(inner.as_posix(), recursive):
                    return True
    return False


def test_the_packages_are_the_folders_with_modules() -> None:
    folders = {path.parent for path in own_files("__init__.py")}
    assert set(SETUPTOOLS["packages"]) == {"diplograph", *(".".join(("diplograph", *f.parts)) for f in folders)}
    assert {path.parent for path in own_files("*.py")} == folders, "a folder with modules lacks its __init__.py"


def test_every_data_file_is_shipped() -> None:
    data = {path for path in own_files("*") if path.suffix != ".py"}
    unshipped = {path for path in data if not shipped(path) and path.parts[:2] != ("viz", "gallery")}
    assert unshipped == set()
    for needed in (
        "ontology/diplograph.ttl",
        "ontology/shapes.ttl",
        "graph/reference/states.ttl",
        "graph/dossiers/trend-2023-02-28.ttl",
        "queries/library/posts/who-held-post.rq",
        "viz/templates/page.html",
        "viz/assets/page.js",
    ):
        assert Path(needed) in data
        assert shipped(Path(needed))


def test_every_glob_ships_something() -> None:
    for package, patterns in SETUPTOOLS["package-data"].items():
        home = ROOT.joinpath(*package.split(".")[1:])
        for pattern in patterns:
            assert any(home.glob(pattern)), f"{package}: {pattern} matches nothing"


def test_the_package_is_typed_and_nothing_else_lies_at_its_root() -> None:
    assert (ROOT / "py.typed").read_bytes() == b""
    assert shipped(Path("py.typed"))
    assert {path.name for path in ROOT.glob("*.py")} == {"__init__.py", "__main__.py", "errors.py"}
    assert not (ROOT / "tests/__init__.py").exists()


def test_the_version_is_one() -> None:
    assert PROJECT["project"]["version"] == diplograph.__version__ == version("diplograph")


def test_every_dependency_that_is_imported_is_declared() -> None:
    names = {"pyyaml": "yaml", "prometheus-client": "prometheus_client", "sparqlwrapper": "SPARQLWrapper"}
    declared = {
        names.get(name, name)
        for requirement in PROJECT["project"]["dependencies"]
        for name in [requirement.partition(">")[0].partition("=")[0].partition("<")[0].strip()]
    }
    text = "\n".join((ROOT / path).read_text(encoding="utf-8") for path in own_files("*.py"))
    through_others = {"httptools"}  # a part of uvicorn that ours derives from needs it
    for name in declared - through_others:
        assert f"import {name}" in text or f"from {name}" in text, f"{name} is declared and not used"


def test_no_committed_file_names_a_package_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("this is no git checkout, so what is committed is not known")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix not in (".png", ".gz") and path != Path(__file__):
            text = path.read_text(encoding="utf-8")
            for word in ("pypi" + ".org", "pythonhosted" + ".org"):
                assert word not in text, f"{name} names {word}"

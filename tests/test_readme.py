"""The README tells the truth: each of its commands is run, and prints what stands below it."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def commands() -> Iterator[tuple[str, str]]:
    """Each command of the console blocks, in order, here-documents included, with the output printed below it."""
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            here = re.search(r"<<'END'\n.*?^END\n", part, re.MULTILINE | re.DOTALL)
            end = here.end() if here else part.index("\n") + 1
            yield part[:end].rstrip("\n"), part[end:]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readme")


def test_every_console_command_prints_what_the_readme_says(workplace: Path) -> None:
    directory = workplace
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "80"}
    environment.pop("DIPLOGRAPH_STORE", None)
    seen = []
    for command, expected in commands():
        if command.startswith("cd "):
            directory = directory / command.removeprefix("cd ")
            continue
        run = subprocess.run(["bash", "-c", command], cwd=directory, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, f"{command}: {run.stderr}"
        assert timeless(run.stdout) == timeless(expected), command
        seen.append(command)
    assert len(seen) >= 12


def timeless(output: str) -> str:
    """Output without the time at which something was loaded, and the directory from which."""
    output = re.sub(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", "TIME", output)
    return re.sub(r"from /\S*/", "from /", output)


def test_every_python_example_gives_what_the_readme_says() -> None:
    examples = blocks("pycon")
    assert examples
    for example in examples:
        test = doctest.DocTestParser().get_doctest(example, {}, "README", str(README), 0)
        assert test.examples
        assert doctest.DocTestRunner(verbose=False).run(test).failed == 0


def test_two_commands_do_all_the_set_up() -> None:
    main, tests = blocks("sh")
    assert "diplograph demo" in main
    assert "pytest" in tests


def test_every_link_leads_to_a_file_or_a_heading_that_exists() -> None:
    headings = {
        re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in re.findall(r"^#+ (.*)$", TEXT, re.M)
    }
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        if target.startswith("#"):
            assert target[1:] in headings
        else:
            assert (README.parent / target).exists(), target

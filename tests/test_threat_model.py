"""The threat model names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8")


def test_every_test_that_it_names_is_there() -> None:
    file, named = "", 0
    for found, name in re.findall(r"`([\w./]*\.py)?((?:::\w+)*)`", TEXT):
        file = found or file
        if not (found or name):
            continue
        text = (ROOT / "tests/queries" / file).resolve().read_text(encoding="utf-8")
        for part in filter(None, name.split("::")):
            assert re.search(rf"^\s*(?:def|class) {part}\b", text, re.MULTILINE), f"{file} has no {part}"
            named += 1
    assert named >= 15

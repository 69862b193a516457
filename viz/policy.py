"""What a page may do: nothing but its own scripts and styles, and no network."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources


def policy(*, scripts: tuple[str, ...], styles: tuple[str, ...]) -> str:
    """Return the Content-Security-Policy of a page that has exactly these scripts and style sheets."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(map(_digest, scripts)),
            "style-src " + " ".join(map(_digest, styles)),
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def asset(name: str) -> str:
    """Return the text of one of the files that pages are made of."""
    return (resources.files(__package__) / "assets" / name).read_text(encoding="utf-8")


def script_of(names: tuple[str, ...]) -> str:
    """Return scripts as one, with a scope of its own that they share."""
    return '(() => {\n"use strict";\n' + "\n".join(map(asset, names)) + "})();\n"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"

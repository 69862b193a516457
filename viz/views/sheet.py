"""One HTML file of a scene: the picture, a choice of years, and tables of the same content; it needs nothing else."""

from __future__ import annotations

from importlib import resources
from typing import Any

from ..policy import asset, policy, script_of
from ..style import printable
from .scene import Scene, all_rows, year_span
from .svg import class_of, style, svg, years

SCRIPTS = ("export.js", "sheet.js")
STYLES = ("basics.css", "sheet.css")


def sheet(scene: Scene) -> str:
    """Return the HTML page of a scene, the same bytes for the same scene.

    It asks nothing of any network and runs nothing but its own scripts; without scripts it can still be read. The
    picture scales with the window or scrolls, keys reach everything, and each table says what the picture shows.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(resources.files("diplograph.viz") / "templates")), autoescape=True
    )
    script = script_of(SCRIPTS)
    sheet_style = "\n".join([*map(asset, STYLES), style(scene)])
    span = year_span([*scene.items, *all_rows(scene.tables)])
    content: dict[str, Any] = {
        "title": printable(scene.title) or "Diplograph",
        "subtitle": printable(scene.subtitle),
        "note": printable(scene.note),
        "picture": svg(scene),
        "legend": [(class_of(name), printable(words)) for name, words in scene.legend],
        "tables": scene.tables,
        "span": span if span and span[0] < span[1] else None,
        "years": years,
        "script": script,
        "style": sheet_style,
        "policy": policy(scripts=(script,), styles=(sheet_style,)),
    }
    return environment.get_template("sheet.html").render(content) + "\n"

"""A scene as SVG for a page: colours are classes, so that they follow the page's theme."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ..style import SHAPES, printable
from .scene import Bar, Item, Line, Mark, Scene, Text, Years, colour


def svg(scene: Scene) -> str:
    """Return the picture of a scene as an SVG element with a title and a description."""
    size = f"{scene.width:.0f} {scene.height:.0f}"
    drawn = "".join(map(_drawn, scene.items))
    told = f'<title id="picture-title">{_text(scene.title)}</title>'
    told += f'<desc id="picture-summary">{_text(scene.summary)}</desc>'
    return (
        f'<svg id="picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{scene.width:.0f}" '
        f'height="{scene.height:.0f}" role="img" aria-labelledby="picture-title picture-summary">'
        f"{told}{drawn}</svg>"
    )


def style(scene: Scene) -> str:
    """Return the style sheet of the colours of a scene."""
    names = {item.colour for item in scene.items} | {name for name, _ in scene.legend} | {"ink", "edge"}
    return "\n".join(_rules(name) for name in sorted(names))


def class_of(name: str) -> str:
    """Return the class of a colour in the style sheet."""
    return "c-" + "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in name)


def _rules(name: str) -> str:
    light, dark = colour(name)
    own = class_of(name)
    return (
        f".{own} {{ fill: {light}; }} .{own}.stroke {{ fill: none; stroke: {light}; }}\n"
        f':root[data-theme="dark"] .{own} {{ fill: {dark}; }} '
        f':root[data-theme="dark"] .{own}.stroke {{ fill: none; stroke: {dark}; }}'
    )


def _drawn(item: Item) -> str:
    told = f"<title>{_text(item.title)}</title>" if item.title else ""
    shared = f'class="{class_of(item.colour)}{" stroke" if isinstance(item, Line) else ""}"' + "".join(_data(item))
    if isinstance(item, Bar):
        fill = f' fill-opacity="{item.opacity:.3g}"' if item.opacity < 1 else ""
        corner = f' rx="{item.round:g}"' if item.round else ""
        return (
            f'<rect x="{item.x:.1f}" y="{item.y:.1f}" width="{item.width:.1f}" height="{item.height:.1f}"'
            f"{fill}{corner} {shared}>{told}</rect>"
        )
    if isinstance(item, Mark):
        at = f"translate({item.x:.1f} {item.y:.1f}) scale({item.size:.2f})"
        return f'<path d="{SHAPES[item.shape]}" transform="{at}" {shared}>{told}</path>'
    if isinstance(item, Line):
        dashes = f' stroke-dasharray="{" ".join(map(str, item.dashes))}"' if item.dashes else ""
        faint = f' stroke-opacity="{item.opacity:.3g}"' if item.opacity < 1 else ""
        return f'<path d="{_path(item)}" stroke-width="{item.width:.2g}"{faint}{dashes} {shared}>{told}</path>'
    turned = f' transform="rotate({item.turn} {item.x:.1f} {item.y:.1f})"' if item.turn else ""
    bold = ' font-weight="600"' if item.bold else ""
    return (
        f'<text x="{item.x:.1f}" y="{item.y:.1f}" font-size="{item.size:g}" text-anchor="{item.anchor}"{bold}{turned} '
        f'dominant-baseline="central" {shared}>{_text(item.text)}{told}</text>'
    )


def _path(line: Line) -> str:
    start, end = f"{line.x1:.1f} {line.y1:.1f}", f"{line.x2:.1f} {line.y2:.1f}"
    if not line.level:
        return f"M{start}L{end}"
    middle = (line.x1 + line.x2) / 2
    return f"M{start}C{middle:.1f} {line.y1:.1f} {middle:.1f} {line.y2:.1f} {end}"


def _data(item: Item) -> Iterator[str]:
    if item.years:
        yield f' data-years="{years(item.years)}"'
    if item.keys:
        yield f' data-keys="{escape(" ".join(item.keys))}"'
    if isinstance(item, Bar | Text) and item.count:
        yield ' data-count="1"'


def years(periods: Years) -> str:
    """Return periods as the page's scripts read them, such as `1992:1994 2001:`."""
    return " ".join(f"{'' if a is None else a}:{'' if b is None else b}" for a, b in periods)


def _text(text: str) -> str:
    return escape(printable(text))

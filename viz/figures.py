"""Pictures for papers: a scene as SVG or PDF with matplotlib, in text that stays text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Literal

from ..errors import InputError
from .style import SHAPES, printable
from .views.scene import Bar, Line, Mark, Scene, Text, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINT = 0.75
"""How many points a pixel of a scene is."""


def figure(scene: Scene, form: Literal["svg", "pdf"]) -> bytes:
    """Return a scene as a figure on white ground, the same bytes for the same scene, with title and legend.

    Text stays text, which can be searched and set anew. Raises InputError where matplotlib is not installed.
    """
    try:
        import matplotlib
    except ImportError as error:
        raise InputError("Figures need matplotlib: pip install 'diplograph[figures]'.") from error
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    head, foot = 56.0, 34.0 if scene.legend else 8.0
    width, height = scene.width, scene.height + head + foot
    settings: dict[Any, Any] = {
        "svg.hashsalt": "diplograph",
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
        "font.family": "sans-serif",
        "font.sans-serif": ["Noto Sans", "Liberation Sans", "DejaVu Sans"],
    }
    with matplotlib.rc_context(settings):
        made = Figure(figsize=(width * _POINT / 72, height * _POINT / 72))
        FigureCanvasAgg(made)
        axes = made.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, width)
        axes.set_ylim(height - head, -head)
        axes.axis("off")
        _write(axes, Text(16, 20 - head, scene.title, 17, bold=True))
        _write(axes, Text(16, 41 - head, scene.subtitle, 11.5, colour="muted"))
        for order, item in enumerate(scene.items):
            _draw(axes, item, order)
        x = 16.0
        for name, words in scene.legend:
            _draw(axes, Bar(x, scene.height + 8, 11, 11, name), len(scene.items))
            _write(axes, Text(x + 17, scene.height + 14, words, 11))
            x += 40 + 6.6 * len(words)
        out = io.BytesIO()
        # Neither names the day, so that the same network gives the same file.
        dated: dict[str, Any] = {"Date": None} if form == "svg" else {"CreationDate": None, "ModDate": None}
        made.savefig(out, format=form, metadata={"Title": printable(scene.title), "Creator": "Diplograph", **dated})
    return out.getvalue()


def _draw(axes: Axes, item: Bar | Mark | Line | Text, order: int) -> None:
    from matplotlib.patches import FancyBboxPatch, PathPatch, Rectangle
    from matplotlib.transforms import Affine2D

    if isinstance(item, Text):
        return _write(axes, item, order)
    ink = colour(item.colour)[0] if item.colour != "paper" else "#ffffff"
    drawn: Any
    if isinstance(item, Bar):
        box = (item.x, item.y), item.width, item.height
        drawn = (
            FancyBboxPatch(*box, boxstyle=f"round,pad=0,rounding_size={item.round}", linewidth=0)
            if item.round
            else Rectangle(*box, linewidth=0)
        )
        drawn.set_facecolor(ink)
        drawn.set_alpha(item.opacity)
    elif isinstance(item, Mark):
        at = Affine2D().scale(item.size).translate(item.x, item.y)
        drawn = PathPatch(_outline(item.shape).transformed(at), facecolor=ink, linewidth=0)
    else:
        drawn = PathPatch(_curve(item), fill=False, edgecolor=ink, linewidth=item.width * _POINT, alpha=item.opacity)
        if item.dashes:
            drawn.set_linestyle((0, [length * _POINT for length in item.dashes]))
    drawn.set_zorder(order)
    axes.add_patch(drawn)
    return None


def _write(axes: Axes, item: Text, order: int = 0) -> None:
    aligned = {"start": "left", "middle": "center", "end": "right"}[item.anchor]
    axes.text(
        item.x,
        item.y,
        # A dollar sign would begin a formula.
        printable(item.text).replace("$", r"\$"),
        fontsize=item.size * _POINT,
        ha=aligned,
        va="center",
        color=colour(item.colour)[0],
        weight="bold" if item.bold else "normal",
        rotation=-item.turn,
        rotation_mode="anchor",
        zorder=order,
    )


def _curve(line: Line) -> Any:
    from matplotlib.path import Path

    start, end = (line.x1, line.y1), (line.x2, line.y2)
    if not line.level:
        return Path([start, end])
    middle = (line.x1 + line.x2) / 2
    points = [start, (middle, line.y1), (middle, line.y2), end]
    return Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])


def _outline(shape: str) -> Any:
    """The outline of a shape as matplotlib has it, from the same path as on the page."""
    import re

    import numpy as np
    from matplotlib.path import Path

    vertices: list[tuple[float, float]] = []
    codes: list[int] = []
    x = y = 0.0

    def to(px: float, py: float, code: Any) -> None:
        vertices.append((px, py))
        codes.append(int(code))

    for command, told in re.findall(r"([MLAHVZ])([^MLAHVZ]*)", SHAPES[shape]):
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", told)]
        if command == "M":
            x, y = numbers
            to(x, y, Path.MOVETO)
        elif command == "L":
            x, y = numbers
            to(x, y, Path.LINETO)
        elif command in "HV":
            x, y = (numbers[0], y) if command == "H" else (x, numbers[0])
            to(x, y, Path.LINETO)
        elif command == "A":
            # All arcs of the shapes are half circles around the middle between their ends.
            end_x, end_y = numbers[5], numbers[6]
            middle, reach = ((x + end_x) / 2, (y + end_y) / 2), numbers[0]
            begin = np.arctan2(y - middle[1], x - middle[0])
            turn = np.pi if numbers[4] else -np.pi
            for part in np.linspace(0, 1, 17)[1:]:
                angle = begin + turn * part
                to(middle[0] + reach * np.cos(angle), middle[1] + reach * np.sin(angle), Path.LINETO)
            x, y = end_x, end_y
        else:
            to(vertices[-1][0], vertices[-1][1], Path.CLOSEPOLY)
    return Path(vertices, codes)

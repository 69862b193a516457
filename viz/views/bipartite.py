"""Meetings and people side by side: a line from each meeting to everybody who was there."""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import NotFoundError
from ...graph.store import View
from ..ties import Ties
from .meetings import Meetings, chosen, meetings, named_all, told_years
from .scene import Item, Line, Listing, Mark, Row, Scene, Text, short, wide

STEP = 22.0
MIDDLE = 330.0


def bipartite(
    view: View, ties: Ties, *, most: int = 40, around: str | None = None, title: str = "Who was where", said: str = ""
) -> Scene:
    """Return meetings by date on the left, actors on the right, at most so many of each; see `matrix`.

    Meetings that two or more of the actors shared come first. Actors stand near their meetings, by barycentres
    (Sugiyama, Tagawa and Toda 1981). Raises NotFoundError, also where what ties the actors is no meeting or the like.
    """
    found = meetings(ties, chosen(ties, most, around))
    shared = sorted(found.events, key=lambda event: (-min(len(found.present[event]), 2), found.events.index(event)))
    if around is not None:
        shared = [event for event in found.events if around in found.present[event]]
    if not shared:
        raise NotFoundError("Nobody was anywhere together here, so there is nothing to draw.")
    events = sorted(_latest(found, shared, most), key=found.events.index)
    names = named_all(view, {*events, *(actor for event in events for actor in found.present[event])})
    actors = _untangled(found, events, names)
    height = STEP * max(len(events), len(actors))
    words = {event: short(names[event], 60) for event in events}
    dates = {event: told_years(found.years[event]) for event in events}
    left = max(wide(words[event]) for event in events) + max(wide(dates[event], 11) for event in events) + 48
    right = max(wide(short(names[actor], 48)) for actor in actors) + 30
    at = {event: _place(number, len(events), height) for number, event in enumerate(events)}
    over = {actor: _place(number, len(actors), height) for number, actor in enumerate(actors)}
    items: list[Item] = []
    rows = []
    for number, event in enumerate(events):
        years = (found.years[event],) if any(found.years[event]) else ()
        there = [actor for actor in found.present[event] if actor in over]
        for actor in there:
            keys = (f"e{number}", f"a{actors.index(actor)}")
            told = f"{names[actor]}: {names[event]}"
            line = (left + 8, at[event], left + MIDDLE - 8, over[actor], "edge", 1.1, 0.75)
            items.append(Line(*line, level=True, title=told, years=years, keys=keys))
        near = (f"e{number}", *(f"a{actors.index(actor)}" for actor in there))
        items.append(Mark(left, at[event], 5.5, "triangle", "meeting", names[event], years, near))
        items.append(Text(left - 12, at[event], words[event], anchor="end", title=names[event], years=years, keys=near))
        items.append(Text(16, at[event], dates[event], 11, "start", "muted", years=years, keys=near))
        rows.append(Row((dates[event] or "undated", names[event], ", ".join(names[a] for a in there)), years))
    kind = {"states": "state", "organizations": "organization"}.get(ties.of, "person")
    shape = {"state": "hexagon", "organization": "square"}.get(kind, "circle")
    for number, actor in enumerate(actors):
        near = (f"a{number}", *(f"e{at}" for at, event in enumerate(events) if actor in found.present[event]))
        items.append(Mark(left + MIDDLE, over[actor], 5.5, shape, kind, names[actor], keys=near))
        items.append(Text(left + MIDDLE + 12, over[actor], short(names[actor], 48), title=names[actor], keys=near))
    subtitle = f"{said + ': ' if said else ''}{len(events)} of {len(found.events):,} meetings, {len(actors)} actors"
    return Scene(
        title,
        subtitle,
        f"{len(events)} meetings by date, joined to the {len(actors)} actors who were there. The table tells the same.",
        left + MIDDLE + right,
        height + 16,
        tuple(items),
        (Listing("Meetings", ("When", "Meeting", "Who was there"), tuple(rows)),),
        (("meeting", "meetings, by date"), (kind, "who was there")),
    )


def _latest(found: Meetings, events: list[str], most: int) -> list[str]:
    """At most so many of the events: those that are shared before the others, of these the latest."""
    shared = [event for event in events if len(found.present[event]) > 1]
    others = [event for event in events if len(found.present[event]) < 2]
    return [*shared[-most:], *others[-max(most - len(shared), 0) or len(others) :]][:most]


def _untangled(found: Meetings, events: list[str], names: Mapping[str, str]) -> list[str]:
    """The actors in the order of the mean places of their meetings."""
    places: dict[str, list[int]] = {}
    for number, event in enumerate(events):
        for actor in found.present[event]:
            places.setdefault(actor, []).append(number)
    return sorted(places, key=lambda actor: (sum(places[actor]) / len(places[actor]), names[actor], actor))


def _place(number: int, size: int, height: float) -> float:
    return 8 + height * (number + 0.5) / size

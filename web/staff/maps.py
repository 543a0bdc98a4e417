"""A map of the place (위치): drawn from the pack's own points, so that nothing is asked of another site."""

from collections.abc import Iterator, Sequence
from html import escape
from math import cos, radians

from intents.city import City, PlaceKind
from storage.casebook import Case

_WIDTH, _HEIGHT, _EDGE = 560, 400, 48
_LABELS = 24
_SMALLEST = 0.01
"""Degrees that the drawing shows at least, about a kilometre."""

Spot = tuple[str, float, float]
"""A name with its latitude and longitude."""


def can_draw(city: City, case: Case) -> bool:
    """True when something is known of where the place is."""
    return target_of(city, case) is not None


def picture(city: City, case: Case) -> str | None:
    """The drawing of where a case is, as SVG; None when nothing is known of it."""
    target = target_of(city, case)
    return None if target is None else draw(list(_spots(city, case.district)), target)


def draw(spots: Sequence[Spot], target: Spot) -> str:
    """An SVG picture of the points around, the target marked and named."""
    shown = [spot for spot in spots if spot[0] != target[0]]
    latitudes = [spot[1] for spot in (*shown, target)]
    longitudes = [spot[2] for spot in (*shown, target)]
    south, west = min(latitudes), min(longitudes)
    shrink = cos(radians(target[1]))
    tall = max(max(latitudes) - south, _SMALLEST)
    wide = max((max(longitudes) - west) * shrink, _SMALLEST)
    scale = min((_WIDTH - 2 * _EDGE) / wide, (_HEIGHT - 2 * _EDGE) / tall)
    left = (_WIDTH - wide * scale) / 2
    low = (_HEIGHT + tall * scale) / 2

    def at(spot: Spot) -> tuple[float, float]:
        return left + (spot[2] - west) * shrink * scale, low - (spot[1] - south) * scale

    nearest = sorted(shown, key=lambda spot: (spot[1] - target[1]) ** 2 + (spot[2] - target[2]) ** 2)
    named = _apart([at(target), *map(at, nearest)])
    parts = [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="#6b7683"/>' for x, y in map(at, shown)]
    for spot, free in zip(nearest, named[1:], strict=True):
        if free:
            x, y = at(spot)
            parts.append(_text(x, y + 18, spot[0], "#3d4752", 14))
    x, y = at(target)
    parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="13" fill="none" stroke="#b3261e" stroke-width="4"/>')
    parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="5" fill="#b3261e"/>')
    parts.append(_text(x, y - 20, target[0], "#8c1d18", 20))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" text-anchor="middle">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#eef2f6"/>{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, words: str, colour: str, size: int) -> str:
    inside = min(max(x, _EDGE), _WIDTH - _EDGE)
    return (
        f'<text x="{inside:.0f}" y="{y:.0f}" font-size="{size}" fill="{colour}" '
        f'stroke="#eef2f6" stroke-width="4" paint-order="stroke">{escape(words)}</text>'
    )


def _apart(points: Sequence[tuple[float, float]]) -> list[bool]:
    """For each point whether its name has room beside those before it."""
    taken: list[tuple[float, float]] = []
    free = []
    for x, y in points:
        room = len(taken) <= _LABELS and all(abs(x - a) > 70 or abs(y - b) > 26 for a, b in taken)
        free.append(room)
        if room:
            taken.append((x, y))
    return free


def target_of(city: City, case: Case) -> Spot | None:
    """Where a case is: where the person pointed, else its place as the pack has it; None: not known."""
    name = case.place or "●"
    if case.latitude is not None and case.longitude is not None:
        return name, case.latitude, case.longitude
    for spot in _all(city, case.district):
        if spot[0] == case.place:
            return spot
    return None


def _all(city: City, district: str) -> Iterator[Spot]:
    for place in city.places:
        if place.latitude is None or place.longitude is None:
            continue
        if not district or district in place.districts or not place.districts:
            yield place.name, place.latitude, place.longitude


def _spots(city: City, district: str) -> Iterator[Spot]:
    """The neighbourhoods of the district that have a point."""
    kinds = {place.name for place in city.places if place.kind in _DRAWN}
    return (spot for spot in _all(city, district) if spot[0] in kinds)


_DRAWN = frozenset({PlaceKind.ADMIN_DONG, PlaceKind.EUP_MYEON})

"""The 동 nearest to a point on the map, and whether the point lies in the city at all."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from intents.city import City, Place, PlaceKind
from intents.reading import PlaceGuess, PlaceReading

_EARTH_KM = 6371.0
_LEAST_KM, _MOST_KM = 1.5, 6.0
_NEIGHBOURS = 3
_AREAS = (PlaceKind.ADMIN_DONG, PlaceKind.EUP_MYEON)


@dataclass(frozen=True, slots=True)
class _Point:
    place: Place
    latitude: float
    longitude: float
    reach: float
    """Kilometres around the point that still count as the city."""


class NearestPlace:
    """Finds the nearest 행정동, 읍 or 면 by the pack's points.

    The pack has points, no borders: a location is in the city when it is no farther from a point than
    that point's third neighbour, at least 1.5 and at most 6 km (islands and 면 are wide, 동 are not).
    """

    __slots__ = ("_areas", "_points")

    def __init__(self, city: City) -> None:
        """Takes the places of the city that have a point."""
        placed = [
            (place, place.latitude, place.longitude)
            for place in city.places
            if place.latitude is not None and place.longitude is not None
        ]
        self._points = tuple(
            _Point(place, lat, lon, _reach(lat, lon, [(one, other) for _, one, other in placed]))
            for place, lat, lon in placed
        )
        areas = tuple(one for one in self._points if one.place.kind in _AREAS)
        self._areas = areas or self._points

    def find(self, latitude: float, longitude: float) -> PlaceReading:
        """The place of a location in degrees (WGS 84); `outside` when it is beyond every point's reach."""
        inside = any(
            kilometres(latitude, longitude, one.latitude, one.longitude) <= one.reach for one in self._points
        )
        if not inside:
            return PlaceReading(outside=bool(self._points))
        best = min(self._areas, key=lambda one: kilometres(latitude, longitude, one.latitude, one.longitude))
        districts = best.place.districts or ("",)
        return PlaceReading(tuple(PlaceGuess(one, best.place.name, 0, 0, "") for one in districts))


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The distance between two points given in degrees, on a sphere."""
    lat, other = radians(latitude), radians(other_latitude)
    half = sin((other - lat) / 2) ** 2
    half += cos(lat) * cos(other) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, half)))


def _reach(latitude: float, longitude: float, points: list[tuple[float, float]]) -> float:
    distances = sorted(kilometres(latitude, longitude, one, other) for one, other in points)
    apart = [one for one in distances if one > 0.05][:_NEIGHBOURS]
    return min(_MOST_KM, max(_LEAST_KM, apart[-1])) if apart else _MOST_KM

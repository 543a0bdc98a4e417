"""A street map of the place (지도), where the city set a tile server: squares of it around one point."""

from dataclasses import dataclass
from math import asinh, pi, radians, tan
from urllib.parse import urlsplit

from intents.city import City
from storage.casebook import Case
from web.security import POLICY
from web.staff.maps import target_of

WIDTH, HEIGHT = 560, 400
_ZOOM = 16
_SIDE = 256


@dataclass(frozen=True, slots=True)
class Tile:
    """One square: its address, and where its upper left corner lies in the picture, in pixels."""

    address: str
    x: int
    y: int


def tiles_around(address: str, city: City, case: Case) -> tuple[Tile, ...]:
    """The squares that fill the picture with the place in its middle; none without address or place.

    `address` has {z}, {x} and {y} in it, the web's common numbering of squares (Web Mercator).
    """
    target = target_of(city, case)
    if not address or target is None:
        return ()
    _, latitude, longitude = target
    side = 2**_ZOOM
    middle_x = (longitude + 180) / 360 * side * _SIDE
    middle_y = (1 - asinh(tan(radians(latitude))) / pi) / 2 * side * _SIDE
    left, top = int(middle_x - WIDTH / 2), int(middle_y - HEIGHT / 2)
    return tuple(
        Tile(_filled(address, column % side, row), column * _SIDE - left, row * _SIDE - top)
        for row in range(top // _SIDE, (top + HEIGHT) // _SIDE + 1)
        for column in range(left // _SIDE, (left + WIDTH) // _SIDE + 1)
        if 0 <= row < side
    )


def policy_with(address: str) -> str:
    """The pages' policy, with pictures of the tile server allowed, and of no other."""
    parts = urlsplit(address)
    return POLICY.replace("img-src 'self'", f"img-src 'self' {parts.scheme}://{parts.netloc}")


def _filled(address: str, column: int, row: int) -> str:
    return address.replace("{z}", str(_ZOOM)).replace("{x}", str(column)).replace("{y}", str(row))

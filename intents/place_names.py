"""The names a city's places and districts go by, in the normal form without spaces."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from intents.city import City, Place, PlaceKind
from intents.normal import Normaliser


class Rank(IntEnum):
    """How closely a name says where; the lowest decides what a case's place is called."""

    DONG = 0  # 동·읍·면·리
    LANDMARK = 1
    NICKNAME = 2
    DISTRICT = 3


_RANKS = {PlaceKind.LANDMARK: Rank.LANDMARK, PlaceKind.NICKNAME: Rank.NICKNAME}


_SIDES = "동서남북중"
_UNIT = re.compile(r"[- ](?:gu|gun|si)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """What a name may mean: a place ("" for a district itself) and the districts it may lie in."""

    place: str
    districts: tuple[str, ...]
    rank: Rank


def names_of(city: City, normalise: Normaliser) -> dict[str, Named]:
    """Every spelling with its meaning; spellings of two places are joined, a fuller rank wins."""
    names: dict[str, Named] = {}
    for place in city.places:
        named = Named(place.name, place.districts or ("",), _RANKS.get(place.kind, Rank.DONG))
        for spelling in _spellings(place):
            _add(names, normalise(spelling).dense, named)
    for spelling, districts in _district_names(city).items():
        names[normalise(spelling).dense] = Named("", districts, Rank.DISTRICT)
    for spelling, districts in _shorter_names(city).items():
        names.setdefault(normalise(spelling).dense, Named("", districts, Rank.DISTRICT))
    names.pop("", None)
    return names


def every_spelling(city: City) -> Iterator[str]:
    """All names as the pack writes them, for the normaliser to learn the numbered ones."""
    for place in city.places:
        yield from _spellings(place)


def _spellings(place: Place) -> tuple[str, ...]:
    return (place.name, *place.also)


def _add(names: dict[str, Named], word: str, named: Named) -> None:
    old = names.get(word)
    if old is None or named.rank < old.rank:
        names[word] = named
    elif named.rank == old.rank and set(named.districts) - set(old.districts):
        names[word] = Named(old.place, tuple(dict.fromkeys((*old.districts, *named.districts))), old.rank)


def _district_names(city: City) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for district in city.districts:
        for name in district.former:
            found[name] = (*found.get(name, ()), district.id)
    for district in city.districts:
        found[district.name] = (district.id,)
    return found


def _shorter_names(city: City) -> dict[str, tuple[str, ...]]:
    """부평 for 부평구, and Bupyeong-gu, Bupyeong gu, Bupyeong. Not 일산서, which is 일산 with a particle."""
    found: dict[str, tuple[str, ...]] = {}
    for district in city.districts:
        stem = district.name[:-1]
        if len(stem) > 1 and stem[-1] not in _SIDES:
            found[stem] = (district.id,)
        english = _UNIT.sub("", district.name_en)
        for name in (district.name_en, district.name_en.replace("-", ""), english):
            found[name] = (district.id,)
    return found

"""Bada (바다시): a city of three departments, ready in no time, and what two reorganisations make of it."""

from collections.abc import Mapping
from functools import lru_cache

from bot.app import build_world
from cities.parsing import parse_city
from handlers.world import World

_CITY = """
name = "바다시"
call_centre = "032-000-0120"
[[district]]
id = "yeonsu"
name = "연수구"
[[district]]
id = "seohae"
name = "서해구"
"""
_REST = """
[[department]]
id = "parks"
name = "공원과"
level = "district"
keywords = ["공원"]
[[department]]
id = "parks_policy"
name = "공원정책과"
keywords = ["공원 계획"]
"""
_ROADS = (
    '[[department]]\nid = "roads"\nname = "도로과"\n',
    # Renamed: the same id.
    '[[department]]\nid = "roads"\nname = "도로관리과"\n',
    # Taken over: the id is no more.
    '[[department]]\nid = "streets"\nname = "길과"\nformerly = ["roads"]\n',
)
STAGES = len(_ROADS)


def pack(stage: int = 0) -> Mapping[str, str]:
    """The pack's files after so many reorganisations."""
    return {
        "city.toml": _CITY,
        "departments.toml": f'{_ROADS[stage]}level = "district"\nkeywords = ["포트홀"]\n{_REST}',
    }


@lru_cache(maxsize=STAGES)
def small_world(stage: int = 0) -> World:
    """The city after so many reorganisations."""
    return build_world(parse_city(pack(stage), pack="bada"))

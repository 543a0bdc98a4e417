"""The forms by which the pack is edited (도시 자료): what was typed, as an edit."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from cities.editing import Edit, EditKind
from web.staff.pages import NotFound, Visit

MOST_KEYWORDS = 200
LONGEST_KEYWORD = 40
_PARTED = re.compile(r"[\n,]+")
_CHANGES = ("off", "on", "none")


class Unfit(ValueError):  # noqa: N818 - an outcome to word
    """A form that makes no edit; `reason` has its words in `edit.fault.…`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def edit_of(visit: Visit) -> Edit:
    """What the form asks for. Raises Unfit, and NotFound for a kind or department there is not."""
    try:
        kind = EditKind(visit.part("kind"))
    except ValueError as error:
        raise NotFound from error
    key = visit.typed("key")[:64]
    if kind in (EditKind.KEYWORDS, EditKind.CONTACT):
        city = visit.console.wording.directory.city
        if city.department(key) is None:
            raise NotFound
    if visit.typed("undo"):
        return Edit(kind, key, {})
    return _READ[kind](visit, key)


def _keywords(visit: Visit, key: str) -> Edit:
    words = [" ".join(word.split()) for word in _PARTED.split(visit.form.get("keywords", ""))]
    kept = list(dict.fromkeys(word for word in words if word))
    if not kept:
        raise Unfit("no_keywords")
    if len(kept) > MOST_KEYWORDS or any(len(word) > LONGEST_KEYWORD for word in kept):
        raise Unfit("long_keywords")
    return Edit(EditKind.KEYWORDS, key, {"keywords": kept})


def _contact(visit: Visit, key: str) -> Edit:
    given = {name: visit.typed(name)[:64] for name in ("name", "name_en", "phone")}
    if not given["name"]:
        raise Unfit("no_name")
    return Edit(EditKind.CONTACT, key, {name: value for name, value in given.items() if value})


def _day(visit: Visit, key: str) -> Edit:
    try:
        day = date.fromisoformat(key)
    except ValueError as error:
        raise Unfit("no_day") from error
    change = visit.typed("change")
    if change not in _CHANGES:
        raise Unfit("no_day")
    return Edit(EditKind.DAY, day.isoformat(), {"change": change, "name": visit.typed("name")[:64]})


def _half_year(visit: Visit, _key: str) -> Edit:
    dates = [one for one in re.split(r"[\s,]+", visit.typed("dates")[:200]) if one]
    if not dates:
        raise Unfit("no_dates")
    return Edit(EditKind.HALF_YEAR, "", {"dates": dates})


_READ: Mapping[EditKind, Callable[[Visit, str], Edit]] = MappingProxyType(
    {
        EditKind.KEYWORDS: _keywords,
        EditKind.CONTACT: _contact,
        EditKind.DAY: _day,
        EditKind.HALF_YEAR: _half_year,
    }
)

"""Fields of an answer (빈칸): {번호}, {부서} and the like, filled from the case that it is about."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from handlers.rendering import say_day
from storage.casebook import Case
from web.staff.wording import Wording

_FIELD = re.compile(r"\{\s*([^{}\n]{1,20}?)\s*\}")
_NAMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "번호": ("number", "ko"),
        "제목": ("title", "ko"),
        "부서": ("office", "ko"),
        "장소": ("place", "ko"),
        "접수일": ("received", "ko"),
        "기한": ("due", "ko"),
        "예정일": ("planned", "ko"),
        "날짜": ("today", "ko"),
        "number": ("number", "en"),
        "title": ("title", "en"),
        "office": ("office", "en"),
        "place": ("place", "en"),
        "received": ("received", "en"),
        "due": ("due", "en"),
        "planned": ("planned", "en"),
        "date": ("today", "en"),
    }
)
"""Each field and the language it is filled in: that of its own name."""

FIELDS = tuple(name for name, (_, locale) in _NAMES.items() if locale == "ko")
FIELDS_EN = tuple(name for name, (_, locale) in _NAMES.items() if locale == "en")


def fill_fields(words: str, case: Case, wording: Wording, now: datetime) -> str:
    """The words with every field filled that has a value for this case; others stay as they are."""

    def value(match: re.Match[str]) -> str:
        known = _NAMES.get(match[1].lower())
        if known is None:
            return match[0]
        name, locale = known
        return _VALUES[name](case, wording, now, locale) or match[0]

    return _FIELD.sub(value, words)


def open_fields(words: str) -> list[str]:
    """The fields that are still open in a text, as they stand there."""
    return list(dict.fromkeys(match[0] for match in _FIELD.finditer(words)))


def _planned(case: Case, _wording: Wording, _now: datetime, locale: str) -> str:
    return "" if case.planned_on is None else say_day(case.planned_on, locale)


_VALUES: Mapping[str, Callable[[Case, Wording, datetime, str], str]] = MappingProxyType(
    {
        "number": lambda case, _wording, _now, _locale: str(case.number),
        "title": lambda case, _wording, _now, _locale: case.title,
        "office": lambda case, wording, _now, locale: wording.directory.name(case.office, locale),
        "place": lambda case, wording, _now, locale: wording.directory.place_name(
            case.district, case.place, locale
        ),
        "received": lambda case, wording, _now, locale: say_day(wording.day(case.received_at), locale),
        "due": lambda case, wording, _now, locale: say_day(wording.day(case.due_at), locale),
        "planned": _planned,
        "today": lambda _case, wording, now, locale: say_day(wording.day(now), locale),
    }
)

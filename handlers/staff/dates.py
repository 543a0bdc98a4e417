"""Reading the day that a plan is for, as staff write it: 2027-06-30, 2027년 6월, 내년 상반기 …"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

# What a year is said by, and how far from this one it is.
_YEARS: Mapping[str, int] = MappingProxyType({"올해": 0, "금년": 0, "내년": 1, "다음해": 1, "내후년": 2})
_HALVES: Mapping[str, int] = MappingProxyType({"상반기": 6, "하반기": 12})
_YEAR = rf"(?:(?P<year>20\d\d)\s*년?|(?P<said>{'|'.join(_YEARS)})(?:\s*\(20\d\d년?\))?)"
_END = r"(?=$|[\s,.;:/·—-]|까지|에|으로|로|부터|쯤|경|말|중)"

_FORMS = tuple(
    re.compile(rf"\s*{form}(?:\s*(?:까지|쯤|경|말|중))?", re.IGNORECASE)
    for form in (
        r"(?P<year>20\d\d)\s*[-./]\s*(?P<month>\d{1,2})\s*[-./]\s*(?P<day>\d{1,2})\.?(?!\d)",
        rf"{_YEAR}\s*(?P<month>\d{{1,2}})\s*월\s*(?P<day>\d{{1,2}})\s*일",
        rf"{_YEAR}\s*(?P<month>\d{{1,2}})\s*월",
        rf"{_YEAR}\s*(?P<half>{'|'.join(_HALVES)})",
        r"(?P<year>20\d\d)\s*[-./]\s*(?P<month>\d{1,2})(?![\d])",
        r"(?P<month>\d{1,2})\s*월\s*(?P<day>\d{1,2})\s*일",
        rf"(?:(?P<year>20\d\d)\s*년|(?P<said>{'|'.join(_YEARS)})){_END}",
    )
)
_BETWEEN = re.compile(r"^[\s,.;:/·—-]+")


def read_date(text: str, today: date) -> tuple[date, str] | None:
    """The day a text begins with and the words after it; None when it begins with no day.

    A month, a half-year or a year alone means its last day; a day without a year the next such day.
    """
    for form in _FORMS:
        match = form.match(text)
        if match is not None:
            found = _day(match.groupdict().get, today)
            if found is not None:
                return found, _BETWEEN.sub("", text[match.end() :]).strip()
    return None


def _day(part: Callable[[str], str | None], today: date) -> date | None:
    year, said, half = part("year"), part("said"), part("half")
    chosen = int(year) if year else today.year + _YEARS.get(said or "", 0)
    month = _HALVES[half] if half else int(part("month") or 12)
    if not 1 <= month <= 12:
        return None
    last = monthrange(chosen, month)[1]
    day = int(part("day") or last)
    if not 1 <= day <= last:
        return None
    found = date(chosen, month, day)
    if year is None and said is None and found <= today:
        return _a_year_later(found)
    return found


def _a_year_later(day: date) -> date:
    last = monthrange(day.year + 1, day.month)[1]
    return date(day.year + 1, day.month, min(day.day, last))

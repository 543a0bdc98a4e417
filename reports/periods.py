"""The span a report is of (집계 기간): whole months, such as a half-year, a year, or from one to another."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from cases.halves import Half

_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months: the first day of the first and the last day of the last."""

    first: date
    last: date

    @property
    def first_month(self) -> int:
        """The first month, as 202601."""
        return _number(self.first)

    @property
    def last_month(self) -> int:
        """The last month, as 202606."""
        return _number(self.last)

    def months(self) -> list[int]:
        """Every month, in order."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        return [_number(_month_on(self.first, ahead)) for ahead in range(count + 1)]


def month_days(month: int) -> tuple[date, date]:
    """The first and the last day of a month such as 202602."""
    first = date(month // 100, month % 100, 1)
    return first, last_day(first)


def last_day(day: date) -> date:
    """The last day of its month."""
    return _month_on(day, 1) - timedelta(days=1)


def period_of(half: str, first: str, last: str, today: date) -> Period:
    """What was asked for: a half, else two days (`2019-08-01`) or months, whose months are taken whole.

    Nothing, or nothing that can be read, is the half-year we are in. Days in the wrong order are turned.
    """
    chosen = _half(half)
    begins, ends = _day(first), _day(last)
    if chosen is None and (begins or ends):
        early, late = sorted((begins or ends or today, ends or max(today, begins or today)))
        return Period(early.replace(day=1), last_day(late))
    chosen = chosen or Half.of(today)
    return Period(chosen.first_day, chosen.last_day)


def halves_back(today: date, count: int) -> list[Half]:
    """The half-year we are in and those before it, newest first."""
    half, found = Half.of(today), []
    for _ in range(count):
        found.append(half)
        half = half.previous
    return found


def _half(text: str) -> Half | None:
    try:
        half = Half.parse(text)
    except ValueError:
        return None
    return half if FIRST_YEAR <= half.year <= LAST_YEAR else None


def _day(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None


def _month_on(day: date, ahead: int) -> date:
    years, month = divmod(day.month - 1 + ahead, 12)
    return date(day.year + years, month + 1, 1)


def _number(day: date) -> int:
    return day.year * 100 + day.month

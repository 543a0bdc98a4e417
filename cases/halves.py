"""Half-years (반기), January to June and July to December: after each, every open case is accounted for."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from cases.calendar import WorkCalendar

_HALF = re.compile(r"([0-9]{4})H([12])")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Half:
    """A half-year (반기), written `2026H2`; sorts by time. `part` is 1 or 2; ValueError for another."""

    year: int
    part: int

    def __post_init__(self) -> None:
        if self.part not in (1, 2):
            raise ValueError(f"half {self.part} of {self.year} must be 1 or 2")

    def __str__(self) -> str:
        return f"{self.year:04}H{self.part}"

    @classmethod
    def of(cls, day: date) -> "Half":
        """The half-year a day of the city's calendar lies in."""
        return cls(day.year, 1 if day.month <= 6 else 2)

    @classmethod
    def parse(cls, text: str) -> "Half":
        """The half-year written `2026H2` (small h too). Raises ValueError for anything else."""
        match = _HALF.fullmatch(text.strip().upper())
        if match is None:
            raise ValueError(f"{text!r} is no half-year; write it like 2026H2")
        return cls(int(match[1]), int(match[2]))

    @property
    def first_day(self) -> date:
        """1 January or 1 July."""
        return date(self.year, 1 if self.part == 1 else 7, 1)

    @property
    def last_day(self) -> date:
        """30 June or 31 December."""
        return date(self.year, 6, 30) if self.part == 1 else date(self.year, 12, 31)

    @property
    def next(self) -> "Half":
        """The half-year after this one."""
        return Half(self.year, 2) if self.part == 1 else Half(self.year + 1, 1)

    @property
    def previous(self) -> "Half":
        """The half-year before this one; of the day of an account, the half that is accounted for."""
        return Half.of(self.first_day - timedelta(days=1))


def account_day(year: int, month_day: str, calendar: WorkCalendar) -> date:
    """The day of a half-yearly account (반기 보고) in that year: the pack's `MM-DD`, or the next working day.

    `02-29` means the last of February. Raises ValueError when the text is no month and day.
    """
    match = _MONTH_DAY.fullmatch(month_day)
    month, day = (int(match[1]), int(match[2])) if match else (0, 0)
    if not (1 <= month <= 12 and 1 <= day <= monthrange(2000, month)[1]):
        raise ValueError(f"{month_day!r} is no day of the year; write it MM-DD, like 07-10")
    return calendar.next_working(date(year, month, min(day, monthrange(year, month)[1])))

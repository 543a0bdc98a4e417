"""The city's working days (근무일): neither Saturday, Sunday, public holiday nor a day the pack takes off."""

from collections.abc import Collection
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from holidays import country_holidays

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class WorkCalendar:
    """The working days (근무일) of one city, and its time zone.

    Public holidays with their substitutes come from the `holidays` package, reckoned a year at a time when
    first asked for and kept in this instance. `days_off` adds what nobody can reckon (임시공휴일); `days_on`
    takes a public holiday back, but never makes a weekend a working day, for the law counts none.
    Raises ValueError when a day is in both.
    """

    def __init__(
        self, zone: ZoneInfo, days_off: Collection[date] = (), days_on: Collection[date] = ()
    ) -> None:
        self.zone = zone
        self._off = frozenset(days_off)
        self._on = frozenset(days_on)
        if both := self._off & self._on:
            days = ", ".join(day.isoformat() for day in sorted(both))
            raise ValueError(f"both a day off and a working day: {days}; keep one of the two")
        self._national = country_holidays("KR", categories=("public",))

    def is_working(self, day: date) -> bool:
        """True when the offices work on that day of the city's calendar."""
        if day.weekday() >= _SATURDAY or day in self._off:
            return False
        return day in self._on or day not in self._national

    def next_working(self, day: date) -> date:
        """The day itself when the offices work on it, else the first later one on which they do."""
        while not self.is_working(day):
            day += _ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which is itself not counted; 0 gives `day` back.

        Raises ValueError when `count` is negative.
        """
        if count < 0:
            raise ValueError(f"cannot go {count} working days ahead; give 0 or more")
        for _ in range(count):
            day = self.next_working(day + _ONE_DAY)
        return day

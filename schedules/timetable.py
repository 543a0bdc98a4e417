"""When jobs fall due (예약 시각): occasions by the city's calendar, in its own zone, kept in UTC."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from cases.calendar import WorkCalendar
from cases.clock import working_days_before
from cases.halves import Half, account_day
from intents.city import City

ACCOUNT_CLOCK = time(9)
LIST_DAYS = 21
REMINDER_DAYS = (10, 3)
HEAD_WORKING_DAYS = 1

_ONE_DAY = timedelta(days=1)
_FRIDAY = 4


@dataclass(frozen=True, slots=True, order=True)
class Occasion:
    """One time a job falls due: `period` names it. After `moot_at`, where given, it is no use any more."""

    due_at: datetime
    period: str
    moot_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timetable:
    """A city's dates and its working days."""

    city: City
    calendar: WorkCalendar

    def at(self, day: date, clock: time) -> datetime:
        """A time of day in the city, in UTC."""
        return datetime.combine(day, clock, self.calendar.zone).astimezone(UTC)

    def day_of(self, moment: datetime) -> date:
        """The city's date at a moment."""
        return moment.astimezone(self.calendar.zone).date()


When = Callable[[Timetable, datetime, datetime], Iterator[Occasion]]
"""All occasions after one moment, up to and with another, in order of time."""


def accounts(table: Timetable, after: datetime, until: datetime) -> Iterator[Occasion]:
    """The half-yearly account (반기 보고): the pack's dates, or the next working day, at nine."""
    for year in range(table.day_of(after).year - 1, table.day_of(until).year + 2):
        seen: set[Half] = set()
        for month_day in sorted(table.city.half_year_dates):
            half = Half.of(account_day(year, month_day, table.calendar)).previous
            # A pack with more dates than two a year tells of the same half more than once.
            period = str(half) if half not in seen else f"{half}-{month_day}"
            seen.add(half)
            due_at = table.at(account_day(year, month_day, table.calendar), ACCOUNT_CLOCK)
            if after < due_at <= until:
                yield Occasion(due_at, period)


def before_accounts(days: int = 0, working_days: int = 0) -> When:
    """So many days before each account; on the last working day by then, so that nobody has fewer."""

    def when(table: Timetable, after: datetime, until: datetime) -> Iterator[Occasion]:
        for account in accounts(table, after, until + timedelta(days=days + 4 * working_days + 14)):
            day = table.day_of(account.due_at) - timedelta(days=days)
            # One day on and one working day back: the day itself, where it is one.
            day = working_days_before(
                day if working_days else day + _ONE_DAY, working_days or 1, table.calendar
            )
            due_at = table.at(day, ACCOUNT_CLOCK)
            if after < due_at <= until:
                yield Occasion(due_at, account.period, moot_at=account.due_at)

    return when


def working_mornings(clock: time) -> When:
    """Every working day."""

    def when(table: Timetable, after: datetime, until: datetime) -> Iterator[Occasion]:
        for day in _days(table, after, until):
            if table.calendar.is_working(day):
                yield from _within(table, day, clock, after, until)

    return when


def nights(clock: time) -> When:
    """Every day."""

    def when(table: Timetable, after: datetime, until: datetime) -> Iterator[Occasion]:
        for day in _days(table, after, until):
            yield from _within(table, day, clock, after, until)

    return when


def fridays(clock: time) -> When:
    """Every Friday, holiday or not: it is for residents."""

    def when(table: Timetable, after: datetime, until: datetime) -> Iterator[Occasion]:
        for day in _days(table, after, until):
            if day.weekday() == _FRIDAY:
                yield from _within(table, day, clock, after, until)

    return when


def account_before(table: Timetable, moment: datetime) -> datetime:
    """When the account before that moment was due: what was said since counts for the next one."""
    *_, last = accounts(table, moment - timedelta(days=800), moment - timedelta(seconds=1))
    return last.due_at


def _days(table: Timetable, after: datetime, until: datetime) -> Iterator[date]:
    day, last = table.day_of(after), table.day_of(until)
    while day <= last:
        yield day
        day += _ONE_DAY


def _within(table: Timetable, day: date, clock: time, after: datetime, until: datetime) -> Iterator[Occasion]:
    due_at = table.at(day, clock)
    if after < due_at <= until:
        yield Occasion(due_at, day.isoformat())

"""When an answer is due (처리기한), by the Civil Petitions Treatment Act and its decree.

민원 처리에 관한 법률 (처리기간의 계산) and its 시행령 (처리기간의 연장): a term of five days or less runs in
working hours from the moment of receipt, eight a day; one of six or more in working days, the day of receipt
counted; one of months by the calendar, the day of receipt counted, ending on a working day.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Literal

from cases.calendar import WorkCalendar

Unit = Literal["days", "months"]

END_OF_WORK = time(18)
WORKING_SPANS = ((time(9), time(12)), (time(13), END_OF_WORK))
"""The eight hours of a civil servant's day (국가공무원 복무규정: 9 to 18, lunch from 12 to 13)."""
HOURS_A_DAY = 8
LONGEST_TERM_IN_HOURS = 5

_ONE_DAY = timedelta(days=1)


class AlreadyExtendedError(Exception):
    """The term was extended once before; a second time needs the person's consent, which is not in here."""


def unit_of(text: str) -> Unit:
    """The unit a pack names, `days` or `months`. Raises ValueError for any other word."""
    if text == "days":
        return "days"
    if text == "months":
        return "months"
    raise ValueError(f"{text!r} is no unit of a deadline; write days or months")


def due(received: datetime, amount: int, unit: Unit, calendar: WorkCalendar) -> datetime:
    """When the answer to a case received at that moment is due, aware, in the city's zone.

    `received` is aware, `amount` one or more units. Terms of months, and of six days and more, end at 18:00
    with the working day; shorter ones at the minute their working hours are used up. Raises ValueError for a
    naive time or an amount below one.
    """
    _check(received, amount)
    local = received.astimezone(calendar.zone)
    if unit == "months":
        return _close_of(calendar.next_working(_last_day_of_months(local.date(), amount)), calendar)
    if amount <= LONGEST_TERM_IN_HOURS:
        return _after_working_hours(local, amount, calendar)
    return _close_of(calendar.add_working_days(local.date() - _ONE_DAY, amount), calendar)


def extended(
    due_at: datetime, amount: int, unit: Unit, calendar: WorkCalendar, extensions: int = 0
) -> datetime:
    """The new due time when a term is extended (연장) by its own length, from the day after the first ended.

    `extensions` is how often it was extended before: AlreadyExtendedError unless 0. ValueError as for `due`.
    """
    if extensions:
        raise AlreadyExtendedError(f"extended {extensions} time(s) before; a term can be extended once")
    _check(due_at, amount)
    local = due_at.astimezone(calendar.zone)
    if unit == "days" and amount <= LONGEST_TERM_IN_HOURS:
        return _after_working_hours(local, amount, calendar)
    tomorrow = datetime.combine(local.date() + _ONE_DAY, time.min, calendar.zone)
    return due(tomorrow, amount, unit, calendar)


def working_days_between(start: date, end: date, calendar: WorkCalendar) -> int:
    """Working days after `start` up to and with `end`: how many are left (남은 근무일).

    0 on the same day; below zero when `end` lies before `start`, and then it says how late it is.
    """
    if end < start:
        return -working_days_between(end, start, calendar)
    days = (end - start).days
    return sum(calendar.is_working(start + timedelta(days=ahead)) for ahead in range(1, days + 1))


def _check(moment: datetime, amount: int) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; give an aware time")
    if amount < 1:
        raise ValueError(f"a term of {amount} is no term; give 1 or more")


def _close_of(day: date, calendar: WorkCalendar) -> datetime:
    return datetime.combine(day, END_OF_WORK, calendar.zone)


def _last_day_of_months(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month + 1
    last = monthrange(year, month)[1]
    if first.day > last:
        # No such day in the last month: the term ends with that month (민법 160조 3항).
        return date(year, month, last)
    return date(year, month, first.day) - _ONE_DAY


def _after_working_hours(begun: datetime, days: int, calendar: WorkCalendar) -> datetime:
    left = timedelta(hours=HOURS_A_DAY * days)
    day = begun.date()
    while True:
        if calendar.is_working(day):
            for opens, closes in WORKING_SPANS:
                start = max(begun, datetime.combine(day, opens, calendar.zone))
                end = datetime.combine(day, closes, calendar.zone)
                if start + left <= end:
                    return start + left
                left -= max(end - start, timedelta(0))
        day += _ONE_DAY

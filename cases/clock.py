"""The clock of one case (건의 시계): what falls due on it and when, reckoned from its dates alone.

Nothing here is remembered but the moment up to which the clock was read: whatever changes a case's dates
changes what falls due, and no reminder has to be taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from cases.calendar import WorkCalendar
from cases.deadlines import END_OF_WORK, working_days_between
from cases.vocabulary import INTAKE_DESK, OfficeId, State

START_OF_WORK = time(9)
MONTH_DAYS = 30
"""Past these days without a word the person must be told how it stands (민원 처리에 관한 법률 시행령)."""
UNTAKEN_WORKING_DAYS = 2
SURVEY_DAYS = 3
SURVEY_AGAIN_DAYS = 7

_ONE_DAY = timedelta(days=1)
_MORNING = time(10)


class Beat(StrEnum):
    """Something that falls due on a case (시계 알림)."""

    DUE_3 = "due_3"  # 기한 3근무일 전
    DUE_1 = "due_1"  # 기한 1근무일 전
    OVERDUE = "overdue"  # 기한 지남
    UNTAKEN = "untaken"  # 2근무일 안에 담당하지 않음
    WAITING = "waiting"  # 접수창구에서 2근무일 넘게 기다림
    MONTH = "month"  # 30일 넘게 소식 없음
    SURVEY = "survey"  # 만족도 질문
    SURVEY_AGAIN = "survey_again"  # 만족도 질문, 한 번 더


_REMINDERS: Mapping[Beat, int] = MappingProxyType({Beat.DUE_3: 3, Beat.DUE_1: 1})
_OF_THE_DATE = frozenset({Beat.DUE_3, Beat.DUE_1, Beat.OVERDUE})
_SURVEYED = frozenset({State.DONE, State.INFEASIBLE, State.HANDED_OVER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """What the clock looks at. Moments are aware; `last_word_at` is the office's last word to the person."""

    state: State
    office: OfficeId
    received_at: datetime
    assigned_at: datetime
    due_at: datetime
    closed_at: datetime | None = None
    last_word_at: datetime | None = None
    question_waiting: bool = False
    rated: bool = False
    has_raiser: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Stroke:
    """One beat and the moment it falls due at."""

    at: datetime
    beat: Beat


def strokes(dates: Dates, calendar: WorkCalendar) -> tuple[Stroke, ...]:
    """All that falls due on a case as it stands now, past and to come, in order of time.

    While the person is asked something, nothing but the month runs: the clock rests until the reply.
    """
    found: list[Stroke] = []
    if not dates.state.is_open:
        return tuple(_after_the_end(dates, calendar))
    if not dates.question_waiting:
        found += _of_the_date(dates, calendar)
        if dates.state is State.RECEIVED:
            found.append(_untaken(dates, calendar))
    month = _local(dates.received_at + timedelta(days=MONTH_DAYS), calendar, _MORNING)
    if dates.last_word_at is None or dates.last_word_at < month - timedelta(days=MONTH_DAYS):
        found.append(Stroke(month, Beat.MONTH))
    return tuple(sorted(found))


def due_strokes(
    dates: Dates, calendar: WorkCalendar, *, since: datetime, now: datetime
) -> tuple[Stroke, ...]:
    """What fell due after `since`, up to and with `now`.

    After a long stop only the last word about the date is left: who hears that it has passed need not be
    reminded of it.
    """
    fallen = [stroke for stroke in strokes(dates, calendar) if since < stroke.at <= now]
    last = max((stroke.at for stroke in fallen if stroke.beat in _OF_THE_DATE), default=None)
    fallen = [stroke for stroke in fallen if stroke.beat not in _OF_THE_DATE or stroke.at == last]
    if any(stroke.beat is Beat.SURVEY_AGAIN for stroke in fallen):
        fallen = [stroke for stroke in fallen if stroke.beat is not Beat.SURVEY]
    return tuple(fallen)


def next_check(dates: Dates, calendar: WorkCalendar, *, since: datetime) -> datetime | None:
    """When the clock of a case that was read up to `since` has to be read again; None: never."""
    return min((stroke.at for stroke in strokes(dates, calendar) if stroke.at > since), default=None)


def resumed(due_at: datetime, paused_at: datetime, now: datetime, calendar: WorkCalendar) -> datetime:
    """The date after a pause (보완 요구 기간): the working days that were left run on from now.

    A date that had passed before the pause stays as it was.
    """
    if due_at <= paused_at:
        return due_at
    due, paused = due_at.astimezone(calendar.zone), paused_at.astimezone(calendar.zone)
    left = working_days_between(paused.date(), due.date(), calendar)
    day = calendar.add_working_days(now.astimezone(calendar.zone).date(), left)
    moved = datetime.combine(calendar.next_working(day), due.time(), calendar.zone)
    return max(due_at, moved)


def end_of_work(day: date, calendar: WorkCalendar) -> datetime:
    """The moment at which the offices close on that day."""
    return datetime.combine(day, END_OF_WORK, calendar.zone)


def working_days_before(day: date, count: int, calendar: WorkCalendar) -> date:
    """The `count`-th working day before `day`, which is itself not counted."""
    while count:
        day -= _ONE_DAY
        count -= calendar.is_working(day)
    return day


def _of_the_date(dates: Dates, calendar: WorkCalendar) -> list[Stroke]:
    due = dates.due_at.astimezone(calendar.zone)
    found = [Stroke(dates.due_at, Beat.OVERDUE)]
    for beat, days in _REMINDERS.items():
        day = working_days_before(due.date(), days, calendar)
        found.append(Stroke(datetime.combine(day, START_OF_WORK, calendar.zone), beat))
    # Who has just been given the case, or the date, reads it on the card.
    return [stroke for stroke in found if stroke.at > dates.assigned_at]


def _untaken(dates: Dates, calendar: WorkCalendar) -> Stroke:
    assigned = dates.assigned_at.astimezone(calendar.zone)
    day = calendar.add_working_days(assigned.date(), UNTAKEN_WORKING_DAYS)
    beat = Beat.WAITING if dates.office == INTAKE_DESK else Beat.UNTAKEN
    return Stroke(end_of_work(day, calendar), beat)


def _after_the_end(dates: Dates, calendar: WorkCalendar) -> list[Stroke]:
    if dates.closed_at is None or dates.rated or not dates.has_raiser or dates.state not in _SURVEYED:
        return []
    return [
        Stroke(_local(dates.closed_at + timedelta(days=days), calendar, _MORNING), beat)
        for days, beat in ((SURVEY_DAYS, Beat.SURVEY), (SURVEY_AGAIN_DAYS, Beat.SURVEY_AGAIN))
    ]


def _local(moment: datetime, calendar: WorkCalendar, clock: time) -> datetime:
    return datetime.combine(moment.astimezone(calendar.zone).date(), clock, calendar.zone)

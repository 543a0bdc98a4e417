"""The clock of a case as pure reckoning: random dates, holidays, and a zone with summer time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import WorkCalendar
from cases.clock import Beat, Dates, due_strokes, next_check, resumed, strokes, working_days_before
from cases.deadlines import due, working_days_between
from cases.vocabulary import OPEN_STATES, OfficeId, State

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
ROADS = OfficeId("yeonsu/roads")

CALENDARS = st.builds(
    WorkCalendar,
    st.sampled_from([SEOUL, BERLIN]),
    st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=20),
)
MOMENTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - made aware below
    datetime(2027, 12, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def dates_of(received: datetime, days: int, calendar: WorkCalendar, state: State) -> Dates:
    return Dates(
        state=state,
        office=ROADS,
        received_at=received,
        assigned_at=received,
        due_at=due(received, days, "days", calendar),
        closed_at=None if state in OPEN_STATES else received + timedelta(days=5),
    )


@given(CALENDARS, MOMENTS, st.integers(1, 40), st.sampled_from(State))
def test_however_often_the_clock_is_read_each_beat_falls_due_once(
    calendar: WorkCalendar, received: datetime, days: int, state: State
) -> None:
    dates = dates_of(received, days, calendar, state)
    since, heard = received, []
    while (moment := next_check(dates, calendar, since=since)) is not None:
        assert moment > since
        heard += [stroke.beat for stroke in due_strokes(dates, calendar, since=since, now=moment)]
        since = moment
    assert len(heard) == len(set(heard))
    assert set(heard) >= {stroke.beat for stroke in strokes(dates, calendar) if stroke.at > received}


@given(CALENDARS, MOMENTS, st.integers(6, 40))
def test_reminders_stand_three_working_days_and_one_before_the_date_at_nine(
    calendar: WorkCalendar, received: datetime, days: int
) -> None:
    dates = dates_of(received, days, calendar, State.REVIEWING)
    due_day = dates.due_at.astimezone(calendar.zone).date()
    for stroke in strokes(dates, calendar):
        local = stroke.at.astimezone(calendar.zone)
        left = {Beat.DUE_3: 3, Beat.DUE_1: 1}.get(stroke.beat)
        if left is not None:
            assert (local.hour, local.minute) == (9, 0)
            assert calendar.is_working(local.date())
            assert working_days_between(local.date(), due_day, calendar) == left


@given(CALENDARS, MOMENTS, st.integers(6, 40), st.integers(0, 60), st.integers(0, 60))
def test_a_pause_never_shortens_a_term_and_keeps_the_days_that_were_left(
    calendar: WorkCalendar, received: datetime, days: int, after: int, long: int
) -> None:
    due_at = due(received, days, "days", calendar)
    paused = received + timedelta(days=after)
    reply = paused + timedelta(days=long)
    moved = resumed(due_at, paused, reply, calendar)
    assert moved >= due_at
    if paused >= due_at:
        assert moved == due_at
        return
    zone = calendar.zone
    left = working_days_between(paused.astimezone(zone).date(), due_at.astimezone(zone).date(), calendar)
    over = working_days_between(reply.astimezone(zone).date(), moved.astimezone(zone).date(), calendar)
    assert over >= left
    assert calendar.is_working(moved.astimezone(zone).date())


@given(CALENDARS, st.dates(date(2026, 2, 1), date(2027, 11, 30)), st.integers(1, 10))
def test_going_back_working_days_is_undone_by_going_forth(
    calendar: WorkCalendar, day: date, count: int
) -> None:
    back = working_days_before(day, count, calendar)
    assert calendar.is_working(back)
    assert calendar.add_working_days(back, count) == calendar.next_working(day)


def test_nothing_but_the_month_runs_while_the_resident_is_asked() -> None:
    calendar = WorkCalendar(SEOUL)
    received = datetime(2026, 11, 20, 1, tzinfo=UTC)
    dates = dates_of(received, 14, calendar, State.REVIEWING)
    asked = Dates(**{name: getattr(dates, name) for name in Dates.__slots__} | {"question_waiting": True})
    assert [stroke.beat for stroke in strokes(asked, calendar)] == [Beat.MONTH]


def test_the_morning_stays_the_morning_when_summer_time_begins() -> None:
    calendar = WorkCalendar(BERLIN)
    received = datetime(2027, 3, 24, 9, tzinfo=BERLIN)
    dates = dates_of(received, 10, calendar, State.DONE)
    local = [stroke.at.astimezone(BERLIN) for stroke in strokes(dates, calendar)]
    # The clocks go forward on 28 March.
    assert [(one.day, one.hour) for one in local] == [(1, 10), (5, 10)]

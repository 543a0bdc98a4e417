from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import WorkCalendar
from cases.deadlines import (
    WORKING_SPANS,
    AlreadyExtendedError,
    Unit,
    due,
    extended,
    unit_of,
    working_days_between,
)

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
KOREA = WorkCalendar(SEOUL)

SINCE, UNTIL = datetime.fromisoformat("2001-01-01"), datetime.fromisoformat("2095-01-01")
MOMENTS = st.datetimes(SINCE, UNTIL, timezones=st.just(UTC))
CALENDARS = st.builds(
    WorkCalendar,
    st.sampled_from([SEOUL, BERLIN, ZoneInfo("America/New_York")]),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=5),
)


def at(text: str, zone: ZoneInfo = SEOUL) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("received", "days", "last"),
    [
        ("2026-11-20", 7, "2026-11-30"),
        ("2026-11-20", 14, "2026-12-09"),
        ("2026-09-21", 14, "2026-10-14"),  # over 추석, 개천절 and 한글날
        ("2027-02-04", 7, "2027-02-16"),  # over 설날 and its substitute day
        ("2026-11-20", 6, "2026-11-27"),  # the shortest term that runs in days
        ("2026-11-21", 7, "2026-12-01"),  # a Saturday is not the first day
    ],
)
def test_terms_in_days_end_where_the_law_ends_them(received: str, days: int, last: str) -> None:
    assert due(at(f"{received}T10:30"), days, "days", KOREA) == at(f"{last}T18:00")


def test_the_day_of_receipt_counts_also_when_it_is_nearly_over() -> None:
    assert due(at("2026-11-20T23:59"), 7, "days", KOREA) == at("2026-11-30T18:00")


def test_the_day_of_receipt_is_the_citys_day() -> None:
    friday_in_utc = datetime(2026, 11, 19, 15, 30, tzinfo=UTC)
    assert due(friday_in_utc, 7, "days", KOREA) == at("2026-11-30T18:00")


@pytest.mark.parametrize(
    ("received", "days", "end"),
    [
        ("2026-11-20T10:00", 1, "2026-11-23T10:00"),  # 7 h on Friday, 1 h on Monday
        ("2026-11-20T09:00", 1, "2026-11-20T18:00"),
        ("2026-11-20T06:00", 1, "2026-11-20T18:00"),
        ("2026-11-20T14:00", 3, "2026-11-25T14:00"),
        ("2026-11-20T12:30", 1, "2026-11-23T12:00"),  # at lunch: the afternoon's five hours, then three
        ("2026-11-20T20:00", 5, "2026-11-27T18:00"),
        ("2026-11-21T11:00", 2, "2026-11-24T18:00"),  # on a Saturday
    ],
)
def test_terms_of_five_days_or_less_run_in_working_hours(received: str, days: int, end: str) -> None:
    assert due(at(received), days, "days", KOREA) == at(end)


@pytest.mark.parametrize(
    ("received", "months", "last"),
    [
        ("2026-11-20", 1, "2026-12-21"),  # 19 December is a Saturday
        ("2026-11-24", 1, "2026-12-23"),
        ("2026-01-31", 1, "2026-03-03"),  # no 31 February: its end, a Saturday, then the holidays
        ("2026-12-01", 1, "2026-12-31"),
        ("2026-12-15", 2, "2027-02-15"),  # the 14th is a Sunday
        ("2026-11-24", 14, "2028-01-24"),  # the 23rd is a Sunday
    ],
)
def test_terms_in_months_run_by_the_calendar_and_end_on_a_working_day(
    received: str, months: int, last: str
) -> None:
    assert due(at(f"{received}T10:00"), months, "months", KOREA) == at(f"{last}T18:00")


def test_a_temporary_holiday_of_the_pack_puts_the_deadline_off() -> None:
    calendar = WorkCalendar(SEOUL, days_off={date(2026, 11, 25)})
    assert due(at("2026-11-20T10:00"), 7, "days", calendar) == at("2026-12-01T18:00")


def test_a_holiday_the_pack_takes_back_brings_the_deadline_nearer() -> None:
    calendar = WorkCalendar(SEOUL, days_on={date(2026, 9, 24)})
    assert due(at("2026-09-21T10:00"), 14, "days", calendar) == at("2026-10-13T18:00")


def test_a_day_cannot_be_both_off_and_on() -> None:
    with pytest.raises(ValueError, match="2026-11-25"):
        WorkCalendar(SEOUL, {date(2026, 11, 25)}, {date(2026, 11, 25)})


def test_a_weekend_stays_a_weekend_even_when_its_holiday_is_taken_back() -> None:
    assert not WorkCalendar(SEOUL, days_on={date(2027, 2, 6)}).is_working(date(2027, 2, 6))


@pytest.mark.parametrize("changes", ["2026-03-27", "2026-10-23"])
def test_summer_time_does_not_move_the_end_of_work(changes: str) -> None:
    calendar = WorkCalendar(BERLIN)
    for days in (3, 6):
        end = due(at(f"{changes}T18:30", BERLIN), days, "days", calendar)
        assert (end.time(), end.tzinfo) == (time(18), BERLIN)


@given(received=MOMENTS, days=st.integers(6, 60), calendar=CALENDARS)
def test_a_term_in_days_holds_exactly_as_many_working_days(
    received: datetime, days: int, calendar: WorkCalendar
) -> None:
    end = due(received, days, "days", calendar)
    first = received.astimezone(calendar.zone).date()
    span = (first + timedelta(days=ahead) for ahead in range((end.date() - first).days + 1))
    assert sum(calendar.is_working(day) for day in span) == days
    assert calendar.is_working(end.date())
    assert end.time() == time(18)


def _worked(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    total = timedelta(0)
    day = start.date()
    while day <= end.date():
        for opens, closes in WORKING_SPANS if calendar.is_working(day) else ():
            begin = max(start, datetime.combine(day, opens, calendar.zone))
            stop = min(end, datetime.combine(day, closes, calendar.zone))
            total += max(stop - begin, timedelta(0))
        day += timedelta(days=1)
    return total


@given(received=MOMENTS, days=st.integers(1, 5), calendar=CALENDARS)
def test_a_short_term_holds_exactly_eight_working_hours_a_day(
    received: datetime, days: int, calendar: WorkCalendar
) -> None:
    end = due(received, days, "days", calendar)
    assert _worked(received.astimezone(calendar.zone), end, calendar) == timedelta(hours=8 * days)
    assert any(opens < end.time() <= closes for opens, closes in WORKING_SPANS)
    assert calendar.is_working(end.date())


@given(received=MOMENTS, months=st.integers(1, 24), calendar=CALENDARS)
def test_a_term_in_months_ends_with_the_first_working_day_after_that_many_months(
    received: datetime, months: int, calendar: WorkCalendar
) -> None:
    end = due(received, months, "months", calendar)
    first = received.astimezone(calendar.zone).date()
    assert calendar.is_working(end.date())
    assert 28 * months - 1 <= (end.date() - first).days <= 31 * months + 15


@given(
    received=MOMENTS,
    later=st.timedeltas(timedelta(0), timedelta(days=30)),
    amount=st.integers(1, 30),
    unit=st.sampled_from(["days", "months"]),
)
def test_what_comes_later_is_never_due_earlier(
    received: datetime, later: timedelta, amount: int, unit: Unit
) -> None:
    assert due(received, amount, unit, KOREA) <= due(received + later, amount, unit, KOREA)


@given(received=MOMENTS, amount=st.integers(1, 29), unit=st.sampled_from(["days", "months"]))
def test_a_longer_term_never_ends_earlier(received: datetime, amount: int, unit: Unit) -> None:
    assert due(received, amount, unit, KOREA) <= due(received, amount + 1, unit, KOREA)


@given(received=MOMENTS, days=st.integers(1, 30))
def test_an_extension_adds_the_same_length_again(received: datetime, days: int) -> None:
    first = due(received, days, "days", KOREA)
    second = extended(first, days, "days", KOREA)
    assert working_days_between(first.date(), second.date(), KOREA) == days


def test_a_month_is_extended_by_a_month() -> None:
    assert extended(at("2026-12-21T18:00"), 1, "months", KOREA) == at("2027-01-21T18:00")


def test_a_term_is_extended_once_and_not_again() -> None:
    with pytest.raises(AlreadyExtendedError, match="once"):
        extended(at("2026-12-09T18:00"), 14, "days", KOREA, extensions=1)


@given(day=st.dates(date(2001, 1, 1), date(2090, 1, 1)), count=st.integers(0, 60))
def test_days_left_are_the_working_days_still_to_come(day: date, count: int) -> None:
    later = KOREA.add_working_days(day, count)
    assert working_days_between(day, later, KOREA) == count
    assert working_days_between(later, day, KOREA) == -count


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)))
def test_the_next_working_day_is_the_first_from_that_day_on(day: date) -> None:
    found = KOREA.next_working(day)
    assert KOREA.is_working(found)
    assert not any(KOREA.is_working(day + timedelta(days=ahead)) for ahead in range((found - day).days))


@pytest.mark.parametrize(
    "day",
    ["2026-09-24", "2026-10-05", "2027-02-09", "2026-06-03", "2026-11-21", "2026-11-22"],
)
def test_public_holidays_substitutes_election_days_and_weekends_are_no_working_days(day: str) -> None:
    assert not KOREA.is_working(date.fromisoformat(day))


def test_no_working_day_can_be_counted_backwards() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        KOREA.add_working_days(date(2026, 11, 20), -1)


def test_a_time_without_zone_has_no_deadline() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        due(datetime.fromisoformat("2026-11-20T10:00"), 7, "days", KOREA)


def test_a_term_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        due(at("2026-11-20T10:00"), 0, "days", KOREA)


def test_a_pack_may_name_days_and_months_and_nothing_else() -> None:
    assert [unit_of("days"), unit_of("months")] == ["days", "months"]
    with pytest.raises(ValueError, match="weeks"):
        unit_of("weeks")

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.quiet import release_time

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
SINCE, UNTIL = datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2040-01-01")
HOURS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))


@pytest.mark.parametrize(
    ("now", "goes_out"),
    [
        ("2026-11-20T20:59:59", "2026-11-20T20:59:59"),
        ("2026-11-20T21:00:00", "2026-11-21T08:00:00"),
        ("2026-12-31T23:30:00", "2027-01-01T08:00:00"),
        ("2026-11-21T00:00:00", "2026-11-21T08:00:00"),
        ("2026-11-21T07:59:59", "2026-11-21T08:00:00"),
        ("2026-11-21T08:00:00", "2026-11-21T08:00:00"),
        ("2026-11-21T12:00:00", "2026-11-21T12:00:00"),
    ],
)
def test_a_notice_at_night_waits_until_eight(now: str, goes_out: str) -> None:
    asked = datetime.fromisoformat(now).replace(tzinfo=SEOUL).astimezone(UTC)
    assert release_time(asked, SEOUL) == datetime.fromisoformat(goes_out).replace(tzinfo=SEOUL)


def test_the_night_is_the_citys_and_not_the_servers() -> None:
    evening_in_utc = datetime(2026, 11, 20, 22, tzinfo=UTC)
    assert release_time(evening_in_utc, SEOUL) == datetime(2026, 11, 20, 23, tzinfo=UTC)


@pytest.mark.parametrize("eve", ["2026-03-28T22:00", "2026-10-24T22:00"])
def test_morning_comes_at_eight_also_when_the_clock_changes(eve: str) -> None:
    night = datetime.fromisoformat(eve).replace(tzinfo=BERLIN)
    morning = release_time(night, BERLIN)
    assert (morning.date() - night.date()).days == 1
    assert morning.time() == time(8)


def test_an_end_that_summer_time_skips_is_the_first_minute_after() -> None:
    night = datetime(2026, 3, 28, 23, tzinfo=BERLIN)
    assert release_time(night, BERLIN, end=time(2, 30)) == datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)


def test_an_end_that_comes_twice_when_summer_time_ends_is_the_one_still_ahead() -> None:
    second_quarter_past_two = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    ahead = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert release_time(second_quarter_past_two, BERLIN, end=time(2, 30)).astimezone(UTC) == ahead


def test_quiet_hours_of_no_length_hold_nothing_back() -> None:
    now = datetime(2026, 11, 20, 23, tzinfo=SEOUL)
    assert release_time(now, SEOUL, time(0), time(0)) == now


@given(
    now=st.datetimes(SINCE, UNTIL, timezones=st.just(UTC)),
    zone=st.sampled_from([SEOUL, BERLIN]),
    start=HOURS,
    end=HOURS,
)
def test_a_notice_is_never_early_never_a_day_late_and_never_in_the_quiet(
    now: datetime, zone: ZoneInfo, start: time, end: time
) -> None:
    out = release_time(now, zone, start, end)
    # 25 hours: the night in which summer time ends is an hour longer.
    assert now <= out <= now + timedelta(hours=25)
    assert out == now or release_time(out, zone, start, end) == out


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        release_time(datetime.fromisoformat("2026-11-20T23:00"), SEOUL)

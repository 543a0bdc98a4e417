from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import WorkCalendar
from cases.halves import Half, account_day

DAYS = st.dates(date(2000, 1, 1), date(2098, 12, 31))


def test_a_half_year_is_written_as_reports_name_it() -> None:
    assert str(Half.of(date(2026, 11, 20))) == "2026H2"
    assert str(Half.of(date(2026, 6, 30))) == "2026H1"


@given(DAYS)
def test_every_day_lies_in_its_half_year_and_in_no_other(day: date) -> None:
    half = Half.of(day)
    assert half.first_day <= day <= half.last_day
    assert half.next.first_day == half.last_day + timedelta(days=1)
    assert half.next.previous == half
    assert half.previous < half < half.next
    assert Half.parse(str(half)) == half


def test_a_half_year_is_read_with_a_small_h_and_blanks() -> None:
    assert Half.parse(" 2026h2 ") == Half(2026, 2)


@pytest.mark.parametrize("text", ["", "2026", "2026H3", "2026H0", "26H2", "2026-2", "2026H22"])
def test_a_wrong_half_year_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="2026H2"):
        Half.parse(text)


def test_a_year_has_no_third_half() -> None:
    with pytest.raises(ValueError, match="must be 1 or 2"):
        Half(2026, 3)


@pytest.mark.parametrize(
    ("year", "month_day", "day"),
    [
        (2026, "07-10", date(2026, 7, 10)),  # a Friday
        (2027, "01-10", date(2027, 1, 11)),  # a Sunday
        (2027, "02-06", date(2027, 2, 10)),  # 설날, with its substitute day
        (2027, "02-29", date(2027, 3, 2)),  # 28 February is a Sunday, 1 March a holiday
        (2028, "02-29", date(2028, 2, 29)),
    ],
)
def test_the_account_is_given_on_the_packs_day_or_the_next_working_day(
    year: int, month_day: str, day: date
) -> None:
    assert account_day(year, month_day, WorkCalendar(ZoneInfo("Asia/Seoul"))) == day


def test_the_account_in_january_is_of_the_half_year_that_ended() -> None:
    day = account_day(2027, "01-10", WorkCalendar(ZoneInfo("Asia/Seoul")))
    assert Half.of(day).previous == Half(2026, 2)


@pytest.mark.parametrize("text", ["", "7-10", "13-01", "00-10", "02-30", "07-00", "2026-07-10"])
def test_a_day_of_account_that_no_year_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="MM-DD"):
        account_day(2026, text, WorkCalendar(ZoneInfo("Asia/Seoul")))

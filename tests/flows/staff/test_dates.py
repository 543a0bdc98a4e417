"""The day a plan is for, as staff write it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.dates import read_date

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "day", "words"),
    [
        ("2027-06-30 내년 예산으로 합니다", date(2027, 6, 30), "내년 예산으로 합니다"),
        ("2027.6.30. 예산 확보 후", date(2027, 6, 30), "예산 확보 후"),
        ("2027/06/30", date(2027, 6, 30), ""),
        ("2027년 6월 30일까지 정비", date(2027, 6, 30), "정비"),
        ("2027년 2월 예산 반영", date(2027, 2, 28), "예산 반영"),
        ("2028-02 정비", date(2028, 2, 29), "정비"),
        ("내년 6월 30일: 정비", date(2027, 6, 30), "정비"),
        ("내년 6월 말 정비", date(2027, 6, 30), "정비"),
        ("내년 상반기 정비", date(2027, 6, 30), "정비"),
        ("2027년 하반기 / 정비", date(2027, 12, 31), "정비"),
        ("내년에 합니다", date(2027, 12, 31), "에 합니다"),
        ("내년 예산으로", date(2027, 12, 31), "예산으로"),
        ("내후년 3월", date(2028, 3, 31), ""),
        ("올해 12월 15일", date(2026, 12, 15), ""),
        ("12월 15일 정비", date(2026, 12, 15), "정비"),
        ("3월 2일 정비", date(2027, 3, 2), "정비"),
        ("2020-01-01 지남", date(2020, 1, 1), "지남"),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, day: date, words: str) -> None:
    assert read_date(text, TODAY) == (day, words)


@pytest.mark.parametrize(
    "text", ["", "예산이 생기면", "2027-13-01 정비", "2월 30일", "2027", "1234567", "6월"]
)
def test_what_names_no_day_is_asked_for_again(text: str) -> None:
    assert read_date(text, TODAY) is None


@given(text=st.text(alphabet="0123456789년월일-./ 내올해상하반기후까지말", max_size=20))
def test_no_text_makes_reading_a_day_raise(text: str) -> None:
    read_date(text, date(2028, 2, 29))

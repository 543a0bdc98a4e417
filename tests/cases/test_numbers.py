import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.numbers import CaseNumber


@pytest.mark.parametrize(
    ("year", "running", "written"),
    [(2026, 12, "26-00012"), (2026, 99_999, "26-99999"), (2027, 100_000, "27-100000"), (2005, 1, "05-00001")],
)
def test_a_number_has_two_digits_of_the_year_and_at_least_five_more(
    year: int, running: int, written: str
) -> None:
    assert str(CaseNumber(year, running)) == written


@pytest.mark.parametrize(
    "typed",
    [
        "26-00012",
        "26-12",
        "２６-00012",
        "２６－０００１２",
        "26 - 00012번",
        "26-12호",
        " 26–12 ",
        "26ㅡ12",
        "26 다시 12번",
        "2026-00012",
        "접수번호 26-00012",
        "접수번호: 26-00012.",
        "번호 26-12",
        "No. 26-00012",
        "#26-00012",
        "제26-12호",
        "(26-00012)",
    ],
)
def test_a_number_is_read_however_a_person_types_it(typed: str) -> None:
    assert CaseNumber.parse(typed) == CaseNumber(2026, 12)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "26",
        "26-",
        "-12",
        "26-0",
        "26-00000",
        "가로등",
        "2026-12-03",
        "032-440-2114",
        "126-12",
        "26-1234567890",
    ],
)
def test_what_is_no_number_is_none(typed: str) -> None:
    assert CaseNumber.parse(typed) is None


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("26-00012 어떻게 됐어요?", CaseNumber(2026, 12)),
        ("제가 낸 26-12번 건 취소할게요", CaseNumber(2026, 12)),
        ("지난번 25-310이랑 26-12요", CaseNumber(2025, 310)),
        ("2026-12-03에 전화했어요 032-440-2114", None),
        ("송도동 26-12번지 앞이에요", None),
        ("가로등이 꺼졌어요", None),
    ],
)
def test_a_number_is_found_within_a_sentence(sentence: str, found: CaseNumber | None) -> None:
    assert CaseNumber.find(sentence) == found


@given(year=st.integers(2000, 2099), running=st.integers(1, 999_999_999))
def test_every_number_reads_back_as_itself(year: int, running: int) -> None:
    number = CaseNumber(year, running)
    assert CaseNumber.parse(str(number)) == number
    assert CaseNumber.find(f"접수번호는 {number} 이에요") == number


@given(st.text() | st.text(alphabet="0123456789- 번ㅡ!", max_size=80))
def test_no_text_upsets_the_reading_of_numbers(text: str) -> None:
    CaseNumber.parse(text)
    CaseNumber.find(text)


def test_numbers_sort_by_age() -> None:
    assert sorted([CaseNumber(2027, 1), CaseNumber(2026, 100_000), CaseNumber(2026, 2)]) == [
        CaseNumber(2026, 2),
        CaseNumber(2026, 100_000),
        CaseNumber(2027, 1),
    ]


@pytest.mark.parametrize(("year", "running"), [(26, 1), (1999, 1), (2100, 1), (2026, 0), (2026, -3)])
def test_a_number_that_could_not_be_written_is_refused(year: int, running: int) -> None:
    with pytest.raises(ValueError, match="must be"):
        CaseNumber(year, running)

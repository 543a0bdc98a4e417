"""Finding the office that staff name."""

import pytest

from cases.vocabulary import OfficeId
from handlers.staff.offices import find_office, split_words
from tests.flows.staff.townhall import shared_world


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("공원녹지과", "yeonsu/parks"),
        ("연수구 공원녹지과", "yeonsu/parks"),
        ("연수구공원녹지", "yeonsu/parks"),
        ("남동구 공원녹지과", "namdong/parks"),
        ("교통안전과", "traffic_signals"),
        ("인천광역시 교통안전과", "traffic_signals"),
        ("접수창구", "desk"),
    ],
)
def test_a_name_finds_its_office_in_the_cases_own_district_first(named: str, found: str) -> None:
    directory = shared_world().directory
    city = [one for one in directory.offices() if not directory.is_authority(one)]

    assert find_office(directory, named, city, "yeonsu").office == OfficeId(found)


@pytest.mark.parametrize("named", ["공원녹지과", "교통", "공원과"])
def test_an_unclear_name_offers_the_likeliest_and_decides_nothing(named: str) -> None:
    directory = shared_world().directory
    city = [one for one in directory.offices() if not directory.is_authority(one)]

    found = find_office(directory, named, city, "")

    assert found.office is None
    assert 1 <= len(found.candidates) <= 3


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("공원녹지과 / 가로수는 그쪽", ("공원녹지과", "가로수는 그쪽")),
        ("공원녹지과\n가로수 3/4 정도", ("공원녹지과", "가로수 3/4 정도")),
        ("공원녹지과: 가로수", ("공원녹지과", "가로수")),
        ("공원녹지과, 가로수", ("공원녹지과", "가로수")),
        ("공원녹지과 - 가로수", ("공원녹지과", "가로수")),
        ("출입국·외국인청 / 체류", ("출입국·외국인청", "체류")),
        ("공원녹지과", ("공원녹지과", "")),
    ],
)
def test_the_reason_stands_behind_the_office(text: str, parts: tuple[str, str]) -> None:
    assert split_words(text) == parts

"""How the names of a place are weighed, in a small city made for it."""

from dataclasses import replace

import pytest

from intents.understanding import Understanding
from tests.intents.small_city import small_city


def places(understanding: Understanding, text: str) -> list[tuple[str, str]]:
    return [(guess.district, guess.place) for guess in understanding.places(text).guesses]


def test_the_words_that_named_the_place_can_be_shown(small: Understanding) -> None:
    text = "어제   솔밭 이동 에서 넘어졌어요"
    assert places(small, text) == [("north", "솔밭")]
    guess = small.places("저기  솔밭이동에서 넘어졌어요").guesses[0]
    assert (guess.place, guess.text, guess.start, guess.end) == ("솔밭2동", "솔밭이동", 4, 8)


def test_a_former_district_that_became_two_is_a_question(small: Understanding) -> None:
    assert places(small, "서구 가로등") == [("north", ""), ("south", "")]


def test_a_former_district_and_another_name_of_it_agree(small: Understanding) -> None:
    assert places(small, "서구 동구 가로등") == [("south", "")]


def test_a_name_in_two_districts_is_a_question_until_the_district_is_named(small: Understanding) -> None:
    assert places(small, "쌍둥동 가로등") == [("north", "쌍둥동"), ("south", "쌍둥동")]
    assert places(small, "남해구 쌍둥동 가로등") == [("south", "쌍둥동")]
    assert places(small, "쌍둥동 등대공원 가로등") == [("south", "쌍둥동")]


def test_the_dong_goes_before_the_landmark_in_it(small: Understanding) -> None:
    assert places(small, "등대공원 옆 갈매동 가로등") == [("south", "갈매동")]


def test_a_landmark_that_contradicts_the_dong_is_asked_about(small: Understanding) -> None:
    assert places(small, "등대공원 솔밭1동 가로등") == [("north", "솔밭1동"), ("south", "등대공원")]


def test_where_somebody_lives_counts_only_when_nothing_else_is_named(small: Understanding) -> None:
    assert places(small, "갈매동에 사는데요 솔밭1동 가로등이 꺼졌어요") == [("north", "솔밭1동")]
    assert places(small, "갈매동에 사는데요 가로등이 꺼졌어요") == [("south", "갈매동")]


def test_a_number_in_a_name_is_never_guessed(small: Understanding) -> None:
    assert places(small, "솔밭3동 가로등") == [("north", "솔밭")]
    assert places(small, "솔받2동 가로등") == [("north", "솔밭2동")]


@pytest.mark.parametrize(
    "text", ["서울 서구 가로등", "서울서구", "서울시 강남구 갈매동", "경기 부천시 갈매동"]
)
def test_a_place_of_another_city_is_outside(small: Understanding, text: str) -> None:
    reading = small.places(text)
    assert reading.outside
    assert not reading.guesses


def test_a_shared_location_has_its_nearest_dong_or_lies_outside(small: Understanding) -> None:
    assert small.nearest(37.4501, 126.6502).sure == small.nearest(37.45, 126.65).sure
    found = small.nearest(37.4501, 126.6502).sure
    assert found is not None
    assert (found.district, found.place) == ("south", "갈매동")
    assert small.nearest(35.18, 129.08).outside
    assert small.nearest(-90.0, 180.0).outside


def test_incheon_knows_its_coast_from_seoul(understanding: Understanding) -> None:
    harbour = understanding.nearest(37.39, 126.64).sure
    assert harbour is not None
    assert harbour.district == "yeonsu"
    assert understanding.nearest(37.5665, 126.978).outside


def test_the_larger_area_a_city_lies_in_is_not_elsewhere() -> None:
    inner = Understanding(replace(small_city(), name="솔밭군", within=("경기도",)))
    assert places(inner, "경기도 솔밭군 갈매동 가로등") == [("south", "갈매동")]
    assert places(inner, "경기도 갈매동 가로등") == [("south", "갈매동")]
    assert inner.places("충청북도 갈매동 가로등").outside

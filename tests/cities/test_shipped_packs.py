"""What the packs that come with the program hold."""

from collections import Counter
from collections.abc import Mapping

import pytest

from cities.reading import load_city, shipped_packs
from intents.city import City, Level, PlaceKind

EVERYDAY = """
할 수도 있어 항상 확인도 했는데 비만 오면 제 의견인데 서구인데 누구보다 친구보다 그 물건 들어선 건물이
전세계 어디나 안전세상 문제방치 이제 설치 언제 설치 교육교재 현재 정류장 5월 세금 지금 연락 주세요 트럭
건물가격 하지만 차가 부분만 접수해 주세요 신청원서 이제 초등학교 지하철 거리 새벽보다 열어 장사 편의대로
심한 파손 위해 일요일 즉각적 조치 확대 설치 영화단체 십분 만에 공개명단 가로세로 상점자리
"""


@pytest.fixture(scope="module")
def incheon() -> City:
    return load_city("incheon")


def districts_of(city: City) -> Mapping[str, tuple[str, ...]]:
    """Every spelling of every place, with its districts."""
    return {name: place.districts for place in city.places for name in (place.name, *place.also)}


@pytest.mark.parametrize("pack", shipped_packs())
def test_every_shipped_pack_loads_under_its_own_name(pack: str) -> None:
    assert load_city(pack).id == pack


@pytest.mark.parametrize("pack", shipped_packs())
def test_every_department_has_duties_and_at_least_ten_words_of_residents(pack: str) -> None:
    for department in load_city(pack).departments:
        assert department.duties, department.id
        assert len(department.keywords) >= 10, department.id


@pytest.mark.parametrize("pack", shipped_packs())
def test_every_department_and_authority_has_an_english_name(pack: str) -> None:
    city = load_city(pack)
    names = [one.name_en for one in city.districts]
    names += [one.name_en for one in city.departments]
    names += [one.name_en for one in city.authorities]
    assert [name for name in (*names, city.name_en) if not name.isascii()] == []


@pytest.mark.parametrize("pack", shipped_packs())
def test_no_two_departments_of_a_pack_share_a_name(pack: str) -> None:
    names = Counter(department.name for department in load_city(pack).departments)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("pack", shipped_packs())
def test_words_that_fit_every_message_are_no_keywords(pack: str) -> None:
    common = {
        "요청",
        "개선",
        "건의",
        "민원",
        "신고",
        "문의",
        "부탁",
        "설치",
        "문제",
        "불편",
        "시장",
        "통장",
        "아파트",
        "수도",
    }
    city = load_city(pack)
    words = {word for department in city.departments for word in department.keywords}
    assert not common & (words | {word for authority in city.authorities for word in authority.keywords})


@pytest.mark.parametrize("pack", shipped_packs())
def test_keywords_of_two_syllables_do_not_hide_inside_everyday_sentences(pack: str) -> None:
    everyday = EVERYDAY.replace(" ", "").replace("\n", "")
    for one in load_city(pack).departments:
        assert [word for word in one.keywords if len(word) == 2 and word in everyday] == [], one.id


def test_incheon_has_nine_gu_and_two_gun_with_their_former_names(incheon: City) -> None:
    assert len(incheon.districts) == 11
    assert Counter(district.name[-1] for district in incheon.districts) == {"구": 9, "군": 2}
    former = {
        name: [one.id for one in incheon.districts if name in one.former] for name in ("중구", "서구", "동구")
    }
    assert former == {"중구": ["jemulpo", "yeongjong"], "서구": ["seohae", "geomdan"], "동구": ["jemulpo"]}


def test_incheon_has_all_its_eup_myeon_and_dong(incheon: City) -> None:
    kinds = Counter(place.kind for place in incheon.places)
    assert kinds[PlaceKind.ADMIN_DONG] == 138
    assert kinds[PlaceKind.EUP_MYEON] == 20
    # 136, less 13 that bear an administrative dong's name, less the second 금곡동 and 오류동
    assert kinds[PlaceKind.LEGAL_DONG] == 121
    assert kinds[PlaceKind.RI] == 122
    assert kinds[PlaceKind.NICKNAME] + kinds[PlaceKind.LANDMARK] >= 150


def test_every_district_of_incheon_has_its_number_of_administrative_dong(incheon: City) -> None:
    kinds = {PlaceKind.ADMIN_DONG, PlaceKind.EUP_MYEON}
    assert Counter(place.districts[0] for place in incheon.places if place.kind in kinds) == {
        "jemulpo": 18,
        "yeongjong": 6,
        "seohae": 16,
        "geomdan": 8,
        "michuhol": 21,
        "yeonsu": 15,
        "namdong": 20,
        "bupyeong": 22,
        "gyeyang": 12,
        "ganghwa": 13,
        "ongjin": 7,
    }


@pytest.mark.parametrize(
    ("spelling", "districts"),
    [
        ("송도", ("yeonsu",)),
        ("송도2동", ("yeonsu",)),
        ("해돋이공원", ("yeonsu",)),
        ("송현2동", ("jemulpo",)),
        ("화수1동", ("jemulpo",)),
        ("도화2·3동", ("michuhol",)),
        ("장수·서창동", ("namdong",)),
        ("청라국제도시", ("seohae",)),
        ("루원시티", ("seohae",)),
        ("검단", ("geomdan",)),
        ("하늘도시", ("yeongjong",)),
        ("옹진군청", ("michuhol",)),
        ("백령도", ("ongjin",)),
        ("영흥면 내리", ("ongjin",)),
        ("금곡동", ("jemulpo", "geomdan")),
        ("오류동", ("gyeyang", "geomdan")),
        ("인천대교", ("yeonsu", "yeongjong")),
    ],
)
def test_a_name_people_use_in_incheon_lies_where_it_lies(
    incheon: City, spelling: str, districts: tuple[str, ...]
) -> None:
    assert districts_of(incheon)[spelling] == districts


def test_points_of_incheon_lie_in_incheon(incheon: City) -> None:
    points = [(p.latitude, p.longitude) for p in incheon.places if p.latitude is not None]
    assert len(points) > 150
    assert all(36.9 < (lat or 0) < 38.1 and 124.5 < (lon or 0) < 126.9 for lat, lon in points)


def test_incheon_has_departments_of_both_levels_and_other_authorities(incheon: City) -> None:
    levels = Counter(department.level for department in incheon.departments)
    assert levels[Level.DISTRICT] >= 30
    assert levels[Level.CITY] >= 30
    assert {"education_office", "police", "kepco", "ih", "lh", "port_authority", "airport"} <= {
        one.id for one in incheon.authorities
    }


def test_incheon_keeps_its_promises_in_days(incheon: City) -> None:
    assert incheon.deadlines.by_kind["question"] == (7, "days")
    assert incheon.deadlines.by_kind["proposal"] == (1, "months")
    assert (incheon.call_centre, incheon.petition_threshold) == ("032-120", 6000)


def test_incheon_answers_the_same_questions_in_korean_and_english(incheon: City) -> None:
    assert len(incheon.faq) == len(incheon.faq_en) == 20


def test_goyang_has_three_gu_and_forty_four_dong() -> None:
    goyang = load_city("goyang")
    assert [district.name for district in goyang.districts] == ["덕양구", "일산동구", "일산서구"]
    dong = [place for place in goyang.places if place.kind is PlaceKind.ADMIN_DONG]
    assert Counter(place.districts for place in dong) == {
        ("deogyang",): 21,
        ("ilsandong",): 12,
        ("ilsanseo",): 11,
    }
    assert districts_of(goyang)["일산"] == ("ilsandong", "ilsanseo")
    assert len(goyang.departments) >= 20


def test_yeonsu_is_a_city_of_one_level_with_fifteen_dong() -> None:
    yeonsu = load_city("yeonsu")
    assert yeonsu.districts == ()
    assert {place.districts for place in yeonsu.places} == {()}
    assert {department.level for department in yeonsu.departments} == {Level.CITY}
    assert sum(place.kind is PlaceKind.ADMIN_DONG for place in yeonsu.places) == 15
    assert len(yeonsu.departments) >= 20


def test_what_incheon_does_in_yeonsu_is_another_authority_there() -> None:
    yeonsu = load_city("yeonsu")
    assert [one.id for one in yeonsu.authorities if "신호등" in one.keywords] == ["incheon_traffic"]
    assert [one.id for one in yeonsu.departments if "신호등" in one.keywords] == []


@pytest.mark.parametrize("pack", shipped_packs())
def test_a_word_of_residents_speaks_for_one_office_only(pack: str) -> None:
    city = load_city(pack)
    words = [word.replace(" ", "") for one in city.departments for word in one.keywords]
    words += [word.replace(" ", "") for one in city.authorities for word in one.keywords]
    assert [word for word, count in Counter(words).items() if count > 1] == []

"""What a pack's files become."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from cities.parsing import parse_city
from cities.reading import load_city, shipped_packs
from intents.city import Level, PlaceKind

MINIMAL: Mapping[str, str] = {
    "city.toml": 'name = "바다시"',
    "departments.toml": '[[department]]\nid = "roads"\nname = "도로과"\nkeywords = ["포트홀", "포트홀"]\n',
}
PLACES = "name,kind,district,lat,lon,also\n솔밭동,legal_dong,north|south,37.1,126.5,솔밭|Solbat\n"
DISTRICTS = (
    'name = "바다시"\n[[district]]\nid = "north"\nname = "북구"\nformer = ["상구"]\n'
    '[[district]]\nid = "south"\nname = "남구"\n'
)


def test_a_pack_of_a_name_and_departments_is_a_city_of_one_level() -> None:
    city = parse_city(MINIMAL, pack="bada")
    assert (city.id, city.name, city.name_en, city.zone) == ("bada", "바다시", "바다시", "Asia/Seoul")
    assert city.departments[0].level is Level.CITY
    assert city.departments[0].keywords == ("포트홀",)
    assert (city.districts, city.places, city.half_year_dates) == ((), (), ("01-10", "07-10"))


def test_a_pack_that_sets_no_deadlines_keeps_the_lawful_ones() -> None:
    assert parse_city(MINIMAL).deadlines.by_kind == {
        "suggestion": (14, "days"),
        "question": (14, "days"),
        "complaint": (7, "days"),
        "proposal": (1, "months"),
        "finding_correct": (1, "months"),
        "finding_act": (1, "months"),
        "policy_task": (3, "months"),
    }


def test_a_deadline_of_the_pack_replaces_the_lawful_one() -> None:
    city = parse_city(dict(MINIMAL) | {"city.toml": 'name = "바다시"\n[deadlines]\nproposal = "15 days"\n'})
    assert city.deadlines.by_kind["proposal"] == (15, "days")
    assert city.deadlines.by_kind["complaint"] == (7, "days")


def test_a_place_may_lie_in_two_districts_and_be_spelled_in_several_ways() -> None:
    city = parse_city(dict(MINIMAL) | {"city.toml": DISTRICTS, "places.csv": PLACES})
    (place,) = city.places
    assert place.kind is PlaceKind.LEGAL_DONG
    assert place.districts == ("north", "south")
    assert (place.latitude, place.longitude) == (37.1, 126.5)
    assert place.also == ("솔밭", "Solbat")


def test_a_city_without_districts_has_places_without_a_district() -> None:
    places = "name,kind,district\n솔밭동,legal_dong,\n"
    (place,) = parse_city(dict(MINIMAL) | {"places.csv": places}).places
    assert place.districts == ()
    assert place.latitude is None


def test_a_place_cannot_lie_in_a_district_of_a_city_without_districts() -> None:
    with pytest.raises(ValueError, match=r"places.csv row 2: district 'north' is not in city.toml"):
        parse_city(dict(MINIMAL) | {"places.csv": "name,kind,district\n솔밭동,legal_dong,north\n"})


def test_days_off_and_on_come_from_the_pack() -> None:
    city = parse_city(dict(MINIMAL) | {"holidays.csv": "date,change,name\n2026-10-05,off,임시공휴일\n"})
    assert city.days_off == {date(2026, 10, 5)}
    assert city.days_on == frozenset()


def test_questions_and_answers_come_in_both_languages() -> None:
    faq = (
        '[[faq]]\nquestion = "뭐예요?"\nanswer = "소통이에요."\nquestion_en = "What?"\nanswer_en = "A bot."\n'
    )
    city = parse_city(dict(MINIMAL) | {"faq.toml": faq})
    assert city.faq == {"뭐예요?": "소통이에요."}
    assert city.faq_en == {"What?": "A bot."}


def test_a_department_says_which_ones_it_took_over() -> None:
    departments = MINIMAL["departments.toml"] + 'formerly = ["streets", "lamps"]\n'
    city = parse_city(dict(MINIMAL) | {"departments.toml": departments})
    assert city.departments[0].formerly == ("streets", "lamps")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_folder_saved_on_any_system_is_read(tmp_path: Path, encoding: str, newline: str) -> None:
    files = {"city.toml": DISTRICTS, "departments.toml": MINIMAL["departments.toml"], "places.csv": PLACES}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding=encoding, newline=newline)
    city = load_city(str(tmp_path))
    assert city.places[0].also == ("솔밭", "Solbat")
    assert [district.id for district in city.districts] == ["north", "south"]


def test_names_stored_with_split_syllables_are_put_together() -> None:
    split = "\u1107\u1161\u1103\u1161\u1109\u1175"
    assert parse_city(dict(MINIMAL) | {"city.toml": f'name = "{split}"'}).name == "바다시"


def test_incheon_comes_with_the_program() -> None:
    assert "incheon" in shipped_packs()
    assert load_city("incheon").name == "인천광역시"

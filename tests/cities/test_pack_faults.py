"""A pack with mistakes says all of them at once, each with its file and row."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from cities.faults import PackError
from cities.parsing import parse_city
from cities.reading import load_city

GOOD: Mapping[str, str] = {
    "city.toml": 'name = "바다시"\n\n[[district]]\nid = "north"\nname = "북구"\n',
    "departments.toml": (
        '[[department]]\nid = "roads"\nname = "도로과"\nlevel = "district"\nkeywords = ["포트홀"]\n'
    ),
    "places.csv": "name,kind,district,lat,lon,also\n솔밭동,legal_dong,north,37.1,126.5,\n",
}
MINIMAL: Mapping[str, str] = {
    "city.toml": 'name = "바다시"',
    "departments.toml": '[[department]]\nid = "roads"\nname = "도로과"\nkeywords = ["포트홀"]\n',
}
CITY_KEYS = (
    "auto_send_precision, call_centre, deadlines, desk_phone, district, half_year_dates, id, keep_years, "
    "name, name_en, petition_threshold, within, zone"
)
DEPARTMENT_KEYS = "duties, formerly, id, keywords, level, name, name_en, phone"
KINDS = "admin_dong, legal_dong, ri, eup_myeon, nickname, landmark"


def faults_of(**changed: str) -> list[str]:
    """What a good pack says when files (`city`, `places` …) are changed."""
    suffix = {"places": ".csv", "holidays": ".csv"}
    files = dict(GOOD) | {name + suffix.get(name, ".toml"): text for name, text in changed.items()}
    with pytest.raises(PackError) as raised:
        parse_city(files)
    return str(raised.value).splitlines()


def places(*rows: str) -> str:
    return "\n".join(["name,kind,district,lat,lon,also", *rows])


def test_the_good_pack_these_tests_spoil_is_good() -> None:
    assert parse_city(GOOD).name == "바다시"


def test_faults_in_several_files_are_all_reported_at_once() -> None:
    lines = faults_of(
        city='name = "바다시"\ncolour = "blue"\n',
        departments='[[department]]\nid = "roads"\nkeywords = ["포트홀", " "]\n',
        places=places("솔밭동,village,,,,", "달동,legal_dong,west,91,126.5,"),
        holidays="date,change,name\n2026-13-01,off,\n",
    )
    assert lines == [
        "city.toml row 2: unknown key colour (known are " + CITY_KEYS + ")",
        "departments.toml row 1: name is missing",
        "departments.toml row 3: 1 of keywords are empty or no text",
        "places.csv row 2: kind 'village' is unknown (known are " + KINDS + ")",
        "places.csv row 3: district 'west' is not in city.toml",
        "places.csv row 3: lat 91 is not between -90 and 90",
        "holidays.csv row 2: date '2026-13-01' is no day such as 2026-10-05",
    ]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (",legal_dong,north,,,", "name is empty"),
        ("달동,legal_dong,,,,", "district is empty"),
        ("달동,legal_dong,north|south,,,", "district 'south' is not in city.toml"),
        ("달동,legal_dong,north,37.1,,", "lat and lon must stand both or not at all"),
        ("달동,legal_dong,north,here,126.5,", "lat 'here' is no number"),
        ("달동,legal_dong,north,nan,126.5,", "lat nan is not between -90 and 90"),
        ("달동,legal_dong,north,37.1,181,", "lon 181 is not between -180 and 180"),
        ("솔밭 동,legal_dong,north,,,", "솔밭 동 already stands in row 2; join districts with | in one row"),
        (
            "달동,legal_dong,north,,,솔밭동",
            "솔밭동 already stands in row 2; join districts with | in one row",
        ),
        ("달동,legal_dong,north,,,,", "7 cells, but the heading has 6"),
        (f"{'달' * 65},landmark,north,,,", "name has 65 characters; at most 64 are kept with a case"),
    ],
)
def test_a_wrong_row_of_places_is_named(row: str, what: str) -> None:
    good = "솔밭동,legal_dong,north,37.1,126.5,"
    assert faults_of(places=places(good, "", row)) == [f"places.csv row 4: {what}"]


def test_a_wrong_heading_of_places_is_named() -> None:
    assert faults_of(places="name,kind,gu\n") == [
        "places.csv row 1: the heading must be name,kind,district,lat,lon,also"
    ]


def test_a_quote_left_open_is_named() -> None:
    assert faults_of(places=places('"솔밭동,legal_dong,north,,,')) == [
        "places.csv row 2: not readable as CSV: unexpected end of data"
    ]


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        (
            'id = "North"',
            "row 7: id 'North' must be lower-case ASCII letters, digits, - or _, such as yeonsu",
        ),
        ('id = "북구"', "row 7: id '북구' must be lower-case ASCII letters, digits, - or _, such as yeonsu"),
        ('id = "north"', "row 7: id 'north' stands twice"),
        ("", "row 6: id is missing"),
        ('id = "south"\nphone = "call us"', "row 9: phone 'call us' is no phone number"),
        (
            'id = "south"\nformer = "중구"',
            'row 9: former must be a list of texts, such as former = ["…", "…"]',
        ),
    ],
)
def test_a_wrong_district_is_named(lines: str, what: str) -> None:
    head, _, tail = lines.partition("\n")
    city = f'{GOOD["city.toml"]}[[district]]\n{head}\nname = "남구"\n{tail}\n'
    assert faults_of(city=city) == [f"city.toml {what}"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('zone = "Asia/Atlantis"', "zone 'Asia/Atlantis' is unknown (such as Asia/Seoul)"),
        ('half_year_dates = ["02-30"]', "half_year_dates: '02-30' is no day as MM-DD, such as 01-10"),
        ("petition_threshold = 0.5", "petition_threshold must be a whole number from 1 to 1e+07"),
        ("auto_send_precision = 85", "auto_send_precision must be a number from 0 to 1"),
        ("call_centre = 120", 'call_centre must be text in quotes, such as call_centre = "…"'),
        ('deadlines = {suggestion = "soon"}', 'suggestion must be such as "14 days" or "1 month"'),
        ("deadlines = 14", "deadlines must be a table: a line [deadlines] with keys below it"),
        ("district = 3", "district must be tables, each under a line [[district]]"),
    ],
)
def test_a_wrong_setting_of_the_city_is_named(line: str, what: str) -> None:
    files = {"city.toml": f'name = "바다시"\n{line}\n', "departments.toml": MINIMAL["departments.toml"]}
    with pytest.raises(PackError) as raised:
        parse_city(files)
    assert what in str(raised.value)
    assert raised.value.faults[0].row in {2, None}


def test_a_deadline_of_an_unknown_kind_is_named_with_its_row() -> None:
    city = GOOD["city.toml"] + '[deadlines]\nsuggestion = "14 days"\nwish = "3 days"\n'
    assert faults_of(city=city) == [
        (
            "city.toml row 8: kind 'wish' is unknown (known are suggestion, question, complaint, "
            "proposal, finding_correct, finding_act, policy_task)"
        )
    ]


@pytest.mark.parametrize(
    ("second", "what"),
    [
        ('id = "roads"\nname = "길과"', "row 7: id 'roads' stands twice"),
        ('id = "desk"\nname = "창구"', "row 7: id 'desk' is kept for the intake desk"),
        (
            'id = "a/b"\nname = "과"',
            "row 7: id 'a/b' must be at most 32 characters without space, / @ | , or :",
        ),
        (
            'id = "x"\nname = "과"\nlevel = "village"',
            "row 9: level 'village' is unknown (known are city, district)",
        ),
        ('id = "x"\nname = ""', 'row 8: name must be text in quotes, such as name = "…"'),
        (
            'id = "x"\nname = "과"\nkeyword = ["길"]',
            "row 9: unknown key keyword (known are " + DEPARTMENT_KEYS + ")",
        ),
    ],
)
def test_a_wrong_department_is_named(second: str, what: str) -> None:
    text = f"{GOOD['departments.toml']}[[department]]\n{second}\n"
    assert faults_of(departments=text) == [f"departments.toml {what}"]


def test_a_fault_of_a_department_is_told_at_its_own_row_and_not_a_later_one() -> None:
    text = f'[[department]]\nid = "lamps"\n\n{GOOD["departments.toml"]}'
    assert faults_of(departments=text) == ["departments.toml row 1: name is missing"]


def test_a_district_department_in_a_city_without_districts_is_a_fault() -> None:
    assert faults_of(city='name = "바다시"\n', places=places()) == [
        'departments.toml row 4: level "district" in a city without districts (see city.toml)'
    ]


def test_a_pack_without_departments_is_a_fault() -> None:
    assert faults_of(departments="") == ["departments.toml: no [[department]]: at least one is needed"]


def test_both_needed_files_are_asked_for() -> None:
    with pytest.raises(PackError, match=r"city.toml: is missing\ndepartments.toml: is missing"):
        parse_city({})


def test_broken_toml_is_named_with_its_row_and_hides_no_other_fault() -> None:
    lines = faults_of(city='name = "바다시"\nzone = \n', places=places("달동,village,north,,,"))
    assert len(lines) == 2
    assert lines[0].startswith("city.toml row 2: not readable as TOML: ")
    assert lines[1].startswith("places.csv row 2: kind 'village' is unknown")


def test_holidays_and_questions_are_checked_too() -> None:
    lines = faults_of(
        holidays="date,change,name\n2026-10-05,away,\n2026-10-06,off,\n2026-10-06,on,\n",
        faq='[[faq]]\nquestion = "뭐예요?"\nanswer = "소통이에요."\nanswer_en = "A bot."\n',
    )
    assert lines == [
        "holidays.csv row 2: change 'away' must be off or on",
        "holidays.csv row 4: 2026-10-06 stands twice",
        "faq.toml row 1: question_en and answer_en must stand both or not at all",
    ]


def test_a_file_in_another_encoding_is_named_with_its_row(tmp_path: Path) -> None:
    for name, text in GOOD.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "places.csv").write_bytes(GOOD["places.csv"].encode("cp949"))
    with pytest.raises(PackError) as raised:
        load_city(str(tmp_path))
    assert str(raised.value) == "places.csv row 2: not UTF-8: save it again as UTF-8 (Excel: CSV UTF-8)"


def test_a_pack_that_is_nowhere_is_told_with_those_that_exist() -> None:
    with pytest.raises(PackError, match=r"'atlantis': is neither a pack .*incheon.* nor a folder"):
        load_city("atlantis")

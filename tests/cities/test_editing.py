"""What the console edits goes into the pack's files and nothing else of them changes."""

import pytest

from cities.editing import Edit, EditKind, edited
from cities.faults import PackError
from cities.parsing import parse_city
from cities.reading import PackTexts, read_pack, shipped_packs

FILES = {
    "city.toml": '# 바다시\nname = "바다시"\n\n[deadlines]\ncomplaint = "5 days"\n',
    "departments.toml": (
        '# 부서\n[[department]]\nid = "roads"\nname = "도로과"\n'
        'keywords = [\n  "보도블록",  # 인도\n  "[포트홀]",\n]\n'
        '\n[[department]]\nid = "parks"\nname = "공원과"\nduties = ["공원"]\n'
    ),
}
PACK = PackTexts("bada", FILES, ())


def keywords(department: str, *words: str) -> Edit:
    return Edit(EditKind.KEYWORDS, department, {"keywords": list(words)})


def test_words_of_a_department_are_changed_and_the_comments_stay() -> None:
    texts = edited(FILES, [keywords("roads", "인도", "패인 곳")])
    assert texts["departments.toml"] == FILES["departments.toml"].replace(
        '[\n  "보도블록",  # 인도\n  "[포트홀]",\n]', '["인도", "패인 곳"]'
    )
    assert texts["city.toml"] == FILES["city.toml"]


def test_what_the_file_does_not_have_yet_is_added_to_its_department() -> None:
    contact = Edit(EditKind.CONTACT, "parks", {"name": "공원녹지과", "phone": "032-000-0000"})
    city = PACK.city([keywords("parks", "그네"), contact, Edit(EditKind.HALF_YEAR, "", {"dates": ["02-01"]})])
    parks = city.department("parks")
    assert parks is not None
    assert (parks.name, parks.phone, parks.keywords) == ("공원녹지과", "032-000-0000", ("그네",))
    assert parks.duties == ("공원",)
    assert (city.half_year_dates, city.deadlines.by_kind["complaint"]) == (("02-01",), (5, "days"))


def test_days_are_added_changed_and_taken_away() -> None:
    files = FILES | {"holidays.csv": "date,change,name\n2026-10-05,off,임시\n2026-05-01,off,\n"}
    off = Edit(EditKind.DAY, "2026-12-31", {"change": "off", "name": "종무식"})
    on = Edit(EditKind.DAY, "2026-10-05", {"change": "on", "name": ""})
    none = Edit(EditKind.DAY, "2026-05-01", {"change": "none"})
    texts = edited(files, [off, on, none])
    assert texts["holidays.csv"] == "date,change,name\n2026-10-05,on,\n2026-12-31,off,종무식\n"
    assert len(parse_city(edited(FILES, [off])).days_off) == 1


def test_an_edit_given_back_and_one_of_a_department_that_is_no_more_change_nothing() -> None:
    assert edited(FILES, [Edit(EditKind.KEYWORDS, "roads", {}), keywords("gone", "x")]) == FILES


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Edit(EditKind.HALF_YEAR, "", {"dates": ["13-45"]}), "is no day as MM-DD"),
        (Edit(EditKind.CONTACT, "roads", {"name": "도로과", "phone": "없음"}), "is no phone number"),
        (Edit(EditKind.DAY, "2026-10-05", {"change": "maybe"}), "must be off or on"),
    ],
)
def test_a_faulty_edit_is_found_by_the_packs_own_checker(edit: Edit, said: str) -> None:
    with pytest.raises(PackError, match=said):
        PACK.city([edit])


def test_text_in_an_edit_stays_text() -> None:
    words = ('"]', "a\\b", "줄\n[[department]]", "=")
    roads = PACK.city([keywords("roads", *words)]).department("roads")
    assert roads is not None
    assert roads.keywords == tuple(word.strip() for word in words)


@pytest.mark.parametrize("name", shipped_packs())
def test_every_department_of_every_shipped_pack_can_be_edited(name: str) -> None:
    pack = read_pack(name)
    before = pack.city()
    some = before.departments[:: max(1, len(before.departments) // 12)]
    city = pack.city([keywords(one.id, "시험낱말", one.id) for one in some])
    changed = {one.id for one, old in zip(city.departments, before.departments, strict=True) if one != old}
    assert changed == {one.id for one in some}

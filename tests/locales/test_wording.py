"""What a resident reads holds what they must be told, in both languages."""

from datetime import date
from pathlib import Path

import pytest

from cases.rules import RULES, Audience
from cases.vocabulary import Action
from cities.directory import Directory
from cities.reading import load_city
from handlers.rendering import Renderer
from handlers.replies import Param, Said, day, office, phone_of, place, term
from locales.catalogue import shipped_catalogue

LOCALES = ("ko", "en")
CLOSING = tuple(
    action
    for action, rule in RULES.items()
    if rule.leads_to is not None and not rule.leads_to.is_open and action is not Action.WITHDRAW
)
TELLING = tuple(action for action, rule in RULES.items() if Audience.RESIDENT in rule.tells)

PACK = """
name = "해오름시"
name_en = "Haeoreum"
[[district]]
id = "north"
name = "북구"
name_en = "Buk-gu"
"""
DEPARTMENTS = """
[[department]]
id = "roads"
name = "도로과"
name_en = "Roads"
level = "district"
keywords = ["가로등"]
[[department]]
id = "parks"
name = "공원녹지과"
name_en = "Parks"
level = "city"
keywords = ["공원"]
"""


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    folder: Path = tmp_path_factory.mktemp("pack")
    (folder / "city.toml").write_text(PACK, encoding="utf-8")
    (folder / "departments.toml").write_text(DEPARTMENTS, encoding="utf-8")
    return Renderer(shipped_catalogue(), Directory(load_city(str(folder))))


def about_a_case(**more: Param) -> dict[str, Param]:
    given: dict[str, Param] = {
        "number": "26-00012",
        "title": "가로등이 꺼졌어요",
        "text": "집 앞 가로등이 꺼졌어요",
        "kind": term("kind.suggestion"),
        "state": term("state.received"),
        "office": office("parks"),
        "before": office("north/roads"),
        "phone": phone_of("parks"),
        "place": place("north", ""),
        "due": day(date(2026, 12, 9)),
        "planned": day(date(2027, 5, 3)),
        "words": "나무에 가려서 그렇습니다.",
        "into": "26-00007",
    }
    return given | more


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("action", TELLING)
def test_every_notice_names_the_case_and_says_it_in_few_lines(
    renderer: Renderer, action: Action, locale: str
) -> None:
    text = renderer.text(f"notice.{action}", about_a_case(), locale)
    first, title, *_ = text.splitlines()
    assert "26-00012" in first
    assert title == "가로등이 꺼졌어요"
    assert len([line for line in text.splitlines() if line]) <= 7


def test_a_case_moved_to_another_office_tells_from_where_to_where_and_why(renderer: Renderer) -> None:
    text = renderer.text("notice.move", about_a_case(), "ko")
    assert "북구 도로과에서 해오름시 공원녹지과로" in text
    assert "나무에 가려서 그렇습니다." in text
    assert "다시 보내지 않으셔도" in text


def test_a_case_that_takes_years_tells_its_date_and_the_half_yearly_word(renderer: Renderer) -> None:
    text = renderer.text("notice.long_term", about_a_case(), "ko")
    assert "2027년 5월 3일(월)" in text
    assert "1월과 7월" in text


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("action", [Action.START, Action.LONG_TERM])
def test_a_notice_without_words_ends_with_its_own_last_line(
    renderer: Renderer, action: Action, locale: str
) -> None:
    text = renderer.text(f"notice.{action}", about_a_case(words=""), locale)
    assert text == text.rstrip()


@pytest.mark.parametrize("action", CLOSING)
def test_every_closing_says_what_was_answered_and_asks_how_satisfied_the_person_is(
    renderer: Renderer, action: Action
) -> None:
    text = renderer.text(f"notice.{action}", about_a_case(), "ko")
    assert "나무에 가려서 그렇습니다." in text
    # What was merged goes on: there is nothing yet to be satisfied with.
    assert ("1점 매우 불만, 5점 매우 만족" in text) is (action is not Action.MERGE)
    assert ("26-00007" in text) is (action is Action.MERGE)


@pytest.mark.parametrize("action", [Action.WITHDRAW, Action.SECOND_LOOK])
def test_what_a_resident_wrote_is_not_shown_to_the_supporters(renderer: Renderer, action: Action) -> None:
    for locale in LOCALES:
        assert "나무에" not in renderer.text(f"notice.{action}", about_a_case(), locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_receipt_holds_number_office_date_and_what_comes_next(renderer: Renderer, locale: str) -> None:
    text = renderer.text("receipt.text", about_a_case(next=term("receipt.next")), locale)
    assert "26-00012" in text.splitlines()[0]
    assert renderer.text("joined", {"parts": office("parks")}, locale) in text
    assert renderer.text("joined", {"parts": day(date(2026, 12, 9))}, locale) in text
    assert renderer.text("receipt.next", {}, locale) in text


@pytest.mark.parametrize("locale", LOCALES)
def test_in_an_emergency_the_numbers_stand_first(renderer: Renderer, locale: str) -> None:
    first = renderer.text("emergency.first", {}, locale).splitlines()[0]
    assert "119" in first
    assert "112" in first


def test_the_consent_says_what_the_law_asks_for(renderer: Renderer) -> None:
    """개인정보 보호법 제15조 제2항: purpose, items, how long, the right to refuse, what follows."""
    text = renderer.text("consent.ask", {"call_centre": "032-120", "years": 3}, "ko")
    for part in (
        "왜 쓰나요",
        "무엇을 쓰나요",
        "3년",
        "동의하지 않아도",
        "032-120",
        "공개",
        "주민등록번호",
        "14세",
    ):
        assert part in text


@pytest.mark.parametrize("locale", LOCALES)
def test_five_ratings_fit_side_by_side_on_a_small_phone(renderer: Renderer, locale: str) -> None:
    assert all(len(renderer.text(f"choice.rate_{stars}", {}, locale)) <= 3 for stars in range(1, 6))


def test_a_list_is_said_line_by_line_in_the_readers_language(renderer: Renderer) -> None:
    kinds: list[str | Said] = [term("masked.phone"), term("masked.plate")]
    told = renderer.text("masked.told", {"kinds": kinds}, "ko")
    assert "전화번호\n차량번호\n" in told

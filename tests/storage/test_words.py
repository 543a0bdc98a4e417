"""A case is found by its words as long as its words are kept, and not a moment longer."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from intents.finding import keys_of, says, wanted
from storage.engine import Database
from storage.housekeeping import redact
from storage.tables import CaseWordRow
from tests.storage.scenery import NOW, file_one


@pytest.mark.parametrize("words", ["가로등", "가로 등", "해돋이 공원 앞", "등이"])
def test_a_word_is_looked_for_by_pairs_that_its_text_has(words: str) -> None:
    kept = set(keys_of("해돋이공원 앞 가로등이 꺼졌어요"))
    asked = wanted(words)
    assert asked
    assert all(set(one.keys) <= kept for one in asked)


@pytest.mark.parametrize(
    ("word", "text", "alike"),
    [
        ("가로등", "가루등이 나갔어요", True),
        ("주차", "불법주자 신고", True),
        ("가로등", "가로수가 쓰러졌어요", False),
        ("주차", "자동차가 많아요", False),
    ],
)
def test_a_letter_amiss_is_forgiven_and_another_word_is_not(word: str, text: str, alike: bool) -> None:
    assert says(word, text) is alike
    if alike:
        assert set(wanted(word)[0].near) & set(keys_of(text))


@pytest.mark.parametrize("words", ["", "_ %", "\x00", "…"])
def test_nothing_is_looked_for_by_signs_alone(words: str) -> None:
    assert wanted(words) == ()


def test_a_long_text_keeps_its_title_and_its_beginning() -> None:
    keys = keys_of("제목이에요", "송도2동", "".join(chr(0xAC00 + index) for index in range(2000)))
    assert len(keys) == 160
    assert set(keys_of("제목이에요", "송도2동")) <= set(keys)


async def test_a_case_that_is_redacted_is_found_by_no_word_any_more(database: Database) -> None:
    async with database.begin() as connection:
        kept, gone = await file_one(connection), await file_one(connection)
        written = select(func.count()).select_from(CaseWordRow)
        before = (await connection.execute(written)).scalar_one()
        await redact(connection, [gone.id], NOW + timedelta(days=2000))
        left = await connection.execute(select(CaseWordRow.case_id).distinct())
        assert list(left.scalars()) == [kept.id]
        assert (await connection.execute(written)).scalar_one() == before // 2

"""Cases about the same thing near the same place: found by their keys, on both databases."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OfficeId, State
from intents.noise import NOISES
from storage.casebook import Case, case_by_id, change, file_case, next_number
from storage.engine import Database
from storage.housekeeping import redact
from storage.merging import merged_into
from storage.people import agree
from storage.similar import duplicates_of, same_words, similar_public
from storage.sketches import LISTED, forget_long_closed, forget_sketches
from storage.tables import CaseKeyRow, JsonObject
from tests.storage.scenery import LIGHTS, NOW, new_case, talk_with

LAMP = "송도2동 해돋이공원 정문 앞 가로등이 사흘째 꺼져 있어서 밤에 아이들이 다니기 무섭습니다"
OTHERS = (
    "송도1동 사거리 신호등이 너무 짧아서 어르신들이 길을 다 못 건너십니다",
    "해돋이공원 안에 있는 화장실에 휴지가 늘 없습니다",
    "첨단대로 버스 정류장에 그늘막을 놓아 주세요. 여름에 서 있기 힘듭니다",
    "불법주차 때문에 소방차가 못 들어옵니다",
)


async def _file(connection: AsyncConnection, text: str, **values: object) -> Case:
    new = replace(new_case(), text=text, **values)  # type: ignore[arg-type]
    return await file_case(connection, new, await next_number(connection, 2026))


async def _similar(
    connection: AsyncConnection, text: str, *, place: str = "송도2동", without: int | None = None
) -> list[int]:
    found = await similar_public(
        connection, text=text, district="yeonsu", place=place, without=without, at_least=0.55
    )
    return [one.case.id for one in found]


async def _changed(connection: AsyncConnection, case: Case, values: JsonObject) -> Case:
    now = await change(connection, case, values, NOW)
    assert now is not None
    return now


async def _keys(connection: AsyncConnection) -> int:
    return (await connection.execute(select(func.count()).select_from(CaseKeyRow))).scalar_one()


@pytest.mark.parametrize("noise", NOISES)
async def test_a_copy_is_found_again_whatever_a_hasty_thumb_does_to_it(
    database: Database, noise: str
) -> None:
    async with database.begin() as connection:
        for text in OTHERS:
            await _file(connection, text)
        lamp = await _file(connection, LAMP)
        for seed in range(5):
            assert (await _similar(connection, NOISES[noise](LAMP, Random(seed))))[:1] == [lamp.id]
        assert await _similar(connection, "도서관 책을 더 늦게까지 빌리고 싶습니다") == []


async def test_only_public_cases_of_others_in_the_same_district_are_offered_three_at_most(
    database: Database,
) -> None:
    talk = await talk_with(database)
    async with database.begin() as connection:
        me = await agree(connection, talk, "2026-11", NOW)
        mine = await _file(connection, LAMP, resident_id=me)
        await _file(connection, LAMP, public=False)
        await _file(connection, LAMP, district="namdong")
        others = [await _file(connection, LAMP) for _ in range(4)]
        newest = [case.id for case in reversed(others)]
        assert await _similar(connection, LAMP, without=me) == newest[:3]
        assert mine.id not in await _similar(connection, LAMP, without=me)
        assert await _similar(connection, "") == await _similar(connection, "!!! …") == []


async def test_the_same_words_about_another_place_come_after_those_about_this_one(
    database: Database,
) -> None:
    words = "공원 앞 가로등이 며칠째 꺼져 있어요. 밤길이 무서우니 고쳐 주세요"
    async with database.begin() as connection:
        here = await _file(connection, words, place="송도2동")
        elsewhere = await _file(connection, words, place="송도4동")
        assert await _similar(connection, words) == [here.id, elsewhere.id]
        assert await _similar(connection, words, place="송도4동") == [elsewhere.id, here.id]


async def test_two_matters_of_one_park_are_told_apart_by_their_offices(database: Database) -> None:
    parking = "송도2동 해돋이공원 정문 앞에 불법주차가 많아요"
    async with database.begin() as connection:
        await _file(connection, parking, office=OfficeId("yeonsu/parking"))

        async def offered(text: str) -> bool:
            return bool(
                await similar_public(
                    connection,
                    text=text,
                    district="yeonsu",
                    place="송도2동",
                    office=LIGHTS,
                    without=None,
                    at_least=0.6,
                )
            )

        assert not await offered("송도2동 해돋이공원 정문 앞 가로등이 꺼져 있어요")
        # What is nearly word for word the same is, wherever it lies.
        assert await offered(parking.replace("불법", "불뻡"))


async def test_a_case_that_ended_is_offered_for_a_quarter_of_a_year_and_no_longer(
    database: Database,
) -> None:
    async with database.begin() as connection:
        case = await _file(connection, LAMP)
        await _changed(connection, case, {"state": "done", "closed_at": NOW})
        assert await forget_long_closed(connection, NOW + LISTED, limit=10) == 0
        assert await _similar(connection, LAMP) == [case.id]
        assert await forget_long_closed(connection, NOW + LISTED + timedelta(seconds=1), limit=10) == 1
        assert await forget_long_closed(connection, NOW + 2 * LISTED, limit=10) == 0
        assert (await _similar(connection, LAMP), await _keys(connection)) == ([], 0)


async def test_with_the_words_of_a_case_all_that_was_made_of_them_is_removed(database: Database) -> None:
    async with database.begin() as connection:
        case, other = await _file(connection, LAMP), await _file(connection, OTHERS[0])
        before = await _keys(connection)
        await redact(connection, [case.id], NOW)
        kept = await case_by_id(connection, case.id)
        assert kept is not None
        assert kept.form is None
        assert 0 < await _keys(connection) < before
        assert await _similar(connection, OTHERS[0]) == [other.id]
        await forget_sketches(connection, [case.id, other.id])
        assert await _keys(connection) == 0


async def test_what_was_merged_stands_for_the_case_it_went_into(database: Database) -> None:
    async with database.begin() as connection:
        first = await _file(connection, LAMP)
        second = await _file(connection, OTHERS[0])
        await _changed(connection, first, {"state": "merged", "merged_into": second.id})
        assert await _similar(connection, LAMP) == [second.id]
        assert [case.id for case in await merged_into(connection, second.id)] == [first.id]


async def test_staff_are_shown_hidden_duplicates_too_but_only_of_their_offices(database: Database) -> None:
    parks = OfficeId("yeonsu/parks")
    async with database.begin() as connection:
        case = await _file(connection, LAMP)
        hidden = await _file(connection, LAMP + " 꼭 고쳐 주세요", public=False)
        placeless = await _file(connection, LAMP, district="", place="")
        elsewhere = await _file(connection, LAMP, office=parks)

        async def seen(offices: frozenset[OfficeId] | None) -> set[int]:
            found = await duplicates_of(connection, case, offices=offices, at_least=0.7)
            assert all(0.7 <= one.likeness <= 1 for one in found)
            return {one.case.id for one in found}

        assert await seen(None) == {hidden.id, placeless.id, elsewhere.id}
        assert await seen(frozenset({parks})) == {elsewhere.id}
        assert await seen(frozenset()) == set()


async def test_copies_of_one_text_are_counted_over_the_whole_city_with_their_people(
    database: Database,
) -> None:
    talks = [await talk_with(database, f"someone {number}") for number in range(3)]
    async with database.begin() as connection:
        people = [await agree(connection, talk, "2026-11", NOW) for talk in talks]
        copies = [
            await _file(connection, text, resident_id=one, district=district)
            for text, one, district in zip(
                (LAMP, LAMP.replace(" ", ""), f"{LAMP}!!! ㅠㅠ", LAMP),
                (*people, people[0]),
                ("yeonsu", "namdong", "yeonsu", ""),
                strict=True,
            )
        ]
        await _file(connection, OTHERS[0])
        assert await same_words(connection, copies[0]) == (4, 3)
        assert copies[0].state is State.RECEIVED

"""Lessons and models are kept so that the newest word counts, once, and nothing outlives its case."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.dump import read_copy, write_copy
from storage.engine import Database
from storage.housekeeping import redact
from storage.learning import (
    MODELS_KEPT,
    NoSuchModel,
    active_model,
    add_model,
    cases_taught,
    held_out_lessons,
    models,
    newest_lessons,
    note_lesson,
    use_model,
    weights_of,
)
from storage.migrate import migrate
from storage.people import agree, erase
from tests.storage.scenery import NOW, file_one, talk_with

HOUR = timedelta(hours=1)
WEIGHTS = bytes(range(256))


async def _taught(database: Database, *departments: str) -> list[int]:
    ids = []
    for number, department in enumerate(departments):
        async with database.begin() as connection:
            case = await file_one(connection, None)
            await note_lesson(connection, case.id, department, NOW + number * HOUR)
            ids.append(case.id)
    return ids


async def _add(database: Database, refused: str = "") -> int:
    async with database.begin() as connection:
        return await add_model(
            connection,
            made_at=NOW,
            learned_until=NOW,
            trained_on=7,
            quality={"top1": 0.5},
            weights=WEIGHTS,
            refused=refused,
        )


async def test_the_newest_word_on_a_case_is_its_lesson(database: Database) -> None:
    (case_id,) = await _taught(database, "roads")
    async with database.begin() as connection:
        await note_lesson(connection, case_id, "parks", NOW + HOUR)
        await note_lesson(connection, case_id, "late", NOW - HOUR)
        found = await newest_lessons(connection, limit=10)
    assert [(one.department, one.at) for one in found] == [("parks", NOW + HOUR)]
    assert found[0].text


async def test_lessons_come_in_the_order_they_were_taught_and_only_the_new_when_asked(
    database: Database,
) -> None:
    first, second, third = await _taught(database, "roads", "parks", "roads")
    async with database.read() as connection:
        assert [one.case_id for one in await newest_lessons(connection, limit=2)] == [second, third]
        since = await newest_lessons(connection, limit=9, since=NOW + HOUR)
        assert [one.case_id for one in since] == [second, third]
        held = await held_out_lessons(connection, every=first, limit=9)
        assert first in {one.case_id for one in held}
        assert len(await cases_taught(connection, "roads", limit=9)) == 2


async def test_what_a_case_taught_goes_with_its_words_and_with_its_person(database: Database) -> None:
    old, _ = await _taught(database, "roads", "parks")
    talk = await talk_with(database)
    async with database.begin() as connection:
        resident = await agree(connection, talk, "2026-11", NOW)
        mine = await file_one(connection, resident)
        await note_lesson(connection, mine.id, "bus", NOW)
        await redact(connection, [old], NOW)
        await erase(connection, resident, NOW)
        assert [one.department for one in await newest_lessons(connection, limit=9)] == ["parks"]


async def test_one_model_is_in_use_and_any_kept_one_can_be_again(database: Database) -> None:
    async with database.read() as connection:
        assert await active_model(connection) is None
    first = await _add(database)
    second = await _add(database)
    worse = await _add(database, refused="worse")
    async with database.begin() as connection:
        assert {one.version: one.state for one in await models(connection)} == {
            first: "kept",
            second: "active",
            worse: "refused",
        }
        await use_model(connection, first)
        active = await active_model(connection)
        assert active is not None
        assert (active.version, active.quality, active.trained_on) == (first, {"top1": 0.5}, 7)
        assert await weights_of(connection, first) == WEIGHTS


async def test_a_version_that_is_gone_leaves_the_one_in_use(database: Database) -> None:
    version = await _add(database)
    with pytest.raises(NoSuchModel):
        async with database.begin() as connection:
            await use_model(connection, version + 1)
    async with database.read() as connection:
        active = await active_model(connection)
        assert active is not None
        assert active.version == version


async def test_the_last_few_models_are_kept_and_the_one_in_use_always(database: Database) -> None:
    good = await _add(database)
    for _ in range(MODELS_KEPT + 2):
        last = await _add(database, refused="worse")
    async with database.read() as connection:
        kept = [one.version for one in await models(connection)]
    assert len(kept) == MODELS_KEPT
    assert {good, last} <= set(kept)


async def test_a_model_comes_back_whole_out_of_a_copy(database: Database, tmp_path: Path) -> None:
    version = await _add(database)
    async with database.read() as connection:
        await write_copy(connection, tmp_path / "files", tmp_path / "copy.tar.gz")
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    await migrate(url)
    restored = Database(url)
    try:
        async with restored.begin() as connection:
            await read_copy(connection, tmp_path / "copy.tar.gz", tmp_path / "back")
            assert await weights_of(connection, version) == WEIGHTS
    finally:
        await restored.close()

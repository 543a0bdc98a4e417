"""Edits of the pack are only added to, one after the other; of each value the newest counts."""

import asyncio

from cities.editing import Edit, EditKind
from storage.engine import Database
from storage.pack_edits import add_edit, edits_that_count, history_of_edits, newest_version
from tests.storage.scenery import NOW


def words(department: str, *keywords: str) -> Edit:
    return Edit(EditKind.KEYWORDS, department, {"keywords": list(keywords)} if keywords else {})


async def test_of_each_value_the_newest_edit_counts_and_all_are_kept(database: Database) -> None:
    async with database.begin() as connection:
        assert await newest_version(connection) == 0
        for number, edit in enumerate((words("a", "1"), words("b", "2"), words("a", "3"), words("b"))):
            assert await add_edit(connection, edit, after=number, staff_id=None, now=NOW)
        assert await edits_that_count(connection) == [words("a", "3"), words("b")]
        history = await history_of_edits(connection, EditKind.KEYWORDS, "a")
        assert [(one.version, one.edit) for one in history] == [(3, words("a", "3")), (1, words("a", "1"))]


async def test_of_two_edits_made_at_once_one_is_refused(database: Database) -> None:
    async def edits(word: str) -> bool:
        async with database.begin() as connection:
            return await add_edit(connection, words("a", word), after=0, staff_id=None, now=NOW)

    assert sorted(await asyncio.gather(*(edits(word) for word in "xyz"))) == [False, False, True]

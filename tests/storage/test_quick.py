"""Statements that were built once take a short way on SQLite, and give and refuse the same as before."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Executable, Integer, bindparam, insert, select, text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError, StatementError

from storage.engine import Database
from storage.migrate import migrate
from storage.quick import Plans
from storage.statements import written_out
from storage.tables import ConversationRow

NOW = datetime(2026, 11, 20, 1, 2, 3, 456789, tzinfo=UTC)
NEW = {"channel": "web", "created_at": NOW, "last_at": NOW, "data": {"말": ["가", 1, None]}, "is_group": True}

ADD = insert(ConversationRow).returning(ConversationRow.id, ConversationRow.created_at, ConversationRow.data)
ADD_MORE = insert(ConversationRow)
FIND = (
    select(
        ConversationRow.external_id, ConversationRow.last_at, ConversationRow.data, ConversationRow.is_group
    )
    .where(ConversationRow.channel == written_out("web"), ConversationRow.ready_at.is_(None))
    .order_by(ConversationRow.id)
    .limit(bindparam("most", type_=Integer))
)
SPEAK = (
    update(ConversationRow)
    .where(ConversationRow.external_id == bindparam("who"), ConversationRow.channel == "web")
    .values(locale=bindparam("spoken"), fence=ConversationRow.fence + 1)
)
AMONG = select(ConversationRow.id).where(ConversationRow.id.in_(bindparam("ids", expanding=True)))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path}/quick.db"
    await migrate(url)
    opened = Database(url)
    yield opened
    await opened.close()


@pytest.mark.parametrize("brief", [True, False])
async def test_each_time_it_comes_a_statement_does_and_gives_the_same(
    database: Database, brief: bool
) -> None:
    for number in range(4):
        async with database.begin(brief=brief) as connection:
            added = (await connection.execute(ADD, {**NEW, "external_id": f"{number}"})).one()
            assert (added.id, added.created_at, added.data) == (1 + number * 3, NOW, NEW["data"])
            more = [{**NEW, "external_id": f"{number} {one}", "data": {}} for one in "ab"]
            await connection.execute(ADD_MORE, more)
            spoken = await connection.execute(SPEAK, {"who": f"{number} a", "spoken": "en"})
            assert spoken.rowcount == 1
            found = (await connection.execute(FIND, {"most": 3 * number + 3})).mappings().all()
            newest = dict(found[-3])
            assert newest == {
                "external_id": f"{number}",
                "last_at": NOW,
                "data": NEW["data"],
                "is_group": True,
            }
            assert len(found) == 3 * number + 3
            among = await connection.execute(AMONG, {"ids": [added.id, added.id + 1]})
            assert list(among.scalars()) == [added.id, added.id + 1]


async def test_what_is_wrong_is_refused_in_the_same_words_each_time(database: Database) -> None:
    async with database.begin(brief=True) as connection:
        await connection.execute(ADD, {**NEW, "external_id": "one"})
    for _ in range(3):
        with pytest.raises(IntegrityError):
            async with database.begin(brief=True) as connection:
                await connection.execute(ADD, {**NEW, "external_id": "one"})
        with pytest.raises(StatementError, match="value is required for bind parameter 'spoken'"):
            async with database.begin(brief=True) as connection:
                await connection.execute(SPEAK, {"who": "one"})
        with pytest.raises(StatementError, match="time zone"):
            async with database.begin(brief=True) as connection:
                await connection.execute(
                    ADD, {**NEW, "external_id": "two", "last_at": NOW.replace(tzinfo=None)}
                )


@pytest.mark.parametrize(
    ("statement", "given", "short"),
    [
        (FIND, [{"most": 1}], True),
        (SPEAK, [{"who": "a", "spoken": "ko"}], True),
        (SPEAK, [{"who": "a", "spoken": "ko"}] * 2, True),
        (ADD_MORE, [{**NEW, "external_id": "a"}] * 2, True),
        (ADD, [{**NEW, "external_id": "a"}], True),
        (ADD, [{**NEW, "external_id": "a"}] * 2, False),
        (AMONG, [{"ids": [1]}], False),
        (SPEAK, [{"who": "a"}], False),
        (text("SELECT id FROM cases WHERE id = :id"), [{"id": 1}], False),
    ],
)
def test_only_what_is_plain_and_comes_again_takes_the_short_way(
    statement: Executable, given: list[dict[str, object]], short: bool
) -> None:
    plans = Plans(sqlite.dialect(paramstyle="qmark"))
    assert plans.find(statement, given) is None
    assert (plans.find(statement, given) is not None) == short

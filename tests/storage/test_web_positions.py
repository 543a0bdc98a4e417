"""What the web chat shows is numbered 1, 2, 3 … in each conversation, whoever shows it."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from storage.engine import Database
from storage.showing import show_on_web
from storage.tables import ConversationRow, OutboxRow
from storage.webchat import shown_after
from tests.storage.scenery import NOW, post, put_out, talk_with


async def _show(database: Database, *, at: datetime = NOW, limit: int = 500) -> list[int]:
    async with database.begin() as connection:
        return await show_on_web(connection, now=at, limit=limit)


async def _positions(database: Database) -> dict[int, list[int]]:
    async with database.read() as connection:
        rows = await connection.execute(
            select(OutboxRow.conversation_id, OutboxRow.position).order_by(OutboxRow.position)
        )
        found: dict[int, list[int]] = {}
        for talk, position in rows:
            found.setdefault(talk, []).append(position or 0)
        return found


async def test_what_is_shown_gets_the_next_position_in_the_order_it_was_said(database: Database) -> None:
    talk = await talk_with(database, channel="web")
    await put_out(database, post(talk, "a", channel="web"), post(talk, "b", channel="web"))
    assert await _show(database) == [talk]
    assert await _show(database) == []
    await put_out(database, post(talk, "c", channel="web"))
    await _show(database)
    async with database.read() as connection:
        shown = await shown_after(connection, talk, 1, 10)
    assert [(one.position, one.template) for one in shown] == [(2, "b"), (3, "c")]


async def test_what_is_not_due_and_what_is_telegrams_is_not_shown(database: Database) -> None:
    talk, other = await talk_with(database, channel="web"), await talk_with(database)
    later = NOW + timedelta(hours=1)
    await put_out(database, post(talk, "later", channel="web", not_before=later), post(other, "theirs"))
    assert await _show(database) == []
    assert await _show(database, at=later) == [talk]


async def test_positions_have_no_gap_and_no_double_with_several_processes_showing(database: Database) -> None:
    talks = [await talk_with(database, f"address {number}", channel="web") for number in range(5)]

    async def say(number: int) -> None:
        for talk in talks:
            await put_out(database, *(post(talk, f"{number}", channel="web") for _ in range(2)))

    async def show() -> None:
        for _ in range(12):
            await _show(database, limit=3)
            await asyncio.sleep(0)

    await asyncio.gather(*(say(number) for number in range(10)), *(show() for _ in range(4)))
    while await _show(database, at=datetime.now(UTC) + timedelta(days=365)):
        pass
    assert await _positions(database) == {talk: list(range(1, 21)) for talk in talks}
    async with database.read() as connection:
        last = await connection.execute(select(ConversationRow.delivered))
        assert set(last.scalars()) == {20}

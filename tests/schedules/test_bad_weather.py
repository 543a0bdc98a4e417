"""An account while Telegram is unwell: waits, refusals, faults, time-outs and broken lines in bursts."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select

from bot.app import build, running
from bot.settings import Pace, Settings
from handlers.world import World
from schedules.table import JOBS
from schedules.tick import tick
from storage.engine import Database
from storage.jobs import send_at
from storage.people import agree
from storage.tables import CaseRow, ConversationRow, OutboxRow
from tests.doubles.bot_api import BotApiDouble
from tests.doubles.telegram.faults import Fault, Trouble
from tests.schedules.town import open_town

PEOPLE = 60
FIRST = 50_000
BLOCKERS = frozenset(range(FIRST, FIRST + 10))
TOKEN = "123456:test-token-not-a-secret"
PATIENCE = 60.0
_ACCOUNT = tuple(job for job in JOBS if job.name == "half_account")


async def test_an_account_in_bad_weather_reaches_everyone_once_and_heeds_every_wait(
    migrated_database_url: str, world: World, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    async with BotApiDouble() as telegram:
        settings = Settings(
            database_url=migrated_database_url,
            data_folder=tmp_path,
            secret_key="a key for tests only",
            telegram_token=TOKEN,
            telegram_api_url=telegram.url,
            telegram_timeout=1,
            pace=Pace(per_second=0, chat_seconds=0, group_seconds=0),
        )
        town = open_town(migrated_database_url, world, tmp_path, now)
        await _crowd(town.database, telegram, now)
        telegram.script(
            *(Fault(Trouble.FORBIDDEN, "sendMessage", chat_id=one, times=None) for one in BLOCKERS),
            Fault(Trouble.SERVER_ERROR, "sendMessage", times=8),
            Fault(Trouble.TOO_MANY_REQUESTS, "sendMessage", retry_after=1),
            Fault(Trouble.DROP, "sendMessage", times=5),
            Fault(Trouble.HANG, "sendMessage", times=5),
            Fault(Trouble.BAD_GATEWAY, "sendMessage", times=3),
            Fault(Trouble.TOO_MANY_REQUESTS, "sendMessage", retry_after=2),
        )
        account = town.clock(f"{now.year + 1}-07-20 10:00")
        await tick(town.tools, account, _ACCOUNT)
        async with town.database.begin() as connection:
            await send_at(connection, thought=account, now=now)
        async with build(settings, world=world) as program, running(program):
            await _until_nothing_waits(town.database)
        told = Counter(call.chat_id for call in telegram.calls if _went_well(call.method, call.status))
        everyone = set(range(FIRST, FIRST + PEOPLE))
        assert set(told) == everyone - BLOCKERS
        assert set(told.values()) == {1}
        assert telegram.impatient == []
        assert await _states(town.database) == {"sent": PEOPLE - len(BLOCKERS), "held": len(BLOCKERS)}
        town.tools.files.close()
        await town.database.close()


def _went_well(method: str, status: int) -> bool:
    return method.lower() == "sendmessage" and status == 200


async def _crowd(database: Database, telegram: BotApiDouble, now: datetime) -> None:
    async with database.begin() as connection:
        for number in range(PEOPLE):
            telegram.person(FIRST + number)
            found = await connection.execute(
                insert(ConversationRow)
                .values(channel="telegram", external_id=str(FIRST + number), created_at=now, last_at=now)
                .returning(ConversationRow.id)
            )
            person = await agree(connection, found.scalar_one(), "test", now)
            await connection.execute(
                insert(CaseRow).values(
                    year=now.year,
                    running=number + 1,
                    state="reviewing",
                    kind="suggestion",
                    title="길이 어두워요",
                    text="길이 어두워요",
                    office="yeonsu/roads",
                    resident_id=person,
                    channel="telegram",
                    received_at=now,
                    due_at=now,
                    changed_at=now,
                    routed_by="bot",
                )
            )


async def _states(database: Database) -> Counter[str]:
    async with database.read() as connection:
        rows = await connection.execute(select(OutboxRow.state).where(OutboxRow.template == "half.account"))
        return Counter(rows.scalars())


async def _until_nothing_waits(database: Database) -> None:
    async with asyncio.timeout(PATIENCE):
        while (await _states(database))["waiting"]:  # noqa: ASYNC110 - it happens in the database
            await asyncio.sleep(0.05)

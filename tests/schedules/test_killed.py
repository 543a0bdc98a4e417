"""Killed at any moment, from one process or two: nobody is told twice and nobody is left out."""

import asyncio
import random
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from storage.engine import Database
from storage.jobs import runs_of
from storage.tables import CaseRow, ConversationRow, JsonObject, OutboxRow, ResidentRow, SupportRow
from tests.schedules.conftest import FRIDAY
from tests.schedules.killed import Ticking, killed_while_ticking
from tests.schedules.small_city import small_world
from tests.schedules.town import close_town, open_town

KILLS = 12
"""The three years of a city have fifty more (test_three_years)."""
PEOPLE = 8000
AT_ONCE = 4000


@pytest.mark.crash
@pytest.mark.timeout(600)
async def test_an_account_killed_again_and_again_tells_everyone_once(
    migrated_database_url: str, database_kind: str, tmp_path: Path
) -> None:
    town = open_town(migrated_database_url, small_world(), tmp_path, FRIDAY)
    expected = await _crowd(town.database)
    moment = town.clock("2027-01-11 09:05")
    # On PostgreSQL two processes are at it side by side.
    beside = 2 if database_kind == "postgresql" else 1
    draw, killed, rounds = random.Random(7), 0, 0
    while killed < KILLS and rounds < 4 * KILLS:
        rounds += 1
        killed += await killed_while_ticking(
            migrated_database_url, moment, stage=0, beside=beside, after=draw.uniform(0.0, 0.12)
        )
    last = Ticking(migrated_database_url, moment)
    assert await asyncio.to_thread(last.end) == 0
    assert killed >= KILLS
    told = await _told(town.database)
    assert len(told) == len(set(told)), "somebody was told twice"
    assert set(told) == expected, "somebody was left out"
    async with town.database.read() as connection:
        (run,) = await runs_of(connection, "half_account", limit=5)
    assert run.outcome == "done"
    assert run.figures["people"] == PEOPLE
    assert run.figures["accounts"] == len(expected)
    await close_town(town)


async def _crowd(database: Database) -> set[tuple[int, str]]:
    """Many people, each with a case and every seventh with another's too; who ought to hear of which."""
    backing = [(one, one % PEOPLE + 1) for one in range(7, PEOPLE + 1, 7)]
    async with database.begin() as connection:
        for first in range(1, PEOPLE + 1, AT_ONCE):
            some = range(first, first + AT_ONCE)
            await connection.execute(insert(ResidentRow), [{"id": one, "created_at": FRIDAY} for one in some])
            await connection.execute(insert(ConversationRow), [_conversation(one) for one in some])
            await connection.execute(insert(CaseRow), [_case(one) for one in some])
        await connection.execute(
            insert(SupportRow),
            [{"resident_id": who, "case_id": case, "created_at": FRIDAY} for who, case in backing],
        )
    pairs = [(one, one) for one in range(1, PEOPLE + 1)] + backing
    return {(who, f"26-{case:05}") for who, case in pairs}


def _conversation(number: int) -> JsonObject:
    return {
        "id": number,
        "channel": "telegram",
        "external_id": str(number),
        "resident_id": number,
        "created_at": FRIDAY,
        "last_at": FRIDAY,
    }


def _case(number: int) -> JsonObject:
    return {
        "id": number,
        "year": 2026,
        "running": number,
        "state": "reviewing",
        "kind": "suggestion",
        "title": "길이 어두워요",
        "text": "길이 어두워요",
        "office": "yeonsu/roads",
        "resident_id": number,
        "channel": "telegram",
        "received_at": FRIDAY,
        "due_at": FRIDAY,
        "changed_at": FRIDAY,
        "routed_by": "bot",
    }


async def _told(database: Database) -> list[tuple[int, str]]:
    async with database.read() as connection:
        rows = await connection.execute(
            select(OutboxRow.conversation_id, OutboxRow.params).where(OutboxRow.template == "half.account")
        )
        return [
            (row.conversation_id, line["params"]["number"])
            for row in rows
            for line in row.params["cases"]
            if isinstance(line, dict)
        ]

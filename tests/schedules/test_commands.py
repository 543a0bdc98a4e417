"""`sotong jobs`: run for any moment, safe to repeat, and listed for people and for machines."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, select

from bot.cli import main
from schedules.table import JOBS
from storage.engine import Database
from storage.people import agree
from storage.tables import CaseRow, ConversationRow, OutboxRow

NOW = datetime.now(UTC)


@pytest.fixture
def folder(migrated_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of an operator, with somebody in the city who raised a case."""
    monkeypatch.setenv("SOTONG_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("SOTONG_DATABASE_URL", migrated_database_url)
    asyncio.run(_somebody(migrated_database_url))
    return tmp_path / "var"


async def _somebody(url: str) -> None:
    database = Database(url)
    async with database.begin() as connection:
        result = await connection.execute(
            insert(ConversationRow)
            .values(channel="telegram", external_id="1", created_at=NOW, last_at=NOW)
            .returning(ConversationRow.id)
        )
        person = await agree(connection, result.scalar_one(), "test", NOW)
        await connection.execute(
            insert(CaseRow).values(
                year=NOW.year,
                running=1,
                state="reviewing",
                kind="suggestion",
                title="길이 어두워요",
                text="길이 어두워요",
                office="yeonsu/roads",
                district="yeonsu",
                resident_id=person,
                channel="telegram",
                received_at=NOW,
                due_at=NOW,
                changed_at=NOW,
                routed_by="bot",
            )
        )
    await database.close()


def _sotong(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


async def _accounts(url: str) -> list[OutboxRow]:
    database = Database(url)
    async with database.read() as connection:
        rows = await connection.execute(
            select(OutboxRow.__table__).where(OutboxRow.template == "half.account")
        )
        found = [OutboxRow(**row) for row in rows.mappings()]
    await database.close()
    return found


def test_a_moment_to_come_is_run_once_and_its_words_go_out_now(
    folder: Path, migrated_database_url: str
) -> None:
    moment = f"{NOW.year + 1}-07-20T10:00+09:00"
    first = _sotong("jobs", "run", "--at", moment)
    assert first.exit_code == 0, first.output
    assert f"half_account {NOW.year + 1}H1: done" in first.output
    again = _sotong("jobs", "run", "--at", moment)
    assert again.exit_code == 0, again.output
    assert "Nothing of the calendar was due." in again.output
    (told,) = asyncio.run(_accounts(migrated_database_url))
    assert told.not_before <= datetime.now(UTC)


def test_at_four_in_january_no_account_of_the_tenth_is_due_yet(
    folder: Path, migrated_database_url: str
) -> None:
    result = _sotong("jobs", "run", "--at", f"{NOW.year + 1}-01-04T10:00+09:00")
    assert result.exit_code == 0, result.output
    assert "half_list" in result.output
    assert asyncio.run(_accounts(migrated_database_url)) == []


def test_a_moment_that_is_none_is_refused_in_one_line(folder: Path) -> None:
    result = _sotong("jobs", "run", "--at", "soon")
    assert result.exit_code == 1
    assert result.output == "Error: 'soon' is no moment; write it like 2027-01-04T10:00+09:00.\n"


def test_the_list_says_what_runs_next_and_what_ran_last(folder: Path) -> None:
    _sotong("jobs", "run", "--at", f"{NOW.year + 1}-07-20T10:00+09:00")
    rows = {row["job"]: row for row in json.loads(_sotong("jobs", "list", "--json").output)}
    assert set(rows) == {"clocks"} | {job.name for job in JOBS}
    assert all(row["next"] for name, row in rows.items() if name != "clocks")
    last = rows["half_account"]["last"]
    assert (last["outcome"], last["figures"]["told"], last["figures"]["open"]) == ("done", 1, 1)
    shown = _sotong("jobs", "list").output
    assert all(job.name in shown for job in JOBS)
    assert '"told": 1' in shown

"""What a process had leased when it died is free soon; what a living one holds is never taken from it."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.dialogues import claim_conversations
from storage.engine import Database
from storage.leases import hold_lease
from storage.outbox import claim_parcels
from storage.presence import be_gone, be_present, free_what_the_dead_held, nobody_lives
from storage.sole import DatabaseInUse, sole_use
from tests.storage.scenery import LEASE, NOW, post, put_out, talk_with

SHORT = timedelta(seconds=8)
OVER = NOW + SHORT + timedelta(seconds=1)


async def _lease_everything(database: Database, owner: str) -> None:
    talk = await talk_with(database)
    await put_out(database, post(talk, "letter"))
    async with database.begin() as connection:
        await be_present(connection, owner, now=NOW, lease=SHORT)
        assert await claim_conversations(connection, owner=owner, now=NOW, lease=LEASE, limit=5)
        assert await claim_parcels(connection, channel="telegram", owner=owner, now=NOW, lease=LEASE, limit=5)
        assert await hold_lease(connection, "poll", owner=owner, now=NOW, lease=LEASE)


async def _can_be_had(database: Database) -> tuple[bool, bool, bool]:
    async with database.begin() as connection:
        talks = await claim_conversations(connection, owner="other", now=OVER, lease=LEASE, limit=5)
        letters = await claim_parcels(
            connection, channel="telegram", owner="other", now=OVER, lease=LEASE, limit=5
        )
        poll = await hold_lease(connection, "poll", owner="other", now=OVER, lease=LEASE)
        return bool(talks), bool(letters), poll


async def test_what_a_dead_process_held_is_free_when_it_has_not_been_heard_of(database: Database) -> None:
    await _lease_everything(database, "dead")
    async with database.begin() as connection:
        await be_present(connection, "other", now=OVER, lease=SHORT)
        assert await free_what_the_dead_held(connection, OVER) == 2
    assert await _can_be_had(database) == (True, True, True)


async def test_what_a_living_process_holds_is_left_to_it(database: Database) -> None:
    await _lease_everything(database, "alive")
    async with database.begin() as connection:
        await be_present(connection, "alive", now=OVER, lease=SHORT)
        await be_present(connection, "other", now=OVER, lease=SHORT)
        assert await free_what_the_dead_held(connection, OVER) == 0
    assert await _can_be_had(database) == (False, False, False)


async def test_what_a_process_still_held_when_it_ended_is_free_at_once(database: Database) -> None:
    await _lease_everything(database, "ending")
    async with database.begin() as connection:
        await be_gone(connection, "ending")
        assert await free_what_the_dead_held(connection, NOW) == 2


async def test_who_has_the_database_alone_frees_everything_at_its_start(database: Database) -> None:
    await _lease_everything(database, "killed a moment ago")
    async with database.begin() as connection:
        await nobody_lives(connection)
        await be_present(connection, "other", now=NOW, lease=SHORT)
        assert await free_what_the_dead_held(connection, NOW) == 2
    assert await _can_be_had(database) == (True, True, True)


def test_a_sqlite_file_is_used_by_one_program_at_a_time(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/sotong.db"
    with sole_use(url), pytest.raises(DatabaseInUse, match=r"sotong\.db"), sole_use(url):
        pass
    with sole_use(url):
        pass


def test_postgresql_is_used_by_any_number() -> None:
    with sole_use("postgresql://somewhere/db"), sole_use("postgresql://somewhere/db"):
        pass

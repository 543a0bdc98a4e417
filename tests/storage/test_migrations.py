"""Migrations are tested code: up, down, up; what they make is what the models say; together, one by one."""

import asyncio
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect

from storage.engine import Database
from storage.migrate import downgrade, migrate
from storage.tables import Base

ROOT = Path(__file__).parents[2]
MIGRATE = "import asyncio, sys; from storage.migrate import migrate; asyncio.run(migrate(sys.argv[1]))"


async def _tables(url: str) -> set[str]:
    database = Database(url)
    try:
        async with database.read() as connection:
            names: list[str] = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    finally:
        await database.close()
    return set(names)


async def test_migrations_go_up_and_down_and_up_again(database_url: str) -> None:
    await migrate(database_url)
    everything = await _tables(database_url)
    await downgrade(database_url)
    assert await _tables(database_url) == {"alembic_version"}
    await migrate(database_url)
    assert await _tables(database_url) == everything == {*Base.metadata.tables, "alembic_version"}


async def test_what_the_migrations_make_is_what_the_models_say(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_every_partial_index_of_the_models_is_partial_in_the_database(database: Database) -> None:
    def partial(connection: Connection) -> set[str]:
        dialect, found = connection.dialect.name, inspect(connection)
        return {
            str(index["name"])
            for table in Base.metadata.tables
            for index in found.get_indexes(table)
            if index.get("dialect_options", {}).get(f"{dialect}_where") is not None
        }

    expected = {
        str(index.name)
        for table in Base.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["postgresql"]["where"] is not None
    }
    async with database.read() as connection:
        assert await connection.run_sync(partial) == expected


async def test_migrating_what_is_new_already_changes_nothing(migrated_database_url: str) -> None:
    before = await _tables(migrated_database_url)
    await migrate(migrated_database_url)
    assert await _tables(migrated_database_url) == before


async def test_processes_that_start_together_migrate_one_after_the_other(database_url: str) -> None:
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATE, database_url, cwd=ROOT, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(3)
    ]
    said = [(await process.communicate())[1].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    assert await _tables(database_url) == {*Base.metadata.tables, "alembic_version"}

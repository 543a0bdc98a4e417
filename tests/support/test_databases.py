"""Every test that asks for a database gets its own, on both kinds."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


async def _tables(url: str) -> int:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        catalogue = "sqlite_master" if engine.dialect.name == "sqlite" else "pg_tables"
        mine = "" if engine.dialect.name == "sqlite" else " WHERE schemaname = 'public'"
        count: int = (await connection.execute(text(f"SELECT count(*) FROM {catalogue}{mine}"))).scalar_one()
        await connection.execute(text("CREATE TABLE left_by_a_test (id INTEGER)"))
    await engine.dispose()
    return count


async def test_a_fresh_database_is_empty(database_url: str) -> None:
    assert await _tables(database_url) == 0


async def test_a_fresh_database_knows_nothing_of_the_test_before(database_url: str) -> None:
    assert await _tables(database_url) == 0


async def test_a_migrated_database_has_its_tables_and_can_be_written(migrated_database_url: str) -> None:
    assert await _tables(migrated_database_url) > 0

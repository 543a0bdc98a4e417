"""What the database can do at most: commits of one row, one after the other, on the same disk or server."""

from time import perf_counter

from sqlalchemy import text

from storage.engine import Database


async def commits_a_second(database_url: str, seconds: float) -> float:
    """Bare commits a second of one writer, through the same driver and settings as the program."""
    database = Database(database_url)
    try:
        async with database.begin() as connection:
            await connection.execute(text("CREATE TABLE bare (id INTEGER PRIMARY KEY, words VARCHAR(100))"))
        done, began = 0, perf_counter()
        while perf_counter() - began < seconds:
            async with database.begin() as connection:
                await connection.execute(
                    text("INSERT INTO bare (id, words) VALUES (:id, :words)"),
                    {"id": done, "words": "가" * 30},
                )
            done += 1
        return done / (perf_counter() - began)
    finally:
        await database.close()

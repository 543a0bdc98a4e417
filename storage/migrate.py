"""Bringing a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from storage.engine import Database

# Any number chosen once; processes that start together migrate one after the other.
_MIGRATION_LOCK = 7_300_521


def alembic_config() -> Config:
    """Alembic's settings, without an ini file; the connection is handed in."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


async def migrate(url: str, revision: str = "head") -> None:
    """Upgrade the database at `url` to `revision`; does nothing when it is there already."""
    database = Database(url)
    try:
        async with database.begin() as connection:
            await connection.run_sync(_upgrade, revision)
    finally:
        await database.close()


async def downgrade(url: str, revision: str = "base") -> None:
    """Take the database at `url` back to `revision`."""
    database = Database(url)
    try:
        async with database.begin() as connection:
            await connection.run_sync(_downgrade, revision)
    finally:
        await database.close()


def _upgrade(connection: Connection, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _downgrade(connection: Connection, revision: str) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.downgrade(config, revision)

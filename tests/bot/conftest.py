"""The running program's parts over a fresh database of either kind."""

from collections.abc import AsyncIterator

import pytest

from bot.app import build_world
from cities.reading import load_city
from handlers.world import World
from storage.engine import Database


@pytest.fixture
async def database(migrated_database_url: str) -> AsyncIterator[Database]:
    """A database with all tables, empty."""
    opened = Database(migrated_database_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def incheon() -> World:
    """Incheon, read once a run: it does not change while a program runs."""
    return build_world(load_city("incheon"))

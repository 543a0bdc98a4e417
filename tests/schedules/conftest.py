"""The small city, on both databases. It is Friday, 20 November 2026, ten in the morning in Incheon."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import build_world
from cities.reading import load_city
from handlers.world import World
from tests.schedules.town import Town, close_town, open_town

FRIDAY = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def world() -> World:
    """Incheon."""
    return build_world(load_city("incheon"))


@pytest.fixture
async def town(migrated_database_url: str, world: World, tmp_path: Path) -> AsyncIterator[Town]:
    """The city over a fresh database."""
    town = open_town(migrated_database_url, world, tmp_path, FRIDAY)
    yield town
    await close_town(town)

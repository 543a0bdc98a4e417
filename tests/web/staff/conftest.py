"""The console over a real database of either kind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import build_world
from cities.reading import load_city
from handlers.world import World
from tests.web.staff.office import Office, open_office


@pytest.fixture(scope="session")
def world() -> World:
    return build_world(load_city("incheon"))


@pytest.fixture
async def office(migrated_database_url: str, tmp_path: Path, world: World) -> AsyncIterator[Office]:
    async with open_office(migrated_database_url, tmp_path, world) as opened:
        yield opened

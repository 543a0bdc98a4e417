"""The town hall of these tests, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.staff.townhall import TownHall, town_hall


@pytest.fixture
async def hall(migrated_database_url: str, tmp_path: Path) -> AsyncIterator[TownHall]:
    async with town_hall(migrated_database_url, tmp_path / "data") as open_hall:
        yield open_hall

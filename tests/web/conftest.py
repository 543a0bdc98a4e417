"""The web on a loopback port, over a real database, inbox writer and file store."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from cities.reading import load_city
from intents.city import City
from tests.web.house import House, open_house


@pytest.fixture(scope="session")
def incheon() -> City:
    return load_city("incheon")


@pytest.fixture
async def house(migrated_database_url: str, tmp_path: Path, incheon: City) -> AsyncIterator[House]:
    """The web application, served, with what stands behind it at hand."""
    async with open_house(migrated_database_url, tmp_path / "files", incheon) as opened:
        yield opened


@pytest.fixture
async def browser(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A resident's browser: it keeps its cookie."""
    async with house.browser() as client:
        yield client

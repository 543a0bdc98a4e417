"""An empty database of either kind that takes files in."""

from collections.abc import AsyncIterator, Callable

import pytest

from storage.engine import Database
from tests.reports.files import Reception, a_city

Opens = Callable[[str], Reception]


@pytest.fixture
async def database(migrated_database_url: str) -> AsyncIterator[Database]:
    """A database with all tables, empty."""
    opened = Database(migrated_database_url)
    yield opened
    await opened.close()


@pytest.fixture
def reception(database: Database) -> Opens:
    """Takes in files of the city that is named."""
    return lambda name: Reception(database, a_city(name))

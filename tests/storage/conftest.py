"""The storage over a fresh database of either kind."""

from collections.abc import AsyncIterator

import pytest

from storage.engine import Database


@pytest.fixture
async def database(migrated_database_url: str) -> AsyncIterator[Database]:
    """A database with all tables, empty."""
    opened = Database(migrated_database_url)
    yield opened
    await opened.close()

"""Real databases that write as in production, and the double of Telegram as a process of its own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.doubles.remote import RemoteDouble
from tests.support.postgres import PostgresServer, postgres_server


@pytest.fixture(scope="module")
def durable_postgres() -> Iterator[PostgresServer]:
    with postgres_server(durable=True) as server:
        yield server


@pytest.fixture
def durable_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, on SQLite and on PostgreSQL."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path}/sotong.db"
        return
    server: PostgresServer = request.getfixturevalue("durable_postgres")
    yield server.create("kills").replace("+asyncpg", "")
    server.drop("kills")


@pytest.fixture
async def double() -> AsyncIterator[RemoteDouble]:
    async with RemoteDouble.started() as running:
        yield running

"""What every test may ask for: a fresh database of either kind, a browser. None reaches another machine."""

import asyncio
import os
import sqlite3
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.chromium import ChromiumError, find_chromium, require_korean_font
from tests.support.network import forbid_the_network
from tests.support.postgres import PostgresServer, postgres_server
from tests.support.reused import ReusedDatabase

TEMPLATE = "migrated"


# On a crowded machine making up examples takes long without anything being wrong with them.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_configure() -> None:
    forbid_the_network()


def pytest_report_header() -> str:
    """The order of sets in this run, the same in all its workers; name it again to repeat a failure."""
    return f"PYTHONHASHSEED={os.environ.get('PYTHONHASHSEED', 'random')}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The PostgreSQL of this test process, started when the first test asks for it."""
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Runs the test twice, once on each database."""
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, empty database, on SQLite and on PostgreSQL."""
    if database_kind == "sqlite":
        yield _sqlite_url(tmp_path / "empty.sqlite3")
        return
    yield from _fresh(request.getfixturevalue("postgres"))


@pytest.fixture
def migrated_database_url(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """The URL of a fresh database with all tables, on SQLite and on PostgreSQL."""
    if database_kind == "sqlite":
        template: Path = request.getfixturevalue("migrated_sqlite")
        copy = tmp_path / "sotong.sqlite3"
        with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        yield _sqlite_url(copy)
        return
    kept: ReusedDatabase = request.getfixturevalue("reused_postgres")
    yield kept.lend()
    kept.take_back()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, migrated once a run and copied from then on."""
    file = tmp_path_factory.mktemp("migrated") / "sotong.sqlite3"
    _migrate(_sqlite_url(file))
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> str:
    """The name of a PostgreSQL database with all tables, migrated once a run and copied from then on."""
    _migrate(postgres.create(TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def reused_postgres(postgres: PostgresServer, migrated_postgres: str) -> ReusedDatabase:
    """A PostgreSQL database with all tables, emptied after each test."""
    return ReusedDatabase(postgres, migrated_postgres)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser to launch (with `tests.support.chromium.ARGUMENTS`); fails in one line if there is none."""
    try:
        require_korean_font()
        return find_chromium()
    except ChromiumError as missing:
        pytest.fail(str(missing), pytrace=False)


def _sqlite_url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def _fresh(server: PostgresServer) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    yield server.create(name)
    server.drop(name)


def _migrate(url: str) -> None:
    from storage.migrate import migrate

    # In a thread of its own: a test's event loop may be set in this one.
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, migrate(url)).result()

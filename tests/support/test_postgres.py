"""The throw-away PostgreSQL: real, apart for every test, and never left behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import psutil
import pytest

from tests.support.postgres import PostgresError, PostgresServer, postgres_server

START_AND_HANG = """
import time
from tests.support.postgres import postgres_server
with postgres_server() as server:
    print(server.folder, flush=True)
    time.sleep(600)
"""


async def _connect(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url.replace("+asyncpg", ""))


async def test_a_database_made_from_a_template_holds_what_the_template_held(postgres: PostgresServer) -> None:
    first = await _connect(postgres.create("support_first"))
    await first.execute("CREATE TABLE numbers AS SELECT 26 AS number")
    await first.close()
    copy = await _connect(postgres.create("support_copy", "support_first"))
    assert await copy.fetchval("SELECT number FROM numbers") == 26
    await copy.close()


async def test_a_database_is_dropped_even_while_somebody_is_connected(postgres: PostgresServer) -> None:
    url = postgres.create("support_busy")
    connection = await _connect(url)
    postgres.drop("support_busy")
    connection.terminate()
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await _connect(url)


def test_what_postgresql_refuses_is_said_in_its_own_words(postgres: PostgresServer) -> None:
    with pytest.raises(PostgresError, match='template database "nowhere" does not exist'):
        postgres.create("support_third", "nowhere")


def test_a_name_that_would_need_quoting_is_no_database_name(postgres: PostgresServer) -> None:
    with pytest.raises(ValueError, match="is no database name"):
        postgres.create('x" WITH OWNER nobody; --')


async def test_a_durable_server_writes_to_the_disk_as_in_production() -> None:
    with postgres_server(durable=True) as server:
        connection = await _connect(server.url("postgres"))
        assert await connection.fetchval("SHOW fsync") == "on"
        await connection.close()
    assert not server.folder.exists()


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_no_server_and_no_data_are_left_when_the_tests_are_ended(ending: signal.Signals) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", START_AND_HANG],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert run.stdout is not None
    with run.stdout:
        folder = Path(run.stdout.readline().strip())
    server = psutil.Process(int((folder / "data" / "postmaster.pid").read_text().split()[0]))
    run.send_signal(ending)
    run.wait(30)
    deadline = time.monotonic() + 30
    while (folder.exists() or server.is_running()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
    assert not server.is_running()

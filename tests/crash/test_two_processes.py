"""Two processes on one PostgreSQL: one is killed, the other goes on with everything. On SQLite, one only."""

import asyncio
import random
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.crash.aftermath import Aftermath
from tests.crash.residents import gather
from tests.doubles.remote import RemoteDouble
from tests.support.postgres import PostgresServer
from tests.support.process import ProgramProcess

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]

SETTINGS = {"TELEGRAM_CHAT_SECONDS": "0"}


async def test_of_two_processes_one_is_killed_and_the_other_goes_on_with_everything(
    durable_postgres: PostgresServer, double: RemoteDouble, tmp_path: Path
) -> None:
    url = durable_postgres.create("two").replace("+asyncpg", "")
    one, other = (ProgramProcess(tmp_path / name, url, double.url, SETTINGS) for name in ("a", "b"))
    async with AsyncExitStack() as stack:
        for program in (one, other):
            stack.callback(program.kill)
        await asyncio.gather(one.start(), other.start())
        crowd = await gather(stack, [one.url, other.url], double, random.Random(7))
        writing = asyncio.create_task(crowd.write_on())
        await asyncio.sleep(2)
        one.kill()
        filed = sum(len(talker.numbers) for talker in crowd.talkers)
        # Longer than it takes to notice that one is dead.
        await asyncio.sleep(8)
        crowd.enough.set()
        await writing
        aftermath = Aftermath(url)
        stack.push_async_callback(aftermath.close)
        await aftermath.until_at_rest()
        assert sum(len(talker.numbers) for talker in crowd.talkers) > filed
        await aftermath.every_acknowledged_turn_was_handled_once(crowd.talkers)
        await aftermath.no_case_was_lost_or_doubled(crowd.talkers)
        await aftermath.web_positions_have_no_gap()
        assert await aftermath.repeats(double, crowd.talkers) <= 1
        assert await double.violations() == []
        assert await other.stop() == 0


async def test_a_second_program_on_a_sqlite_file_says_so_in_one_line_and_leaves_the_first_alone(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/sotong.db"
    first = ProgramProcess(tmp_path / "a", url)
    second = ProgramProcess(tmp_path / "b", url)
    try:
        await first.start()
        second.spawn()
        assert await asyncio.to_thread(second.process.wait, 30) == 1
        said = second.log.read_text()
        assert said.count("\n") == 1
        assert "sotong.db already" in said
        await first.until_ready()
        assert await first.stop() == 0
    finally:
        first.kill()
        second.kill()


async def test_a_program_that_is_told_to_stop_ends_well_and_the_next_goes_on_at_once(tmp_path: Path) -> None:
    program = ProgramProcess(tmp_path, f"sqlite:///{tmp_path}/sotong.db")
    try:
        for _ in range(2):
            seconds = await program.start()
            sys.stdout.write(f"ready after {seconds:.2f} s\n")
            assert await program.stop() == 0
    finally:
        program.kill()
    assert "Traceback" not in program.log.read_text()

"""Killed at any moment, under load, again and again: nothing is lost, nothing happens twice."""

import asyncio
import os
import random
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.crash.aftermath import Aftermath
from tests.crash.residents import gather
from tests.doubles.remote import RemoteDouble
from tests.support.nursery import open_nursery
from tests.support.process import ProgramProcess

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]

KILLS = int(os.environ.get("SOTONG_TEST_KILLS", "30"))
SETTINGS = {"TELEGRAM_CHAT_SECONDS": "0"}


async def _kill_again_and_again(program: ProgramProcess, draw: random.Random) -> None:
    for number in range(KILLS):
        program.spawn()
        if number % 6:
            await program.until_ready()
            await asyncio.sleep(draw.uniform(0, 0.9))
        else:
            # Some die while they still start.
            await asyncio.sleep(draw.uniform(0, 0.8))
        program.kill()


async def test_thirty_kills_under_load_lose_nothing_and_double_nothing(
    durable_url: str, double: RemoteDouble, tmp_path: Path
) -> None:
    seed = int(os.environ.get("SOTONG_TEST_SEED", random.randrange(10**6)))
    sys.stdout.write(f"SOTONG_TEST_SEED={seed}\n")
    draw = random.Random(seed)
    program = ProgramProcess(tmp_path, durable_url, double.url, SETTINGS)
    async with AsyncExitStack() as stack:
        program.nursery = stack.enter_context(open_nursery())
        stack.callback(program.kill)
        crowd = await gather(stack, [program.url], double, draw)
        writing = asyncio.create_task(crowd.write_on())
        await _kill_again_and_again(program, draw)
        # The last one is started as an operator does.
        program.nursery = None
        await program.start()
        crowd.enough.set()
        await writing
        aftermath = Aftermath(durable_url)
        stack.push_async_callback(aftermath.close)
        await aftermath.until_at_rest()
        assert await program.stop() == 0
        await aftermath.every_acknowledged_turn_was_handled_once(crowd.talkers)
        await aftermath.no_case_was_lost_or_doubled(crowd.talkers)
        await aftermath.web_positions_have_no_gap()
        assert await aftermath.repeats(double, crowd.talkers) <= KILLS
        assert await double.violations() == []
    turns = sum(talker.texts + talker.presses for talker in crowd.talkers)
    sys.stdout.write(f"{turns} turns over {KILLS} kills\n")
    assert turns > 2 * KILLS

"""Turns are answered in order, each in one transaction; what fails is tried again, then said sorry for."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.world import World
from tests.bot.stage import Stage, open_stage

# A card without its draft: pressing its button makes the handler fail, as an error of ours would.
BROKEN = "UPDATE conversation SET flow = 'suggest', step = 'card', data = '{}', token = 41"
MENDED = "UPDATE conversation SET flow = '', step = ''"
PRESS = "~41:send"
GAVE_UP = "SELECT 1 FROM inbox WHERE state = 'failed'"


@pytest.fixture
async def stage(migrated_database_url: str, tmp_path: Path, incheon: World) -> AsyncIterator[Stage]:
    async with open_stage(migrated_database_url, tmp_path, incheon) as opened:
        yield opened


async def _agree(stage: Stage) -> None:
    await stage.says("first", text="/start")
    await stage.until_all_done()
    await stage.says("yes", choice="~1:yes")
    await stage.until_all_done()


async def test_a_turn_that_fails_is_tried_three_times_then_said_sorry_for_once_and_the_next_goes_on(
    stage: Stage,
) -> None:
    await _agree(stage)
    before = len(await stage.said())
    await stage.change(BROKEN)
    await stage.says("pressed", choice=PRESS)
    await stage.says("next", text="/help")
    await stage.until("SELECT 1 FROM inbox WHERE attempts = 1")
    # Nothing overtakes the turn that failed.
    assert (await stage.said())[before:] == []
    assert (await stage.states())[-2:] == ["waiting", "waiting"]
    await stage.until(GAVE_UP, passing=0.5)
    await stage.until_all_done()
    assert (await stage.states())[-2:] == ["failed", "done"]
    (failed,) = await stage.rows("SELECT attempts, fault FROM inbox WHERE state = 'failed'")
    assert (failed.attempts, failed.fault) == (3, "KeyError")
    said = (await stage.said())[before:]
    assert said[0] == "sorry.failed"
    assert said.count("sorry.failed") == 1
    assert len(said) > 1


async def test_a_turn_that_failed_once_is_answered_when_it_can_be_and_nobody_is_told(stage: Stage) -> None:
    await _agree(stage)
    await stage.change(BROKEN)
    await stage.says("pressed", choice=PRESS)
    await stage.until("SELECT 1 FROM inbox WHERE attempts = 1")
    await stage.change(MENDED)
    await stage.until("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE state = 'waiting')", passing=0.5)
    assert set(await stage.states()) == {"done"}
    assert "sorry.failed" not in await stage.said()


async def test_what_a_failed_turn_had_written_is_taken_back(stage: Stage) -> None:
    await _agree(stage)
    (before,) = await stage.rows("SELECT count(*) AS n FROM cases")
    await stage.change(BROKEN)
    await stage.says("pressed", choice=PRESS)
    await stage.until(GAVE_UP, passing=0.5)
    (after,) = await stage.rows("SELECT count(*) AS n FROM cases")
    assert after.n == before.n
    (talk,) = await stage.rows("SELECT flow, step, token FROM conversation")
    assert (talk.flow, talk.step, talk.token) == ("suggest", "card", 41)


async def test_a_turn_nobody_can_read_is_given_up_at_once(stage: Stage) -> None:
    await _agree(stage)
    await stage.change(
        "INSERT INTO inbox (channel, external_id, conversation_id, received_at, body, state) "
        "SELECT 'web', 'odd', id, created_at, '{}', 'waiting' FROM conversation"
    )
    await stage.says("next", text="/help")
    await stage.until_all_done()
    assert (await stage.states())[-2:] == ["failed", "done"]
    (failed,) = await stage.rows("SELECT attempts FROM inbox WHERE state = 'failed'")
    assert failed.attempts == 1


async def test_twenty_turns_sent_at_once_are_answered_in_their_order(stage: Stage) -> None:
    await _agree(stage)
    await asyncio.gather(*(stage.says(f"turn-{number}", text="/language") for number in range(20)))
    await stage.until_all_done()
    handled = await stage.rows("SELECT id FROM inbox ORDER BY handled_at, id")
    assert [row.id for row in handled] == sorted(row.id for row in handled)
    assert set(await stage.states()) == {"done"}


async def test_the_same_turn_sent_again_is_answered_once(stage: Stage) -> None:
    await _agree(stage)
    before = len(await stage.said())
    for _ in range(3):
        assert (await stage.says("again", text="/help")).status_code == 202
        await stage.until_all_done()
    assert len(await stage.states()) == 3
    assert len(await stage.said()) == before + 1

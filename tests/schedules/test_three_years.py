"""Three years of a city: at every account, every open case was told once to everyone it concerns."""

import os
from pathlib import Path

import pytest

from cases.halves import Half
from handlers.world import World
from schedules.runner import Ran
from schedules.timetable import accounts
from storage.clocks import count_due
from storage.jobs import runs_of
from tests.schedules.conftest import FRIDAY
from tests.schedules.lives import City
from tests.schedules.town import close_town, open_town

CASES = int(os.environ.get("SIMULATED_CASES", "300"))
"""20000 for the whole city; as many as a test run has time for otherwise."""


@pytest.mark.timeout(3600)
async def test_in_three_years_every_open_case_is_told_once_in_each_half_to_everyone_it_concerns(
    migrated_database_url: str, world: World, tmp_path: Path
) -> None:
    town = open_town(migrated_database_url, world, tmp_path, FRIDAY)
    city = City.drawn(town, cases=CASES)
    await city.settle()
    account_days = {
        town.tools.timetable.day_of(one.due_at): one.period
        for one in accounts(town.tools.timetable, city.moment(0, 0), city.moment(city.days, 23))
    }
    for day in range(city.days):
        if day in (400, 800):
            city.rename("roads", f"도로관리{day}과")
        half = account_days.get(town.tools.timetable.day_of(city.moment(day, 12)))
        if half is not None:
            city.expected[half] = city.ought_to_hear()
        # Somebody stops the machine now and then; what was due is made up for.
        if half is not None or city.draw.random() < 0.9:
            assert await city.tick(day, 9, 5) is Ran.DONE
        await city.live(day)
        if city.draw.random() < 0.5:
            assert await city.tick(day, 18, 5) is Ran.DONE
        if half is not None:
            await city.read_accounts()
    assert await city.tick(city.days, 9) is Ran.DONE
    await city.read_accounts()

    assert list(city.expected) == ["2026H2", "2027H1", "2027H2", "2028H1", "2028H2", "2029H1", "2029H2"]
    for half, expected in city.expected.items():
        told = city.accounts.get(half, [])
        assert len(told) == len(set(told)), f"somebody was told twice in {half}"
        assert set(told) == expected, half
    assert len(city.keys) == len(set(city.keys))
    async with town.database.read() as connection:
        assert await count_due(connection, town.now) == 0
        rounds = await runs_of(connection, "half_account", limit=10)
    assert sorted(one.period for one in rounds) == sorted(city.expected)
    assert all(one.outcome == "done" for one in rounds)
    assert Half.parse(rounds[0].period) == Half(2029, 2)
    await close_town(town)

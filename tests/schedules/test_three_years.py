"""Three years of a city whose processes are killed: every open case was told once to everyone it concerns."""

import os
import random
from pathlib import Path

import pytest

from cases.halves import Half
from schedules.runner import Ran
from schedules.timetable import accounts
from storage.clocks import count_due
from storage.jobs import runs_of
from tests.schedules.conftest import FRIDAY
from tests.schedules.killed import killed_while_ticking
from tests.schedules.lives import City
from tests.schedules.small_city import small_world
from tests.schedules.town import close_town, open_town

CASES = int(os.environ.get("SIMULATED_CASES", "100"))
"""20000 for the whole city; as many as a test run has time for otherwise."""
KILLS = int(os.environ.get("SIMULATED_KILLS", "50"))
_AWAKE = 0.9 if CASES >= 1000 else 0.25
"""On how many of its days the machine runs: somebody stops it, and what was due is made up for."""
_LONGEST_LIFE = 0.05 + CASES / 10_000
"""Seconds that a process lives at most, so that all stages of its work are cut short."""
_REORGANISED = (400, 800)


@pytest.mark.crash
@pytest.mark.timeout(5400)
async def test_in_three_years_every_open_case_is_told_once_in_each_half_to_everyone_it_concerns(
    migrated_database_url: str, database_kind: str, tmp_path: Path
) -> None:
    town = open_town(migrated_database_url, small_world(), tmp_path, FRIDAY)
    city = City.drawn(town, cases=CASES)
    crashes = Crashes(city, migrated_database_url, beside=2 if database_kind == "postgresql" else 1)
    await city.settle()
    account_days = {
        town.tools.timetable.day_of(one.due_at): one.period
        for one in accounts(town.tools.timetable, city.moment(0, 0), city.moment(city.days, 23))
    }
    for day in range(city.days):
        if day in _REORGANISED:
            city.reorganise()
        half = account_days.get(town.tools.timetable.day_of(city.moment(day, 12)))
        if half is not None:
            city.expected[half] = city.ought_to_hear()
        if half is not None or city.draw.random() < _AWAKE:
            await crashes.tick(day, 9, often=half is not None)
        await city.live(day)
        if city.draw.random() < _AWAKE / 3:
            await crashes.tick(day, 18)
        if half is not None:
            await city.read_accounts()
    await crashes.tick(city.days, 9)
    await city.read_accounts()

    assert crashes.killed >= KILLS
    _check_accounts(city)
    async with town.database.read() as connection:
        assert await count_due(connection, town.now) == 0
        rounds = await runs_of(connection, "half_account", limit=10)
    assert sorted(one.period for one in rounds) == sorted(city.expected)
    assert all(one.outcome == "done" for one in rounds)
    assert Half.parse(rounds[0].period) == Half(2029, 2)
    await close_town(town)


def _check_accounts(city: City) -> None:
    assert list(city.expected) == ["2026H2", "2027H1", "2027H2", "2028H1", "2028H2", "2029H1", "2029H2"]
    for half, expected in city.expected.items():
        told = city.accounts.get(half, [])
        assert len(told) == len(set(told)), f"somebody was told twice in {half}"
        assert set(told) == expected, half
    assert len(city.keys) == len(set(city.keys))


class Crashes:
    """Ticks that are cut short now and then, on PostgreSQL two side by side, and then done to the end."""

    def __init__(self, city: City, url: str, *, beside: int) -> None:
        self._city = city
        self._url = url
        self._beside = beside
        self._draw = random.Random(50)
        self.killed = 0

    async def tick(self, day: int, hour: int, *, often: bool = False) -> None:
        """Let all that is due happen, killed in between: on the day of an account thrice."""
        moment = self._city.moment(day, hour, 5)
        times = 3 if often else self._draw.random() < 2 * KILLS / (_AWAKE * self._city.days)
        for _ in range(times if self.killed < 2 * KILLS else 0):
            self.killed += await killed_while_ticking(
                self._url,
                moment,
                stage=self._city.stage,
                beside=self._beside,
                after=self._draw.uniform(0, _LONGEST_LIFE),
            )
        # A server that has not noticed yet that a process died still holds what it had locked.
        while (ran := await self._city.tick(day, hour, 5)) is Ran.ELSEWHERE:
            pass
        assert ran is Ran.DONE

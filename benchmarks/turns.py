"""Turns a second and how long each takes, through inbox, handlers, outbox and the Telegram double.

    .venv/bin/python -m benchmarks.turns                                       both databases, a few minutes
    .venv/bin/python -m benchmarks.turns --database sqlite --seconds 20        one database, measured longer
    .venv/bin/python -m benchmarks.turns --cases 10000 1000000                 how much slower with a million
    .venv/bin/python -m benchmarks.turns --cases 10000 1000000 --database postgresql --json > figures.json

The program is a process of its own, started as an operator starts it; only Telegram's limits of pace are
lifted. Double and residents share a second process, so on two cores they take their part of the machine.
Beside it stands the bare commit rate of the same database in the same run. `--cases` fills the database
with so many cases and what belongs to them first.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from time import perf_counter

import aiohttp
import uvloop

from benchmarks.support.bare import commits_a_second
from benchmarks.support.figures import Spread, spread
from benchmarks.support.lives import live, open_desk
from benchmarks.support.prefill import prefill
from benchmarks.support.residents import Resident
from benchmarks.support.stand import Stand, open_stand

AT_ONCE = 64
OFFERED = 100
OFFERED_TO = 400


@dataclass(frozen=True, slots=True)
class Result:
    """One run on one database. Rates are a second."""

    database: str
    cases: int
    ready_seconds: float
    bare_commits: float
    turns: float
    turns_each: Spread
    cpu_ms_a_turn: float
    """Processor time of the program's process for a turn at full load, kernel included."""
    offered: int
    offered_each: Spread
    unsent: int
    """Turns of the offered ones that nobody was left to send: 0 when the program keeps up."""
    lives: float
    cpu_ms_a_life: float
    memory_mb: float
    load: float
    """Processes that wanted a processor, in the mean of the last minute: what was the machine's, not ours."""

    @property
    def share_of_bare(self) -> float:
        """Turns a second as a share of the bare commit rate."""
        return self.turns / self.bare_commits


async def measure(kind: str, cases: int, seconds: float) -> Result:
    """Everything on one database."""
    async with open_stand(kind) as stand:
        _say(f"{kind}: filling in {cases} cases")
        await prefill(stand.database_url, cases)
        ready = await stand.program.start()
        memory = stand.memory_mb
        _say(f"{kind}: ready after {ready:.2f} s with {memory:.0f} MB; waiting until it is quiet")
        await stand.until_quiet()
        _say(f"{kind}: bare commits")
        bare = await commits_a_second(stand.bare_url, min(seconds, 3))
        everybody = stand.residents(OFFERED_TO)
        for first in range(0, OFFERED_TO, AT_ONCE):
            await asyncio.gather(*(one.agree() for one in everybody[first : first + AT_ONCE]))
        _say(f"{kind}: full load")
        before = stand.cpu_seconds
        turns, turns_each = await _full_load(everybody[:AT_ONCE], seconds)
        cpu = (stand.cpu_seconds - before) / turns_each.n
        _say(f"{kind}: {OFFERED} a second offered")
        offered_each, unsent = await _offered(everybody, seconds)
        _say(f"{kind}: whole lives")
        lives, cpu_of_life = await _lives(stand, seconds)
        return Result(
            database=kind,
            cases=cases,
            ready_seconds=ready,
            bare_commits=bare,
            turns=turns,
            turns_each=turns_each,
            cpu_ms_a_turn=cpu * 1000,
            offered=OFFERED,
            offered_each=offered_each,
            unsent=unsent,
            lives=lives,
            cpu_ms_a_life=cpu_of_life * 1000,
            memory_mb=stand.memory_mb,
            load=os.getloadavg()[0],
        )


async def _full_load(residents: Sequence[Resident], seconds: float) -> tuple[float, Spread]:
    began = perf_counter()

    async def go_on(resident: Resident) -> None:
        resident.seconds.clear()
        while perf_counter() - began < seconds:
            await resident.one_turn()

    await asyncio.gather(*(go_on(resident) for resident in residents))
    took = [one for resident in residents for one in resident.seconds]
    return len(took) / (perf_counter() - began), spread(took)


async def _offered(residents: Sequence[Resident], seconds: float) -> tuple[Spread, int]:
    """Turns come at a steady rate whatever becomes of those before, each from somebody who waits for none.

    Gives how long they took, and how many nobody was left to send because everybody waited.
    """
    for resident in residents:
        resident.seconds.clear()
    idle, under_way = list(residents), set[asyncio.Task[None]]()
    loop = asyncio.get_running_loop()
    began, unsent = loop.time(), 0

    async def one(resident: Resident) -> None:
        await resident.one_turn()
        idle.append(resident)

    for number in range(int(seconds * OFFERED)):
        await asyncio.sleep(max(0.0, began + number / OFFERED - loop.time()))
        if not idle:
            unsent += 1
            continue
        task = asyncio.create_task(one(idle.pop(0)))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)
    return spread([one for resident in residents for one in resident.seconds]), unsent


async def _lives(stand: Stand, seconds: float) -> tuple[float, float]:
    residents = stand.residents(AT_ONCE, first=OFFERED_TO + 1)
    await asyncio.gather(*(one.agree() for one in residents))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
        desk, before = await open_desk(stand, session), stand.cpu_seconds
        done, took = await live(residents, desk, seconds)
        return done / took, (stand.cpu_seconds - before) / done


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")


def _print(result: Result) -> None:
    print(f"\n{result.database}, {result.cases:,} cases before")
    print(f"  start to ready            {result.ready_seconds:8.2f} s")
    print(f"  bare commits              {result.bare_commits:8.0f} /s")
    print(f"  turns at full load        {result.turns:8.0f} /s   {result.share_of_bare:.2f} of the bare rate")
    _print_spread("each", result.turns_each)
    print(f"    processor time a turn   {result.cpu_ms_a_turn:8.1f} ms")
    print(f"  turns offered             {result.offered:8d} /s")
    _print_spread("each", result.offered_each)
    if result.unsent:
        print(f"    not kept up with        {result.unsent:8d} turns could not even be sent")
    print(f"  whole lives               {result.lives:8.1f} /s")
    print(f"    processor time a life   {result.cpu_ms_a_life:8.1f} ms")
    print(f"  memory of the process     {result.memory_mb:8.0f} MB")
    print(f"  load of the machine       {result.load:8.1f}")


def _print_slowing(fewest: Result, most: Result) -> None:
    print(f"\n{most.database}, {most.cases:,} cases beside {fewest.cases:,} (aim: at most a tenth slower)")
    turn = most.cpu_ms_a_turn / fewest.cpu_ms_a_turn - 1
    life = most.cpu_ms_a_life / fewest.cpu_ms_a_life - 1
    print(f"  processor time a turn     {turn:+8.0%}")
    print(f"  processor time a life     {life:+8.0%}")
    print(f"  turns at full load        {most.turns / fewest.turns - 1:+8.0%}")
    print(f"  whole lives               {most.lives / fewest.lives - 1:+8.0%}")


def _print_spread(name: str, each: Spread) -> None:
    figures = (
        f"p50 {each.p50_ms:.0f} ms, p99 {each.p99_ms:.0f} ms, longest {each.longest_ms:.0f} ms (n {each.n})"
    )
    print(f"    {name:24}{figures}")


def main() -> None:
    """Measure and print."""
    described = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    described.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    described.add_argument(
        "--cases",
        type=int,
        nargs="+",
        default=[10_000],
        help="cases in the database before; several: a run each",
    )
    described.add_argument("--seconds", type=float, default=10.0, help="length of each measurement")
    described.add_argument("--json", action="store_true")
    given = described.parse_args()
    kinds = ["sqlite", "postgresql"] if given.database == "both" else [given.database]
    results = [
        uvloop.run(measure(kind, cases, given.seconds)) for kind in kinds for cases in sorted(given.cases)
    ]
    if given.json:
        print(json.dumps([asdict(one) | {"share_of_bare": one.share_of_bare} for one in results], indent=2))
        return
    for result in results:
        _print(result)
    for kind in kinds:
        own = [one for one in results if one.database == kind]
        if len(own) > 1:
            _print_slowing(own[0], own[-1])


if __name__ == "__main__":
    main()

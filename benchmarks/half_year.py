"""The half-yearly account of a whole city: how long it takes to plan, how much memory, how fast it goes out.

    .venv/bin/python -m benchmarks.half_year [--database sqlite|postgresql|both] [--cases 1000000]
        [--people 1300000] [--seconds 60] [--json]

Planning runs in a process of its own, whose memory is measured at a tenth of the way and at the end. Then the
program itself sends such an account (of 20,000 people) to the Telegram double, which itself refuses more than
30 messages a second, while people chat; their answers are timed.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time

import uvloop

from benchmarks.support.crowd import FIRST_ADDRESS, gather
from benchmarks.support.figures import Spread, spread
from benchmarks.support.residents import Resident
from benchmarks.support.stand import open_stand
from bot.app import build_world
from cities.reading import load_city
from schedules.jobs import Tools
from schedules.table import JOBS
from schedules.tick import tick
from schedules.timetable import accounts
from storage.engine import Database
from storage.files import FileStore
from storage.jobs import Run, last_runs, send_at
from tests.doubles.telegram.faults import Limits
from tests.support.postgres import postgres_server

SENT_TO = 20_000
CHATTING = 12
THINKING = 2.0
"""Seconds between a person's turns, as on a phone."""

_ROUND = tuple(job for job in JOBS if job.name == "half_account")


@dataclass(frozen=True, slots=True)
class Plan:
    """Planning one account. Memory is resident, of the planning process."""

    seconds: float
    cpu_seconds: float
    people: int
    rows_a_second: float
    longest_batch_ms: float
    memory_early_mb: float
    memory_mb: float


@dataclass(frozen=True, slots=True)
class Sending:
    """Sending it while people chat. Rates are a second, over all that the double took."""

    messages: int
    rate: float
    refused: int
    impatient: int
    answers: Spread
    twice: int


class _Nobody:
    def wake(self) -> None:
        """Nobody sends in this process."""


async def plan(database_url: str) -> Plan:
    """Plan the next account in this process."""
    world = build_world(load_city("incheon"))
    database = Database(database_url)
    began = perf_counter()
    batches: list[tuple[float, float]] = []

    def watch(_run: Run) -> None:
        batches.append((perf_counter() - began, _memory_mb()))

    with tempfile.TemporaryDirectory() as folder:
        tools = Tools(
            database_url=database_url,
            database=database,
            world=world,
            files=FileStore(Path(folder)),
            data_folder=Path(folder),
            waker=_Nobody(),
            clock=lambda: datetime.now(UTC),
            owner="benchmark",
            watch=watch,
        )
        now = datetime.now(UTC)
        due = next(accounts(tools.timetable, now, now + timedelta(days=400)))
        began, used = perf_counter(), process_time()
        await tick(tools, due.due_at, _ROUND)
        seconds, cpu = perf_counter() - began, process_time() - used
        tools.files.close()
    people = await _people(database)
    await database.close()
    moments = [0.0, *(moment for moment, _ in batches)]
    longest = max(after - before for before, after in pairwise(moments))
    return Plan(
        seconds,
        cpu,
        people,
        people / seconds,
        longest * 1000,
        batches[len(batches) // 10][1],
        batches[-1][1],
    )


async def _people(database: Database) -> int:
    async with database.read() as connection:
        people = (await last_runs(connection))["half_account"].figures["people"]
    assert isinstance(people, int)
    return people


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def planned_apart(database_url: str) -> Plan:
    """The same in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.half_year", "--plan", database_url),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"planning ended with {process.returncode}")
    return Plan(**json.loads(output))


@asynccontextmanager
async def _database(kind: str) -> AsyncIterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="sotong-bench-") as folder:
            yield f"sqlite:///{folder}/sotong.db"
    else:
        with postgres_server(durable=True) as server:
            yield server.create("sotong").replace("+asyncpg", "")


async def send(kind: str, seconds: float) -> Sending:
    """The program sends an account while people chat."""
    async with open_stand(kind) as stand:
        program = stand.program
        program.settings = {}  # Telegram's own limits hold here
        await gather(stand.database_url, SENT_TO, SENT_TO)
        for number in range(1, SENT_TO + 1):
            stand.double.person(FIRST_ADDRESS + number)
        await program.start()
        chatting = stand.residents(CHATTING)
        await asyncio.gather(*(one.agree() for one in chatting))
        stand.double.limits = Limits(overall_per_second=30)
        await planned_apart(stand.database_url)
        await _let_it_out(stand.database_url)
        for one in chatting:
            one.seconds.clear()
        first, began = len(stand.double.calls), perf_counter()
        await asyncio.gather(*(_chat(one, began + seconds) for one in chatting))
        took = perf_counter() - began
        calls = stand.double.calls[first:]
        sent = [call for call in calls if call.status == 200 and call.method.lower() == "sendmessage"]
        bulk = [call.chat_id for call in sent if call.chat_id and call.chat_id > FIRST_ADDRESS]
        return Sending(
            messages=len(sent),
            rate=len(sent) / took,
            refused=sum(call.status == 429 for call in calls),
            impatient=len(stand.double.impatient),
            answers=spread([one for person in chatting for one in person.seconds]),
            twice=len(bulk) - len(set(bulk)),
        )


async def _let_it_out(database_url: str) -> None:
    database = Database(database_url)
    async with database.begin() as connection:
        run = (await last_runs(connection))["half_account"]
        await send_at(connection, thought=run.started_at, now=datetime.now(UTC))
    await database.close()


async def _chat(person: Resident, until: float) -> None:
    while perf_counter() < until:
        await asyncio.sleep(THINKING)
        await person.one_turn()


async def measure(kind: str, cases: int, people: int, seconds: float) -> tuple[Plan, Sending | None]:
    """Everything on one database."""
    async with _database(kind) as url:
        _say(f"{kind}: gathering {people:,} people with {cases:,} open cases")
        await gather(url, cases, people)
        _say(f"{kind}: planning")
        planned = await planned_apart(url)
    if not seconds:
        return planned, None
    _say(f"{kind}: sending while people chat")
    return planned, await send(kind, seconds)


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")


def _print(kind: str, planned: Plan, sending: Sending | None) -> None:
    print(f"\n{kind}")
    took = f"{planned.seconds:.1f} s ({planned.cpu_seconds:.1f} s of it on the processor)"
    print(f"  planned for               {planned.people:8,} people in {took}")
    print(f"  rows                      {planned.rows_a_second:8.0f} /s")
    print(f"  longest batch             {planned.longest_batch_ms:8.0f} ms")
    print(f"  memory                    {planned.memory_mb:8.0f} MB ({planned.memory_early_mb:.0f} early on)")
    if sending is None:
        return
    times, refused = sending.answers, f"{sending.refused} refused, {sending.impatient} sent during a wait"
    print(f"  sent                      {sending.messages:8d} at {sending.rate:.1f} /s, {refused}")
    print(f"  answers meanwhile         p50 {times.p50_ms:.0f} ms, p99 {times.p99_ms:.0f} ms (n {times.n})")
    print(f"  told twice                {sending.twice:8d}")


def main() -> None:
    """Measure and print."""
    described = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    described.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    described.add_argument("--cases", type=int, default=1_000_000)
    described.add_argument("--people", type=int, default=1_300_000)
    described.add_argument("--seconds", type=float, default=60.0, help="of sending; 0 leaves it out")
    described.add_argument("--plan", default="", help=argparse.SUPPRESS)
    described.add_argument("--json", action="store_true")
    given = described.parse_args()
    if given.plan:
        print(json.dumps(asdict(uvloop.run(plan(given.plan)))))
        return
    kinds = ["sqlite", "postgresql"] if given.database == "both" else [given.database]
    results = {kind: uvloop.run(measure(kind, given.cases, given.people, given.seconds)) for kind in kinds}
    if given.json:
        rows = {
            kind: {"plan": asdict(planned), "sending": asdict(sending) if sending else None}
            for kind, (planned, sending) in results.items()
        }
        print(json.dumps(rows, indent=2))
        return
    for kind, (planned, sending) in results.items():
        _print(kind, planned, sending)


if __name__ == "__main__":
    main()

"""Running jobs: those that are due are begun once a period, and go on batch by batch until they end."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from schedules.jobs import Batch, Job, JobFault, Labour, Tools, Work, added
from schedules.timetable import Occasion, Timetable
from storage.away import DatabaseAway
from storage.jobs import (
    Run,
    begin_run,
    fail_run,
    first_contact,
    hold_run,
    last_runs,
    move_run,
    unfinished_runs,
)
from storage.leases import end_lease, hold_lease

_REACH = timedelta(days=400)
"""How far back an occasion of a job that never ran still counts."""
_LABOUR_LEASE = timedelta(seconds=60)
_RENEWED_EVERY = 15.0
_LONGEST_WAIT = timedelta(hours=6)

log = structlog.get_logger()


class Ran(StrEnum):
    """How an attempt to run something ended."""

    DONE = "done"
    ELSEWHERE = "elsewhere"  # another process is at it
    FAILED = "failed"


async def begin_due(tools: Tools, jobs: Sequence[Job], now: datetime) -> None:
    """Write down every run that has fallen due by `now` and that nobody has begun."""
    async with tools.database.read() as connection:
        # A run of a moment still to come, asked for by hand, must not hold up what comes before it.
        last = await last_runs(connection, until=now)
        contact = await first_contact(connection)
    if contact is None:
        # Nobody ever wrote and nothing was filed: there is nothing to remind of, to tell or to keep.
        return
    due = [
        (job, one) for job in jobs for one in _fallen(job, last.get(job.name), tools.timetable, contact, now)
    ]
    if due:
        async with tools.database.begin() as connection:
            for job, one in due:
                await begin_run(connection, job.name, one.period, due_at=one.due_at, now=now)


def _fallen(
    job: Job, before: Run | None, table: Timetable, contact: datetime, now: datetime
) -> list[Occasion]:
    since = before.due_at if before else max(contact, now - _REACH)
    fallen = [one for one in job.when(table, since, now) if one.moot_at is None or now < one.moot_at]
    # Of a job that never ran, and of one that looks at now only, the newest occasion counts.
    return fallen if job.makes_up and before else fallen[-1:]


async def run_unfinished(tools: Tools, jobs: Sequence[Job], now: datetime) -> Ran:
    """Go on with every run that has begun, whoever began it; the worst outcome of them all."""
    by_name = {job.name: job for job in jobs}
    async with tools.database.read() as connection:
        runs = await unfinished_runs(connection, now=now)
    worst = Ran.DONE
    for run in runs:
        job = by_name.get(run.job)
        if job is None:
            continue
        ran = await _run(tools, job, run, now)
        worst = ran if ran is not Ran.DONE and worst is not Ran.FAILED else worst
    return worst


async def _run(tools: Tools, job: Job, run: Run, now: datetime) -> Ran:
    try:
        if job.labour is not None:
            return await _labour(tools, job.labour, run)
        if job.work is not None:
            return await _work(tools, job.work, run, now)
    except DatabaseAway:
        raise
    except Exception as error:
        fault = str(error) if isinstance(error, JobFault) else type(error).__name__
        log.error("job_failed", job=run.job, period=run.period, error=type(error).__name__)
        attempts = run.attempts + 1
        wait = min(timedelta(minutes=2 ** min(attempts, 10)), _LONGEST_WAIT)
        async with tools.database.begin() as connection:
            await fail_run(
                connection, run.job, run.period, fault=fault, attempts=attempts, retry_at=now + wait
            )
        return Ran.FAILED
    return Ran.DONE


async def _work(tools: Tools, work: Work, run: Run, now: datetime) -> Ran:
    while True:
        async with tools.database.begin() as connection:
            held = await hold_run(connection, run.job, run.period)
            if held is None:
                return await _ended(tools, run)
            step = await work(Batch(connection, tools, held, now))
            figures = added(held.figures, step.counted)
            await move_run(
                connection,
                held,
                cursor=step.cursor,
                figures=figures,
                finished_at=now if step.finished else None,
                outcome="done" if step.finished else "running",
            )
        tools.waker.wake()
        tools.alive()
        if tools.watch is not None:
            tools.watch(replace(held, figures=figures))
        if step.finished:
            return Ran.DONE


async def _ended(tools: Tools, run: Run) -> Ran:
    async with tools.database.read() as connection:
        going = await unfinished_runs(connection, now=run.due_at + timedelta(days=36500))
    there = any(one.job == run.job and one.period == run.period for one in going)
    return Ran.ELSEWHERE if there else Ran.DONE


async def _labour(tools: Tools, labour: Labour, run: Run) -> Ran:
    """Work outside of any transaction, by one process at a time as far as a lease can tell."""
    name = f"job:{run.job}"
    if not await _leased(tools, name):
        return Ran.ELSEWHERE
    async with _keeping(tools, name):
        figures = await labour(tools, run)
    async with tools.database.begin() as connection:
        held = await hold_run(connection, run.job, run.period)
        if held is not None:
            await move_run(
                connection, held, cursor="", figures=figures, finished_at=tools.clock(), outcome="done"
            )
    return Ran.DONE


async def _leased(tools: Tools, name: str) -> bool:
    async with tools.database.begin() as connection:
        return await hold_lease(connection, name, owner=tools.owner, now=tools.clock(), lease=_LABOUR_LEASE)


@asynccontextmanager
async def _keeping(tools: Tools, name: str) -> AsyncIterator[None]:
    """Renew a lease while the body runs, and give it back at the end."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(_RENEWED_EVERY)
            await _leased(tools, name)
            tools.alive()

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing
        async with tools.database.begin() as connection:
            await end_lease(connection, name, owner=tools.owner)


def next_occasion(job: Job, table: Timetable, after: datetime) -> Occasion | None:
    """When a job falls due next."""
    return next(job.when(table, after, after + timedelta(days=400)), None)

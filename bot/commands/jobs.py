"""`sotong jobs`: what runs by the calendar, run now for any moment, and listed."""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from bot.app import build_world, utc_now
from bot.commands.common import open_database, run_until_done, settings_or_stop
from bot.packs import city_now
from bot.settings import Settings
from schedules.jobs import Tools
from schedules.runner import Ran, next_occasion
from schedules.table import JOBS
from schedules.tick import tick
from storage.clocks import count_due, next_due
from storage.files import FileStore
from storage.jobs import Run, last_runs, send_at
from storage.tables import JsonObject

_WAIT = 0.5


class _Nobody:
    def wake(self) -> None:
        """No sender in this process: those that run look for themselves."""


@click.group()
def jobs() -> None:
    """What falls due: the half-yearly account, reminders, digests, backup, housekeeping."""


@jobs.command()
@click.option("--at", "moment", default="", help="A moment such as 2027-01-04T10:00+09:00 (default: now).")
def run(moment: str) -> None:
    """Run all that is due at a moment, then end. What was missed before it is made up, each once.

    Safe to repeat, to stop in the middle and to run beside the program: nobody is told twice.
    """
    settings = settings_or_stop()
    runs = run_until_done(_run(settings, moment))
    for one in runs.values():
        click.echo(f"{one.job} {one.period}: {one.outcome} {_said(one)}")
    if not runs:
        click.echo("Nothing of the calendar was due.")
    if any(one.fault for one in runs.values()):
        raise click.ClickException("Not everything could be done; it will be tried again.")


@jobs.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_jobs(as_json: bool) -> None:
    """Show what runs next and when, what ran last and how."""
    settings = settings_or_stop()
    rows = run_until_done(_list(settings))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['job']:18} next {row['next'] or '-':25} {_last(row['last'])}")


def _last(last: object) -> str:
    if not isinstance(last, dict):
        return "never ran"
    figures = json.dumps(last["figures"], ensure_ascii=False) if last["figures"] else ""
    fault = f" ({last['fault']})" if last["fault"] else ""
    return f"last {last['period']} {last['outcome']}{fault} {figures}"


@asynccontextmanager
async def _tools(settings: Settings) -> AsyncIterator[Tools]:
    async with open_database(settings) as database:
        world = build_world(await city_now(database, settings.city))
        files = FileStore(settings.data_folder / "files")
        try:
            yield Tools(
                database_url=settings.database_url,
                database=database,
                world=world,
                files=files,
                data_folder=settings.data_folder,
                waker=_Nobody(),
                clock=utc_now,
                owner=f"jobs-{secrets.token_hex(4)}",
                public_url=settings.public_url,
                watch=_Progress().show,
            )
        finally:
            files.close()


class _Progress:
    """Says once a second how far a long run came."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def show(self, run: Run) -> None:
        if time.monotonic() - self._said >= 1:
            self._said = time.monotonic()
            click.echo(f"{run.job} {run.period}: {_said(run)}", err=True)


def _said(run: Run) -> str:
    counts = [f"{name} {value}" for name, value in run.figures.items() if isinstance(value, int)]
    return ", ".join(counts) + (f" · {run.fault}" if run.fault else "")


async def _run(settings: Settings, moment: str) -> dict[str, Run]:
    async with _tools(settings) as tools:
        now = _moment(moment, tools.world.zone)
        async with tools.database.read() as connection:
            before = await last_runs(connection)
        ran = await _tick(tools, now)
        while ran is Ran.ELSEWHERE:
            # Another process is at it: what it does not finish, we do.
            await asyncio.sleep(_WAIT)
            ran = await _tick(tools, now)
        async with tools.database.read() as connection:
            after = await last_runs(connection)
        return {name: one for name, one in after.items() if before.get(name) != one}


async def _tick(tools: Tools, now: datetime) -> Ran:
    try:
        return await tick(tools, now)
    finally:
        # A moment still to come was asked for: what is to be said then is said now.
        async with tools.database.begin() as connection:
            await send_at(connection, thought=now, now=tools.clock())


def _moment(text: str, zone: ZoneInfo) -> datetime:
    if not text:
        return utc_now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.ClickException(f"{text!r} is no moment; write it like 2027-01-04T10:00+09:00.") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


async def _list(settings: Settings) -> list[JsonObject]:
    async with _tools(settings) as tools:
        zone, now = tools.world.zone, utc_now()
        async with tools.database.read() as connection:
            last = await last_runs(connection)
            waiting, due = await count_due(connection, now), await next_due(connection)
        rows: list[JsonObject] = [
            {"job": "clocks", "next": _local(due, zone), "last": None, "cases_due": waiting}
        ]
        for job in JOBS:
            occasion = next_occasion(job, tools.timetable, now)
            rows.append(
                {
                    "job": job.name,
                    "next": _local(occasion.due_at if occasion else None, zone),
                    "last": _run_row(last.get(job.name), zone),
                }
            )
        return rows


def _run_row(run: Run | None, zone: ZoneInfo) -> JsonObject | None:
    if run is None:
        return None
    return {
        "period": run.period,
        "due_at": _local(run.due_at, zone),
        "started_at": _local(run.started_at, zone),
        "finished_at": _local(run.finished_at, zone),
        "outcome": run.outcome,
        "figures": dict(run.figures),
        "fault": run.fault,
    }


def _local(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="minutes")

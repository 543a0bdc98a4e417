"""Housekeeping (보존과 정리) by night: old rows, loose files, and the persons in cases kept long enough."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from schedules.jobs import Batch, Step, Tools
from storage.files import NoSuchFile
from storage.housekeeping import (
    expired_cases,
    forget_addresses,
    known_files,
    loose_files,
    prune_inbox,
    prune_outbox,
    redact,
)
from storage.jobs import Figures, Run
from storage.sketches import forget_long_closed
from storage.throttle import forget_old_tries

INBOX_KEPT = timedelta(days=30)
"""A repeated update is known for so long; Telegram repeats none after a day."""
OUTBOX_KEPT = timedelta(days=400)
"""So that the last two accounts can be looked up, and a person of the web chat finds a year of it."""
LOOSE_KEPT = timedelta(days=1)
TRIES_KEPT = timedelta(days=1)
"""Tries to sign in hold network addresses, and count for a quarter of an hour."""

_ROWS_AT_ONCE = 500
_CASES_AT_ONCE = 50


async def prune(batch: Batch) -> Step:
    """One batch of old messages, then of old turns; counted tries with the latter."""
    now = batch.now
    stage, _, after = (batch.run.cursor or "outbox:0").partition(":")
    if stage == "outbox":
        gone, last = await prune_outbox(
            batch.connection, now - OUTBOX_KEPT, after=int(after), limit=_ROWS_AT_ONCE
        )
        return Step(f"outbox:{last}" if last else "inbox:", {"outbox": gone}, finished=False)
    await forget_old_tries(batch.connection, now - TRIES_KEPT)
    gone = await prune_inbox(batch.connection, now - INBOX_KEPT, limit=_ROWS_AT_ONCE)
    return Step("inbox:", {"inbox": gone}, finished=gone < _ROWS_AT_ONCE)


async def retain(batch: Batch) -> Step:
    """One batch of cases that ended longer ago than the pack keeps them; then of those that ended too long
    ago to be offered as similar; then of addresses.

    Photos are removed from the disk only by the sweep, which takes whatever no row knows.
    """
    ended = _years_before(batch.now, batch.world.directory.city.keep_years)
    stage, _, after = (batch.run.cursor or "cases:").partition(":")
    if stage == "cases":
        cases = await expired_cases(batch.connection, ended, limit=_CASES_AT_ONCE)
        if not cases:
            return Step("similar:", finished=False)
        photos = await redact(batch.connection, cases, batch.now)
        return Step("cases:", {"cases": len(cases), "photos": len(photos)}, finished=False)
    if stage == "similar":
        unlisted = await forget_long_closed(batch.connection, batch.now, limit=_CASES_AT_ONCE)
        return Step("similar:" if unlisted else "people:0", {"unlisted": unlisted}, finished=False)
    gone, last = await forget_addresses(batch.connection, ended, after=int(after), limit=_ROWS_AT_ONCE)
    return Step(f"people:{last}", {"addresses": gone}, finished=not last)


async def sweep(tools: Tools, _run: Run) -> Figures:
    """Remove files that were put to no case within a day, and those that no row knows."""
    before = tools.clock() - LOOSE_KEPT
    loose = 0
    while True:
        async with tools.database.begin() as connection:
            names = await loose_files(connection, before, limit=_ROWS_AT_ONCE)
        loose += len(names)
        if len(names) < _ROWS_AT_ONCE:
            break
    old = await asyncio.to_thread(partial(_old_files, tools.data_folder / "files", before))
    removed = 0
    for start in range(0, len(old), _ROWS_AT_ONCE):
        names = old[start : start + _ROWS_AT_ONCE]
        async with tools.database.read() as connection:
            known = await known_files(connection, names)
        for name in names:
            removed += name not in known and await _remove(tools, name)
    return {"loose": loose, "removed": removed}


async def _remove(tools: Tools, name: str) -> bool:
    try:
        await tools.files.remove(name)
    except NoSuchFile:
        # Not one of ours: whoever put it there may need it.
        return False
    return True


def _old_files(folder: Path, before: datetime) -> list[str]:
    files = folder.iterdir() if folder.is_dir() else ()
    return sorted(one.name for one in files if one.is_file() and one.stat().st_mtime < before.timestamp())


def _years_before(moment: datetime, years: int) -> datetime:
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:
        # 29 February.
        return moment.replace(year=moment.year - years, day=28)

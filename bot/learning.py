"""Taking in what staff decided (배우기): every process looks for new lessons and models now and then."""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.backoff import pause
from handlers.world import World
from intents.learned import BadModel, Learned, from_bytes
from intents.training import Lesson
from intents.understanding import Understanding
from schedules.training import HELD_OUT_EVERY, MOST_HELD_OUT
from storage.away import DatabaseAway
from storage.engine import Database
from storage.learning import (
    StoredLesson,
    StoredModel,
    active_model,
    held_out_lessons,
    newest_lessons,
    weights_of,
)

EVERY_SECONDS = 20.0
_AT_ONCE = 100
_MOST_AT_START = 1_000
_OVERLAP = timedelta(minutes=2)
"""How far back is looked again: on PostgreSQL a lesson may be seen later than one noted after it."""

log = structlog.get_logger()


class Lessons:
    """Keeps one process's understanding at what staff have decided up to half a minute ago."""

    def __init__(self, database: Database, world: World, *, draw: random.Random) -> None:
        self._database = database
        self._world = world
        self._draw = draw
        self._version: int | None = None
        self._known: Understanding | None = None
        self._until: datetime | None = None
        self._seen: dict[int, datetime] = {}

    async def run(self) -> None:
        """Go on until cancelled; a database that is away is waited for."""
        failures = 0
        while True:
            try:
                await self.look()
                failures = 0
            except DatabaseAway as error:
                failures += 1
                log.error("lessons_wait_for_database", error=str(error))
            await asyncio.sleep(pause(failures, self._draw) if failures else EVERY_SECONDS)

    async def look(self) -> int:
        """Take in whatever is new; returns how many lessons that was."""
        async with self._database.read() as connection:
            active = await active_model(connection)
        version = active.version if active else None
        before = self._world.understanding
        if before is not self._known or version != self._version:
            # At the start, after a training, and when the pack was edited: that knows nothing of cases.
            return await self._begin(active, before)
        since = None if self._until is None else self._until - _OVERLAP
        async with self._database.read() as connection:
            found = await newest_lessons(connection, limit=_MOST_AT_START, since=since)
        new = self._unseen(found)
        if new:
            await self._take(before, before.by_office.learned, new)
        return len(new)

    async def _begin(self, active: StoredModel | None, before: Understanding) -> int:
        base = await self._stored(active)
        async with self._database.read() as connection:
            since = active.learned_until if active else None
            lessons = await newest_lessons(connection, limit=_MOST_AT_START, since=since)
            if active:
                # What was held out to compare models by is no secret to the one in use.
                held = await held_out_lessons(connection, every=HELD_OUT_EVERY, limit=MOST_HELD_OUT)
                known = {one.case_id for one in lessons}
                lessons = [one for one in held if one.case_id not in known] + lessons
        self._seen, self._until = {}, since
        self._version = active.version if active else None
        await self._take(before, base, lessons)
        log.info("model_in_use", version=self._version, lessons=len(lessons))
        return len(lessons)

    async def _stored(self, active: StoredModel | None) -> Learned:
        if active is None:
            return Learned()
        async with self._database.read() as connection:
            stored = await weights_of(connection, active.version)
        try:
            return await asyncio.to_thread(from_bytes, stored)
        except BadModel as error:
            log.error("model_cannot_be_read", version=active.version, error=str(error))
            return Learned()

    def _unseen(self, lessons: Sequence[StoredLesson]) -> list[StoredLesson]:
        return [one for one in lessons if self._seen.get(one.case_id) != one.at]

    async def _take(self, before: Understanding, learned: Learned, lessons: Sequence[StoredLesson]) -> None:
        learned = await asyncio.to_thread(before.by_office.adapted, learned)
        # In small parts and on a thread, so that a turn in between waits for none of them.
        for start in range(0, len(lessons), _AT_ONCE):
            part = [
                Lesson(one.text, one.department, one.case_id) for one in lessons[start : start + _AT_ONCE]
            ]
            learned = await asyncio.to_thread(before.by_office.with_lessons, learned, part)
        if self._world.understanding is not before:
            # Somebody edited the pack meanwhile: the next look begins with it.
            self._known = None
            return
        self._known = before.knowing(learned)
        self._world.take_understanding(self._known)
        for one in lessons:
            self._seen[one.case_id] = one.at
            self._until = max(self._until or one.at, one.at)
        if self._until is not None:
            oldest = self._until - 2 * _OVERLAP
            self._seen = {case_id: at for case_id, at in self._seen.items() if at >= oldest}

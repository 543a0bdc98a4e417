"""The writer of the inbox: arrivals that come together share one commit."""

import asyncio
from collections import deque

import structlog

from bot.measures import Measures
from handlers.ports import Waker
from storage.away import DatabaseAway
from storage.engine import Database
from storage.intake import Arrival, Received, receive

_MOST_AT_ONCE = 200

log = structlog.get_logger()


class InboxWriter:
    """Takes arrivals and returns when they are committed; while one commit runs, the next batch gathers."""

    def __init__(self, database: Database, waker: Waker, measures: Measures) -> None:
        self._database = database
        self._waker = waker
        self._measures = measures
        self._queue: deque[tuple[Arrival, asyncio.Future[Received]]] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def receive(self, arrival: Arrival) -> Received:
        """Write one arrival; whatever the database raises is raised here, and nothing was acknowledged."""
        done: asyncio.Future[Received] = asyncio.get_running_loop().create_future()
        self._queue.append((arrival, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return await done

    async def _write_all(self) -> None:
        while self._queue:
            count = min(len(self._queue), _MOST_AT_ONCE)
            batch = [self._queue.popleft() for _ in range(count)]
            try:
                await self._write(batch)
            except DatabaseAway as error:
                # None of them can be written now: everybody is told at once, and comes again.
                log.error("arrivals_not_written", count=count, error=str(error))
                _refuse(batch, error)
            except Exception as error:
                await self._write_one_by_one(batch, error)

    async def _write(self, batch: list[tuple[Arrival, asyncio.Future[Received]]]) -> None:
        async with self._database.begin(brief=True) as connection:
            results = await receive(connection, [arrival for arrival, _ in batch])
        for (arrival, done), result in zip(batch, results, strict=True):
            self._count(arrival, result)
            if not done.done():
                done.set_result(result)
        self._waker.wake()

    async def _write_one_by_one(
        self, batch: list[tuple[Arrival, asyncio.Future[Received]]], error: Exception
    ) -> None:
        # One arrival that the database will not have must not keep the others out.
        if len(batch) == 1:
            log.error("arrival_not_written", error=type(error).__name__)
            _refuse(batch, error)
            return
        for one in batch:
            try:
                await self._write([one])
            except Exception as own_error:
                await self._write_one_by_one([one], own_error)

    def _count(self, arrival: Arrival, result: Received) -> None:
        fresh = "unreadable" if arrival.fault else "new"
        self._measures.arrivals.labels(arrival.channel, fresh if result.inbox_id else "repeat").inc()


def _refuse(batch: list[tuple[Arrival, asyncio.Future[Received]]], error: Exception) -> None:
    for _, done in batch:
        if not done.done():
            done.set_exception(error)

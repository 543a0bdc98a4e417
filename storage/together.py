"""SQLite: short transactions that wait at the same time share one commit (묶음 커밋).

They run one after the other on the one connection that writes, each behind a savepoint of its own, and none
ends before the commit they share is on the disk. So each happens whole or not at all and lasts once its block
is left, exactly as one alone; only the waiting for the disk is shared (docs/performance.md).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.away import DatabaseAway, is_away, what_failed
from storage.inline import InlineConnection
from storage.quick import Plans, QuickConnection

_MOST = 64
_LONGEST_SECONDS = 0.02


class Together:
    """Opens short transactions over `engine`, whose pool holds the one writing connection."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._plans = Plans(engine.dialect)
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0
        self._group: _Group | None = None
        self._ending: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A short transaction; its end is the commit, shared or not. Raises DatabaseAway."""
        group = await self._enter()
        try:
            yield group.connection
            group.keep()
        except BaseException as error:
            group.take_back()
            if isinstance(error, DBAPIError) and is_away(error):
                raise DatabaseAway(what_failed(error)) from error
            raise
        finally:
            self._leave(group)
        await group.over()

    async def close(self) -> None:
        """Wait for the commits that are under way."""
        if self._ending:
            await asyncio.wait(self._ending)

    async def _enter(self) -> "_Group":
        self._waiting += 1
        try:
            await self._one_at_a_time.acquire()
        except asyncio.CancelledError:
            self._waiting -= 1
            # The others may have gone on only because this one was still to come.
            if self._group is not None and not self._waiting and not self._one_at_a_time.locked():
                self._end(self._group)
            raise
        self._waiting -= 1
        try:
            group = self._group = self._group or await _open(self._engine, self._plans)
        except BaseException:
            self._one_at_a_time.release()
            raise
        group.mark()
        return group

    def _leave(self, group: "_Group") -> None:
        if not self._waiting or group.is_full:
            self._end(group)
        self._one_at_a_time.release()

    def _end(self, group: "_Group") -> None:
        self._group = None
        task = asyncio.create_task(group.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


class _Group:
    """Transactions that end in one commit."""

    def __init__(self, connection: AsyncConnection, driver: InlineConnection) -> None:
        self.connection = connection
        self._driver = driver
        self._began = monotonic()
        self._kept = 0
        self._lost: Exception | None = DatabaseAway("not committed")
        self._over = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """True when the commit is due whoever waits, or when nothing can be added any more."""
        late = monotonic() - self._began > _LONGEST_SECONDS
        return late or self._kept >= _MOST or not self._driver.in_transaction

    def mark(self) -> None:
        """Begin the next one: whatever it does can be taken back alone."""
        self._driver.run("SAVEPOINT one")

    def keep(self) -> None:
        """The one that was marked last is done."""
        if not self._driver.in_transaction:
            raise DatabaseAway("rolled back")
        self._driver.run("RELEASE one")
        self._kept += 1

    def take_back(self) -> None:
        """Undo the one that was marked last. SQLite may have undone all of them: on a full disk, it does."""
        if self._driver.in_transaction:
            self._driver.run("ROLLBACK TO one")
            self._driver.run("RELEASE one")

    async def end(self) -> None:
        """Commit, and let everybody go on."""
        try:
            if self._kept and self._driver.in_transaction:
                await self.connection.commit()
                self._lost = None
            else:
                await self.connection.rollback()
        except DBAPIError as error:
            self._lost = error
        finally:
            await self.connection.close()
            self._over.set()

    async def over(self) -> None:
        """Return after the commit. Raises what it failed with."""
        await self._over.wait()
        if self._lost is not None:
            # Whatever it was, each of them can be tried again.
            raise DatabaseAway(what_failed(self._lost)) from self._lost


async def _open(engine: AsyncEngine, plans: Plans) -> _Group:
    try:
        connection = await engine.connect()
    except (DBAPIError, PoolTimeout, OSError) as error:
        raise DatabaseAway(what_failed(error)) from error
    try:
        await connection.begin()
        raw = await connection.get_raw_connection()
        driver = raw.driver_connection
        if not isinstance(driver, InlineConnection):
            raise TypeError("only SQLite's own writer can be shared")
        # Whoever listens to statements (a test) hears all of them.
        heard = bool(engine.sync_engine.dispatch.before_cursor_execute)
        return _Group(connection if heard else QuickConnection(connection, driver, plans), driver)
    except BaseException as error:
        await connection.close()
        if isinstance(error, DBAPIError) and is_away(error):
            raise DatabaseAway(what_failed(error)) from error
        raise

"""SQLite without a thread in between: statements run where they are asked for, only commits on a thread.

Handing each step of each statement to a thread and back, as aiosqlite does, costs many times what SQLite
itself needs for the short statements of a turn (docs/performance.md). A commit waits for the disk and goes to
a thread, so that other work goes on meanwhile. Reads that may be long use aiosqlite as it is.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self

_BUSY_SECONDS = 10.0
_LONGEST_PAUSE = 0.05
_LONGEST_HOLD = 0.01

Value = str | bytes | int | float | None
Description = tuple[tuple[str, None, None, None, None, None, None], ...]


class Breath:
    """Lets others run now and then: a long transaction of statements that never wait would hold all up."""

    def __init__(self) -> None:
        self._last = 0.0

    async def take(self) -> None:
        """Give way when nobody else could run for a while."""
        if time.monotonic() - self._last > _LONGEST_HOLD:
            await asyncio.sleep(0)
            self._last = time.monotonic()


class InlineCursor:
    """What SQLAlchemy's adapter for aiosqlite asks of a cursor."""

    def __init__(self, cursor: sqlite3.Cursor, breath: "Breath") -> None:
        self._cursor = cursor
        self._breath = breath

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Value] = ()) -> None:
        """Run one statement; while another process writes, wait for it as long as SQLite would."""
        loop = asyncio.get_running_loop()
        pause, until = 0.001, loop.time() + _BUSY_SECONDS
        while True:
            try:
                self._cursor.execute(statement, parameters)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or loop.time() > until:
                    raise
                # SQLite's own way to wait would hold up everything else.
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return await self._breath.take()

    async def executemany(self, statement: str, parameters: Sequence[Sequence[Value]]) -> None:
        """Run one statement for each set of values."""
        self._cursor.executemany(statement, parameters)
        await self._breath.take()

    async def fetchall(self) -> list[tuple[Value, ...]]:
        """All rows of the last statement."""
        return self._cursor.fetchall()

    async def close(self) -> None:
        """Give the statement back."""
        self._cursor.close()

    @property
    def description(self) -> Description | None:
        """The columns of the last statement."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed."""
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The id of the last row inserted."""
        return self._cursor.lastrowid


class InlineConnection:
    """What SQLAlchemy's adapter for aiosqlite asks of a connection."""

    def __init__(self, file: str) -> None:
        # Never two threads at once; a commit is waited for. Transactions are begun by us alone.
        self._connection: sqlite3.Connection | None = sqlite3.connect(
            file, timeout=0, isolation_level=None, check_same_thread=False
        )
        self._breath = Breath()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-commit")

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("Connection closed")
        return self._connection

    def cursor(self) -> InlineCursor:
        """A new cursor."""
        return InlineCursor(self._open.cursor(), self._breath)

    @property
    def in_transaction(self) -> bool:
        """False when SQLite has taken the transaction back by itself."""
        return self._open.in_transaction

    def run(self, statement: str) -> None:
        """Run a statement of a transaction that waits for nobody (a savepoint)."""
        self._open.execute(statement)

    async def run_now(self, statement: str, values: Sequence[object]) -> tuple[list[tuple[Value, ...]], int]:
        """Run a statement inside a transaction, where nobody is waited for: its rows, how many changed."""
        cursor = self._open.execute(statement, values)
        rows = cursor.fetchall()
        await self._breath.take()
        return rows, cursor.rowcount

    async def run_many(
        self, statement: str, values: Sequence[Sequence[object]]
    ) -> tuple[list[tuple[Value, ...]], int]:
        """Run a statement that gives nothing back for each set of values."""
        cursor = self._open.executemany(statement, values)
        await self._breath.take()
        return [], cursor.rowcount

    async def create_function(
        self, name: str, arguments: int, function: Callable[..., Value], *, deterministic: bool = False
    ) -> None:
        """Make a Python function known to SQL."""
        self._open.create_function(name, arguments, function, deterministic=deterministic)

    async def commit(self) -> None:
        """Write to the disk, on the thread. Once begun it is waited for, also by who is cancelled."""
        done = asyncio.get_running_loop().run_in_executor(self._thread, self._open.commit)
        try:
            await asyncio.shield(done)
        except asyncio.CancelledError:
            await asyncio.wait({done})
            raise

    async def rollback(self) -> None:
        """Take everything since the begin back."""
        self._open.rollback()

    async def close(self) -> None:
        """Close the file."""
        self.stop()

    def stop(self) -> None:
        """Close the file at once."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._thread.shutdown(wait=False)


async def open_inline(file: str, **_options: object) -> InlineConnection:
    """A connection for `create_async_engine(connect_args={"async_creator_fn": open_inline})`."""
    return InlineConnection(file)

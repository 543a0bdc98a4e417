"""The database: one door to read, one to write, on SQLite and PostgreSQL."""

import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.away import DatabaseAway, is_away, what_failed
from storage.inline import open_inline
from storage.together import Together

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}

# Pragmas per connection. FULL keeps a committed turn through a power cut, not only through a crash.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA temp_store=MEMORY",
)


# What stands behind the ? of an address of PostgreSQL, and may.
_SSL = "ssl"
_SSL_MODES = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
_OPTIONS = frozenset(
    {"host", "port", "user", "password", "database", "passfile", "timeout", "command_timeout"}
)


class WrongAddress(ValueError):  # noqa: N818 - said to the operator as it is
    """An address of a database that cannot be used. The text names what is wrong and holds no password."""


def async_url(url: str) -> URL:
    """The SQLAlchemy URL with the async driver, from plain `sqlite:///…` or `postgresql://…` too.

    libpq's `sslmode` is read as what the driver calls `ssl`. Raises WrongAddress for any other database and
    for options the driver would not know.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend not in _DRIVERS:
        raise WrongAddress(f"{backend} is not supported; use sqlite:///… or postgresql://…")
    if backend != "sqlite":
        parsed = _with_known_options(parsed)
    return parsed.set(drivername=_DRIVERS[backend])


def _with_known_options(url: URL) -> URL:
    options = dict(url.query)
    mode = options.pop("sslmode", None) or options.pop(_SSL, None)
    unknown = sorted(set(options) - _OPTIONS)
    if unknown:
        raise WrongAddress(f"?{unknown[0]}= is not known; take it out, for TLS write ?sslmode=require")
    if mode is None:
        return url
    if mode not in _SSL_MODES:
        raise WrongAddress(f"?sslmode= must be one of {', '.join(sorted(_SSL_MODES))}")
    return url.set(query={**options, _SSL: mode})


class Database:
    """Opens transactions. Writers on SQLite queue here, fairly, instead of inside SQLite.

    A connection to PostgreSQL that rested longer than `trusted_seconds` is asked first if it still stands.
    """

    def __init__(self, url: str, *, pool_size: int = 8, trusted_seconds: float = 5.0) -> None:
        target = async_url(url)
        self.is_sqlite = target.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if target.database and target.database != ":memory:":
                _lay_down(Path(target.database))
            self._writer = _sqlite_writer(target)
            self._reader = _sqlite_reader(target, pool_size=pool_size)
            self._together: Together | None = Together(self._writer)
        else:
            self._writer = self._reader = _postgresql(target, pool_size, trusted_seconds)
            self._together = None

    def begin(self, *, brief: bool = False) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that may write; commits at the end, rolls back on any error.

        A `brief` one (milliseconds, waiting for nothing but the database) may share its commit with others
        on SQLite. Raises DatabaseAway when the database cannot be had now.
        """
        if brief and self._together is not None:
            return self._together.begin()
        return _transaction(self._writer)

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that only reads: on SQLite it never waits for a writer. Raises DatabaseAway."""
        return _transaction(self._reader)

    async def close(self) -> None:
        """Give all connections back."""
        if self._together is not None:
            await self._together.close()
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


@asynccontextmanager
async def _transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    try:
        connection = await engine.connect()
    except (DBAPIError, PoolTimeout, OSError) as error:
        raise DatabaseAway(what_failed(error)) from error
    try:
        async with connection.begin():
            yield connection
    except DBAPIError as error:
        if is_away(error):
            raise DatabaseAway(what_failed(error)) from error
        raise
    finally:
        await connection.close()


def _postgresql(url: URL, pool_size: int, trusted_seconds: float) -> AsyncEngine:
    engine = create_async_engine(
        url, pool_size=pool_size, max_overflow=4, pool_timeout=30, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "checkin")
    def rest(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info["rests_since"] = time.monotonic()

    # SQLAlchemy's own ping asks at every transaction, and costs three round trips each time.
    @event.listens_for(engine.sync_engine, "checkout")
    def ask(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        since = entry.info.get("rests_since")
        if since is None or time.monotonic() - since < trusted_seconds:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    return engine


def _lay_down(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # What residents said is in it, and SQLite gives the files beside it the same rights. Where it cannot be
    # laid down, SQLite says why when it is opened.
    with suppress(OSError):
        file.touch(mode=0o600, exist_ok=True)


def _sqlite_writer(url: URL) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=1,
        max_overflow=0,
        pool_timeout=60,
        hide_parameters=True,
        connect_args={"async_creator_fn": open_inline},
    )
    # It waits by itself for others who write.
    _on_connect(engine, *_PRAGMAS, "PRAGMA busy_timeout=0")
    _on_begin(engine, "BEGIN IMMEDIATE")
    return engine


def _sqlite_reader(url: URL, *, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=60,
        hide_parameters=True,
        # The driver must not begin transactions by itself: too late, after the first read.
        connect_args={"isolation_level": None},
    )
    _on_connect(engine, *_PRAGMAS)
    _on_begin(engine, "BEGIN")
    return engine


def _on_connect(engine: AsyncEngine, *pragmas: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()


def _on_begin(engine: AsyncEngine, statement: str) -> None:
    @event.listens_for(engine.sync_engine, "begin")
    def begin_now(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

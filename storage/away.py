"""Telling a database that cannot be had now from a statement that it will never take."""

from sqlalchemy.exc import DBAPIError, OperationalError

# Classes of PostgreSQL's SQLSTATE (its manual, appendix A): what another try later may well mend.
_CLASSES = frozenset(
    {
        "08",  # the connection broke
        "40",  # rolled back: deadlock, serialization
        "53",  # out of memory, disk or connections
        "57",  # an operator stopped it, or it is starting
        "58",  # its disk failed
    }
)
_LOCK_NOT_AVAILABLE = "55P03"
# SQLite's own name for a fault of the statement; its other operational errors are of files and locks.
_SQLITE_STATEMENT = "SQLITE_ERROR"


class DatabaseAway(ConnectionError):  # noqa: N818 - a state to wait out, not a fault of ours
    """The database is away, full, locked or starting. What was tried may be tried again as it is.

    When it went away during the commit, nobody knows whether that was kept: so everything tried again is
    written to happen once.
    """


def is_away(error: DBAPIError) -> bool:
    """True when the same statement may succeed later; False when it never will."""
    if error.connection_invalidated:
        return True
    driver = error.driver_exception
    sqlite = getattr(driver, "sqlite_errorname", None)
    if isinstance(sqlite, str):
        return isinstance(error, OperationalError) and sqlite != _SQLITE_STATEMENT
    state = getattr(driver, "sqlstate", None)
    return isinstance(state, str) and (state[:2] in _CLASSES or state == _LOCK_NOT_AVAILABLE)


def what_failed(error: Exception) -> str:
    """The type of the driver's error: never its words, which may hold a person's."""
    driver = error.driver_exception if isinstance(error, DBAPIError) else error
    return type(driver).__name__

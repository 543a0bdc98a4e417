"""One program on one SQLite file: a second would find every lease of the first in its way."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.engine import async_url


class DatabaseInUse(Exception):  # noqa: N818 - an outcome to word
    """Another process runs on this SQLite file; the text says which file."""


@contextmanager
def sole_use(url: str) -> Iterator[None]:
    """Keep the database at `url` to this process until the end, where it is a SQLite file.

    The system takes the lock back when the process ends, however it does. Raises DatabaseInUse.
    """
    target = async_url(url)
    file = target.database
    if target.get_backend_name() != "sqlite" or not file or file == ":memory:":
        yield
        return
    path = Path(f"{file}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatabaseInUse(file) from None
        yield

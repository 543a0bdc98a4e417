"""Who of several processes polls: the one that holds the lease in the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.engine import Database
from storage.leases import end_lease, hold_lease

LEASE_NAME = "telegram-poll"


@dataclass(frozen=True, slots=True)
class LeaseTurnstile:
    """One process at a time, by lease; a process that dies is replaced when its `lease` is over.

    On SQLite there is one process, so nothing is asked: a restart polls at once.
    """

    database: Database
    owner: str
    clock: Callable[[], datetime]
    lease: timedelta = timedelta(seconds=5)

    async def hold(self) -> bool:
        """Take or keep the right to poll; False while another process has it."""
        if self.database.is_sqlite:
            return True
        async with self.database.begin() as connection:
            return await hold_lease(
                connection, LEASE_NAME, owner=self.owner, now=self.clock(), lease=self.lease
            )

    async def end(self) -> None:
        """Give the right back."""
        if self.database.is_sqlite:
            return
        async with self.database.begin() as connection:
            await end_lease(connection, LEASE_NAME, owner=self.owner)

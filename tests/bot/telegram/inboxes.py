"""What updates are taken into, for tests: the real inbox of a database, and one that can fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select

from bot.intake import InboxWriter
from bot.measures import Measures
from bot.telegram.reading import Reader
from storage.engine import Database
from storage.intake import Arrival, Received
from storage.tables import InboxRow


def now() -> datetime:
    return datetime.now(UTC)


READER = Reader(123456, "", ("ko", "en"), now)


class _Nobody:
    def wake(self) -> None:
        return


@dataclass(slots=True)
class Inbox:
    """The real inbox; `fails` times it refuses first, as when the database is away."""

    database: Database
    writer: InboxWriter
    fails: int = 0
    refused: list[str] = field(default_factory=list)

    async def receive(self, arrival: Arrival) -> Received:
        if self.fails:
            self.fails -= 1
            self.refused.append(arrival.external_id)
            raise OSError("the database is away")
        return await self.writer.receive(arrival)

    async def taken(self) -> list[tuple[str, str]]:
        """Id and state of every row, in the order they came."""
        async with self.database.read() as connection:
            result = await connection.execute(
                select(InboxRow.external_id, InboxRow.state).order_by(InboxRow.id)
            )
            return [(external_id, state) for external_id, state in result]


@asynccontextmanager
async def inbox(url: str) -> AsyncIterator[Inbox]:
    database = Database(url)
    try:
        yield Inbox(database, InboxWriter(database, _Nobody(), Measures()))
    finally:
        await database.close()

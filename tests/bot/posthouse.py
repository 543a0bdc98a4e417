"""A channel of the test's own, and the real sender over it."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.app import utc_now
from bot.channel import Channel, Delivered, Outcome, Rendered
from bot.letters import Letters
from bot.measures import Measures
from bot.pacing import Pacer
from bot.sender import Sender
from bot.settings import Pace
from bot.signals import Bell
from handlers.world import World
from storage.engine import Database
from storage.files import FileStore
from storage.outbox import Parcel

UNLIMITED = Pace(0, 0, 0)
TEMPLATE = "privacy.erased"
"""Any text without parameters; letters are told apart by their address."""


@dataclass(frozen=True, slots=True)
class Call:
    """One delivery as the channel saw it; `began` and `ended` are seconds of `time.monotonic`."""

    parcel: Parcel
    began: float
    ended: float
    outcome: Outcome


@dataclass
class Postman:
    """A messenger: what it is told to answer, it answers; every delivery is written down."""

    answers: Callable[[Parcel, int], Outcome] = lambda _parcel, _number: Delivered("1")
    """The outcome by parcel and by the number of the delivery (0, 1, 2 …)."""
    seconds: float = 0.0
    calls: list[Call] = field(default_factory=list)
    begun: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def name(self) -> str:
        return "telegram"

    async def deliver(self, parcel: Parcel, rendered: Rendered) -> Outcome:
        began, number = time.monotonic(), self.begun
        self.begun += 1
        assert rendered.text
        await asyncio.sleep(self.seconds)
        outcome = self.answers(parcel, number)
        self.calls.append(Call(parcel, began, time.monotonic(), outcome))
        self.changed.set()
        return outcome

    async def fetch(self, remote: str, limit: int) -> bytes:
        raise AssertionError("nothing is fetched here")

    @property
    def delivered(self) -> list[str]:
        """The addresses of what arrived, in order."""
        return [call.parcel.address for call in self.calls if isinstance(call.outcome, Delivered)]

    async def until(self, true: Callable[[], bool], seconds: float = 10) -> None:
        """Wait until something about the deliveries is true."""
        async with asyncio.timeout(seconds):
            while not true():
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def sending(
    database: Database,
    channel: Channel,
    world: World,
    folder: Path,
    *,
    pace: Pace = UNLIMITED,
    bell: Bell | None = None,
) -> AsyncIterator[Sender]:
    """Run one process's sender until the end."""
    draw = random.Random(1)
    sender = Sender(
        database,
        channel,
        Letters(world.renderer, FileStore(folder), database),
        Pacer(channel.name, pace),
        bell or Bell(),
        owner=f"process {time.monotonic_ns()}",
        clock=utc_now,
        measures=Measures(),
        draw=draw,
    )
    running = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        running.cancel()
        ended = (await asyncio.gather(running, return_exceptions=True))[0]
        await sender.drain()
        # A sender goes on for ever: whatever ended it before its time is a fault.
        assert isinstance(ended, asyncio.CancelledError), ended

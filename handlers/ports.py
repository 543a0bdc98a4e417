"""What the rooms above hand in: the doors to the world that handlers and pages are given."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from storage.intake import Arrival, Received

Clock = Callable[[], datetime]
"""Says what time it is (aware, UTC)."""


class Intake(Protocol):
    """Writes one arrival durably; many at once share a commit."""

    async def receive(self, arrival: Arrival) -> Received:
        """Return after the commit: only then may the channel acknowledge."""
        ...


class Waker(Protocol):
    """Tells the loops of this process that a commit left work for them."""

    def wake(self) -> None:
        """Look for work now; never blocks."""
        ...


class News(Protocol):
    """Tells pages that a conversation has something new to show."""

    def wait_for(self, conversation_id: int, seconds: float) -> Awaitable[bool]:
        """True as soon as something new may be there, False after `seconds`."""
        ...

"""Waking what waits within this process; other processes find their work by looking every so often."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable


class Bell:
    """Rung after a commit that left work; a loop waits for it, but never longer than it says."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Look for work now."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Return when the bell was rung since the last wait, or after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            pass
        self._event.clear()


class NewsBoard:
    """Lets pages wait for something new in their conversation."""

    def __init__(self) -> None:
        self._waiting: defaultdict[int, set[asyncio.Event]] = defaultdict(set)

    def announce(self, conversations: Iterable[int]) -> None:
        """Something new can be seen in these conversations."""
        for conversation in conversations:
            for event in self._waiting.get(conversation, ()):
                event.set()

    async def wait_for(self, conversation_id: int, seconds: float) -> bool:
        """True as soon as something new may be there, False after `seconds`."""
        event = asyncio.Event()
        waiting = self._waiting[conversation_id]
        waiting.add(event)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return False
        finally:
            waiting.discard(event)
            if not waiting:
                self._waiting.pop(conversation_id, None)
        return True

"""Pacing: how many messages may go out now, kept in rows so that a restart and other processes heed it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.settings import Pace
from handlers.replies import ReplyKind
from storage.outbox import Parcel
from storage.pacing import channel_pace, set_pace

_SOONEST = 0.0


class Pacer:
    """Heeds one channel's limits: in all, to one person, to one group, and when it asked for silence."""

    def __init__(self, channel: str, pace: Pace) -> None:
        self._channel = channel
        self._pace = pace
        self._next: datetime | None = None
        self._slot: datetime | None = None
        self._silent_until: datetime | None = None

    def seconds_to_wait(self, now: datetime) -> float:
        """How long nothing may be sent, as far as this process knows."""
        return _SOONEST if self._next is None else max(_SOONEST, (self._next - now).total_seconds())

    def be_silent(self, until: datetime) -> None:
        """The channel asked for silence: heeded in this process before it can be written for the others."""
        self._silent_until = self._next = until

    def silence(self, now: datetime) -> timedelta | None:
        """How much longer the channel wants silence, None when it wants none."""
        until = self._silent_until
        return until - now if until is not None and until > now else None

    async def allowed(self, connection: AsyncConnection, now: datetime, most: int) -> int:
        """How many may go out now, at most `most`."""
        slot, closed_until = await channel_pace(connection, self._channel)
        if closed_until is not None and closed_until > now:
            self.be_silent(closed_until)
            return 0
        if not self._pace.per_second:
            return most
        if slot is not None and slot > now:
            self._next = min(slot, now + timedelta(seconds=60))
            return 0
        self._slot = slot
        return 1

    async def take(self, connection: AsyncConnection, now: datetime, count: int) -> None:
        """Use up `count` slots."""
        if self._pace.per_second:
            interval = timedelta(seconds=1 / self._pace.per_second)
            # A slot taken a little late does not move all that follow; more than one is never made up for,
            # so that no second holds more than the pace and one.
            start = now if self._slot is None else max(self._slot, now - interval)
            self._next = start + count * interval
            await set_pace(connection, self._channel, next_slot_at=self._next)

    async def close(self, connection: AsyncConnection, until: datetime) -> None:
        """The channel asked for silence until then: nothing goes out, from any process."""
        self.be_silent(until)
        await set_pace(connection, self._channel, closed_until=until)

    def next_for(self, parcels: Sequence[Parcel], now: datetime) -> dict[int, datetime]:
        """When each conversation may be written to next. A word at a button does not count."""
        waits = {
            parcel.conversation_id: self._pace.group_seconds if parcel.is_group else self._pace.chat_seconds
            for parcel in parcels
            if parcel.kind != ReplyKind.TOAST
        }
        return {one: now + timedelta(seconds=seconds) for one, seconds in waits.items() if seconds}

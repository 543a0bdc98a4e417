"""The sender: takes outbox rows by lease, renders, sends, and writes how it ended. Nobody else sends."""

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.backoff import delay, pause
from bot.channel import Channel, Delivered, Gone, Moved, Outcome, Refused, TryLater
from bot.faults import place_of
from bot.letters import Letters
from bot.measures import Measures
from bot.pacing import Pacer
from bot.signals import Bell
from handlers.ports import Clock
from storage.away import DatabaseAway
from storage.engine import Database
from storage.outbox import Parcel, Settled, claim_parcels, settle
from storage.pacing import pace_conversations

_LEASE = timedelta(seconds=120)
_SEND_TIMEOUT = 60.0
_LOOK_EVERY = 0.2
_MOST_ATTEMPTS = 12
_MOST_UNDER_WAY = 64
_DRAIN_SECONDS = 10

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Sent:
    parcel: Parcel
    outcome: Outcome


class Sender:
    """Sends one channel's rows: head of each conversation first, many conversations side by side."""

    def __init__(
        self,
        database: Database,
        channel: Channel,
        letters: Letters,
        pacer: Pacer,
        bell: Bell,
        *,
        owner: str,
        clock: Clock,
        measures: Measures,
        draw: random.Random,
    ) -> None:
        self._database = database
        self._channel = channel
        self._letters = letters
        self._pacer = pacer
        self._bell = bell
        self._owner = owner
        self._clock = clock
        self._measures = measures
        self._draw = draw
        self._under_way: set[asyncio.Task[None]] = set()
        self._sent: list[_Sent] = []
        self._settling: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Go on until cancelled; a database that is away is waited for."""
        failures = 0
        while True:
            try:
                busy = await self._pass()
                failures = 0
            except DatabaseAway as error:
                failures += 1
                log.error("sender_waits_for_database", error=str(error))
                await asyncio.sleep(pause(failures, self._draw))
                continue
            if not busy:
                await self._bell.wait(_LOOK_EVERY)

    async def drain(self) -> None:
        """Finish what is under way and write how it ended."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_DRAIN_SECONDS)
        for task in self._under_way:
            task.cancel()
        if self._settling is not None:
            await asyncio.wait({self._settling}, timeout=_DRAIN_SECONDS)
            self._settling.cancel()

    async def _pass(self) -> bool:
        self._measures.alive.labels(self._channel.name).set_to_current_time()
        free = _MOST_UNDER_WAY - len(self._under_way)
        if free <= 0:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            return True
        wait = self._pacer.seconds_to_wait(self._clock())
        if wait > 0:
            await asyncio.sleep(min(wait, _LOOK_EVERY))
            return True
        async with self._database.begin(brief=True) as connection:
            parcels = await self._claim(connection, free)
        for parcel in parcels:
            task = asyncio.create_task(self._send(parcel))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return bool(parcels)

    async def _claim(self, connection: AsyncConnection, free: int) -> list[Parcel]:
        now = self._clock()
        allowed = await self._pacer.allowed(connection, now, free)
        if allowed <= 0:
            return []
        parcels = await claim_parcels(
            connection, channel=self._channel.name, owner=self._owner, now=now, lease=_LEASE, limit=allowed
        )
        if parcels:
            await self._pacer.take(connection, now, len(parcels))
            await pace_conversations(connection, self._pacer.next_for(parcels, now))
        return parcels

    async def _send(self, parcel: Parcel) -> None:
        outcome = await self._deliver(parcel)
        if isinstance(outcome, TryLater) and outcome.after:
            self._pacer.be_silent(self._clock() + outcome.after)
        self._measures.deliveries.labels(self._channel.name, type(outcome).__name__).inc()
        self._sent.append(_Sent(parcel, outcome))
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._settle_all())

    async def _deliver(self, parcel: Parcel) -> Outcome:
        try:
            rendered = await self._letters.render(parcel)
        except DatabaseAway:
            return TryLater("the database is away")
        except Exception as error:
            log.error(
                "parcel_not_rendered", outbox_id=parcel.id, error=type(error).__name__, at=place_of(error)
            )
            return Refused(f"not rendered: {type(error).__name__}")
        silence = self._pacer.silence(self._clock())
        if silence is not None:
            return TryLater("the channel asked for silence meanwhile", silence)
        try:
            async with asyncio.timeout(_SEND_TIMEOUT):
                return await self._channel.deliver(parcel, rendered)
        except TimeoutError:
            return TryLater("timed out")
        except Exception as error:
            log.error("channel_failed", outbox_id=parcel.id, error=type(error).__name__, at=place_of(error))
            return TryLater(type(error).__name__)

    async def _settle_all(self) -> None:
        failures = 0
        together = True
        while self._sent:
            batch = self._sent if together else self._sent[:1]
            self._sent = self._sent[len(batch) :]
            try:
                await self._settle(batch)
                failures = 0
            except DatabaseAway as error:
                # Sent but not written: try until it is, so that nobody is told twice.
                self._sent = batch + self._sent
                failures += 1
                log.error("outcome_waits_for_database", error=str(error))
                await asyncio.sleep(pause(failures, self._draw))
            except Exception as error:
                # One outcome the database will not have must not keep the others out.
                if len(batch) > 1:
                    self._sent, together = batch + self._sent, False
                    continue
                log.error("outcome_not_written", outbox_id=batch[0].parcel.id, error=type(error).__name__)
        self._bell.wake()

    async def _settle(self, batch: list[_Sent]) -> None:
        now = self._clock()
        async with self._database.begin(brief=True) as connection:
            closed = [
                one.outcome.after for one in batch if isinstance(one.outcome, TryLater) and one.outcome.after
            ]
            if closed:
                await self._pacer.close(connection, now + max(closed))
            await settle(connection, [self._settled(one, now) for one in batch], now)

    def _settled(self, sent: _Sent, now: datetime) -> Settled:
        parcel = sent.parcel
        match sent.outcome:
            case Delivered(external_id):
                return Settled(parcel.id, parcel.conversation_id, "sent", external_id=external_id)
            case Gone(reason):
                return Settled(parcel.id, parcel.conversation_id, "held", reason, unreachable=True)
            case Moved(new_address):
                return Settled(
                    parcel.id,
                    parcel.conversation_id,
                    "waiting",
                    "moved",
                    retry_at=now,
                    new_address=new_address,
                )
            case Refused(reason):
                return Settled(parcel.id, parcel.conversation_id, "dead", reason)
            case TryLater(reason, after):
                return self._again(parcel, reason, after, now)

    def _again(self, parcel: Parcel, reason: str, after: timedelta | None, now: datetime) -> Settled:
        if after is None and parcel.attempts >= _MOST_ATTEMPTS:
            return Settled(parcel.id, parcel.conversation_id, "dead", reason)
        wait = delay(parcel.attempts, self._draw) if after is None else after
        return Settled(parcel.id, parcel.conversation_id, "waiting", reason, retry_at=now + wait)

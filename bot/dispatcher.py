"""The dispatcher: takes the oldest waiting turn of each conversation and answers it in one transaction."""

import asyncio
import random
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.backoff import delay, pause
from bot.faults import place_of
from bot.measures import Measures
from bot.posting import posts_of
from bot.prepare import Preparer
from bot.signals import Bell
from handlers.conversation import converse
from handlers.flows.limits import WINDOW
from handlers.ports import Clock, Waker
from handlers.replies import Reply
from handlers.scene import Outcome, Scene
from handlers.turns import Text, Turn, restored
from handlers.world import World
from storage.away import DatabaseAway
from storage.dialogues import (
    Claim,
    Conversation,
    WaitingTurn,
    claim_conversations,
    count_attempt,
    enter,
    give_up,
    leave,
    mark_handled,
    release,
    waiting_turns,
)
from storage.engine import Database
from storage.outbox import put

_LEASE = timedelta(seconds=60)
_MOST_AT_ONCE = 16
_MOST_IN_A_ROW = 20
_LOOK_EVERY = 0.5
_MOST_ATTEMPTS = 3
_DRAIN_SECONDS = 10

log = structlog.get_logger()


class Dispatcher:
    """Serves conversations side by side, each in order. Holds nothing that matters in memory."""

    def __init__(
        self,
        database: Database,
        world: World,
        bell: Bell,
        *,
        owner: str,
        clock: Clock,
        outgoing: Waker,
        preparer: Preparer,
        measures: Measures,
        draw: random.Random,
    ) -> None:
        self._database = database
        self._world = world
        self._bell = bell
        self._owner = owner
        self._clock = clock
        self._outgoing = outgoing
        self._preparer = preparer
        self._measures = measures
        self._draw = draw
        self._serving: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Go on until cancelled; a database that is away is waited for."""
        failures = 0
        while True:
            try:
                taken = await self._pass()
                failures = 0
            except DatabaseAway as error:
                failures += 1
                log.error("dispatcher_waits_for_database", error=str(error))
                await asyncio.sleep(pause(failures, self._draw))
                continue
            if not taken:
                await self._bell.wait(_LOOK_EVERY)

    async def drain(self) -> None:
        """Finish what is being served; what hangs is left to whoever comes next."""
        if self._serving:
            await asyncio.wait(self._serving, timeout=_DRAIN_SECONDS)
        for task in self._serving:
            task.cancel()

    async def _pass(self) -> bool:
        self._measures.alive.labels("dispatcher").set_to_current_time()
        free = _MOST_AT_ONCE - len(self._serving)
        if free <= 0:
            await asyncio.wait(self._serving, return_when=asyncio.FIRST_COMPLETED)
            return True
        now = self._clock()
        async with self._database.begin(brief=True) as connection:
            claims = await claim_conversations(
                connection, owner=self._owner, now=now, lease=_LEASE, limit=free
            )
            ids = [claim.conversation_id for claim in claims]
            turns = await waiting_turns(connection, ids, _MOST_IN_A_ROW * len(ids)) if ids else []
        for claim in claims:
            own = [turn for turn in turns if turn.conversation_id == claim.conversation_id]
            task = asyncio.create_task(self._serve(claim, own))
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)
        return bool(claims)

    async def _serve(self, claim: Claim, turns: list[WaitingTurn]) -> None:
        failures = 0
        known: list[WaitingTurn] | None = turns
        while True:
            try:
                return await self._serve_all(claim, await self._waiting(claim) if known is None else known)
            except DatabaseAway as error:
                failures += 1
                log.error("turn_waits_for_database", error=str(error))
                await asyncio.sleep(pause(failures, self._draw))
            # The last commit may have been kept, so what waits is read anew; the fence tells if we still may.
            known = None

    async def _waiting(self, claim: Claim) -> list[WaitingTurn]:
        async with self._database.read() as connection:
            return await waiting_turns(connection, [claim.conversation_id], _MOST_IN_A_ROW)

    async def _serve_all(self, claim: Claim, turns: list[WaitingTurn]) -> None:
        answered = 0
        while turns and answered < _MOST_IN_A_ROW:
            for turn in turns:
                if not await self._answer_or_count(claim, turn):
                    return
                answered += 1
            turns = await self._waiting(claim)
        # Others have waited while this conversation was served; or nothing waited in it at all.
        async with self._database.begin(brief=True) as connection:
            await release(connection, claim, self._clock() if turns else None)
        self._bell.wake()

    async def _answer_or_count(self, claim: Claim, waiting: WaitingTurn) -> bool:
        try:
            return await self._answer(claim, waiting)
        except DatabaseAway:
            raise
        except Exception as error:
            # The words of an error may be a resident's; its type and place are not.
            log.error(
                "turn_failed", inbox_id=waiting.inbox_id, error=type(error).__name__, at=place_of(error)
            )
            await self._count_failure(claim, waiting, error)
            return False

    async def _answer(self, claim: Claim, waiting: WaitingTurn) -> bool:
        """True when the conversation is still ours afterwards."""
        body, author = restored(waiting.body)
        body = await self._preparer.prepare(waiting.channel, body)
        now = self._clock()
        async with self._database.begin(brief=True) as connection:
            talk = await enter(connection, claim, now + _LEASE)
            if talk is None or not await mark_handled(connection, waiting.inbox_id, now):
                return False
            talk = _counted(talk, now)
            turn = Turn(waiting.inbox_id, body, waiting.received_at, author)
            outcome = await converse(Scene(connection, self._world, talk, turn, now))
            await put(connection, posts_of(talk, turn, outcome, now))
            more = await leave(
                connection,
                claim,
                waiting.inbox_id,
                outcome.dialogue or talk.dialogue,
                now,
                burst=(talk.burst_since, talk.burst_count),
            )
        self._settled(waiting, outcome, now)
        return more

    def _settled(self, waiting: WaitingTurn, outcome: Outcome, now: datetime) -> None:
        self._measures.turns.labels("done").inc()
        self._measures.turn_seconds.observe(max(0.0, (now - waiting.received_at).total_seconds()))
        for note in outcome.notes:
            self._measures.events.labels(note).inc()
        self._outgoing.wake()

    async def _count_failure(self, claim: Claim, waiting: WaitingTurn, error: Exception) -> None:
        now = self._clock()
        fault = type(error).__name__
        attempts = waiting.attempts + 1
        hopeless = isinstance(error, ValidationError) or attempts >= _MOST_ATTEMPTS
        async with self._database.begin(brief=True) as connection:
            talk = await enter(connection, claim, now + _LEASE)
            if talk is None:
                return
            await count_attempt(connection, waiting.inbox_id, fault)
            if hopeless:
                await self._apologise(connection, claim, talk, waiting, fault)
            else:
                await release(connection, claim, now + delay(attempts, self._draw))
        self._measures.turns.labels("failed" if hopeless else "again").inc()
        self._outgoing.wake()

    async def _apologise(
        self, connection: AsyncConnection, claim: Claim, talk: Conversation, waiting: WaitingTurn, fault: str
    ) -> None:
        now = self._clock()
        await give_up(connection, waiting.inbox_id, now, fault)
        phone = self._world.directory.city.call_centre
        sorry = Outcome((Reply("sorry.failed", {"call_centre": phone}),))
        turn = Turn(waiting.inbox_id, Text(""), waiting.received_at)
        await put(connection, posts_of(talk, turn, sorry, now))
        await release(connection, claim, None)


def _counted(talk: Conversation, now: datetime) -> Conversation:
    since = talk.burst_since
    if since is None or now - since >= WINDOW:
        return replace(talk, burst_since=now, burst_count=1)
    return replace(talk, burst_count=talk.burst_count + 1)

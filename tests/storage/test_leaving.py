"""Whatever comes in while a conversation is served is served too, once and in order."""

import asyncio
import random
from collections import defaultdict
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from storage.dialogues import (
    Claim,
    claim_conversations,
    enter,
    leave,
    mark_handled,
    release,
    waiting_turns,
)
from storage.engine import Database
from storage.tables import ConversationRow, InboxRow
from tests.storage.scenery import LEASE, arrival, take_in

TALKS = 3
ARRIVALS = 30


class _Served:
    """What was handled, by conversation, in the order of its commits."""

    def __init__(self, database: Database, draw: random.Random) -> None:
        self.database = database
        self.draw = draw
        self.handled: defaultdict[int, list[int]] = defaultdict(list)

    async def pause(self) -> None:
        for _ in range(self.draw.randrange(4)):
            await asyncio.sleep(0)

    async def once(self, owner: str) -> bool:
        """Claim what is ready and serve it, as the dispatcher does; False when nothing was."""
        now = datetime.now(UTC)
        async with self.database.begin() as connection:
            claims = await claim_conversations(connection, owner=owner, now=now, lease=LEASE, limit=2)
            turns = await waiting_turns(connection, [claim.conversation_id for claim in claims], 20)
        for claim in claims:
            own = [turn.inbox_id for turn in turns if turn.conversation_id == claim.conversation_id]
            await self.pause()
            await self._serve(claim, own)
        return bool(claims)

    async def _serve(self, claim: Claim, inbox_ids: list[int]) -> None:
        for inbox_id in inbox_ids:
            if not await self._answer(claim, inbox_id):
                return
        async with self.database.begin() as connection:
            await self.pause()
            await release(connection, claim, None)

    async def _answer(self, claim: Claim, inbox_id: int) -> bool:
        now = datetime.now(UTC)
        async with self.database.begin() as connection:
            talk = await enter(connection, claim, now + LEASE)
            assert talk is not None
            assert await mark_handled(connection, inbox_id, now)
            await self.pause()
            more = await leave(connection, claim, inbox_id, talk.dialogue, now, burst=(None, 0))
            await self.pause()
        self.handled[claim.conversation_id].append(inbox_id)
        return more


async def _waiting(database: Database, *, unmarked: bool) -> int:
    statement = select(func.count()).select_from(InboxRow).where(InboxRow.state == "waiting")
    if unmarked:
        statement = statement.join(ConversationRow, ConversationRow.id == InboxRow.conversation_id).where(
            ConversationRow.ready_at.is_(None)
        )
    async with database.read() as connection:
        return (await connection.execute(statement)).scalar_one()


@pytest.mark.parametrize("seed", range(12))
async def test_no_arrival_is_lost_however_it_falls_between_the_steps_of_serving(
    database: Database, seed: int
) -> None:
    draw = random.Random(seed)
    served = _Served(database, draw)
    coming = asyncio.Event()

    async def arrive(first: int) -> None:
        for number in range(first, ARRIVALS, 2):
            await served.pause()
            address = f"address {draw.randrange(TALKS)}"
            # Some come twice: then a conversation is marked although nothing waits in it.
            for _ in range(draw.choice((1, 1, 2))):
                await take_in(database, arrival(number, address, at=datetime.now(UTC)))

    async def serve(owner: str) -> None:
        while await served.once(owner) or not coming.is_set():  # noqa: ASYNC110 - claiming is the wait
            await asyncio.sleep(0)

    servers = [asyncio.create_task(serve(f"process {number}")) for number in range(2)]
    await asyncio.gather(arrive(0), arrive(1))
    coming.set()
    await asyncio.gather(*servers)
    assert await _waiting(database, unmarked=True) == 0
    while await served.once("the last"):
        pass
    assert await _waiting(database, unmarked=False) == 0
    handled = [inbox_id for own in served.handled.values() for inbox_id in own]
    assert len(handled) == len(set(handled)) == ARRIVALS
    assert all(own == sorted(own) for own in served.handled.values())

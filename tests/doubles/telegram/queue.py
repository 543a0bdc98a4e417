"""How updates reach the program: long poll with an offset, or a webhook that is tried until it takes them."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp

from tests.doubles.telegram.basics import Changes, Json, JsonObject, RefusalError

log = logging.getLogger(__name__)

ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds of update that Telegram leaves out unless `allowed_updates` names them (getUpdates)."""
RETRY_AFTER_SECONDS = (0.02, 0.05, 0.1, 0.2, 0.5)
"""Pauses before a webhook is tried again; the last one repeats. Telegram's own are longer."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are posted to."""

    url: str
    secret: str | None = None
    max_connections: int = 40


@dataclass(slots=True)
class Delivery:
    """One try to hand an update to the webhook: the HTTP status, or None when nobody answered."""

    update_id: int
    status: int | None


@dataclass(slots=True)
class UpdateQueue:
    """Updates not yet acknowledged, oldest first. Ids rise by one and are never used twice."""

    changes: Changes
    pending: deque[JsonObject] = field(default_factory=deque)
    next_id: int = 1000
    allowed: frozenset[str] = frozenset()
    """Empty: all but those only on request."""
    acknowledged: set[int] = field(default_factory=set)
    webhook: Webhook | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    last_error: str | None = None
    closed: bool = False
    _poller: object | None = None
    _courier: asyncio.Task[None] | None = None
    _under_way: list[JsonObject] = field(default_factory=list)

    @property
    def polled(self) -> bool:
        """Whether somebody waits in getUpdates now."""
        return self._poller is not None

    @property
    def waiting(self) -> int:
        """How many updates nobody has acknowledged yet."""
        return len(self.pending) + len(self._under_way)

    def put(self, kind: str, content: JsonObject) -> int | None:
        """A new update; returns its id, or None when the bot did not ask for that kind."""
        wanted = kind in self.allowed if self.allowed else kind not in ONLY_ON_REQUEST
        if not wanted:
            return None
        update_id = self.next_id
        self.put_again({"update_id": update_id, kind: content})
        return update_id

    def put_again(self, update: JsonObject) -> None:
        """A whole update as it stands, also one that came before (Telegram does repeat)."""
        update_id = update["update_id"]
        if not isinstance(update_id, int):
            raise ValueError(f"update_id must be an integer: {update_id!r}")
        self.pending.append(update)
        self.next_id = max(self.next_id, update_id + 1)
        self.changes.happened()

    async def poll(self, offset: int | None, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109
        """getUpdates: forgets all before `offset`, then waits at most `timeout` seconds for the next.

        A second poll ends the first one with 409, as at Telegram.
        """
        if self.webhook is not None:
            raise RefusalError(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"
            )
        me = object()
        self._poller = me
        self.changes.happened()
        self._forget(offset)
        await self.changes.until(lambda: self._poller is not me or bool(self.pending) or self.closed, timeout)
        if self._poller is not me:
            raise RefusalError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        self._poller = None
        return [self.pending[place] for place in range(min(limit, len(self.pending)))]

    def _forget(self, offset: int | None) -> None:
        if offset is not None and offset < 0:
            while len(self.pending) > -offset:
                self._acknowledge(self.pending.popleft())
            return
        while offset is not None and self.pending and _id(self.pending[0]) < offset:
            self._acknowledge(self.pending.popleft())

    def _acknowledge(self, update: JsonObject) -> None:
        self.acknowledged.add(_id(update))
        self.changes.happened()

    def drop(self) -> None:
        """Forgets what waits (`drop_pending_updates`)."""
        self.pending.clear()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Keeps the kinds asked for; None leaves them as they were."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    async def post_to(self, webhook: Webhook | None) -> None:
        """Starts to post updates to `webhook`; None stops it."""
        self.webhook = webhook
        await self._stop_courier()
        if webhook is not None:
            self._courier = asyncio.create_task(self._deliver(webhook))

    async def close(self) -> None:
        """Ends polls and posts."""
        self.closed = True
        self.changes.happened()
        await self._stop_courier()

    async def _stop_courier(self) -> None:
        if self._courier is not None:
            self._courier.cancel()
            await asyncio.gather(self._courier, return_exceptions=True)
            self._courier = None

    async def _deliver(self, webhook: Webhook) -> None:
        places = asyncio.Semaphore(webhook.max_connections)
        try:
            async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as posts:
                while True:
                    await self.changes.until(lambda: bool(self.pending), None)
                    await places.acquire()
                    post = self._post_until_taken(session, webhook, self.pending.popleft())
                    posts.create_task(post).add_done_callback(lambda _: places.release())
        finally:
            self.pending.extendleft(reversed(self._under_way))
            self._under_way.clear()

    async def _post_until_taken(
        self, session: aiohttp.ClientSession, webhook: Webhook, update: JsonObject
    ) -> None:
        self._under_way.append(update)
        tries = 0
        while not await self._post(session, webhook, update):
            await asyncio.sleep(RETRY_AFTER_SECONDS[min(tries, len(RETRY_AFTER_SECONDS) - 1)])
            tries += 1
        self._under_way = [other for other in self._under_way if other is not update]
        self._acknowledge(update)

    async def _post(self, session: aiohttp.ClientSession, webhook: Webhook, update: JsonObject) -> bool:
        headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
        status: int | None = None
        try:
            async with session.post(webhook.url, json=update, headers=headers) as response:
                status = response.status
            if not response.ok:
                self.last_error = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            self.last_error = f"Connection failed: {type(error).__name__}"
        self.deliveries.append(Delivery(_id(update), status))
        self.changes.happened()
        return status is not None and status < 300


def _id(update: JsonObject) -> int:
    update_id = update["update_id"]
    if not isinstance(update_id, int):
        raise ValueError(f"update_id must be an integer: {update_id!r}")
    return update_id

"""GET /chat/stream: the same replies as they come, as Server-Sent Events."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from time import monotonic
from typing import Annotated

import structlog
from fastapi import Header, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from web.chat.models import ReplyOut
from web.chat.replies import After, Replies
from web.chat.visitor import Visitor, remember, visitor_of
from web.problems import Problem
from web.services import WebServices

HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 600.0
STREAMS_PER_CONVERSATION = 6

# News may come from another process, which tells nobody here: so looking again bounds the wait.
_LOOK_AGAIN_SECONDS = 3.0
_NOTHING_SAID_YET_SECONDS = 1.0

_RETRY = "retry: 2000\n\n"
_HEARTBEAT = ": still here\n\n"

LastEventId = Annotated[str | None, Header(description="Sent by browsers that connect again.")]

log = structlog.get_logger(__name__)


class Streams:
    """Keeps connections open to conversations that are being looked at."""

    def __init__(self, services: WebServices, replies: Replies) -> None:
        self._services = services
        self._replies = replies
        self._open: Counter[str] = Counter()

    async def get(
        self, request: Request, after: After = 0, last_event_id: LastEventId = None
    ) -> StreamingResponse:
        """Replies behind `after` (or behind Last-Event-ID), then each as it comes, for ten minutes at most.

        An event's `data` is a reply as /chat/replies gives it, its `id` the position. An event named
        `position` carries a position alone: there was something, with nothing to show.
        """
        visitor = visitor_of(request)
        if self._open[visitor.address] >= STREAMS_PER_CONVERSATION:
            raise Problem("too_many")
        if last_event_id is not None and last_event_id.isdecimal() and len(last_event_id) < 16:
            after = int(last_event_id)
        response = _Counted(self._events(visitor, after), self._open, visitor.address)
        remember(response, visitor, secure=self._services.secure_cookies)
        return response

    async def _events(self, visitor: Visitor, after: int) -> AsyncIterator[str]:
        yield _RETRY
        ends = monotonic() + LONGEST_SECONDS
        spoke = monotonic()
        try:
            while monotonic() < ends and not self._services.stopping.is_set():
                async for event, position in self._news(visitor, after):
                    after = position
                    spoke = monotonic()
                    yield event
                if monotonic() - spoke >= HEARTBEAT_SECONDS:
                    spoke = monotonic()
                    yield _HEARTBEAT
        except (SQLAlchemyError, OSError) as error:
            # The browser connects again by itself, behind the last position it has.
            log.warning("web.stream_ended", error=type(error).__name__)

    async def _news(self, visitor: Visitor, after: int) -> AsyncIterator[tuple[str, int]]:
        conversation = await self._replies.conversation(visitor.address)
        if conversation is None:
            await asyncio.sleep(_NOTHING_SAID_YET_SECONDS)
            return
        # Listening begins before looking, so that nothing can come in between and be missed.
        news = asyncio.ensure_future(self._services.news.wait_for(conversation.id, _LOOK_AGAIN_SECONDS))
        stop = asyncio.ensure_future(self._services.stopping.wait())
        try:
            batch = await self._replies.behind(visitor.address, after)
            for reply in batch.replies:
                yield as_event(reply), reply.position
            if batch.last > (batch.replies[-1].position if batch.replies else after):
                yield f"event: position\nid: {batch.last}\ndata: {batch.last}\n\n", batch.last
            if batch.last == after:
                await asyncio.wait({news, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
            stop.cancel()


class _Counted(StreamingResponse):
    """A stream that is counted while it is open, however it ends."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[str], count: Counter[str], key: str) -> None:
        super().__init__(events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._count = count
        self._key = key
        count[key] += 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._count[self._key] -= 1
            if not self._count[self._key]:
                del self._count[self._key]


def as_event(reply: ReplyOut) -> str:
    """A reply on the wire; JSON has no line breaks of its own, so one `data` line holds it."""
    return f"id: {reply.position}\ndata: {reply.model_dump_json(exclude_none=True)}\n\n"

"""The way into the inbox: guarded against floods, idempotent, acknowledged only after the commit."""

from fastapi import Request

from handlers.turns import Body, stored
from storage.intake import Arrival, Received
from storage.webchat import CHANNEL
from web.chat.flood import TokenBuckets, is_own_proxy
from web.chat.visitor import Visitor
from web.problems import Problem
from web.services import WebServices


class Door:
    """Takes turns of visitors into the inbox."""

    def __init__(self, services: WebServices) -> None:
        limits = services.flood
        self._services = services
        self._visitors = TokenBuckets(limits.per_conversation, limits.conversation_burst)
        self._hosts = TokenBuckets(limits.per_address, limits.address_burst)

    def guard(self, request: Request, visitor: Visitor, cost: float = 1) -> None:
        """Raise Problem("too_many") when this conversation or its network address sends too much."""
        host = request.client.host if request.client else ""
        if host and not is_own_proxy(host) and not self._hosts.take(host, cost):
            raise Problem("too_many")
        if not self._visitors.take(visitor.address, cost):
            raise Problem("too_many")

    async def take(self, visitor: Visitor, turn_id: str, body: Body, locale: str) -> Received:
        """Write a turn into the inbox and return after the commit."""
        return await self._services.intake.receive(
            Arrival(
                channel=CHANNEL,
                external_id=visitor.arrival_id(turn_id),
                address=visitor.address,
                at=self._services.clock(),
                body=stored(body),
                locale=locale,
            )
        )

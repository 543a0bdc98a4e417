"""GET /chat/replies: what was shown to the person, in words."""

from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from handlers.flows.settings import MY_DATA
from handlers.replies import ReplyKind, Rows
from handlers.scene import STEP_MARK
from storage.webchat import Shown, WebConversation, conversation_at, shown_after
from web.chat.models import ChoiceOut, RepliesOut, ReplyOut
from web.chat.visitor import remember, visitor_of
from web.services import WebServices

After = Annotated[int, Query(ge=0, lt=2**53, description="The last position the client has.")]

MOST_AT_ONCE = 200
MY_DATA_PATH = "/chat/my-data"
_ROWS: TypeAdapter[Rows] = TypeAdapter(Rows)


class Replies:
    """Shows what was sent to a conversation."""

    def __init__(self, services: WebServices) -> None:
        self._services = services

    async def get(self, request: Request, response: Response, after: After = 0) -> RepliesOut:
        """Everything shown behind position `after`, at most 200 at a time."""
        visitor = visitor_of(request)
        remember(response, visitor, secure=self._services.secure_cookies)
        return await self.behind(visitor.address, after)

    async def conversation(self, address: str) -> WebConversation | None:
        """The conversation of that address, as it is now."""
        async with self._services.database.read() as connection:
            return await conversation_at(connection, address)

    async def behind(self, address: str, after: int) -> RepliesOut:
        """The replies of a conversation behind a position, in the language it is held in now."""
        async with self._services.database.read() as connection:
            conversation = await conversation_at(connection, address)
            if conversation is None or conversation.delivered <= after:
                return RepliesOut(replies=[], last=after)
            rows = await shown_after(connection, conversation.id, after, MOST_AT_ONCE)
        replies = [self._reply(row, conversation.locale) for row in rows]
        return RepliesOut(
            replies=[one for one in replies if one.text or one.kind is not ReplyKind.TOAST],
            last=rows[-1].position if rows else after,
            more=len(rows) == MOST_AT_ONCE,
        )

    def _reply(self, row: Shown, locale: str) -> ReplyOut:
        say = self._services.renderer.text
        reply = ReplyOut(
            position=row.position,
            kind=ReplyKind(row.kind),
            text=say(row.template, row.params, locale) if row.template else "",
            choices=[
                [
                    ChoiceOut(
                        label=say(choice.label, choice.params, locale),
                        action=choice.action,
                        telephone=choice.telephone or None,
                        step=step_of(choice.action),
                    )
                    for choice in choices
                ]
                for choices in _ROWS.validate_python(row.choices)
            ],
            at=row.at,
            locale=locale,
        )
        if row.target:
            _point(reply, row.target)
        return reply


def step_of(action: str) -> int | None:
    """The step a button belongs to, or None for one that stays good."""
    token = action.removeprefix(STEP_MARK).partition(":")[0]
    return int(token) if action.startswith(STEP_MARK) and token.isdecimal() else None


def _point(reply: ReplyOut, target: str) -> None:
    if reply.kind is ReplyKind.EDIT and target.isdecimal():
        reply.replaces = int(target)
    elif reply.kind is ReplyKind.PHOTO:
        reply.photo = f"/chat/photos/{target}"
    elif reply.kind is ReplyKind.DOCUMENT and target == MY_DATA:
        reply.document = MY_DATA_PATH

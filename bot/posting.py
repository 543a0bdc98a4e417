"""From a handler's replies to outbox rows."""

from dataclasses import replace
from datetime import datetime

from handlers.notices import post
from handlers.replies import PRESSED, Lane, Reply, ReplyKind, Said
from handlers.scene import Outcome
from handlers.turns import Press, Turn
from storage.dialogues import Conversation
from storage.outbox import Post
from storage.people import Listener

_ALONE = 1


def posts_of(talk: Conversation, turn: Turn, outcome: Outcome, now: datetime) -> list[Post]:
    """The rows that show a turn's replies in its own conversation, in order.

    Plain messages that follow each other become one, because a chat takes one message a second; a pressed
    button is acknowledged even when nothing is said at it.
    """
    replies = _acknowledging(turn, _joined(outcome.replies))
    lane = Lane.STAFF if talk.is_group else Lane.ANSWER
    reachable = Listener(talk.id, talk.channel, talk.resident_id, True, talk.notices, talk.quiet)
    return [post(reply, reachable, lane, now) for reply in replies]


def _acknowledging(turn: Turn, replies: list[Reply]) -> list[Reply]:
    body = turn.body
    if not isinstance(body, Press) or body.query is None:
        return replies
    if any(reply.kind is ReplyKind.TOAST for reply in replies):
        return replies
    if not replies:
        return [Reply("", kind=ReplyKind.TOAST, target=body.query)]
    first, *others = replies
    return [replace(first, params={**first.params, PRESSED: body.query}), *others]


def _joined(replies: tuple[Reply, ...]) -> list[Reply]:
    joined: list[Reply] = []
    waiting: list[Reply] = []
    for reply in replies:
        if reply.kind is not ReplyKind.MESSAGE:
            joined += [*_one(waiting), reply]
            waiting = []
            continue
        waiting.append(reply)
        if reply.choices:
            joined += _one(waiting)
            waiting = []
    return [*joined, *_one(waiting)]


def _one(replies: list[Reply]) -> list[Reply]:
    if len(replies) <= _ALONE:
        return replies
    last = replies[-1]
    parts: list[str | Said] = []
    for reply in replies:
        parts += ["", _said(reply)] if parts else [_said(reply)]
    return [Reply("joined", {"parts": parts}, last.choices, case_id=last.case_id)]


def _said(reply: Reply) -> Said:
    return {"as": "said", "value": reply.template, "params": dict(reply.params)}

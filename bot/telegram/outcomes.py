"""How a call to Telegram ended: from its errors to the outcomes that the sender knows."""

import re
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channel import Delivered, Gone, Moved, Outcome, Refused, TryLater
from bot.telegram.request import is_certainly_unsent

UNKNOWN_TOKEN_WAIT = timedelta(minutes=1)

# Telegram says these in a 400, but they are about the address and not about the message.
_GONE = (
    "chat not found",
    "user is deactivated",
    "user_is_blocked",
    "peer_id_invalid",
    "chat_write_forbidden",
    "not enough rights to send",
    "have no rights to send",
    "bot was kicked",
    "group chat was deactivated",
)
_NOTHING_TO_DO = ("message is not modified", "query is too old", "query id is invalid")
_NO_EDITING = (
    "message to edit not found",
    "message can't be edited",
    "no text in the message to edit",
    "message_id_invalid",
)
_QUOTED = re.compile(r"[\"'“].*", re.DOTALL)
_REASON_LENGTH = 80


def outcome_of(error: TelegramError) -> Outcome:
    """What a failed call means for the message that was to be sent."""
    match error:
        case RetryAfter():
            return TryLater("asked to wait", _wait(error))
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden():
            return Gone(_reason(error))
        case BadRequest():
            return _of_bad_request(error)
        case InvalidToken() | Conflict():
            # Messages wait for the operator instead of being given up.
            return TryLater("telegram does not accept the token", UNKNOWN_TOKEN_WAIT)
        case _:
            return TryLater("not sent" if _not_sent(error) else "unknown")


def can_be_sent_anew(error: TelegramError) -> bool:
    """True when a message cannot be edited (any more), so that a new one has to take its place."""
    return isinstance(error, BadRequest) and _says(error, _NO_EDITING)


def _of_bad_request(error: BadRequest) -> Outcome:
    if _says(error, _NOTHING_TO_DO):
        return Delivered()
    if _says(error, _GONE):
        return Gone(_reason(error))
    return Refused(_reason(error))


def _wait(error: RetryAfter) -> timedelta:
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def _not_sent(error: TelegramError) -> bool:
    return is_certainly_unsent(error) or (isinstance(error, TimedOut) and "Pool timeout" in error.message)


def _says(error: TelegramError, phrases: tuple[str, ...]) -> bool:
    said = error.message.lower()
    return any(phrase in said for phrase in phrases)


def _reason(error: TelegramError) -> str:
    # Telegram quotes what it does not like, and that can be a person's words.
    return _QUOTED.sub("", error.message.replace("can't", "cannot")).strip()[:_REASON_LENGTH]

"""The webhook: Telegram posts updates, each answered 200 only after it is in the inbox."""

import hmac
import json

import structlog
from fastapi import APIRouter, Request, Response

from bot.telegram.connection import Line
from bot.telegram.reading import Reader
from bot.telegram.updates import ALLOWED_UPDATES
from handlers.ports import Intake

log = structlog.get_logger()

PATH = "/telegram/webhook"
MOST_BYTES = 1024 * 1024
MOST_CONNECTIONS = 40
_PROOF_HEADER = "x-telegram-bot-api-secret-token"


class _TooLarge(Exception):  # noqa: N818 - an outcome
    """The body passed the limit."""


def webhook_router(secret: str, reader: Reader, intake: Intake) -> APIRouter:
    """The route that Telegram posts to. `secret` is what Telegram was told to send along.

    Raises ValueError for an empty secret: anybody could then write in anybody's name.
    """
    if not secret:
        raise ValueError("a webhook needs a secret")
    router = APIRouter()

    @router.post(PATH, include_in_schema=False)
    async def take(request: Request) -> Response:
        if not _is_telegram(request, secret):
            return Response(status_code=403)
        try:
            raw = _json(await _body(request))
        except _TooLarge:
            return Response(status_code=413)
        try:
            await intake.receive(reader.read(raw))
        except Exception as error:
            # Not acknowledged: Telegram sends it again.
            log.error("webhook_intake_failed", error=type(error).__name__)
            return Response(status_code=503, headers={"Retry-After": "1"})
        return Response(status_code=200)

    return router


async def announce(line: Line, public_url: str, secret: str) -> None:
    """Tell Telegram where to post. What waits there is kept. Raises TelegramError."""
    await line.bot.set_webhook(
        public_url.rstrip("/") + PATH,
        max_connections=MOST_CONNECTIONS,
        allowed_updates=ALLOWED_UPDATES,
        drop_pending_updates=False,
        secret_token=secret,
    )


def _is_telegram(request: Request, secret: str) -> bool:
    shown = request.headers.get(_PROOF_HEADER, "")
    return hmac.compare_digest(shown.encode(), secret.encode())


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise _TooLarge
    return bytes(body)


def _json(body: bytes) -> object:
    """The update; a body that is no JSON comes back as its text, which the reader marks as unreadable."""
    text = body.decode(errors="replace")
    try:
        parsed: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return parsed

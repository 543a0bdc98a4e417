"""The webhook: Telegram posts updates, each answered 200 only after it is in the inbox."""

import asyncio
import hmac
import json
from dataclasses import replace

import structlog
from fastapi import APIRouter, Request, Response

from bot.telegram.connection import Line, WhenKnown, introduce
from bot.telegram.patience import persist
from bot.telegram.reading import Reader
from bot.telegram.taking import take
from bot.telegram.updates import ALLOWED_UPDATES
from handlers.ports import Intake

log = structlog.get_logger()

PATH = "/telegram/webhook"
MOST_BYTES = 1024 * 1024
MOST_CONNECTIONS = 40
_PROOF_HEADER = "x-telegram-bot-api-secret-token"


class _TooLarge(Exception):  # noqa: N818 - an outcome
    """The body passed the limit."""


class Webhook:
    """The door that Telegram posts updates to, and telling Telegram where it is.

    `secret` is what Telegram was told to send along. `when_known` is called once Telegram has said who the
    bot is (menus are set there). Raises ValueError for an empty secret: anybody could then write in
    anybody's name.
    """

    def __init__(
        self,
        line: Line,
        reader: Reader,
        intake: Intake,
        *,
        public_url: str,
        secret: str,
        when_known: WhenKnown | None = None,
    ) -> None:
        if not secret:
            raise ValueError("a webhook needs a secret")
        self._line = line
        self._reader = reader
        self._intake = intake
        self._url = public_url.rstrip("/") + PATH
        self._secret = secret
        self._when_known = when_known

    def router(self) -> APIRouter:
        """The route that Telegram posts to."""
        router = APIRouter()
        router.add_api_route(PATH, self._take, methods=["POST"], include_in_schema=False)
        return router

    async def run(self) -> None:
        """Tell Telegram where to post, as often as it takes; then nothing more, until cancelled."""
        await persist(self._announce, "webhook_not_set")
        await asyncio.Event().wait()

    async def _announce(self) -> None:
        me = await introduce(self._line)
        self._reader = replace(self._reader, username=me.username)
        await self._line.bot.set_webhook(
            self._url,
            max_connections=MOST_CONNECTIONS,
            allowed_updates=ALLOWED_UPDATES,
            # What came while nobody listened is kept: these are residents' words.
            drop_pending_updates=False,
            secret_token=self._secret,
        )
        if self._when_known is not None:
            await self._when_known(me)

    async def _take(self, request: Request) -> Response:
        if not _is_telegram(request, self._secret):
            return Response(status_code=403)
        try:
            raw = _json(await _body(request))
        except _TooLarge:
            return Response(status_code=413)
        try:
            await take(self._intake, self._reader, raw)
        except Exception as error:
            # Not acknowledged: Telegram sends it again.
            log.error("webhook_intake_failed", error=type(error).__name__)
            return Response(status_code=503, headers={"Retry-After": "1"})
        return Response(status_code=200)


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

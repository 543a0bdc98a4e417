"""The webhook: who may post, what is taken, and what Telegram is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest
from fastapi import FastAPI

from bot.telegram.connection import Line
from bot.telegram.webhook import MOST_BYTES, PATH, Webhook
from tests.bot.telegram.inboxes import READER, Inbox, inbox
from tests.bot.telegram.updates import message
from tests.doubles.bot_api import BotApiDouble, Fault, Trouble

SECRET = "a-secret-of-our-own"
HEADER = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@pytest.fixture
async def box(migrated_database_url: str) -> AsyncIterator[Inbox]:
    async with inbox(migrated_database_url) as opened:
        yield opened


@pytest.fixture
def webhook(line: Line, box: Inbox) -> Webhook:
    return Webhook(line, READER, box, public_url="https://sotong.example/", secret=SECRET)


@pytest.fixture
async def door(webhook: Webhook) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(webhook.router())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://town") as client:
        yield client


async def test_an_update_is_answered_when_it_is_in_the_inbox(door: httpx.AsyncClient, box: Inbox) -> None:
    answer = await door.post(PATH, json=message(text="가로등이 안 켜져요"), headers=HEADER)
    again = await door.post(PATH, json=message(text="가로등이 안 켜져요"), headers=HEADER)

    assert (answer.status_code, again.status_code) == (200, 200)
    assert await box.taken() == [("123456:900", "waiting")]


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}])
async def test_nobody_without_the_secret_is_heard_or_even_read(
    door: httpx.AsyncClient, box: Inbox, headers: dict[str, str]
) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        read += 1
        yield b"{}"

    answer = await door.post(PATH, content=body(), headers=headers)

    assert answer.status_code == 403
    assert read == 0
    assert await box.taken() == []


async def test_an_update_is_not_acknowledged_while_the_database_is_away(
    door: httpx.AsyncClient, box: Inbox
) -> None:
    box.fails = 1

    refused = await door.post(PATH, json=message(text="가로등"), headers=HEADER)
    taken = await door.post(PATH, json=message(text="가로등"), headers=HEADER)

    assert (refused.status_code, taken.status_code) == (503, 200)


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 50_000, b"\xff\xfe", b"null", b'{"update_id": 5}'])
async def test_what_is_no_update_is_kept_marked_and_never_asked_for_again(
    door: httpx.AsyncClient, box: Inbox, body: bytes
) -> None:
    for _ in range(2):
        assert (await door.post(PATH, content=body, headers=HEADER)).status_code == 200

    assert [state for _, state in await box.taken()] == ["unreadable"]


async def test_a_body_over_the_limit_is_refused(door: httpx.AsyncClient, box: Inbox) -> None:
    answer = await door.post(PATH, content=b" " * (MOST_BYTES + 1), headers=HEADER)

    assert answer.status_code == 413
    assert await box.taken() == []


async def test_telegram_is_told_where_to_post_as_often_as_it_takes(
    double: BotApiDouble, webhook: Webhook
) -> None:
    double.script(Fault(Trouble.BAD_GATEWAY, "setWebhook"))

    task = asyncio.create_task(webhook.run())
    told = double.server.changes.until(lambda: double.server.queue.webhook is not None, 5)
    assert await told
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

    set_to = double.server.queue.webhook
    assert set_to is not None
    assert (set_to.url, set_to.secret) == ("https://sotong.example/telegram/webhook", SECRET)
    assert "my_chat_member" in double.server.queue.allowed


def test_a_webhook_without_a_secret_is_refused(line: Line, box: Inbox) -> None:
    with pytest.raises(ValueError, match="secret"):
        Webhook(line, READER, box, public_url="https://sotong.example", secret="")

"""A running web application for tests, and the hand of the program behind it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn
from fastapi import APIRouter, FastAPI
from sqlalchemy import select

from bot.intake import InboxWriter
from bot.measures import Measures
from bot.signals import Bell, NewsBoard
from cities.directory import Directory
from handlers.rendering import Renderer
from handlers.replies import Lane, ReplyKind
from handlers.turns import Body, restored
from intents.city import City
from locales.catalogue import shipped_catalogue
from storage.engine import Database
from storage.files import FileStore
from storage.outbox import Post, put
from storage.showing import show_on_web
from storage.tables import ConversationRow, InboxRow, JsonObject
from web.app import create_app
from web.chat.visitor import COOKIE, Visitor
from web.services import FloodLimits, WebServices

NO_LIMITS = FloodLimits(10_000, 10_000, 10_000, 10_000)


@dataclass
class House:
    """The served application and what stands behind it."""

    services: WebServices
    news: NewsBoard
    url: str
    folder: Path
    faults: list[str] = field(default_factory=list)

    def browser(self, **headers: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=10)

    async def bodies(self) -> list[Body]:
        """What the inbox holds, oldest first."""
        async with self.services.database.read() as connection:
            rows = await connection.execute(select(InboxRow.body).order_by(InboxRow.id))
            return [restored(row.body)[0] for row in rows]

    async def conversation_of(self, browser: httpx.AsyncClient) -> int:
        address = Visitor(browser.cookies[COOKIE]).address
        async with self.services.database.read() as connection:
            found = await connection.execute(
                select(ConversationRow.id).where(ConversationRow.external_id == address)
            )
            return found.scalar_one()

    async def show(
        self,
        conversation_id: int,
        template: str,
        *,
        params: JsonObject | None = None,
        kind: ReplyKind = ReplyKind.MESSAGE,
        choices: Sequence[Sequence[JsonObject]] = (),
        target: str | None = None,
    ) -> None:
        """Put something into the outbox and make it visible, as the sender does."""
        now = datetime.now(UTC)
        row = Post(
            conversation_id=conversation_id,
            channel="web",
            lane=Lane.ANSWER,
            kind=kind,
            template=template,
            params=params or {},
            choices=[list(one) for one in choices],
            created_at=now,
            not_before=now,
            target=target,
        )
        async with self.services.database.begin() as connection:
            await put(connection, [row])
            shown = await show_on_web(connection, now=now, limit=10)
        self.news.announce(shown)


def button(label: str, action: str, telephone: str = "") -> JsonObject:
    """A choice as the outbox keeps it."""
    return {"label": label, "params": {}, "action": action, "telephone": telephone}


@asynccontextmanager
async def open_house(
    database_url: str,
    folder: Path,
    city: City,
    *,
    flood: FloodLimits = NO_LIMITS,
    public_url: str = "",
    routers: Sequence[APIRouter] = (),
) -> AsyncIterator[House]:
    """Serve the web on a free loopback port until the end."""
    database, news = Database(database_url), NewsBoard()
    faults: list[str] = []

    async def health() -> list[str]:
        return faults

    services = WebServices(
        database=database,
        intake=InboxWriter(database, Bell(), Measures()),
        news=news,
        files=FileStore(folder),
        renderer=Renderer(shipped_catalogue(), Directory(city)),
        city=city,
        clock=lambda: datetime.now(UTC),
        secret_key="a secret for tests",
        health=health,
        public_url=public_url,
        flood=flood,
    )
    async with serving(create_app(services, routers)) as url:
        yield House(services, news, url, folder, faults)
    services.files.close()
    await database.close()


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Run an application on a free loopback port; gives its URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, lifespan="off", timeout_graceful_shutdown=1, access_log=False
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - the server has no event to wait for
            await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listener.close()

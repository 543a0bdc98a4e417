"""`sotong run`: migrate, start, say where everything is, and end cleanly."""

import asyncio
import contextlib
import signal

import click
import structlog
import uvicorn
from fastapi import FastAPI

from bot.app import build, running, utc_now
from bot.leftovers import rest_what_stays
from bot.settings import Settings
from bot.telegram.connection import TokenRefused
from cities.directory import Directory
from cities.reading import load_city
from storage.audit import Sealer
from storage.engine import Database
from storage.migrate import migrate
from storage.sole import DatabaseInUse, sole_use
from web.staff.accounts import first_staff
from web.staff.passwords import Passwords

log = structlog.get_logger()


async def serve(settings: Settings) -> None:
    """Run until told to stop (SIGTERM, Ctrl-C)."""
    # The pack is checked before anything is written.
    directory = Directory(load_city(settings.city))
    try:
        with sole_use(settings.database_url):
            await _serve(settings, directory)
    except DatabaseInUse as file:
        raise click.ClickException(
            f"sotong runs on {file} already. Stop it, or use PostgreSQL (SOTONG_DATABASE_URL), "
            "where any number of processes run side by side."
        ) from None
    except TokenRefused as refused:
        raise click.ClickException(str(refused)) from None
    except BaseExceptionGroup as several:
        # The loops' task group wraps whatever ends it, also the one line meant for the operator.
        raise _line_for_the_operator(several) from None


def _line_for_the_operator(several: BaseExceptionGroup[BaseException]) -> BaseException:
    for one in several.exceptions:
        if isinstance(one, click.ClickException):
            return one
    return several


async def _serve(settings: Settings, directory: Directory) -> None:
    await migrate(settings.database_url)
    account = await _first_account(settings)
    async with build(settings) as program:
        server = _Server(program.web, settings, program.stopping)
        async with running(program):
            await server.start()
            rest_what_stays()
            say_where(settings, directory, server.port, account)
            await server.until_stopped()


async def _first_account(settings: Settings) -> tuple[str, str] | None:
    database = Database(settings.database_url)
    try:
        return await first_staff(database, utc_now, Passwords(), Sealer(settings.secret_key))
    finally:
        await database.close()


class _Server:
    """Uvicorn, started and stopped by us, so that the loops end after the last request."""

    def __init__(self, app: FastAPI, settings: Settings, stopped: asyncio.Event) -> None:
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=bool(settings.public_url),
            timeout_graceful_shutdown=10,
            # Longer than a proxy keeps an idle connection, so that it never writes into one just closed.
            timeout_keep_alive=75,
        )
        self._server = uvicorn.Server(config)
        self._stopped = stopped
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port that is listened on, also when any free one was asked for."""
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Return when requests are answered. Raises click.ClickException when the port cannot be had."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopped.set)
        self._serving = asyncio.create_task(self._serve())
        while not self._server.started:
            if self._serving.done():
                host, port = self._server.config.host, self._server.config.port
                raise click.ClickException(
                    f"{host}:{port} cannot be listened on: is sotong running already? "
                    "Stop it, or set SOTONG_PORT to another number."
                )
            await asyncio.sleep(0.01)

    async def _serve(self) -> None:
        # Uvicorn ends the process when the port is taken; here that becomes one line.
        with contextlib.suppress(SystemExit):
            await self._server._serve()

    async def until_stopped(self) -> None:
        """Wait for the signal, then answer what is under way."""
        await self._stopped.wait()
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving


def say_where(settings: Settings, directory: Directory, port: int, account: tuple[str, str] | None) -> None:
    """Print where people go, and what is off."""
    here = settings.public_url or f"http://{settings.host}:{port}"
    click.echo(f"\nsotong · {directory.city.name}")
    click.echo(f"  주민 채팅   resident chat   {here}/")
    click.echo(f"  직원 화면   staff console   {here}/staff")
    if account is not None:
        click.echo(
            f"              first sign-in   {account[0]} / {account[1]}   (한 번만 보입니다 · shown once)"
        )
        click.echo(
            "  시연 자료   to see it full of cases: Ctrl-C, then .venv/bin/sotong demo, and start again"
        )
    if not settings.telegram_token:
        click.echo("  텔레그램    Telegram is off: set SOTONG_TELEGRAM_TOKEN to the bot's token")
    elif settings.uses_webhook:
        click.echo(f"  텔레그램    Telegram by webhook   {settings.public_url}/telegram/webhook")
    else:
        click.echo("  텔레그램    Telegram by polling")
    if settings.database_url.startswith("sqlite"):
        click.echo(f"  자료        data in {settings.data_folder}/ (SQLite)")
    click.echo("  멈추려면 Ctrl-C · Ctrl-C stops\n")

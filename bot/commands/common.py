"""What every command needs: settings or one line, and a coroutine run to its end."""

import os
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TypeVar

import click
import uvloop
from sqlalchemy.exc import SQLAlchemyError

from bot.logs import set_up_logs
from bot.settings import Settings, SettingsError, read_settings
from cities.faults import PackError
from storage.engine import Database
from storage.migrate import migrate

Result = TypeVar("Result")


def settings_or_stop() -> Settings:
    """The settings, or one line that says what is wrong with them."""
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    set_up_logs(as_json=settings.log_json)
    return settings


def quiet_logs() -> None:
    """Logs for a command that needs no settings."""
    set_up_logs(as_json=False)


def run_until_done(work: Coroutine[object, object, Result]) -> Result:
    """Run a coroutine on the fast loop; what an operator can mend ends with one line, not with a trace."""
    try:
        return uvloop.run(work)
    except PackError as error:
        raise click.ClickException(str(error)) from error
    except (SQLAlchemyError, ConnectionError) as error:
        raise click.ClickException(
            f"The database cannot be used ({type(error).__name__}). Is it running, and is "
            "SOTONG_DATABASE_URL right? Its own log says more."
        ) from error


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database, migrated, closed at the end."""
    await migrate(settings.database_url)
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        await database.close()

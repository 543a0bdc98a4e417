"""The command `sotong`."""

import asyncio
import os
from collections.abc import Coroutine
from typing import TypeVar

import click
import uvloop

from bot.logs import set_up_logs
from bot.settings import Settings, SettingsError, read_settings
from cities.faults import PackError

Result = TypeVar("Result")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sotong")
def main() -> None:
    """소통 (sotong): residents tell the city, offices answer, nobody is forgotten."""


def settings_or_stop() -> Settings:
    """The settings, or one line that says what is wrong with them."""
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    set_up_logs(as_json=settings.log_json)
    return settings


def run_until_done(work: Coroutine[object, object, Result]) -> Result:
    """Run a coroutine on the fast loop; a faulty pack ends with its faults, not with a trace."""
    try:
        return uvloop.run(work)
    except PackError as error:
        raise click.ClickException(str(error)) from error


@main.command()
def run() -> None:
    """Start the program: migrates the database, serves the web, talks on Telegram if there is a token."""
    from bot.serve import serve

    run_until_done(serve(settings_or_stop()))


@main.command()
@click.option("--to", default="head", show_default=True, help="A revision, or head.")
def migrate(to: str) -> None:
    """Bring the database to the newest schema."""
    from storage.migrate import migrate as upgrade

    asyncio.run(upgrade(settings_or_stop().database_url, to))
    click.echo("The database is up to date.")


if __name__ == "__main__":
    main()

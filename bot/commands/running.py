"""`sotong run` and `sotong migrate`."""

import click

from bot.commands.common import run_until_done, settings_or_stop


@click.command()
def run() -> None:
    """Start the program: migrates the database, serves the web, talks on Telegram if there is a token."""
    from bot.leftovers import build_in_peace

    build_in_peace()
    from bot.serve import serve

    run_until_done(serve(settings_or_stop()))


@click.command()
@click.option("--to", default="head", show_default=True, help="A revision, or head.")
def migrate(to: str) -> None:
    """Bring the database to the newest schema."""
    from storage.migrate import migrate as upgrade

    run_until_done(upgrade(settings_or_stop().database_url, to))
    click.echo("The database is up to date.")

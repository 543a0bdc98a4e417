"""The command `sotong`."""

import click

from bot.commands.audit import audit
from bot.commands.backup import backup, restore
from bot.commands.common import run_until_done, settings_or_stop
from bot.commands.demo import demo
from bot.commands.evaluate import evaluate
from bot.commands.importing import import_
from bot.commands.jobs import jobs
from bot.commands.meetings import meeting
from bot.commands.model import model
from bot.commands.pack import pack
from bot.commands.staff import staff


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sotong")
def main() -> None:
    """소통 (sotong): residents tell the city, offices answer, nobody is forgotten."""


@main.command()
def run() -> None:
    """Start the program: migrates the database, serves the web, talks on Telegram if there is a token."""
    from bot.leftovers import build_in_peace

    build_in_peace()
    from bot.serve import serve

    run_until_done(serve(settings_or_stop()))


@main.command()
@click.option("--to", default="head", show_default=True, help="A revision, or head.")
def migrate(to: str) -> None:
    """Bring the database to the newest schema."""
    from storage.migrate import migrate as upgrade

    run_until_done(upgrade(settings_or_stop().database_url, to))
    click.echo("The database is up to date.")


for command in (audit, demo, pack, staff, meeting, jobs, evaluate, model, import_, backup, restore):
    main.add_command(command)

if __name__ == "__main__":
    main()

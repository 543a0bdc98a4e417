"""`sotong backup` and `sotong restore`: one file with every row and every photo, for either database."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import text

from bot.commands.common import open_database, run_until_done, settings_or_stop
from bot.settings import Settings
from storage.dump import BadCopy, NotEmpty, read_copy, write_copy


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path | None) -> None:
    """Write a copy of everything to FILE (default: a dated file in the data folder). Works while running."""
    settings = settings_or_stop()
    stamp = datetime.now(ZoneInfo("UTC")).strftime("%Y%m%d-%H%M%S")
    target = file or settings.data_folder / f"backup-{stamp}.tar.gz"
    try:
        counts = run_until_done(_backup(settings, target))
    except OSError as error:
        raise click.ClickException(f"{target} cannot be written: {error}.") from error
    click.echo(f"{target}: {counts['cases']} cases, {sum(counts.values())} rows in all")


async def _backup(settings: Settings, target: Path) -> dict[str, int]:
    target.parent.mkdir(parents=True, exist_ok=True)
    async with open_database(settings) as database, database.read() as connection:
        if not database.is_sqlite:
            await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        return await write_copy(connection, settings.data_folder / "files", target)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put the copy FILE into a new, empty database; refuses one that holds anything."""
    settings = settings_or_stop()
    try:
        counts = run_until_done(_restore(settings, file))
    except (BadCopy, NotEmpty) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Restored {counts['cases']} cases, {sum(counts.values())} rows in all.")


async def _restore(settings: Settings, source: Path) -> dict[str, int]:
    async with open_database(settings) as database, database.begin() as connection:
        return await read_copy(connection, source, settings.data_folder / "files")

"""`sotong audit`: whether the log of what staff did is as it was written."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import click
from sqlalchemy import text

from bot.commands.common import open_database, run_until_done, settings_or_stop
from bot.settings import Settings
from storage.audit import Broken, Sealer, Verdict, verify
from storage.tables import JsonObject

_SAID: Mapping[Broken, str] = MappingProxyType(
    {
        Broken.CHANGED: "entry {number} was changed after it was written",
        Broken.REMOVED: "entry {number} is missing: it was removed",
        Broken.INSERTED: "entry {number} was put in by something else than this program",
        Broken.END: "the end of the log, at entry {number}, is not as it was left (cut off, rewritten)",
        Broken.KEY: (
            "entry {number} was sealed with another secret key. If SOTONG_SECRET_KEY was changed, "
            "give the old one with --old-key-file"
        ),
    }
)


@click.group()
def audit() -> None:
    """The sealed log of what staff did (감사 기록)."""


@audit.command("verify")
@click.option(
    "--old-key-file",
    "old_keys",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with a secret key used earlier; may be given several times.",
)
@click.option(
    "--known",
    metavar="NUMBER:SEAL",
    default="",
    help="An entry as an earlier check printed it: it must still be there as it was.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def check(old_keys: tuple[Path, ...], known: str, as_json: bool) -> None:
    """Check every entry; ends with 1 and names the first that was changed, removed or put in.

    Write the printed number and seal down somewhere else from time to time: with --known, a log that was
    rewritten as a whole, by somebody who has the secret key, is found out too.
    """
    settings = settings_or_stop()
    keys = [settings.secret_key, *(path.read_text(encoding="utf-8").strip() for path in old_keys)]
    verdict = run_until_done(_verify(settings, [Sealer(key) for key in keys], _known(known)))
    if as_json:
        click.echo(json.dumps(_plain(verdict)))
    elif verdict.broken is None:
        click.echo(f"{verdict.entries} entries, all as they were written.")
        click.echo(f"The last one: {verdict.entries}:{verdict.last_seal}")
    else:
        click.echo(f"NOT SOUND: {_SAID[verdict.broken].format(number=verdict.number)}.", err=True)
    if verdict.broken is not None:
        raise SystemExit(1)


def _known(given: str) -> tuple[int, str] | None:
    number, _, seal = given.partition(":")
    if not given:
        return None
    if not number.isdecimal() or not seal:
        raise click.ClickException(f"--known {given}: give it as it was printed, NUMBER:SEAL.")
    return int(number), seal


async def _verify(settings: Settings, sealers: list[Sealer], known: tuple[int, str] | None) -> Verdict:
    async with open_database(settings) as database, database.read() as connection:
        if not database.is_sqlite:
            # Entries go on being added: the chain and its end must be of one moment.
            await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        return await verify(connection, sealers, known=known)


def _plain(verdict: Verdict) -> JsonObject:
    return {
        "sound": verdict.broken is None,
        "entries": verdict.entries,
        "last_seal": verdict.last_seal,
        "broken": verdict.broken.value if verdict.broken else None,
        "number": verdict.number,
    }

"""`sotong import`: cases and meetings from a file, all of it or nothing."""

import json
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.app import utc_now
from bot.commands.common import open_database, run_until_done, settings_or_stop
from bot.settings import Settings
from cases.calendar import WorkCalendar
from cases.vocabulary import Role
from cities.directory import Directory
from cities.reading import load_city
from reports.checking import City, Fault, city_of
from reports.columns import COLUMNS
from reports.importing import Looked, TakenAlready, hash_of, look, prepare, take_in
from reports.sheets import Unreadable
from storage import audit
from storage.engine import Database
from storage.figures import count_all
from storage.importing import done_import, look_at_file
from storage.tables import JsonObject

_SAID = 20
"""Faults that are printed; with --json all that are kept are."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What there is to say at the end."""

    rows: int = 0
    taken: int = 0
    already: int = 0
    same_file: bool = False
    missing: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    wrong: int = 0


@click.group("import")
def import_() -> None:
    """Take cases or meetings in from a CSV or XLSX file."""


def _command(kind: str, text: str) -> None:
    @import_.command(kind, help=text)
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option(
        "--match",
        multiple=True,
        metavar="FIELD=COLUMN",
        help="Which column (its head, or its number from 1) holds a field that was not recognised.",
    )
    @click.option("--check", is_flag=True, help="Only look, take nothing in.")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    def command(file: Path, match: tuple[str, ...], check: bool, as_json: bool) -> None:
        settings = settings_or_stop()
        told = run_until_done(_import(settings, kind, file.name, file.read_bytes(), match, check=check))
        click.echo(
            json.dumps(_as_json(told), ensure_ascii=False) if as_json else _in_words(told, check=check)
        )
        if told.missing or told.wrong:
            raise click.exceptions.Exit(1)


_command("cases", "Take cases in. Nobody is told of them; the same file twice does no harm.")
_command("meetings", "Take meetings in, before the cases that were raised there.")


async def _import(
    settings: Settings, kind: str, name: str, data: bytes, match: tuple[str, ...], *, check: bool
) -> _Told:
    pack = load_city(settings.city)
    calendar = WorkCalendar(ZoneInfo(pack.zone), pack.days_off, pack.days_on)
    city = city_of(Directory(pack), calendar, utc_now().astimezone(calendar.zone).date())
    looked = _looked(data, kind, city, match)
    async with open_database(settings) as database:
        if check or not looked.is_right:
            return await _check(database, looked)
        return await _take(database, settings, city, looked, name, hash_of(data))


def _looked(data: bytes, kind: str, city: City, match: tuple[str, ...]) -> Looked:
    try:
        looked = look(data, kind, city)
        return look(data, kind, city, _columns(looked, match)) if match else looked
    except Unreadable as fault:
        place = f" ({fault.where})" if fault.where else ""
        raise click.ClickException(f"The file cannot be read: {fault.reason}{place}.") from fault


def _columns(looked: Looked, match: tuple[str, ...]) -> dict[str, str]:
    heads = list(looked.head.cells)
    found = {field: str(column) for field, column in looked.matched.items()}
    fields = [column.name for column in COLUMNS[looked.kind]]
    for one in match:
        field, _, column = one.partition("=")
        if field not in fields:
            raise click.ClickException(f"{field}: no such field. There are: {', '.join(fields)}.")
        if column in heads:
            found[field] = str(heads.index(column))
        elif column.isascii() and column.isdecimal() and 1 <= int(column) <= len(heads):
            found[field] = str(int(column) - 1)
        else:
            raise click.ClickException(f"{column}: no such column. There are: {', '.join(heads)}.")
    return found


async def _check(database: Database, looked: Looked) -> _Told:
    async with database.read() as connection:
        prepared = await prepare(connection, looked)
    return _told(looked, already=len(prepared.known))


async def _take(
    database: Database, settings: Settings, city: City, looked: Looked, name: str, file_hash: str
) -> _Told:
    now = utc_now()
    async with database.begin() as connection:
        if await done_import(connection, looked.kind, file_hash) is not None:
            return _Told(rows=looked.rows, same_file=True)
        run = await look_at_file(
            connection,
            kind=looked.kind,
            file_hash=file_hash,
            file_name=name[:200],
            kept_as="",
            staff_id=None,
            now=now,
        )
        try:
            taken = await take_in(connection, city, looked, run_id=run.id, staff_id=None, now=now)
        except TakenAlready:
            return _Told(rows=looked.rows, same_file=True)
        if taken is not None:
            facts: JsonObject = {"kind": looked.kind, "rows": taken.rows, "skipped": taken.skipped}
            entry = audit.Entry(action="import.taken", subject=name[:64], who=Role.SYSTEM.value, facts=facts)
            await audit.note(connection, audit.Sealer(settings.secret_key), entry, now)
    if taken is None:
        return _told(looked)
    await count_all(database, city.zone)
    return _told(looked, taken=taken.rows, already=taken.skipped)


def _told(looked: Looked, *, taken: int = 0, already: int = 0) -> _Told:
    return _Told(
        looked.rows, taken, already, False, looked.missing, tuple(looked.checked.faults), looked.checked.wrong
    )


def _as_json(told: _Told) -> JsonObject:
    return {
        "rows": told.rows,
        "taken": told.taken,
        "already": told.already,
        "same_file": told.same_file,
        "missing": list(told.missing),
        "wrong": told.wrong,
        "faults": [
            {"row": one.row, "field": one.column, "reason": one.reason, "value": one.value}
            for one in told.faults
        ],
    }


def _in_words(told: _Told, *, check: bool) -> str:
    if told.same_file:
        return "This very file was taken in before; nothing was changed."
    if told.missing:
        return (
            f"No column was found for: {', '.join(told.missing)}. Name it: --match {told.missing[0]}=COLUMN"
        )
    if told.wrong:
        lines = [
            f"row {one.row}: {one.column or 'row'}: {one.reason} {one.value}".rstrip()
            for one in told.faults[:_SAID]
        ]
        return "\n".join([f"{told.wrong} things are wrong; nothing was taken in.", *lines])
    if check:
        return f"{told.rows} rows, nothing is wrong; {told.already} are there already. Nothing was taken in."
    return f"{told.taken} rows were taken in; {told.already} were there already."

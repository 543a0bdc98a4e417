"""`sotong pack`: what the console edited of the city pack, and taking it back into the files."""

import json
from pathlib import Path

import click

from bot.app import utc_now
from bot.commands.common import open_database, run_until_done, settings_or_stop
from bot.settings import Settings
from cities.editing import Edit, edited
from cities.reading import PackTexts, read_pack
from storage.audit import Entry, Sealer, note
from storage.engine import Database
from storage.pack_edits import add_edit, edits_that_count, newest_version
from storage.tables import JsonObject


@click.group()
def pack() -> None:
    """The city pack (도시 자료)."""


@pack.command("edits")
@click.option(
    "--export",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the files that would say the same into this folder, whole, ready for the pack.",
)
@click.option("--give-back", is_flag=True, help="Let the files count again where they say the same by now.")
@click.option("--json", "as_json", is_flag=True, help="Print the edits as JSON.")
def list_edits(folder: Path | None, give_back: bool, as_json: bool) -> None:
    """Show what was edited in the console and counts before the pack's files.

    To take it into the pack: --export FOLDER, put the files into the pack, start anew, then --give-back.
    """
    settings = settings_or_stop()
    edits = run_until_done(_edits(settings))
    files = read_pack(settings.city)
    if give_back:
        many = run_until_done(_give_back(settings, files, edits))
        click.echo(f"{many} of {len(edits)} edits are in the files by now; the files count again for them.")
        return
    if folder is not None:
        written = _export(files, edits, folder)
        click.echo(f"{', '.join(written) or 'Nothing differs: no file'} written to {folder}.")
        return
    if as_json:
        click.echo(json.dumps([_plain(edit) for edit in edits], ensure_ascii=False, indent=2))
        return
    for edit in edits:
        click.echo(f"{edit.kind.value:10} {edit.key:20} {json.dumps(dict(edit.value), ensure_ascii=False)}")
    if not edits:
        click.echo("Nothing is edited: the pack's files count as they are.")


def _plain(edit: Edit) -> JsonObject:
    return {"kind": edit.kind.value, "key": edit.key, "value": dict(edit.value)}


async def _edits(settings: Settings) -> list[Edit]:
    async with open_database(settings) as database, database.read() as connection:
        return [edit for edit in await edits_that_count(connection) if edit.value]


def _export(files: PackTexts, edits: list[Edit], folder: Path) -> list[str]:
    changed = {
        name: text for name, text in edited(files.texts, edits).items() if text != files.texts.get(name)
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in changed.items():
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(changed)


async def _give_back(settings: Settings, files: PackTexts, edits: list[Edit]) -> int:
    whole = files.city(edits)
    async with open_database(settings) as database:
        many = 0
        for edit in edits:
            if files.city([one for one in edits if one is not edit]) == whole:
                many += await _undo(settings, database, edit)
        return many


async def _undo(settings: Settings, database: Database, edit: Edit) -> bool:
    now = utc_now()
    async with database.begin() as connection:
        after = await newest_version(connection)
        back = Edit(edit.kind, edit.key, {})
        if not await add_edit(connection, back, after=after, staff_id=None, now=now):
            return False
        done = Entry(action="pack.edited", subject=edit.key, facts={"kind": edit.kind.value})
        await note(connection, Sealer(settings.secret_key), done, now)
    return True

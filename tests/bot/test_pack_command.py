"""What the console edited is written out as files, and taken back into the pack."""

import asyncio
import json
import shutil
from importlib.resources import files
from pathlib import Path

from cities.editing import Edit, EditKind
from storage.engine import Database
from storage.migrate import migrate
from storage.pack_edits import add_edit
from tests.bot.test_commands import environment, run
from tests.storage.scenery import NOW

EDITS = (
    Edit(EditKind.KEYWORDS, "parks", {"keywords": ["소꿉마당"]}),
    Edit(EditKind.DAY, "2027-03-02", {"change": "off", "name": "임시공휴일"}),
)


async def _edit(url: str) -> None:
    await migrate(url)
    database = Database(url)
    async with database.begin() as connection:
        for number, edit in enumerate(EDITS):
            assert await add_edit(connection, edit, after=number, staff_id=None, now=NOW)
    await database.close()


def test_edits_become_files_of_the_pack_and_the_files_count_again(tmp_path: Path) -> None:
    pack, out = tmp_path / "incheon", tmp_path / "out"
    shutil.copytree(str(files("cities").joinpath("incheon")), pack)
    url = f"sqlite:///{tmp_path}/x.db"
    env = environment(url, tmp_path) | {"SOTONG_CITY": str(pack)}
    asyncio.run(_edit(url))
    listed = run("pack", "edits", "--json", env=env)
    assert [one["key"] for one in json.loads(listed.output)] == ["parks", "2027-03-02"]
    assert "0 of 2" in run("pack", "edits", "--give-back", env=env).output
    exported = run("pack", "edits", "--export", str(out), env=env)
    assert (exported.exit_code, sorted(one.name for one in out.iterdir())) == (
        0,
        ["departments.toml", "holidays.csv"],
    )
    shutil.copytree(out, pack, dirs_exist_ok=True)
    assert "2 of 2" in run("pack", "edits", "--give-back", env=env).output
    assert "Nothing is edited" in run("pack", "edits", env=env).output
    assert run("audit", "verify", env=env).exit_code == 0

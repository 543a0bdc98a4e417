"""The nightly copy (야간 백업), and the check that it can be restored: into an empty database beside it."""

import asyncio
import secrets
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from schedules.jobs import JobFault, Tools
from storage.dump import BadCopy, NotEmpty, read_copy, write_copy
from storage.engine import Database
from storage.jobs import Figures, Run
from storage.migrate import migrate

FOLDER = "backups"
COPIES_KEPT = 14


async def back_up(tools: Tools, run: Run) -> Figures:
    """Write a copy, restore it into an empty database, compare, and only then give it its name.

    Raises JobFault when it cannot be written or is not whole; older copies stay then.
    """
    folder = tools.data_folder / FOLDER
    unproven = folder / f".{run.period}-{secrets.token_hex(4)}.tar.gz"
    try:
        await asyncio.to_thread(partial(folder.mkdir, parents=True, exist_ok=True, mode=0o700))
        counts = await _write(tools, unproven)
        await _prove(unproven, counts)
        size = await asyncio.to_thread(partial(_keep, unproven, folder / f"sotong-{run.period}.tar.gz"))
    except (OSError, BadCopy, NotEmpty, SQLAlchemyError) as error:
        raise JobFault(f"no copy: {type(error).__name__}") from error
    finally:
        with suppress(OSError):
            await asyncio.to_thread(partial(unproven.unlink, missing_ok=True))
    return {"rows": sum(counts.values()), "cases": counts["cases"], "bytes": size, "restored": True}


async def _write(tools: Tools, target: Path) -> dict[str, int]:
    async with tools.database.read() as connection:
        if not tools.database.is_sqlite:
            await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        return await write_copy(connection, tools.data_folder / "files", target)


async def _prove(copy: Path, counts: dict[str, int]) -> None:
    with tempfile.TemporaryDirectory(prefix="sotong-restore-", dir=copy.parent) as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'restored.db'}"
        await migrate(url)
        database = Database(url)
        try:
            async with database.begin() as connection:
                restored = await read_copy(connection, copy, folder / "files")
        finally:
            await database.close()
    if restored != counts:
        raise BadCopy("rows are missing")


def _keep(proven: Path, name: Path) -> int:
    proven.replace(name)
    copies = sorted(name.parent.glob("sotong-*.tar.gz"))
    for old in copies[:-COPIES_KEPT]:
        old.unlink()
    return name.stat().st_size

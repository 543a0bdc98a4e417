"""Making a copy and proving it, as a process of its own (`python -m schedules.copying`), told by its input.

A large copy is an hour of packing and reading: beside the program it holds up nobody's answer, and its memory
goes when it ends.
"""

import asyncio
import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import text

from storage.dump import BadCopy, read_copy, write_copy
from storage.engine import Database
from storage.migrate import migrate

_KINDNESS = 10
"""How much it gives way to the program (nice)."""


class CopyFailed(Exception):  # noqa: N818 - an outcome to word
    """There is no copy; the text names the kind of error, and nothing of the data."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to copy, where the kept files are, and where the copy goes."""

    url: str
    files: str
    target: str


async def copied(order: Order) -> dict[str, int]:
    """Have a copy made and proven; the rows of each table. Raises CopyFailed, and then there is no file."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schedules.copying"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        # By the input, not the command line, which everybody on the machine could read.
        output, _ = await process.communicate(json.dumps(asdict(order)).encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        answer = json.loads(output)
    except ValueError as error:
        raise CopyFailed(f"the copying process ended with {process.returncode}") from error
    if "error" in answer:
        raise CopyFailed(str(answer["error"]))
    return {str(name): int(count) for name, count in answer["rows"].items()}


async def copy(order: Order) -> dict[str, int]:
    """Make the copy and prove it, in this process."""
    target = Path(order.target)
    database = Database(order.url, pool_size=1)
    try:
        async with database.read() as connection:
            if not database.is_sqlite:
                await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            counts = await write_copy(connection, Path(order.files), target)
    finally:
        await database.close()
    if await _restored(target) != counts:
        raise BadCopy("rows are missing")
    return counts


async def _restored(source: Path) -> dict[str, int]:
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=source.parent) as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'restored.db'}"
        await migrate(url)
        database = Database(url)
        try:
            async with database.begin() as connection:
                return await read_copy(connection, source, folder / "files")
        finally:
            await database.close()


def main() -> None:
    """Do as the input says; print the counts, or the kind of error."""
    os.nice(_KINDNESS)
    order = Order(**json.loads(sys.stdin.read()))
    try:
        answer: dict[str, object] = {"rows": asyncio.run(copy(order))}
    except Exception as error:
        Path(order.target).unlink(missing_ok=True)
        answer = {"error": type(error).__name__}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()

"""Copies of everything: every table as lines of JSON, the same on both databases, and the kept files."""

import base64
import json
import os
import tarfile
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import Base
from storage.tables.types import UtcDateTime

_ROWS_AT_ONCE = 1000
_FORMAT = 1
_HEAD = "sotong.json"
_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


class BadCopy(Exception):  # noqa: N818 - said to the operator as it is
    """The file is no copy of ours, or not whole; nothing was changed."""


class NotEmpty(Exception):  # noqa: N818 - said to the operator as it is
    """The database holds something already; nothing was changed."""


async def write_copy(connection: AsyncConnection, files: Path, target: Path) -> dict[str, int]:
    """Write one consistent copy as a tar file, whole or not at all; returns the rows of each table.

    `connection` must be in a transaction that sees one moment (SQLite: any; PostgreSQL: repeatable read).
    """
    unfinished = target.with_suffix(target.suffix + ".part")
    try:
        # It holds everything there is of everybody: for nobody else's eyes from the first byte on.
        with os.fdopen(os.open(unfinished, _ANEW, 0o600), "wb") as file:
            counts = await _write(connection, files, target.parent, file)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return counts


async def _write(connection: AsyncConnection, files: Path, folder: Path, file: IO[bytes]) -> dict[str, int]:
    counts: dict[str, int] = {}
    # A table is written to the disk first: a large one has no room in memory.
    with tarfile.open(fileobj=file, mode="w:gz") as tar, TemporaryFile(dir=folder) as data:
        for table in Base.metadata.sorted_tables:
            data.seek(0)
            data.truncate()
            counts[table.name] = 0
            async for row in _rows(connection, table):
                data.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                counts[table.name] += 1
            _add(tar, f"tables/{table.name}.jsonl", data)
        _add_files(tar, files)
        revision = await connection.scalar(text("SELECT version_num FROM alembic_version"))
        head = {"format": _FORMAT, "revision": revision, "rows": counts}
        data.seek(0)
        data.truncate()
        data.write(json.dumps(head).encode())
        _add(tar, _HEAD, data)
    return counts


def _add_files(tar: tarfile.TarFile, files: Path) -> None:
    for file in sorted(files.glob("*")) if files.is_dir() else []:
        if file.is_file():
            tar.add(file, f"files/{file.name}")


def _add(tar: tarfile.TarFile, name: str, data: IO[bytes]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = data.tell()
    data.seek(0)
    tar.addfile(entry, data)


async def _rows(connection: AsyncConnection, table: Table) -> AsyncIterator[dict[str, object]]:
    result = await connection.stream(select(table).order_by(*table.primary_key.columns))
    async for row in result.mappings():
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, datetime | date) else value


async def read_copy(connection: AsyncConnection, source: Path, files: Path) -> dict[str, int]:
    """Put a copy into an empty database of the same revision; all or nothing.

    Raises BadCopy or NotEmpty.
    """
    await _must_be_empty(connection)
    with _open(source) as tar:
        head = _head(tar)
        revision = await connection.scalar(text("SELECT version_num FROM alembic_version"))
        if head["revision"] != revision:
            raise BadCopy(
                f"The copy is of schema {head['revision']}, the database of {revision}: restore it with the "
                "version of sotong that wrote it, then upgrade."
            )
        counts = {}
        for table in Base.metadata.sorted_tables:
            counts[table.name] = await _fill(connection, table, _lines(tar, table.name))
        if counts != head["rows"]:
            raise BadCopy("The copy is not whole: rows are missing.")
        await _go_on_counting(connection)
        _put_files(tar, files)
    return counts


async def _must_be_empty(connection: AsyncConnection) -> None:
    for table in Base.metadata.sorted_tables:
        if await connection.scalar(select(func.count()).select_from(table)):
            raise NotEmpty(f"The database is not empty (table {table.name}): restore into a new one.")


def _open(source: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(source, "r:gz")
    except (OSError, tarfile.TarError) as error:
        raise BadCopy(f"{source} cannot be read as a copy: {error}.") from error


def _head(tar: tarfile.TarFile) -> dict[str, object]:
    try:
        head = json.loads(_entry(tar, _HEAD).read())
    except (KeyError, ValueError, EOFError, OSError, tarfile.TarError) as error:
        raise BadCopy("The file is no whole copy made by sotong backup.") from error
    if not isinstance(head, dict) or head.get("format") != _FORMAT:
        raise BadCopy("The copy was made by a newer sotong.")
    return head


def _entry(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file


def _lines(tar: tarfile.TarFile, name: str) -> Iterator[dict[str, object]]:
    for line in _entry(tar, f"tables/{name}.jsonl"):
        yield json.loads(line)


async def _fill(connection: AsyncConnection, table: Table, rows: Iterator[dict[str, object]]) -> int:
    count, batch = 0, []
    for row in rows:
        batch.append(_typed(table, row))
        count += 1
        if len(batch) == _ROWS_AT_ONCE:
            await connection.execute(insert(table), batch)
            batch = []
    if batch:
        await connection.execute(insert(table), batch)
    return count


def _typed(table: Table, row: Mapping[str, object]) -> dict[str, object]:
    typed = dict(row)
    for column in table.columns:
        value = typed.get(column.name)
        if not isinstance(value, str):
            continue
        if isinstance(column.type, UtcDateTime):
            typed[column.name] = datetime.fromisoformat(value).astimezone(UTC)
        elif column.type.python_type is bytes:
            typed[column.name] = base64.b64decode(value)
        elif column.type.python_type is date:
            typed[column.name] = date.fromisoformat(value)
    return typed


async def _go_on_counting(connection: AsyncConnection) -> None:
    # PostgreSQL numbers rows by sequences of their own, which know nothing of rows that brought their id.
    if connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        if "id" in table.columns:
            await connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 - our names
                    f"(SELECT COALESCE(MAX(id), 0) + 1 FROM {table.name}), false)"
                )
            )


def _put_files(tar: tarfile.TarFile, files: Path) -> None:
    files.mkdir(parents=True, exist_ok=True, mode=0o700)
    for entry in tar.getmembers():
        folder, _, name = entry.name.partition("/")
        # Only plain names of our own making leave the archive, so that none lands elsewhere.
        if folder == "files" and entry.isfile() and name == Path(name).name:
            (files / name).write_bytes(_entry(tar, entry.name).read())

"""Taking files in (가져오기): what is there already, numbers in one block, rows in bulk."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from intents.finding import keys_of
from storage.statements import insert_or
from storage.tables import (
    ActivityRow,
    CaseCounterRow,
    CaseEventRow,
    CaseRow,
    CaseWordRow,
    ImportRunRow,
    JsonObject,
    MeetingRow,
)

_AT_ONCE = 500
_KEYS_AT_ONCE = 5_000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """A file that was looked at, and perhaps taken in."""

    id: int
    kind: str
    file_hash: str
    file_name: str
    kept_as: str
    columns: Mapping[str, object]
    rows: int
    skipped: int
    staff_id: int | None
    at: datetime
    done_at: datetime | None


_RUN = tuple(ImportRunRow.__table__.c)


@dataclass(frozen=True, slots=True)
class Known:
    """A case or meeting that has a source's number already."""

    title: str
    day: datetime | date


async def look_at_file(
    connection: AsyncConnection,
    *,
    kind: str,
    file_hash: str,
    file_name: str,
    kept_as: str,
    staff_id: int | None,
    now: datetime,
) -> ImportRun:
    """Write down a file that somebody handed in; the same one again is the same run.

    The run's `kept_as` is not the one given when the file was there already.
    """
    statement = insert_or(connection, ImportRunRow).values(
        kind=kind, file_hash=file_hash, file_name=file_name, kept_as=kept_as, staff_id=staff_id, at=now
    )
    await connection.execute(statement.on_conflict_do_nothing(index_elements=["kind", "file_hash"]))
    result = await connection.execute(
        select(*_RUN).where(ImportRunRow.kind == kind, ImportRunRow.file_hash == file_hash)
    )
    return ImportRun(**result.mappings().one())


async def keep_file_as(connection: AsyncConnection, run_id: int, kept_as: str) -> None:
    """Say where the file of a run not yet taken in is kept now."""
    await connection.execute(
        update(ImportRunRow)
        .where(ImportRunRow.id == run_id, ImportRunRow.done_at.is_(None))
        .values(kept_as=kept_as)
    )


async def import_run(connection: AsyncConnection, run_id: int, *, lock: bool = False) -> ImportRun | None:
    """The run of that id, or None."""
    statement = select(*_RUN).where(ImportRunRow.id == run_id)
    result = await connection.execute(statement.with_for_update() if lock else statement)
    row = result.mappings().one_or_none()
    return None if row is None else ImportRun(**row)


async def done_import(connection: AsyncConnection, kind: str, file_hash: str) -> ImportRun | None:
    """The run in which this very file was taken in, or None."""
    result = await connection.execute(
        select(*_RUN).where(
            ImportRunRow.kind == kind,
            ImportRunRow.file_hash == file_hash,
            ImportRunRow.done_at.is_not(None),
        )
    )
    row = result.mappings().one_or_none()
    return None if row is None else ImportRun(**row)


async def newest_imports(connection: AsyncConnection, *, limit: int) -> list[ImportRun]:
    """What was taken in last, newest first."""
    result = await connection.execute(
        select(*_RUN).where(ImportRunRow.done_at.is_not(None)).order_by(ImportRunRow.id.desc()).limit(limit)
    )
    return [ImportRun(**row) for row in result.mappings()]


async def end_import(
    connection: AsyncConnection,
    run_id: int,
    *,
    rows: int,
    skipped: int,
    columns: Mapping[str, object],
    now: datetime,
) -> bool:
    """Mark a run as done; False when it was done already, and then nothing of it may be kept."""
    result = await connection.execute(
        update(ImportRunRow)
        .where(ImportRunRow.id == run_id, ImportRunRow.done_at.is_(None))
        .values(rows=rows, skipped=skipped, columns=dict(columns), kept_as="", done_at=now)
        .returning(ImportRunRow.id)
    )
    return result.one_or_none() is not None


async def known_cases(connection: AsyncConnection, refs: Collection[str]) -> dict[str, Known]:
    """Cases that have one of these numbers of the source."""
    found: dict[str, Known] = {}
    for some in _batches(sorted(refs), _AT_ONCE):
        result = await connection.execute(
            select(CaseRow.source_ref, CaseRow.title, CaseRow.received_at).where(CaseRow.source_ref.in_(some))
        )
        found |= {ref: Known(title, day) for ref, title, day in result if ref}
    return found


async def known_meetings(connection: AsyncConnection, refs: Collection[str]) -> dict[str, Known]:
    """Meetings that have one of these numbers of the source."""
    found: dict[str, Known] = {}
    for some in _batches(sorted(refs), _AT_ONCE):
        result = await connection.execute(
            select(MeetingRow.source_ref, MeetingRow.title, MeetingRow.held_on).where(
                MeetingRow.source_ref.in_(some)
            )
        )
        found |= {ref: Known(title, day) for ref, title, day in result if ref}
    return found


async def meetings_named(connection: AsyncConnection, names: Collection[str]) -> dict[str, list[int]]:
    """The meetings that have one of these numbers of the source or titles, by that name."""
    found: dict[str, list[int]] = {}
    for some in _batches(sorted(names), _AT_ONCE):
        result = await connection.execute(
            select(MeetingRow.id, MeetingRow.source_ref, MeetingRow.title).where(
                or_(MeetingRow.source_ref.in_(some), MeetingRow.title.in_(some))
            )
        )
        for meeting, ref, title in result:
            # A number is one meeting's alone; a title may be that of many.
            if ref is not None and ref in names:
                found[ref] = [meeting]
            if title in names and title != ref:
                found.setdefault(title, []).append(meeting)
    return found


async def reserve_numbers(connection: AsyncConnection, year: int, count: int) -> int:
    """Take the next `count` numbers of a year; the first of them. Held until the transaction ends."""
    statement = insert_or(connection, CaseCounterRow).values(year=year, last=count)
    statement = statement.on_conflict_do_update(
        index_elements=["year"], set_={"last": CaseCounterRow.last + count}
    )
    result = await connection.execute(statement.returning(CaseCounterRow.last))
    last: int = result.scalar_one()
    return last - count + 1


async def put_cases(connection: AsyncConnection, rows: Sequence[JsonObject]) -> list[int]:
    """Write cases; their ids, in order. The words they are found by are written too."""
    ids: list[int] = []
    for some in _batches(rows, _AT_ONCE):
        result = await connection.execute(
            insert(CaseRow).returning(CaseRow.id, sort_by_parameter_order=True), list(some)
        )
        ids += result.scalars()
    keys: Iterator[JsonObject] = (
        {"key": key, "case_id": case}
        for case, row in zip(ids, rows, strict=True)
        for key in keys_of(str(row["title"]), str(row["place"]), str(row["text"]))
    )
    await _put(connection, CaseWordRow, keys, _KEYS_AT_ONCE)
    return ids


async def put_events(connection: AsyncConnection, rows: Iterable[JsonObject]) -> int:
    """Write lines of history; from which line on they stand, for `storage.figures.count_again_from`."""
    before: int | None = await connection.scalar(select(func.max(CaseEventRow.id)))
    await _put(connection, CaseEventRow, rows, _AT_ONCE)
    return (before or 0) + 1


async def put_activities(connection: AsyncConnection, rows: Iterable[JsonObject]) -> None:
    """Write interviews and site visits."""
    await _put(connection, ActivityRow, rows, _AT_ONCE)


async def put_meetings(connection: AsyncConnection, rows: Iterable[JsonObject]) -> None:
    """Write meetings."""
    await _put(connection, MeetingRow, rows, _AT_ONCE)


async def _put(
    connection: AsyncConnection,
    table: type[CaseWordRow] | type[CaseEventRow] | type[ActivityRow] | type[MeetingRow],
    rows: Iterable[JsonObject],
    at_once: int,
) -> None:
    for some in _batches(rows, at_once):
        await connection.execute(insert(table), some)


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some

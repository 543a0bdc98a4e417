"""Export (내보내기): any list as CSV or XLSX, as long as it is, with nothing this person may not see."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import mkstemp
from urllib.parse import urlencode

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response, StreamingResponse

from cases.numbers import CaseNumber
from cases.vocabulary import OfficeId
from reports.sheets import MOST_ROWS
from reports.writing import Book, Cell, csv_bytes
from storage.exporting import Exported, exported
from storage.ledger import page_of_cases
from web.staff.asking import asked_of
from web.staff.pages import NotFound, Visit
from web.staff.rights import sees_persons

_AT_ONCE = 500
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head in the locales, what stands in it, and whether readers are shown it."""

    head: str
    of: Callable[[Visit, Exported], Cell]
    for_readers: bool = True


async def export(visit: Visit) -> Response:
    """The list that the address asks for, as a file."""
    ending = visit.part("ending")
    if ending not in ("csv", "xlsx"):
        raise NotFound
    async with visit.console.database.begin() as connection:
        await visit.note(connection, "list.exported", ending, asked=_asked(visit))
    name = f"cases-{_day(visit, visit.now)}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if ending == "csv":
        return StreamingResponse(_csv(visit), media_type="text/csv; charset=utf-8", headers=headers)
    path = await _xlsx(visit)
    return FileResponse(path, media_type=_XLSX, headers=headers, background=BackgroundTask(_forget, path))


def _asked(visit: Visit) -> str:
    """What the list was narrowed by; not the words looked for, which may be a resident's."""
    fields = visit.request.query_params.multi_items()
    return urlencode([(name, value) for name, value in fields if name != "q"])[:200]


async def _csv(visit: Visit) -> AsyncIterator[bytes]:
    first = True
    async for rows in _rows(visit):
        yield csv_bytes(rows, first=first)
        first = False


async def _xlsx(visit: Visit) -> Path:
    handle, name = mkstemp(suffix=".xlsx")
    os.close(handle)
    path, book = Path(name), Book()
    try:
        async for rows in _rows(visit):
            await asyncio.to_thread(partial(book.add, rows))
        await asyncio.to_thread(partial(book.save, path))
    except BaseException:
        _forget(path)
        raise
    return path


def _forget(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()


async def _rows(visit: Visit) -> AsyncIterator[list[list[Cell]]]:
    """The head, then the cases, some at a time; the connection is given back between them."""
    columns = [column for column in COLUMNS if column.for_readers or sees_persons(visit.staff)]
    search, mark, written = asked_of(visit).search, None, 0
    yield [[_say(visit, f"import.field.{column.head}") for column in columns]]
    while True:
        async with visit.console.database.read() as connection:
            page = await page_of_cases(connection, search, limit=_AT_ONCE, after=mark)
            found = await exported(connection, [entry.id for entry in page.entries])
        if found:
            yield [[column.of(visit, one) for column in columns] for one in found]
        written, mark = written + len(found), page.more
        if mark is None:
            return
        if written >= MOST_ROWS:
            yield [[_say(visit, "import.export_cut", rows=MOST_ROWS)]]
            return


def _say(visit: Visit, key: str, **params: object) -> str:
    return visit.console.wording.say(key, visit.locale, **params)


def _day(visit: Visit, moment: datetime | date | None) -> str:
    if isinstance(moment, datetime):
        moment = moment.astimezone(visit.console.services.world.zone).date()
    return moment.isoformat() if moment else ""


def _title(visit: Visit, one: Exported) -> str:
    # The words of a private case are its resident's: readers are not shown them.
    return one.title if one.public or sees_persons(visit.staff) else _say(visit, "import.private")


COLUMNS: tuple[Column, ...] = (
    Column("number", lambda _, one: str(CaseNumber(one.year, one.running))),
    Column("source_ref", lambda _, one: one.source_ref or ""),
    Column("kind", lambda visit, one: _say(visit, f"kind.{one.kind}")),
    Column("title", _title),
    Column("text", lambda _, one: one.text, for_readers=False),
    Column("state", lambda visit, one: _say(visit, f"state.{one.state}")),
    Column("outcome", lambda visit, one: _say(visit, f"figures.part.{one.outcome}") if one.outcome else ""),
    Column(
        "office", lambda visit, one: visit.console.wording.directory.name(OfficeId(one.office), visit.locale)
    ),
    Column(
        "district",
        lambda visit, one: (
            visit.console.wording.directory.place_name(one.district, "", visit.locale) if one.district else ""
        ),
    ),
    Column("place", lambda _, one: one.place),
    Column("field", lambda _, one: one.field),
    Column("channel", lambda visit, one: _say(visit, f"import.channel.{one.channel}")),
    Column("meeting", lambda _, one: one.meeting or ""),
    Column("received", lambda visit, one: _day(visit, one.received_at)),
    Column("due", lambda visit, one: _day(visit, one.due_at)),
    Column("closed", lambda visit, one: _day(visit, one.closed_at)),
    Column("planned", lambda visit, one: _day(visit, one.planned_on)),
    Column("moves", lambda _, one: one.moves),
    Column("rating", lambda _, one: one.rating),
)
"""What stands in the file, in order."""

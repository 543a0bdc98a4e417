"""One file from its bytes to the database (가져오기): looked at as often as one likes, taken in once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from reports.checking import Checked, City, check_rows
from reports.columns import Matched, chosen, find_head, match_heads, missing
from reports.rows import CaseIn, MeetingIn, case_reader, meeting_reader
from reports.sheets import MOST_ROWS, Row, Unreadable, read_sheet
from reports.taking_in import (
    Prepared,
    Taken,
    prepare_cases,
    prepare_meetings,
    take_cases,
    take_meetings,
)
from storage.importing import end_import, import_run

KINDS = ("cases", "meetings")
SAMPLE = 5


class TakenAlready(Exception):  # noqa: N818 - an outcome to word
    """This very file was taken in before; nothing was written."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A file as it was understood: its head, which columns hold what, and what came of its rows."""

    kind: str
    head: Row
    matched: Matched
    missing: tuple[str, ...]
    sample: tuple[Row, ...]
    rows: int
    checked: Checked[CaseIn] | Checked[MeetingIn]

    @property
    def is_right(self) -> bool:
        """True when nothing stands against taking it in, as far as the file alone can tell."""
        return not self.missing and not self.checked.wrong and bool(self.rows)


def hash_of(data: bytes) -> str:
    """By what the same file is known again, whatever its name."""
    return hashlib.sha256(data).hexdigest()


def look(data: bytes, kind: str, city: City, columns: Mapping[str, str] | None = None) -> Looked:
    """Read a file and check its rows; takes seconds for a large one, so not on the loop.

    `columns` are columns matched by hand (field to column number from 0), None to recognise the heads.
    Raises Unreadable.
    """
    sheet = read_sheet(data)
    place = find_head(sheet, kind)
    head, rows = sheet.rows[place], sheet.rows[place + 1 :]
    if len(rows) > MOST_ROWS:
        raise Unreadable("too_many_rows", str(MOST_ROWS))
    width = len(head.cells)
    matched = match_heads(head, kind) if columns is None else chosen(kind, columns, width)
    lacking = tuple(missing(kind, matched))
    checked: Checked[CaseIn] | Checked[MeetingIn]
    if lacking:
        checked = Checked()
    elif kind == "cases":
        checked = check_rows(rows, matched, width, case_reader(city))
    else:
        checked = check_rows(rows, matched, width, meeting_reader(city))
    return Looked(kind, head, matched, lacking, rows[:SAMPLE], len(rows), checked)


async def prepare(connection: AsyncConnection, looked: Looked) -> Prepared:
    """Compare the rows with what is there; what stands against them is noted among the faults too."""
    cases = [one for one in looked.checked.items if isinstance(one, CaseIn)]
    meetings = [one for one in looked.checked.items if isinstance(one, MeetingIn)]
    prepared = await (
        prepare_cases(connection, cases) if looked.kind == "cases" else prepare_meetings(connection, meetings)
    )
    looked.checked.note(prepared.faults)
    return prepared


async def take_in(
    connection: AsyncConnection,
    city: City,
    looked: Looked,
    *,
    run_id: int,
    staff_id: int | None,
    now: datetime,
) -> Taken | None:
    """Write everything in the caller's transaction; None when a fault came to light, and nothing was written.

    Raises TakenAlready when somebody took this file in before.
    """
    run = await import_run(connection, run_id, lock=True)
    if run is None or run.done_at is not None:
        raise TakenAlready
    prepared = await prepare(connection, looked)
    if not looked.is_right:
        return None
    items = looked.checked.items
    if looked.kind == "cases":
        cases = [one for one in items if isinstance(one, CaseIn)]
        taken = await take_cases(connection, city, cases, prepared, staff_id=staff_id, run_id=run_id, now=now)
    else:
        meetings = [one for one in items if isinstance(one, MeetingIn)]
        taken = await take_meetings(connection, meetings, prepared, now=now)
    columns = dict(looked.matched)
    if not await end_import(
        connection, run_id, rows=taken.rows, skipped=taken.skipped, columns=columns, now=now
    ):
        raise TakenAlready
    return taken

"""Files as offices export them, made for the tests, and what comes of taking them in."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from cases.calendar import WorkCalendar
from cities.directory import Directory
from cities.reading import load_city
from reports.checking import City, city_of
from reports.importing import hash_of, look, take_in
from reports.taking_in import Taken
from storage.engine import Database
from storage.importing import look_at_file

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
HEAD = ("관리번호", "유형", "제목", "접수일", "처리상황")
MEETING_HEAD = ("행사번호", "방문형태", "일자", "장소")


def a_city(name: str) -> City:
    """A shipped city, as the checks know it."""
    city = load_city(name)
    calendar = WorkCalendar(ZoneInfo(city.zone), city.days_off, city.days_on)
    return city_of(Directory(city), calendar, NOW.date())


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]], encoding: str = "utf-8-sig") -> bytes:
    """A CSV file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """An XLSX file."""
    book = Workbook()
    sheet = book.active
    sheet.append(list(head))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def counted(
    prefix: str, counts: Mapping[str, int], *, day: str = "2023-02-01", kind: str = "건의"
) -> list[tuple[str, ...]]:
    """Rows under HEAD: so many of each state."""
    states = [state for state, many in counts.items() for _ in range(many)]
    return [(f"{prefix}-{at}", kind, f"{prefix} 건의 {at}", day, state) for at, state in enumerate(states, 1)]


@dataclass
class Reception:
    """A database and the city whose files it takes in."""

    database: Database
    city: City

    async def takes(self, kind: str, data: bytes, columns: Mapping[str, str] | None = None) -> Taken:
        """Take a file in that has no faults."""
        looked = look(data, kind, self.city, columns)
        assert not looked.missing
        assert looked.checked.faults == []
        async with self.database.begin() as connection:
            run = await look_at_file(
                connection,
                kind=kind,
                file_hash=hash_of(data),
                file_name="파일.csv",
                kept_as="",
                staff_id=None,
                now=NOW,
            )
            taken = await take_in(connection, self.city, looked, run_id=run.id, staff_id=None, now=NOW)
        assert looked.checked.faults == []
        assert taken is not None
        return taken

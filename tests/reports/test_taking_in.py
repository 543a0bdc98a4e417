"""Taking rows in: whole or not at all, once, telling nobody; and counting that never drifts."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, event, func, select, update

from cases.figures import Dimension
from reports.importing import TakenAlready, hash_of, look, take_in
from reports.taking_in import Taken
from storage.engine import Database
from storage.exporting import exported
from storage.figures import count_again_from, count_all, is_behind, known_values, read_counts, read_months
from storage.gatherings import cases_raised, meetings_held
from storage.importing import look_at_file
from storage.tables import CaseRow, CountedRow, CountingRow, FigureRow, MeetingRow
from tests.reports.conftest import Opens
from tests.reports.files import HEAD, MEETING_HEAD, NOW, Reception, a_city, as_csv, counted

BIG = re.compile(r"SCAN (cases|case_event|figure|counted_case|case_activity)(_\d+)?$")


async def rows_of(reception: Reception) -> list[tuple[object, ...]]:
    """All figures, in order."""
    async with reception.database.read() as connection:
        result = await connection.execute(select(FigureRow.__table__).where(FigureRow.n != 0))
        return sorted(tuple(row) for row in result)


async def test_imported_cases_have_no_reminders_of_the_past_and_are_found_by_words(reception: Opens) -> None:
    incheon = reception("incheon")
    rows = [
        ("1-1", "건의", "오래된 의자", "2020-01-05", "완료"),
        ("1-2", "건의", "오래된 등", "2020-01-05", "추진중"),
        ("1-3", "건의", "어제 온 등", "2026-11-19", "접수"),
    ]
    await incheon.takes("cases", as_csv(HEAD, rows))
    async with incheon.database.read() as connection:
        result = await connection.execute(select(CaseRow.__table__).order_by(CaseRow.id))
        closed, open_, fresh = result.mappings().all()
    assert (closed["next_check_at"], open_["next_check_at"]) == (None, None)
    assert fresh["next_check_at"] > NOW
    assert not any(row["public"] or row["resident_id"] for row in (closed, open_, fresh))
    assert [(row["year"], row["running"]) for row in (closed, open_, fresh)] == [
        (2020, 1),
        (2020, 2),
        (2026, 1),
    ]


async def test_two_clerks_take_the_same_file_in_once(reception: Opens) -> None:
    incheon = reception("incheon")
    data = as_csv(HEAD, counted("1", {"완료": 20}))

    async def take() -> Taken | None:
        looked = look(data, "cases", incheon.city)
        async with incheon.database.begin() as connection:
            run = await look_at_file(
                connection,
                kind="cases",
                file_hash=hash_of(data),
                file_name="a",
                kept_as="",
                staff_id=None,
                now=NOW,
            )
            return await take_in(connection, incheon.city, looked, run_id=run.id, staff_id=None, now=NOW)

    done = await asyncio.gather(take(), take(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == sorted([Taken.__name__, TakenAlready.__name__])
    async with incheon.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(CaseRow)) == 20


async def test_a_fault_found_at_the_last_moment_leaves_nothing_behind(reception: Opens) -> None:
    incheon = reception("incheon")
    await incheon.takes("cases", as_csv(HEAD, [("1-1", "건의", "의자", "2023-01-05", "완료")]))
    data = as_csv(
        (*HEAD, "행사"),
        [
            ("1-9", "건의", "새 것", "2023-01-05", "완료", ""),
            ("1-1", "건의", "다른 것", "2023-01-05", "완료", ""),
            ("1-8", "건의", "행사에서", "2023-01-05", "완료", "없는 행사"),
        ],
    )
    looked = look(data, "cases", incheon.city)
    async with incheon.database.begin() as connection:
        run = await look_at_file(
            connection,
            kind="cases",
            file_hash=hash_of(data),
            file_name="a",
            kept_as="",
            staff_id=None,
            now=NOW,
        )
        assert await take_in(connection, incheon.city, looked, run_id=run.id, staff_id=None, now=NOW) is None
    assert [(fault.row, fault.reason) for fault in looked.checked.faults] == [
        (3, "taken"),
        (4, "meeting_unknown"),
    ]
    async with incheon.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(CaseRow)) == 1


async def test_counting_piece_by_piece_comes_to_the_same_as_counting_anew(reception: Opens) -> None:
    incheon = reception("incheon")
    zone = incheon.city.zone
    await incheon.takes("cases", as_csv(HEAD, counted("1", {"완료": 30, "추진중": 40, "접수": 3})))
    await count_all(incheon.database, zone)
    async with incheon.database.begin() as connection:
        await connection.execute(
            update(CaseRow).where(CaseRow.id % 3 == 0).values(state="done", office="yeonsu/parks", moves=2)
        )
        # As if every case had a new line of history, counted by two at once.
        await count_again_from(connection, 1)
    await asyncio.gather(count_all(incheon.database, zone), count_all(incheon.database, zone))
    piecemeal = await rows_of(incheon)
    async with incheon.database.begin() as connection:
        for table in (FigureRow, CountedRow, CountingRow):
            await connection.execute(delete(table))
    await count_all(incheon.database, zone)
    assert piecemeal == await rows_of(incheon)
    assert sum(int(str(row[-1])) for row in piecemeal if row[:3] == ("", "state", 202302)) == 73


@pytest.fixture
def sqlite(migrated_sqlite: Path, tmp_path: Path) -> Path:
    """A file with all tables."""
    return Path(shutil.copy(migrated_sqlite, tmp_path / "plans.db"))


@contextmanager
def overheard() -> Iterator[list[tuple[str, object]]]:
    """Every statement that is sent."""
    heard: list[tuple[str, object]] = []

    def listen(
        _connection: object, _cursor: object, statement: str, parameters: object, *_rest: object
    ) -> None:
        heard.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", listen)
    yield heard
    event.remove(Engine, "before_cursor_execute", listen)


async def test_no_statement_of_figures_import_or_export_reads_a_whole_table(
    sqlite: Path,
) -> None:
    reception = Reception(Database(f"sqlite:///{sqlite}"), a_city("incheon"))
    with overheard() as heard:
        await reception.takes(
            "meetings", as_csv(MEETING_HEAD, [("R-1", "동 연두방문", "2023-01-05", "송도1동")])
        )
        rows = [(*row, "R-1", "O") for row in counted("1", {"완료": 2, "추진중": 1})]
        await reception.takes("cases", as_csv((*HEAD, "행사", "면담"), rows))
        await count_all(reception.database, reception.city.zone)
        async with reception.database.read() as connection:
            await is_behind(connection)
            await read_counts(connection, ["", "office:desk"], 202301, 202412)
            await read_months(connection, [""], 202301, 202412)
            await known_values(connection, Dimension.FIELD, limit=10)
            days = (date(2023, 1, 1), date(2023, 12, 31))
            (held,) = await meetings_held(connection, *days, kind="동 연두방문")
            assert sum(one.n for one in await cases_raised(connection, *days)) == 3
            assert held.title == "동 연두방문 송도1동"
            assert len(await exported(connection, [1, 2, 3])) == 3
    slow = []
    async with reception.database.read() as connection:
        for statement, parameters in heard:
            if statement.split()[0] not in ("SELECT", "UPDATE", "DELETE", "WITH"):
                continue
            values = parameters[0] if isinstance(parameters, list) else parameters
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
            slow += [f"{row.detail}: {statement}" for row in plan if BIG.search(str(row.detail))]
        assert await connection.scalar(select(func.count()).select_from(MeetingRow)) == 1
    await reception.database.close()
    assert len(heard) > 30
    assert slow == []

"""The ledger's queries go by an index, whatever is asked, on both databases."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, event, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import Kind, OfficeId, State
from storage.engine import Database
from storage.ledger import (
    Mark,
    Order,
    Search,
    Talk,
    count_overdue,
    count_states,
    find_cases,
    was_given_away_by,
)
from storage.tables import CaseEventRow, CaseRow

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
OFFICES = frozenset(OfficeId(f"yeonsu/{one}") for one in ("parks", "roads"))
DISTRICTS = ("yeonsu", "namdong", "bupyeong")
MANY = 20_000
SEARCHES = {
    "one office, due first": Search(offices=frozenset({OfficeId("yeonsu/parks")})),
    "offices, newest first": Search(offices=OFFICES, order=Order.NEWEST),
    "everything, due first": Search(),
    "everything, newest first": Search(states=(), order=Order.NEWEST),
    "closed, newest first": Search(states=(State.DONE,), order=Order.NEWEST),
    "overdue": Search(overdue_at=NOW),
    "a kind and a district": Search(kind=Kind.QUESTION, district="yeonsu"),
    "waiting": Search(offices=OFFICES, talk=Talk.WAITING),
    "answered": Search(offices=OFFICES, talk=Talk.ANSWERED),
    "answered, everywhere": Search(talk=Talk.ANSWERED),
    "words": Search(offices=OFFICES, words="의자"),
    "given away": Search(offices=OFFICES, states=(), given_away=True, order=Order.NEWEST),
}


@pytest.fixture
async def ledger(migrated_database_url: str) -> AsyncIterator[Database]:
    """A database with enough cases that reading all of them would never be the better plan."""
    database = Database(migrated_database_url)
    states = [*State]
    async with database.begin() as connection:
        rows = [_row(index, states[index % len(states)]) for index in range(MANY)]
        for start in range(0, MANY, 2_000):
            await connection.execute(insert(CaseRow), rows[start : start + 2_000])
            await connection.execute(
                insert(CaseEventRow), [_event(row) for row in rows[start : start + 2_000]]
            )
        await connection.execute(text("ANALYZE"))
    yield database
    await database.close()


def _row(index: int, state: State) -> dict[str, object]:
    return {
        "id": index + 1,
        "year": 2026,
        "running": index + 1,
        "state": state.value,
        "kind": (Kind.QUESTION, Kind.SUGGESTION)[index % 2].value,
        "title": f"제목 {index}",
        "text": "의자가 부러졌어요" if index % 7 else "길이 패였어요",
        "office": f"{DISTRICTS[index % 3]}/{('parks', 'roads', 'parking')[index // 3 % 3]}",
        "district": DISTRICTS[index % 3],
        "channel": "web",
        "received_at": NOW,
        "due_at": NOW + timedelta(minutes=index - MANY // 2),
        "changed_at": NOW,
        "routed_by": "bot",
        "question_waiting": index % 50 == 0,
        "spoke_last": index % 500 == 0,
    }


def _event(row: dict[str, object]) -> dict[str, object]:
    away = row["running"] == 90
    return {
        "case_id": row["id"],
        "at": NOW,
        "action": "move" if away else "file",
        "role": "raiser",
        "from_state": "",
        "to_state": row["state"],
        "from_office": "yeonsu/parks" if away else "",
        "to_office": row["office"],
        "told": True,
        "facts": {},
    }


async def test_no_list_reads_all_the_cases(ledger: Database) -> None:
    # One test for all of them: filling the database takes longer than asking it.
    async with ledger.read() as connection:
        async with _statements(connection) as seen:
            for search in SEARCHES.values():
                for after in (None, Mark(NOW, MANY // 2)):
                    assert len(await find_cases(connection, search, limit=51, after=after)) <= 51
        assert len(seen) == 2 * len(SEARCHES)
        for statement, parameters in seen:
            await _goes_by_index(connection, statement, parameters)


async def test_counts_go_by_index_and_stop_where_told(ledger: Database) -> None:
    async with ledger.read() as connection:
        async with _statements(connection) as seen:
            counts = await count_states(connection, None, at_most=1000)
            assert await count_overdue(connection, OFFICES, NOW, at_most=100) == 100
            assert await was_given_away_by(connection, 90, OFFICES)
            assert not await was_given_away_by(connection, 91, OFFICES)
        for statement, parameters in seen:
            await _goes_by_index(connection, statement, parameters)
    assert set(counts.values()) == {1000}


async def test_what_was_found_is_right_though_it_came_by_index(ledger: Database) -> None:
    async with ledger.read() as connection:
        given = await find_cases(connection, SEARCHES["given away"], limit=51)
        assert [entry.number.running for entry in given] == [90]
        late = await find_cases(connection, Search(offices=OFFICES, overdue_at=NOW), limit=51)
        dates = [entry.due_at for entry in late]
        assert len(late) == 51
        assert dates == sorted(dates)
        assert all(entry.state.is_open and entry.office in OFFICES for entry in late)


@asynccontextmanager
async def _statements(connection: AsyncConnection) -> AsyncIterator[list[tuple[str, object]]]:
    seen: list[tuple[str, object]] = []

    def note(
        _connection: Connection, _cursor: object, statement: str, parameters: object, *_rest: object
    ) -> None:
        seen.append((statement, parameters))

    sync = connection.sync_connection
    event.listen(sync, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(sync, "before_cursor_execute", note)


async def _goes_by_index(connection: AsyncConnection, statement: str, parameters: object) -> None:
    sqlite = connection.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    assert isinstance(parameters, tuple)
    result = await connection.exec_driver_sql(explain + statement, parameters)
    plan = "\n".join(str(row[-1]) for row in result)
    if plan == "SCAN cases":
        return  # in the order of the primary key, and ended by the limit
    whole = r"SCAN (cases|case_event)(?! USING)" if sqlite else r"Seq Scan on (cases|case_event)"
    assert not re.search(whole, plan), f"{statement}\n{plan}"

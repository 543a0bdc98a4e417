"""The ledger's queries go by an index, whatever is asked, on both databases."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, event, insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import Kind, OfficeId, State
from intents.finding import keys_of
from storage import ledger as ledger_module
from storage.engine import Database
from storage.given_away import was_given_away_by
from storage.ledger import find_cases, page_of_cases
from storage.narrowing import Mark, Order, Search, Talk
from storage.tables import CaseEventRow, CaseRow, CaseWordRow
from storage.tallies import Times, count_day, count_overdue, count_states

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
OFFICES = frozenset(OfficeId(f"yeonsu/{one}") for one in ("parks", "roads"))
DISTRICTS = ("yeonsu", "namdong", "bupyeong")
MANY = 20_000
TEXTS = ("의자가 부러졌어요", "그네가 삐걱거려요 길")
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
    "words, everywhere": Search(words="그네 삐걱", states=()),
    "one character": Search(words="걱"),
    "one character, in offices": Search(offices=OFFICES, words="걱"),
    "words misspelt": Search(words="그네거"),
    "words misspelt, in offices": Search(offices=OFFICES, words="그네거"),
    "second looks": Search(talk=Talk.SECOND_LOOK),
    "a meeting": Search(meeting=1, states=()),
    "a place": Search(place="송도2동"),
    "a month": Search(
        states=(), received_from=NOW - timedelta(days=30), received_before=NOW, order=Order.NEWEST
    ),
    "a month of one state and office": Search(
        offices=OFFICES, states=(State.DONE,), received_from=NOW - timedelta(days=30), order=Order.NEWEST
    ),
    "no word yet": Search(silent_since=NOW - timedelta(days=180)),
    "many supporters": Search(offices=OFFICES, supporters=10),
    "due today": Search(offices=OFFICES, due_from=NOW, due_before=NOW + timedelta(hours=10)),
    "given away": Search(offices=OFFICES, states=(), given_away=True, order=Order.NEWEST),
}


TIMES = Times(
    now=NOW, tomorrow=NOW + timedelta(hours=14), account=NOW - timedelta(days=100), today=NOW.date()
)


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
        for words in TEXTS:
            for key in keys_of(words):
                having = select(literal(key), CaseRow.id).where(CaseRow.text == words)
                await connection.execute(insert(CaseWordRow).from_select(["key", "case_id"], having))
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
        "text": TEXTS[0] if index % 97 else TEXTS[1],
        "office": f"{DISTRICTS[index % 3]}/{('parks', 'roads', 'parking')[index // 3 % 3]}",
        "district": DISTRICTS[index % 3],
        "channel": "web",
        "received_at": NOW - timedelta(minutes=index),
        "place": f"{index % 300}동",
        "due_at": NOW + timedelta(minutes=index - MANY // 2),
        "changed_at": NOW,
        "routed_by": "bot",
        "question_waiting": index % 50 == 0,
        "spoke_last": index % 500 == 0,
        "second_look_used": index % 400 == 0,
        "closed_at": None if state.is_open else NOW,
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


async def test_no_list_and_no_count_reads_all_the_cases(ledger: Database) -> None:
    # One test for all of them: filling the database takes longer than asking it.
    async with ledger.read() as connection:
        async with _statements(connection) as seen:
            for search in SEARCHES.values():
                for after in (None, Mark(NOW, MANY // 2)):
                    assert len(await find_cases(connection, search, limit=51, after=after)) <= 51
            counts = await count_states(connection, None, at_most=1000)
            assert await count_overdue(connection, OFFICES, NOW, at_most=100) == 100
            assert await was_given_away_by(connection, 90, OFFICES)
            assert not await was_given_away_by(connection, 91, OFFICES)
            for offices in (None, OFFICES):
                day = await count_day(connection, offices, TIMES, at_most=1000)
        assert set(counts.values()) == {1000}
        assert (day.new, day.silent, day.consulted) == (1000, 1000, 0)
        assert len(seen) >= 2 * len(SEARCHES)
        if connection.dialect.name == "postgresql":
            # Even a short table is to be read by an index: that there is one is what this asks.
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, parameters in seen:
            await _goes_by_index(connection, statement, parameters)


@pytest.mark.parametrize("database_kind", ["sqlite"])
async def test_what_was_found_is_right_though_it_came_by_index_and_in_stretches(
    ledger: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_module, "STRETCH", 500)
    async with ledger.read() as connection:
        given = await find_cases(connection, SEARCHES["given away"], limit=51)
        assert [entry.number.running for entry in given] == [90]
        late = await find_cases(connection, Search(offices=OFFICES, overdue_at=NOW), limit=51)
        dates = [entry.due_at for entry in late]
        assert len(late) == 51
        assert dates == sorted(dates)
        assert all(entry.state.is_open and entry.office in OFFICES for entry in late)
        seen, pages = await _all_of(connection, Search(kind=Kind.QUESTION, district="yeonsu"))
        expected = [one + 1 for one in range(0, MANY, 6) if [*State][one % len(State)].is_open]
        assert sorted(seen) == expected
        assert pages > len(expected) // 50
        mine = [one + 1 for one in range(0, MANY, 97) if _row(one, State.DONE)["office"] in OFFICES]
        for words in ("그네", "네"):
            swings, _ = await _all_of(connection, Search(offices=OFFICES, states=(), words=words))
            assert sorted(swings) == mine, words
        everywhere, _ = await _all_of(connection, Search(states=(), words="그네 삐걱"))
        assert len(everywhere) == len(range(0, MANY, 97))
        assert not await find_cases(connection, Search(words="자전거"), limit=5)
        near = await page_of_cases(connection, Search(words="삐걱거러요"), limit=5)
        assert near.nearly
        assert len(near.entries) == 5


async def _all_of(connection: AsyncConnection, search: Search) -> tuple[list[int], int]:
    seen: list[int] = []
    page = await page_of_cases(connection, search, limit=50)
    for pages in range(1, 1000):
        seen += [entry.id for entry in page.entries]
        if page.more is None:
            return seen, pages
        page = await page_of_cases(connection, search, limit=50, after=page.more)
    raise AssertionError("a list without end")


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
    whole = (
        r"SCAN (cases|case_event|case_word)(?! USING)"
        if sqlite
        else r"Seq Scan on (cases|case_event|case_word)"
    )
    assert not re.search(whole, plan), f"{statement}\n{plan}"

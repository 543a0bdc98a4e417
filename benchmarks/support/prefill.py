"""Filling a database with years of a city's life: cases, their history, residents, what was said."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Database
from storage.migrate import migrate

_ZONE = ZoneInfo("Asia/Seoul")
_CASES_OF_ONE = 5
_OPEN_IN = 10
"""Every tenth case is still open."""
_DISTRICTS = ("yeonsu", "namdong", "bupyeong", "gyeyang", "michuhol")
_DEPARTMENTS = ("roads", "parks", "parking", "cleaning", "lights", "traffic")

_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)",
    "postgresql": "WITH n AS (SELECT CAST(i AS INTEGER) AS i FROM generate_series(1, :count) AS s(i))",
}
_RESIDENTS = """INSERT INTO resident (id, created_at, consented_at, consent_version)
    {numbers} SELECT i, {then}, {then}, '2026-11' FROM n"""
_CONVERSATIONS = """INSERT INTO conversation (id, channel, external_id, resident_id, created_at, last_at)
    {numbers} SELECT i, 'telegram', 'old-' || i, i, {then}, {then} FROM n"""
_CASES = """INSERT INTO cases (id, year, running, state, kind, title, text, office, district, place,
        resident_id, channel, received_at, due_at, changed_at, closed_at, routed_by)
    {numbers} SELECT i, {year}, i, CASE WHEN i % {open_in} = 0 THEN 'reviewing' ELSE 'done' END, 'complaint',
        '보도블록 파손 ' || i, '공원 앞 ' || i || '번 보도블록이 깨져서 걷기가 위험합니다. 빨리 고쳐 주세요.',
        {district} || '/' || {department}, {district}, '', 1 + i / {of_one}, 'telegram',
        {then}, {then}, {then}, CASE WHEN i % {open_in} = 0 THEN NULL ELSE {then} END, 'bot' FROM n"""
_EVENTS = """INSERT INTO case_event (case_id, at, action, role, from_state, to_state, from_office, to_office,
        words, told)
    {numbers} SELECT 1 + (i - 1) / 2, {then}, CASE WHEN i % 2 = 1 THEN 'file' ELSE 'answer' END, 'officer',
        'received', 'received', 'yeonsu/roads', 'yeonsu/roads', '확인하고 처리했습니다.', {true} FROM n"""
_INBOX = """INSERT INTO inbox (channel, external_id, conversation_id, received_at, body, state, handled_at)
    {numbers} SELECT 'telegram', 'old-' || i, 1 + i / {turns_of_one}, {then}, '{{}}', 'done', {then} FROM n"""
_OUTBOX = """INSERT INTO outbox (conversation_id, channel, lane, kind, template, params, choices, case_id,
        created_at, not_before, state, sent_at, external_id, attempts)
    {numbers} SELECT 1 + i / {turns_of_one}, 'telegram', 0, 'message', 'receipt.text',
        '{{"number": "26-00001"}}', '[]', 1 + i / 2, {then}, {then}, 'sent', {then}, i, 1 FROM n"""

# A new database makes up for last night's backup at its start: long work that is no part of a turn.
_NO_BACKUP = """INSERT INTO job_run (job, period, due_at, started_at, finished_at, outcome)
    VALUES ('backup', :night, {then}, {then}, {then}, 'done')"""


async def prefill(database_url: str, cases: int) -> None:
    """Migrate an empty database and put `cases` cases into it, with two turns and two events each."""
    await migrate(database_url)
    if not cases:
        return
    database = Database(database_url)
    people = cases // _CASES_OF_ONE + 2
    now = datetime.now(UTC)
    night = (now - timedelta(hours=3)).astimezone(_ZONE)
    parts = _parts(now, is_sqlite=database.is_sqlite)
    steps = (
        (_RESIDENTS, people),
        (_CONVERSATIONS, people),
        (_CASES, cases),
        (_EVENTS, cases * 2),
        (_INBOX, cases * 2),
        (_OUTBOX, cases * 2 - 2),
    )
    try:
        async with database.begin() as connection:
            for statement, count in steps:
                await connection.execute(text(_colons(statement.format(**parts))), {"count": count})
            counter = text("INSERT INTO case_counter (year, last) VALUES (:year, :last)")
            await connection.execute(counter, {"year": parts["year"], "last": cases})
            await connection.execute(text(_NO_BACKUP.format(**parts)), {"night": f"{night:%Y-%m-%d}"})
            if not database.is_sqlite:
                await _count_on(connection)
        async with database.begin() as connection:
            await connection.execute(text("ANALYZE"))
    finally:
        await database.close()


async def _count_on(connection: AsyncConnection) -> None:
    """Let PostgreSQL number new rows from where the filling ended."""
    for table in ("resident", "conversation", "cases"):
        await connection.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))


def _parts(now: datetime, *, is_sqlite: bool) -> dict[str, object]:
    then = (now - timedelta(days=30)).strftime("%Y-%m-%d %H:%M:%S.%f")
    return {
        "numbers": _NUMBERS["sqlite" if is_sqlite else "postgresql"],
        "then": f"'{then}'" if is_sqlite else f"TIMESTAMPTZ '{then}+00'",
        "true": "1" if is_sqlite else "true",
        "year": now.astimezone(_ZONE).year,
        "open_in": _OPEN_IN,
        "of_one": _CASES_OF_ONE,
        "turns_of_one": _CASES_OF_ONE * 2,
        "district": _one_of(_DISTRICTS, 10),
        "department": _one_of(_DEPARTMENTS, 50),
    }


def _one_of(values: tuple[str, ...], every: int) -> str:
    # By tens and fifties, so that every office has its share of the open ones.
    whens = " ".join(f"WHEN {place} THEN '{value}'" for place, value in enumerate(values))
    return f"(CASE (i / {every}) % {len(values)} {whens} END)"


def _colons(sql: str) -> str:
    # A colon of a literal is no parameter.
    return sql.replace(":", "\\:").replace("\\:count", ":count")

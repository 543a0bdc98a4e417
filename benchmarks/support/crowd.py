"""A whole city of people who wait for the half-yearly account: open cases, supporters, words of offices."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from storage.engine import Database
from storage.migrate import migrate

FIRST_ADDRESS = 5_000_000
"""Telegram's number of the first person."""

_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)",
    "postgresql": "WITH n AS (SELECT CAST(i AS INTEGER) AS i FROM generate_series(1, :count) AS s(i))",
}
_RESIDENTS = """INSERT INTO resident (id, created_at, consented_at, consent_version)
    {numbers} SELECT i, {then}, {then}, '2026-11' FROM n"""
_CONVERSATIONS = """INSERT INTO conversation (id, channel, external_id, resident_id, created_at, last_at)
    {numbers} SELECT i, 'telegram', CAST({first} + i AS VARCHAR), i, {then}, {then} FROM n"""
_CASES = """INSERT INTO cases (id, year, running, state, kind, title, text, office, district, place,
        resident_id, channel, received_at, due_at, changed_at, last_word_at, routed_by)
    {numbers} SELECT i, {year}, i, CASE WHEN i % 3 = 0 THEN 'long_term' ELSE 'reviewing' END, 'complaint',
        '보도블록 파손 ' || i, '공원 앞 ' || i || '번 보도블록이 깨져서 걷기가 위험합니다. 빨리 고쳐 주세요.',
        'yeonsu/roads', 'yeonsu', '', i, 'telegram', {then}, {then}, {then},
        CASE WHEN i % 5 < 3 THEN {then} ELSE NULL END, 'bot' FROM n"""
_EVENTS = """INSERT INTO case_event (case_id, at, action, role, from_state, to_state, from_office, to_office,
        words, told)
    {numbers} SELECT 1 + (i - 1) / 2, {then}, CASE WHEN i % 2 = 1 THEN 'take' ELSE 'progress' END, 'officer',
        'received', 'reviewing', 'yeonsu/roads', 'yeonsu/roads',
        CASE WHEN i % 2 = 1 OR (1 + (i - 1) / 2) % 5 >= 3 THEN ''
            ELSE '현장을 확인했고 다음 달에 업체와 함께 고칠 계획입니다.' END, {true} FROM n"""
_SUPPORT = """INSERT INTO support (case_id, resident_id, created_at)
    {numbers} SELECT 1 + (i * 7) % {cases}, {cases} + i, {then} FROM n"""


async def gather(database_url: str, cases: int, people: int) -> None:
    """Migrate an empty database; `cases` people raised one each, the others up to `people` support one."""
    await migrate(database_url)
    database = Database(database_url)
    kind = "sqlite" if database.is_sqlite else "postgresql"
    now = datetime.now(UTC)
    then = (now - timedelta(days=30)).strftime("%Y-%m-%d %H:%M:%S.%f")
    parts = {
        "numbers": _NUMBERS[kind],
        "then": f"'{then}'" if database.is_sqlite else f"TIMESTAMPTZ '{then}+00'",
        "true": "1" if database.is_sqlite else "true",
        "year": now.year,
        "first": FIRST_ADDRESS,
        "cases": cases,
    }
    steps = (
        (_RESIDENTS, people),
        (_CONVERSATIONS, people),
        (_CASES, cases),
        (_EVENTS, cases * 2),
        (_SUPPORT, people - cases),
    )
    try:
        async with database.begin() as connection:
            for statement, count in steps:
                if count:
                    await connection.execute(text(_colons(statement.format(**parts))), {"count": count})
            counter = text("INSERT INTO case_counter (year, last) VALUES (:year, :last)")
            await connection.execute(counter, {"year": parts["year"], "last": cases})
            if not database.is_sqlite:
                for table in ("resident", "conversation", "cases"):
                    await connection.execute(
                        text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
                    )
        async with database.begin() as connection:
            await connection.execute(text("ANALYZE"))
    finally:
        await database.close()


def _colons(sql: str) -> str:
    # A colon of a literal is no parameter.
    return sql.replace(":", "\\:").replace("\\:count", ":count")

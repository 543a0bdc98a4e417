"""Five years of a city in a database, written fast: cases of every office, state, place and month."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from cities.directory import Directory
from intents.finding import keys_of
from storage.engine import Database
from storage.migrate import migrate

YEARS = 5
MEETING_CASES = 60
TEXTS = 4_000

_THINGS = (
    "가로등",
    "보도블록",
    "신호등",
    "쓰레기통",
    "놀이터 그네",
    "배수구",
    "가로수",
    "버스 정류장",
    "현수막",
    "공중화장실",
)
_FAULTS = (
    "꺼져 있어요",
    "깨졌어요",
    "고장 났어요",
    "넘쳐요",
    "부서졌어요",
    "막혔어요",
    "쓰러질 것 같아요",
    "낡았어요",
)
_WHERE = ("앞", "옆", "뒤쪽", "건너편", "정문", "사거리", "주차장", "골목", "산책로", "학교 앞")
_ASKS = (
    "빨리 고쳐 주세요.",
    "밤에 다니기 무서워요.",
    "아이들이 다칠까 걱정돼요.",
    "한번 나와서 봐 주세요.",
    "벌써 세 번째예요.",
)

_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)",
    "postgresql": "WITH n AS (SELECT CAST(i AS BIGINT) AS i FROM generate_series(1, :count) AS s(i))",
}
_MOMENT = {
    "sqlite": "strftime('%Y-%m-%d %H\\:%M\\:%S.000000', {base}, ({seconds}) || ' seconds')",
    "postgresql": "TIMESTAMPTZ {base} + ({seconds}) * INTERVAL '1 second'",
}
_STATE = """CASE WHEN i * 48271 % 100 < 4 THEN 'received' WHEN i * 48271 % 100 < 10 THEN 'reviewing'
    WHEN i * 48271 % 100 < 18 THEN 'in_progress' WHEN i * 48271 % 100 < 22 THEN 'long_term'
    WHEN i * 48271 % 100 < 85 THEN 'done' WHEN i * 48271 % 100 < 92 THEN 'infeasible'
    WHEN i * 48271 % 100 < 97 THEN 'handed_over' ELSE 'withdrawn' END"""
_CASES = """INSERT INTO cases (id, year, running, state, kind, title, text, office, district, place, channel,
        meeting_id, received_at, due_at, changed_at, closed_at, last_word_at, question_waiting,
        spoke_last, second_look_used, routed_by)
    {numbers} SELECT i, {year}, i, {state},
        CASE i % 10 WHEN 0 THEN 'question' WHEN 1 THEN 'proposal' WHEN 2 THEN 'complaint'
            ELSE 'suggestion' END,
        t.title, t.body, o.id, t.district, t.place, 'web',
        CASE WHEN i % 400 < 2 THEN 1 + i / {of_meeting} END,
        {received}, CASE WHEN i * 48271 % 100 < 22 THEN {due_open} ELSE {due} END, {received},
        CASE WHEN i * 48271 % 100 < 22 THEN NULL ELSE {due} END,
        CASE WHEN i % 3 = 0 THEN NULL ELSE {received} END,
        i * 48271 % 100 < 22 AND i % 60 = 7, i * 48271 % 100 < 22 AND i % 80 = 9, i % 300 = 11, 'bot'
    FROM n JOIN bench_text t ON t.n = i * 16807 % {texts}
    JOIN bench_office o ON o.n = i * 7919 % {offices}"""
_EVENTS = """INSERT INTO case_event (case_id, at, action, role, from_state, to_state, from_office,
        to_office, words, told, facts)
    {numbers} SELECT 1 + (i - 1) / 2, {received}, CASE WHEN i % 2 = 1 THEN 'file' ELSE 'progress' END,
        'officer', 'received', 'received', 'roads', 'roads', '확인하고 있습니다.', i % 2 = 0, '{{}}' FROM n"""
_WORDS = """INSERT INTO case_word (key, case_id) SELECT k.key, c.id FROM cases c
    JOIN bench_key k ON k.n = c.id * 16807 % {texts} ORDER BY k.key, c.id"""
_MEETINGS = """INSERT INTO meeting (id, code, title, kind, held_on, created_at)
    {numbers} SELECT i, 'b' || i, '동 연두방문 ' || i, 'round', {day}, {received} FROM n"""


@dataclass(frozen=True, slots=True)
class Town:
    """What was built: how many cases and meetings there are."""

    cases: int
    meetings: int


async def build_town(database_url: str, cases: int, directory: Directory) -> Town:
    """Migrate an empty database and fill it."""
    await migrate(database_url)
    database = Database(database_url)
    town = Town(cases, 1 + cases // 400 * 400 // MEETING_CASES)
    try:
        async with database.begin() as connection:
            offices = await _lists(connection, directory)
            await _fill(connection, town, offices, sqlite=database.is_sqlite)
        async with database.begin() as connection:
            await connection.execute(text("ANALYZE"))
    finally:
        await database.close()
    return town


async def _lists(connection: AsyncConnection, directory: Directory) -> int:
    """Tables that are drawn from: offices, texts, and the pairs of each text."""
    offices = [office for office in directory.offices() if not directory.is_authority(office)]
    places = [(place.name, place.districts[0]) for place in directory.city.places if place.districts]
    for statement in (
        "CREATE TABLE bench_office (n BIGINT PRIMARY KEY, id TEXT)",
        "CREATE TABLE bench_text (n BIGINT PRIMARY KEY, title TEXT, body TEXT, place TEXT, district TEXT)",
        "CREATE TABLE bench_key (n BIGINT, key BIGINT, PRIMARY KEY (n, key))",
    ):
        await connection.execute(text(statement))
    await connection.execute(
        text("INSERT INTO bench_office VALUES (:n, :id)"),
        [{"n": number, "id": office} for number, office in enumerate(offices)],
    )
    rows, keys = [], []
    for number in range(TEXTS):
        place, district = places[number % min(len(places), 300)]
        thing, where = _THINGS[number % 10], _WHERE[number // 7 % 10]
        title = f"{place} {where} {thing} {_FAULTS[number // 3 % 8]}"
        body = f"{title}. {number}번 {_ASKS[number // 11 % 5]} {_ASKS[number // 2 % 5]}"
        rows.append({"n": number, "title": title, "body": body, "place": place, "district": district})
        keys += [{"n": number, "key": key} for key in keys_of(title, place, body)]
    await connection.execute(
        text("INSERT INTO bench_text VALUES (:n, :title, :body, :place, :district)"), rows
    )
    await connection.execute(text("INSERT INTO bench_key VALUES (:n, :key)"), keys)
    return len(offices)


async def _fill(connection: AsyncConnection, town: Town, offices: int, *, sqlite: bool) -> None:
    kind = "sqlite" if sqlite else "postgresql"
    now = datetime.now(UTC)
    span = YEARS * 365 * 86_400
    base = f"'{now - timedelta(seconds=span):%Y-%m-%d %H:%M:%S}'".replace(":", "\\:")
    spots = {"base": base if sqlite else base[:-1] + "+00'"}
    step = span // max(town.cases, 1)
    received = _MOMENT[kind].format(seconds=f"i * {step}", **spots)
    parts = {
        "numbers": _NUMBERS[kind],
        "year": now.year,
        "state": _STATE,
        "texts": TEXTS,
        "offices": offices,
        "of_meeting": MEETING_CASES,
        "received": received,
        "due": _MOMENT[kind].format(seconds=f"i * {step} + 1209600", **spots),
        "due_open": _MOMENT[kind].format(seconds=f"{span} + (i * 31 % 200 - 60) * 43200", **spots),
        "day": "date('2026-01-05')" if sqlite else "DATE '2026-01-05'",
    }
    events = parts | {"received": _MOMENT[kind].format(seconds=f"i / 2 * {step}", **spots)}
    many = town.cases
    await connection.execute(text(_MEETINGS.format(**parts)), {"count": many // MEETING_CASES + 2})
    await connection.execute(text(_CASES.format(**parts)), {"count": many})
    await connection.execute(text(_EVENTS.format(**events)), {"count": many * 2})
    await connection.execute(text(_WORDS.format(**parts)))
    counter = text("INSERT INTO case_counter (year, last) VALUES (:year, :last)")
    await connection.execute(counter, {"year": now.year, "last": many})
    if not sqlite:
        for table in ("cases", "meeting"):
            await connection.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))

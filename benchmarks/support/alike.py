"""A city full of open cases to look for similar ones among, put into a database fast."""

import csv
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random

import asyncpg

from intents.data import read_text
from intents.likeness import SLOT
from intents.similar import sketch
from storage.migrate import migrate

DISTRICTS = tuple(f"d{number:02}" for number in range(11))
_PLACES = 14
"""Of a district."""
_SENTENCE = re.compile(r"(?<=[.!?\n])\s*")
_SENTENCES = (1, 1, 2, 2, 3, 4, 6)
_AT_ONCE = 20_000
_CASE_COLUMNS = (
    *("id", "year", "running", "state", "kind", "title", "text", "office", "district", "place", "channel"),
    *("received_at", "due_at", "changed_at", "routed_by", "form"),
)
_NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Planted:
    """A text that stands among the others, to be found again."""

    id: int
    text: str
    district: str
    place: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts to plant, texts that stay outside, and sentences of yet others to fill the city with."""

    planted: Sequence[str]
    strangers: Sequence[str]
    sentences: Sequence[str]
    words: Sequence[str]


def texts_of(file: Path | None, queries: int) -> Texts:
    """Of a CSV with the columns title and text; without one, of the program's own examples."""
    random = Random(7)
    if file is None:
        rows = csv.DictReader(StringIO(read_text("examples.csv")))
        known = [row["text"].replace(SLOT, "가로등") for row in rows if row["intent"] == "suggest"]
        told = [". ".join(random.sample(known, 3)) for _ in range(2 * queries + 400)]
    else:
        csv.field_size_limit(10**7)
        with file.open(encoding="utf-8", newline="") as opened:
            told = [f"{row.get('title', '')}. {row['text']}" for row in csv.DictReader(opened)]
        random.shuffle(told)
    sentences = [one for text in told[2 * queries :] for one in _SENTENCE.split(text) if len(one) > 8]
    words = [word for one in sentences for word in one.split()]
    return Texts(told[:queries], told[queries : 2 * queries], sentences, words)


def _made_up(texts: Texts, random: Random) -> str:
    many = random.choice(_SENTENCES)
    if random.random() < 0.5:
        return " ".join(random.choices(texts.sentences, k=many))
    return " ".join(random.choices(texts.words, k=8 * many))


def _city(texts: Texts, cases: int, planted: list[Planted]) -> Iterator[Planted]:
    random = Random(11)
    places = set(random.sample(range(cases), len(texts.planted)))
    waiting = iter(texts.planted)
    for number in range(cases):
        district = random.choice(DISTRICTS)
        place = f"{district}-{random.randrange(_PLACES)}"
        text = next(waiting) if number in places else _made_up(texts, random)
        one = Planted(number + 1, text, district, place)
        if number in places:
            planted.append(one)
        yield one


def _row(one: Planted, form: int | None) -> tuple[object, ...]:
    due = _NOW + timedelta(days=14)
    head = (one.id, 2026, one.id, "reviewing", "suggestion", one.text[:40], one.text, f"{one.district}/roads")
    return (*head, one.district, one.place, "web", _NOW, due, _NOW, "bot", form)


Rows = list[tuple[object, ...]]


def _batches(
    texts: Texts, cases: int, planted: list[Planted]
) -> Iterator[tuple[Rows, list[tuple[int, int]]]]:
    rows: Rows = []
    keys: list[tuple[int, int]] = []
    for one in _city(texts, cases, planted):
        made = sketch(one.text, one.district)
        rows.append(_row(one, made.form))
        keys += [(key, one.id) for key in made.keys]
        if len(rows) == _AT_ONCE:
            yield rows, sorted(keys)
            rows, keys = [], []
    yield rows, sorted(keys)


async def fill(url: str, texts: Texts, cases: int) -> list[Planted]:
    """Migrate an empty database and put the city into it; gives what was planted.

    Indexes that no search for similar cases uses are left out: filling a million cases is long enough.
    """
    await migrate(url)
    planted: list[Planted] = []
    if url.startswith("sqlite"):
        _fill_sqlite(url.removeprefix("sqlite:///"), _batches(texts, cases, planted))
    else:
        await _fill_postgresql(url, _batches(texts, cases, planted))
    return planted


def _fill_sqlite(path: str, batches: Iterator[tuple[Rows, list[tuple[int, int]]]]) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA cache_size=-1000000")
    connection.execute("PRAGMA synchronous=OFF")
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'cases' AND sql IS NOT NULL"
    ).fetchall():
        connection.execute(f"DROP INDEX {name}")
    slots = ", ".join("?" * len(_CASE_COLUMNS))
    for rows, keys in batches:
        plain = [
            tuple(str(value)[:19] if isinstance(value, datetime) else value for value in row) for row in rows
        ]
        connection.executemany(f"INSERT INTO cases ({', '.join(_CASE_COLUMNS)}) VALUES ({slots})", plain)
        connection.executemany("INSERT INTO case_key (key, case_id) VALUES (?, ?)", keys)
    connection.execute("CREATE INDEX ix_cases_form ON cases (form, id) WHERE form IS NOT NULL")
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()


async def _fill_postgresql(url: str, batches: Iterator[tuple[Rows, list[tuple[int, int]]]]) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    names = await connection.fetch(
        "SELECT indexname FROM pg_indexes WHERE tablename = 'cases' AND indexname LIKE 'ix_%'"
    )
    for name in names:
        await connection.execute(f"DROP INDEX {name['indexname']}")
    await connection.execute("ALTER TABLE case_key DROP CONSTRAINT pk_case_key")
    for rows, keys in batches:
        await connection.copy_records_to_table("cases", records=rows, columns=list(_CASE_COLUMNS))
        await connection.copy_records_to_table("case_key", records=keys, columns=["key", "case_id"])
    await connection.execute("ALTER TABLE case_key ADD CONSTRAINT pk_case_key PRIMARY KEY (key, case_id)")
    await connection.execute("CREATE INDEX ix_cases_form ON cases (form, id) WHERE form IS NOT NULL")
    await connection.execute("VACUUM ANALYZE cases")
    await connection.execute("VACUUM ANALYZE case_key")
    await connection.close()

"""The demonstration: a half-year of made-up Incheon, lived through the program's doors, sent to nobody."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result

from bot.app import build, build_world
from bot.commands.demo import ACCOUNTS
from bot.demo.plot import SPAN, offices_named, plot
from bot.demo.texts import read_texts
from bot.settings import Settings
from cases.numbers import CaseNumber
from cases.vocabulary import State
from cities.reading import load_city
from handlers.world import World
from tests.bot.test_commands import environment, run

END = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
CASES = 60


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(load_city("incheon"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def filled(folder: Path) -> Result:
    """What the command said."""
    return run("demo", "--cases", str(CASES), env=environment(f"sqlite:///{folder}/demo.db", folder))


@pytest.fixture
def rows(folder: Path, filled: Result) -> Iterator[sqlite3.Connection]:
    assert filled.exit_code == 0, filled.output
    with closing(sqlite3.connect(folder / "demo.db")) as connection:
        yield connection


def all_of(rows: sqlite3.Connection, query: str) -> set[object]:
    return {row[0] for row in rows.execute(query)}


def test_cases_stand_in_every_state_that_half_a_year_brings(rows: sqlite3.Connection) -> None:
    states = all_of(rows, "SELECT state FROM cases")
    assert states >= {State.REVIEWING, State.IN_PROGRESS, State.LONG_TERM, State.DONE, State.INFEASIBLE}
    assert rows.execute("SELECT count(*) FROM cases").fetchone() == (CASES,)
    assert all_of(rows, "SELECT action FROM case_event") >= {
        "ask",
        "reply",
        "move",
        "extend",
        "rate",
        "support",
    }
    assert rows.execute("SELECT count(*) FROM cases WHERE meeting_id IS NOT NULL").fetchone()[0] > 10
    assert rows.execute("SELECT count(*) FROM job_run WHERE job = 'half_account'").fetchone() == (1,)


def test_numbers_follow_one_another_as_they_came(rows: sqlite3.Connection) -> None:
    numbers = rows.execute("SELECT year, running, received_at FROM cases ORDER BY year, running").fetchall()
    assert [CaseNumber(*one[:2]).running for one in numbers if one[0] == numbers[0][0]][:3] == [1, 2, 3]
    assert [one[2] for one in numbers] == sorted(one[2] for one in numbers)


def test_nothing_can_reach_anybody(rows: sqlite3.Connection) -> None:
    assert all_of(rows, "SELECT channel FROM conversation") == {"web"}
    assert all_of(rows, "SELECT channel FROM outbox") == {"web"}
    assert all_of(rows, "SELECT count(*) FROM inbox") == {0}
    assert all_of(rows, "SELECT count(*) FROM case_contact") == {0}


def test_what_its_staff_did_stands_in_the_sealed_log(folder: Path, rows: sqlite3.Connection) -> None:
    checked = run("audit", "verify", env=environment(f"sqlite:///{folder}/demo.db", folder))
    assert (checked.exit_code, "all as they were written" in checked.output) == (0, True)


def test_accounts_of_every_role_are_told_with_their_passwords(
    filled: Result, rows: sqlite3.Connection
) -> None:
    assert [login for login in ACCOUNTS if login not in filled.output] == []
    assert all_of(rows, "SELECT must_change FROM staff") == {1}


def test_a_database_somebody_used_is_never_filled(folder: Path, filled: Result, tmp_path: Path) -> None:
    again = run("demo", env=environment(f"sqlite:///{folder}/demo.db", folder))
    assert (again.exit_code, "The database is not empty" in again.output) == (1, True)
    used = environment(f"sqlite:///{tmp_path}/used.db", tmp_path)
    assert run("meeting", "add", "간담회", "--date", "2027-01-14", env=used).exit_code == 0
    refused = run("demo", env=used)
    assert (refused.exit_code, "The database is not empty" in refused.output) == (1, True)
    with closing(sqlite3.connect(tmp_path / "used.db")) as connection:
        assert connection.execute("SELECT count(*) FROM cases").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM mark").fetchone() == (0,)


def test_no_demonstration_is_made_where_residents_write_or_for_another_city(tmp_path: Path) -> None:
    env = environment(f"sqlite:///{tmp_path}/x.db", tmp_path)
    assert "unset it" in run("demo", env=env | {"SOTONG_TELEGRAM_TOKEN": "1:x"}).output
    assert "of Incheon" in run("demo", env=env | {"SOTONG_CITY": "goyang"}).output


async def test_the_program_knows_that_it_shows_a_demonstration(
    folder: Path, filled: Result, world: World
) -> None:
    settings = Settings(
        database_url=f"sqlite:///{folder}/demo.db", data_folder=folder, secret_key="0123456789abcdef"
    )
    async with build(settings, world=world) as program:
        assert program.world.demonstration
    assert not world.demonstration


def test_every_office_the_texts_speak_of_is_in_the_pack(world: World) -> None:
    city = world.directory.city
    known = {one.id for one in city.departments} | {f"@{one.id}" for one in city.authorities}
    assert offices_named(read_texts()) <= known


def test_the_same_seed_tells_the_same_half_year_and_another_one_another(world: World) -> None:
    texts = read_texts()
    first = plot(world, texts, seed=1, many=500, end=END)
    assert first == plot(world, texts, seed=1, many=500, end=END)
    assert first != plot(world, texts, seed=2, many=500, end=END)
    assert len({one.text for one in first.cases}) > 450
    assert all(END - SPAN - timedelta(days=1) <= one.at < END for one in first.cases)

"""The commands of `sotong`, as an operator types them."""

import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.support.commands import members


def environment(url: str, data: Path) -> dict[str, str | None]:
    """The settings of a command that uses this database."""
    return {"SOTONG_DATABASE_URL": url, "SOTONG_DATA": str(data), "SOTONG_SECRET_KEY": "0123456789abcdef"}


def run(*words: str, env: Mapping[str, str | None]) -> Result:
    """One command."""
    return CliRunner().invoke(main, list(words), env=env)


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command below a group, as its words."""
    found: list[tuple[str, ...]] = []
    for name, command in members(group).items():
        found += leaves(command, (*path, name)) if isinstance(command, click.Group) else [(*path, name)]
    return found


@pytest.mark.parametrize("words", leaves(main), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*words, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 3


def test_an_account_is_made_with_a_password_shown_once(database_url: str, tmp_path: Path) -> None:
    env = environment(database_url, tmp_path)
    made = run("staff", "add", "kim", "--name", "김주무관", "--office", "yeonsu/parking", "--json", env=env)
    assert made.exit_code == 0, made.output
    assert json.loads(made.output)["login"] == "kim"
    again = run("staff", "add", "kim", "--name", "김주무관", env=env)
    assert again.exit_code == 1
    assert "There is an account of this login already." in again.output


def test_an_office_that_does_not_exist_is_named(tmp_path: Path) -> None:
    env = environment(f"sqlite:///{tmp_path}/x.db", tmp_path)
    result = run("staff", "add", "kim", "--name", "김", "--office", "yeonsu/magic", env=env)
    assert result.exit_code == 1
    assert "yeonsu/magic: no such office" in result.output


def test_a_meeting_gets_a_link(database_url: str, tmp_path: Path) -> None:
    env = environment(database_url, tmp_path) | {"SOTONG_PUBLIC_URL": "https://sotong.example"}
    words = ("meeting", "add", "송도2동 연두방문", "--date", "2027-01-14", "--district", "yeonsu")
    result = run(*words, "--code", "songdo2", env=env)
    assert result.exit_code == 0, result.output
    assert "https://sotong.example/m/songdo2" in result.output
    assert (
        "There is a meeting with the code songdo2 already."
        in run(*words, "--code", "songdo2", env=env).output
    )
    long = run("meeting", "add", "가" * 201, "--date", "2027-01-14", env=env)
    assert (long.exit_code, long.output) == (1, "Error: The title has 201 characters; at most 200.\n")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SOTONG_DATABASE_URL": "mysql://x/y"}, "SOTONG_DATABASE_URL cannot be used"),
        ({"SOTONG_CITY": "atlantis"}, "atlantis"),
        ({"SOTONG_PORT": "many"}, "SOTONG_PORT is 'many'; give a number."),
    ],
)
def test_a_wrong_setting_stops_with_one_line(variables: dict[str, str], said: str, tmp_path: Path) -> None:
    env = environment(f"sqlite:///{tmp_path}/x.db", tmp_path) | variables
    result = run("staff", "add", "kim", "--name", "김", env=env)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def filled(env: Mapping[str, str | None], data: Path) -> None:
    """Something of several tables, and a kept file."""
    assert run("staff", "add", "kim", "--name", "김", "--office", "desk", env=env).exit_code == 0
    held = ("meeting", "add", "간담회", "--date", "2027-01-14", "--code", "abcd")
    assert run(*held, env=env).exit_code == 0
    (data / "files").mkdir(exist_ok=True)
    (data / "files" / "0123456789abcdef0123456789abcdef.jpg").write_bytes(b"picture")


def test_a_backup_restores_into_an_empty_database_of_either_kind(database_url: str, tmp_path: Path) -> None:
    first = environment(f"sqlite:///{tmp_path}/first.db", tmp_path)
    filled(first, tmp_path)
    copy = tmp_path / "copy.tar.gz"
    assert run("backup", str(copy), env=first).exit_code == 0
    elsewhere = tmp_path / "elsewhere"
    second = environment(database_url, elsewhere)
    restored = run("restore", str(copy), env=second)
    assert restored.exit_code == 0, restored.output
    assert (elsewhere / "files" / "0123456789abcdef0123456789abcdef.jpg").read_bytes() == b"picture"
    # What was numbered goes on being numbered: a new row meets none of the old ones.
    assert run("staff", "add", "lee", "--name", "이", env=second).exit_code == 0
    again = tmp_path / "again.tar.gz"
    assert run("backup", str(again), env=second).exit_code == 0
    assert rows_of(again)["staff"] == rows_of(copy)["staff"] + 1
    assert rows_of(again)["meeting"] == 1


def rows_of(copy: Path) -> dict[str, int]:
    """How many rows of each table a copy says it holds."""
    with tarfile.open(copy) as tar:
        head = tar.extractfile("sotong.json")
        assert head is not None
        rows = json.loads(head.read())["rows"]
    assert isinstance(rows, dict)
    return rows


def test_a_copy_is_never_put_over_something(tmp_path: Path) -> None:
    env = environment(f"sqlite:///{tmp_path}/first.db", tmp_path)
    filled(env, tmp_path)
    copy = tmp_path / "copy.tar.gz"
    run("backup", str(copy), env=env)
    result = run("restore", str(copy), env=env)
    assert result.exit_code == 1
    assert "The database is not empty" in result.output


def test_half_a_copy_changes_nothing(tmp_path: Path) -> None:
    env = environment(f"sqlite:///{tmp_path}/first.db", tmp_path)
    filled(env, tmp_path)
    copy = tmp_path / "copy.tar.gz"
    run("backup", str(copy), env=env)
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    empty = environment(f"sqlite:///{tmp_path}/second.db", tmp_path / "second")
    broken = run("restore", str(copy), env=empty)
    assert broken.exit_code == 1
    assert "Traceback" not in broken.output
    assert run("backup", str(tmp_path / "b.tar.gz"), env=empty).exit_code == 0
    assert rows_of(tmp_path / "b.tar.gz")["staff"] == 0


def test_what_understanding_reaches_is_printed_as_json(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("text,intent\n내 건의 보여줘,my_cases\n가로등이 꺼졌어요,suggest\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["evaluate", "intents", "--cases", str(rows), "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.output)
    assert figures["n"] == 2
    assert set(figures) == {"n", "accuracy", "macro_f1", "per_intent", "p95_ms"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("words\nx\n", "has no column text, intent"),
        ("text,intent\n", "has no rows"),
        ("text,intent\n가로등,dancing\n", "dancing"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_one_line(content: str, said: str, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text(content, encoding="utf-8")
    result = CliRunner().invoke(main, ["evaluate", "intents", "--cases", str(rows)])
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output

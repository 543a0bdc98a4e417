"""`sotong evaluate routing --learn` and `sotong model`, as an operator types them."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from storage.engine import Database
from storage.learning import add_model
from storage.migrate import migrate

NOW = datetime(2026, 11, 20, tzinfo=UTC)
CITY = 'name = "하늘시"\n'
OFFICES = """
[[department]]
id = "roads"
name = "도로과"
keywords = ["가로등"]
[[department]]
id = "birds"
name = "동물과"
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "haneul"
    folder.mkdir()
    (folder / "city.toml").write_text(CITY, encoding="utf-8")
    (folder / "departments.toml").write_text(OFFICES, encoding="utf-8")
    (folder / "asked.csv").write_text(
        "text,department\n가로등이 꺼졌어요,roads\n비둘기 똥이 많아요,동물과\n가로등 위 비둘기 둥지,birds\n",
        encoding="utf-8",
    )
    confirmed = [f"{number}번지 비둘기 둥지,birds" for number in range(40)]
    confirmed += [f"{number}번지 가로등 고장,roads" for number in range(40)]
    (folder / "confirmed.csv").write_text("\n".join(["text,department", *confirmed, ""]), encoding="utf-8")
    return folder


def test_rows_learned_first_count_as_confirmed_by_staff(pack: Path) -> None:
    words = ["evaluate", "routing", "--city", str(pack), "--cases", str(pack / "asked.csv"), "--json"]
    before = CliRunner().invoke(main, words)
    after = CliRunner().invoke(main, [*words, "--learn", str(pack / "confirmed.csv")])
    assert after.exit_code == 0, after.output
    found = [json.loads(one.stdout) for one in (before, after)]
    assert set(found[1]) == {
        "n", "top1", "top3", "macro_f1", "covered", "covered_precision", "p50_ms", "p95_ms",
    }  # fmt: skip
    assert found[0]["top1"] < found[1]["top1"] == 1.0


def test_the_report_names_what_is_weak_in_words(pack: Path) -> None:
    words = ["evaluate", "routing", "--city", str(pack), "--cases", str(pack / "asked.csv"), "--report"]
    said = CliRunner().invoke(main, words).output
    for part in ("no_spaces", "동물과 (birds) -> 도로과 (roads)", "Departments without keywords:\n  동물과"):
        assert part in said


def test_versions_are_listed_and_one_can_be_used_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    env = {"SOTONG_DATABASE_URL": url, "SOTONG_DATA": str(tmp_path), "SOTONG_SECRET_KEY": "0123456789abcdef"}
    asyncio.run(_two_models(url))

    def run(*words: str) -> str:
        result = CliRunner().invoke(main, ["model", *words], env=env)
        return result.stdout if result.exit_code == 0 else f"{result.exit_code} {result.output}"

    assert [one["state"] for one in json.loads(run("list", "--json"))] == ["active", "kept"]
    assert json.loads(run("use", "1", "--json")) == {"version": 1, "state": "active"}
    assert [one["state"] for one in json.loads(run("list", "--json"))] == ["kept", "active"]
    assert "top1 0.5" in run("list")
    assert "1 Error: There is no version 9" in run("use", "9")
    assert json.loads(run("train", "--json"))["version"] is None, "nobody has confirmed anything yet"


async def _two_models(url: str) -> None:
    await migrate(url)
    database = Database(url)
    for _ in range(2):
        async with database.begin() as connection:
            await add_model(
                connection,
                made_at=NOW,
                learned_until=NOW,
                trained_on=9,
                quality={"top1": 0.5},
                weights=b"",
            )
    await database.close()

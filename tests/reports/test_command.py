"""`sotong import`, as an operator types it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.reports.files import HEAD, MEETING_HEAD, as_csv, as_xlsx, counted


@pytest.fixture
def typed(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> "Typed":
    shutil.copy(migrated_sqlite, tmp_path / "sotong.db")
    monkeypatch.setenv("SOTONG_CITY", "yeonsu")
    monkeypatch.setenv("SOTONG_DATABASE_URL", f"sqlite:///{tmp_path}/sotong.db")
    monkeypatch.setenv("SOTONG_DATA", str(tmp_path))
    return Typed(tmp_path)


class Typed:
    """A shell in a folder with files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def imports(self, kind: str, data: bytes, *more: str) -> Result:
        file = self.folder / "file.csv"
        file.write_bytes(data)
        return CliRunner().invoke(main, ["import", kind, str(file), *more])


def test_files_are_taken_in_once_and_looked_at_as_often_as_one_likes(typed: Typed) -> None:
    meeting = as_xlsx(MEETING_HEAD, [("R-1", "동 연두방문", "2023-01-05", "송도1동")])
    assert "1 rows were taken in" in typed.imports("meetings", meeting).output
    rows = [(*row, "R-1") for row in counted("1", {"완료": 2})]
    data = as_csv((*HEAD, "행사"), rows)
    assert "2 rows, nothing is wrong" in typed.imports("cases", data, "--check").output
    assert "2 rows were taken in; 0" in typed.imports("cases", data).output
    assert "taken in before" in typed.imports("cases", data).output
    told = json.loads(typed.imports("cases", data, "--check", "--json").output)
    assert (told["rows"], told["already"], told["faults"]) == (2, 2, [])


def test_faults_are_named_and_end_the_command_with_a_failure(typed: Typed) -> None:
    result = typed.imports(
        "cases", as_csv((*HEAD, "행사"), [("1", "건의", "의자", "언제", "완료", "X-1")]), "--json"
    )
    told = json.loads(result.output)
    assert result.exit_code == 1
    assert [(one["row"], one["field"], one["reason"]) for one in told["faults"]] == [
        (2, "received", "no_day")
    ]
    result = typed.imports("cases", as_csv(("가", "접수일", "상태"), [("의자", "2023-1-5", "완료")]))
    assert (result.exit_code, "Name it: --match title=COLUMN" in result.output) == (1, True)
    result = typed.imports(
        "cases", as_csv(("가", "접수일", "상태"), [("의자", "2023-1-5", "완료")]), "--match", "title=가"
    )
    assert "1 rows were taken in" in result.output
    for match in ("nonsense=1", "title=9", "title=나"):
        assert typed.imports("cases", as_csv(HEAD, []), "--match", match).exit_code == 1

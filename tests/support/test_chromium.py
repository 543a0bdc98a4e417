"""The browser the tests drive: found, or asked for in one line."""

from pathlib import Path

import pytest

from tests.support.chromium import ChromiumError, find_chromium


def test_the_browser_named_in_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "my-browser"
    named.touch()
    monkeypatch.setenv("SOTONG_CHROMIUM", str(named))
    assert find_chromium() == named


def test_a_browser_on_the_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "chromium-browser"
    installed.touch(mode=0o755)
    monkeypatch.delenv("SOTONG_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() == installed


def test_the_shell_without_windows_comes_before_the_whole_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("chromium", "chromium-headless-shell"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.delenv("SOTONG_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() == tmp_path / "chromium-headless-shell"


def test_without_a_browser_one_line_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOTONG_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    with pytest.raises(ChromiumError, match="apt-get install chromium") as told:
        find_chromium()
    assert "\n" not in str(told.value)

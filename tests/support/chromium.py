"""Which browser the browser tests drive, and how it gets onto a machine that lacks it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Without windows of its own it takes half the processor time, and draws the same.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SHELLS = ("chromium_headless_shell-*/*/chrome-headless-shell", "chromium_headless_shell-*/*/headless_shell")
FONTS = ("fonts-nanum", "fontconfig")
HOW_TO_GET_IT = (
    "install it (Debian, Ubuntu: `apt-get install chromium fonts-nanum`; elsewhere: "
    "`.venv/bin/playwright install chromium`) or name one in SOTONG_CHROMIUM"
)
HOW_TO_GET_A_FONT = "install one (Debian, Ubuntu: `apt-get install fonts-nanum`)"

# Runs as root in containers, with little shared memory, and calls nowhere by itself.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
)

_ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


class ChromiumError(Exception):
    """There is no browser, or no Korean font for it; the text says how to get it."""


def find_chromium() -> Path:
    """The browser to use: SOTONG_CHROMIUM, else one on the PATH, else Playwright's own download.

    Raises ChromiumError, in one line, if there is none.
    """
    if named := os.environ.get("SOTONG_CHROMIUM"):
        if not Path(named).is_file():
            raise ChromiumError(f"SOTONG_CHROMIUM names {named}, which is no file; {HOW_TO_GET_IT}")
        return Path(named)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    asked = subprocess.run(
        [sys.executable, "-c", _ASK_PLAYWRIGHT], capture_output=True, text=True, check=False
    )
    downloaded = asked.stdout.strip()
    if not downloaded or not Path(downloaded).is_file():
        raise ChromiumError(f"the browser tests need Chromium: {HOW_TO_GET_IT}")
    return _shell_beside(Path(downloaded))


def _shell_beside(browser: Path) -> Path:
    """Playwright puts a headless shell into a folder beside the browser's, unless it was told not to."""
    folder = browser.parents[2] if len(browser.parents) > 2 else browser.parent
    shells = sorted(found for pattern in SHELLS for found in folder.glob(pattern) if found.is_file())
    return shells[-1] if shells else browser


def require_korean_font() -> None:
    """Raise ChromiumError if this machine would draw Korean as empty boxes."""
    if sys.platform == "darwin":
        return
    if not (lister := shutil.which("fc-list")):
        raise ChromiumError(f"no `fc-list` to look for a Korean font: {HOW_TO_GET_A_FONT}")
    if not subprocess.run([lister, ":lang=ko"], capture_output=True, check=True).stdout.strip():
        raise ChromiumError(f"the browser tests need a Korean font: {HOW_TO_GET_A_FONT}")


def _check() -> None:
    find_chromium()
    require_korean_font()


def _install() -> None:
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["install", "-y", "--no-install-recommends"]
    for command in (["update"], [*install, *FONTS], [*install, NAMES[0]]):
        done = subprocess.run(["apt-get", "-qq", *command], env=quietly, capture_output=True, check=False)
    if done.returncode:  # not every distribution has the shell by itself
        subprocess.run(["apt-get", "-qq", *install, NAMES[1]], env=quietly, capture_output=True, check=False)


def main() -> None:
    """Make ready what the browser tests need, if that can be done here; say in one line if it cannot.

    Never fails: the browser tests themselves do, so that all the others still run.
    """
    try:
        _check()
        return
    except ChromiumError:
        if os.geteuid() == 0 and shutil.which("apt-get"):
            print("Installing Chromium and a Korean font for the browser tests ...", flush=True)  # noqa: T201
            _install()
    try:
        _check()
    except ChromiumError as missing:
        print(missing, file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()

"""Takes the pictures in docs/screenshots/ of the running program: `.venv/bin/python -m tools.screenshots`.

Starts the program on a throw-away folder and a free port, talks in the chat as a resident, acts in the
console as staff, in Korean and in English. Needs Chromium and a Korean font (see `make test`).
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.chromium import ARGUMENTS, find_chromium, require_korean_font

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "screenshots"
MOST_BYTES = 200 * 1024
COLOURS = 200

PHONE = (360, 740)
DESKTOP = (1280, 800)
PASSWORD = "다리 아래 오리 넷"

MINE = "연수구 송도2동 해돋이공원 앞 횡단보도 신호등이 안 들어와요"
OTHERS = (
    "부평구 부평1동 골목에 쓰레기가 계속 쌓여요",
    "남동구 구월3동 공영주차장을 더 늘려 주세요",
    "검단구 당하동 인도 보도블록이 깨져서 위험해요",
    "계양구 작전1동 놀이터 그네가 부서졌어요",
    "미추홀구 주안5동 가로등이 너무 어두워요",
)
QUESTION = {
    "ko": "어느 쪽 신호등인가요? 공원 정문 쪽인가요, 아파트 쪽인가요?",
    "en": "Which one is it: on the side of the park's gate, or of the flats?",
}
REPLY = {"ko": "공원 정문 쪽이에요", "en": "On the side of the park's gate"}
ANSWER = {
    "ko": "오늘 오후에 신호등 전구를 갈았습니다. 알려 주셔서 고맙습니다.",
    "en": "We changed the lamp this afternoon. Thank you for telling us.",
}
INVITED = {"ko": "공원녹지과 담당자", "en": "Officer for parks"}
WORDS = "공원\n놀이터\n그네\n가로수\n산책로\n운동기구"
MEETING = {"title": "송도2동 연두방문", "kind": "동 연두방문", "place": "송도2동", "attendees": "35"}
AGREE = {"ko": "동의해요", "en": "I agree"}
SEND = {"ko": "이대로 보내기", "en": "Send it"}
REPLY_BUTTON = {"ko": "답하기", "en": "Answer"}
MORE = {"ko": "더 보내기", "en": "Add more"}


@dataclass(frozen=True, slots=True)
class Started:
    """Where the program is, and how the first administrator gets in."""

    site: str
    login: str
    password: str


@contextmanager
def program(folder: Path) -> Iterator[Started]:
    """The program on a database of its own; stopped at the end. Raises RuntimeError if it does not start."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOTONG_")}
    settings = {"SOTONG_DATA": str(folder), "SOTONG_PORT": "0"}
    command = [sys.executable, "-m", "bot.cli", "run"]
    with subprocess.Popen(
        command, cwd=ROOT, env=kept | settings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield _where(process)
        finally:
            process.terminate()


def _where(process: "subprocess.Popen[str]") -> Started:
    said = ""
    for line in process.stdout or ():
        said += line
        site = re.search(r"(http://127\.0\.0\.1:\d+)/\n", said)
        account = re.search(r"first sign-in\s+(\S+) / (\S+)", said)
        if site and account:
            return Started(site[1], account[1], account[2])
    raise RuntimeError(f"the program did not start: {said}")


def shoot(page: Page, name: str) -> None:
    """Keep what the window shows, in few enough colours to be small. Raises RuntimeError if it is not."""
    page.evaluate(
        "document.activeElement?.blur(); if (location.pathname.startsWith('/staff')) scrollTo(0, 0)"
    )
    page.wait_for_timeout(600)
    shot = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    file = FOLDER / f"{name}.png"
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    if file.stat().st_size > MOST_BYTES:
        raise RuntimeError(f"{file.name} has {file.stat().st_size} bytes, more than {MOST_BYTES}")


class Window:
    """A browser profile: one person at one size of screen."""

    def __init__(self, browser: Browser, locale: str, size: tuple[int, int]) -> None:
        width, height = size
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=2 if size == PHONE else 1,
            is_mobile=size == PHONE,
            has_touch=size == PHONE,
            locale="ko-KR" if locale == "ko" else "en-GB",
            timezone_id="Asia/Seoul",
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.locale = locale

    def resized(self, size: tuple[int, int]) -> Page:
        """The same page at another size."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        return self.page


class Resident(Window):
    """Somebody in the chat."""

    def opens(self, site: str) -> None:
        """Open the chat and agree."""
        self.page.goto(site)
        self.presses(AGREE[self.locale])

    def says(self, words: str) -> None:
        """Type and send."""
        self.page.get_by_role("textbox").fill(words)
        self.page.locator(".send").click()

    def presses(self, label: str) -> None:
        """Press the newest button of that label."""
        self.page.locator("button.choice", has_text=label).last.click()

    def hears(self, words: str) -> None:
        """Wait for these words of the city."""
        self.page.locator(".message.theirs").filter(has_text=words).last.wait_for()

    def sees(self, label: str) -> None:
        """Wait for this button."""
        self.page.locator("button.choice", has_text=label).last.wait_for()

    def files(self, words: str) -> None:
        """From the first word to the receipt."""
        self.says(words)
        self.presses(SEND[self.locale])
        self.page.locator(".theirs .whole").last.wait_for()


class Clerk(Window):
    """Somebody at the console."""

    def signs_in(self, started: Started) -> None:
        """With the one-time password, which is changed at once; then to their own language."""
        page = self.page
        page.goto(f"{started.site}/staff")
        page.locator("[name=login]").fill(started.login)
        page.locator("[name=password]").fill(started.password)
        page.locator("button.main").click()
        page.locator("#old").fill(started.password)
        page.locator("#new").fill(PASSWORD)
        page.locator("#again").fill(PASSWORD)
        page.locator("button.main").click()
        page.wait_for_url(f"{started.site}/staff**")
        page.goto(f"{started.site}/staff/account")
        page.locator("[name=locale]").select_option(self.locale)
        page.locator("form[action$=language] button").click()
        page.goto(f"{started.site}/staff?order=newest")

    def opens(self, title: str) -> None:
        """A case of the list."""
        self.page.get_by_role("link", name=title).first.click()
        self.page.locator("#answer").wait_for()

    def does(self, action: str, words: str = "") -> None:
        """Fill a form of the card and send it."""
        self.begins(action, words)
        self.page.locator(f"#{action} button.main").click()
        self.page.locator(".said").first.wait_for()

    def begins(self, action: str, words: str) -> None:
        """Open a form and write into it."""
        form = self.page.locator(f"#{action}")
        if words:
            form.locator("summary").click()
            form.locator("[name=words]").fill(words)


def walk(browser: Browser, started: Started, locale: str) -> None:
    """The five minutes' tour of the README, with a picture at each stop."""
    for words in OTHERS:
        other = Resident(browser, locale, DESKTOP)
        other.opens(started.site)
        other.files(words)
        other.context.close()
    resident = Resident(browser, locale, PHONE)
    resident.opens(started.site)
    resident.says(MINE)
    resident.sees(SEND[locale])
    shoot(resident.page, f"chat-card-{locale}")
    resident.presses(SEND[locale])
    resident.page.locator(".theirs .whole").last.wait_for()
    clerk = Clerk(browser, locale, DESKTOP)
    clerk.signs_in(started)
    back = clerk.page.url
    clerk.page.goto(f"{started.site}/staff/day")
    shoot(clerk.page, f"console-day-{locale}")
    clerk.page.goto(back)
    shoot(clerk.page, f"console-list-{locale}")
    shoot(clerk.resized(PHONE), f"console-list-phone-{locale}")
    clerk.resized(DESKTOP)
    clerk.opens("해돋이공원")
    clerk.does("take")
    clerk.does("ask", QUESTION[locale])
    _talk(resident, clerk, locale)
    _at_the_desk(clerk, started, locale)
    _as_administrator(clerk, started, locale)
    resident.context.close()
    clerk.context.close()


def _at_the_desk(clerk: Clerk, started: Started, locale: str) -> None:
    """A meeting with its poster, and a case raised there that a clerk enters."""
    page = clerk.resized(DESKTOP)
    page.goto(f"{started.site}/staff/meetings/new")
    for name, value in MEETING.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("form.panel button.main").click()
    page.locator(".said").wait_for()
    page.goto(f"{started.site}/staff/meetings/1/poster")
    shoot(page, f"console-poster-{locale}")
    page.goto(f"{started.site}/staff/desk/new?meeting=1")
    page.locator("#text").fill(MINE)
    page.locator("#understood .alike").wait_for()
    shoot(page, f"console-entry-{locale}")
    shoot(clerk.resized(PHONE), f"console-entry-phone-{locale}")
    page.keyboard.press("Control+Enter")
    page.locator(".large-number").wait_for()
    clerk.resized(DESKTOP)
    page.goto(f"{started.site}/staff/desk")
    shoot(page, f"console-desk-{locale}")
    page.goto(f"{started.site}/staff/desk/review?queue=bot")
    shoot(page, f"console-review-{locale}")


def _as_administrator(clerk: Clerk, started: Started, locale: str) -> None:
    """Inviting somebody, the city's data, and the log of all that was done."""
    page = clerk.resized(DESKTOP)
    page.goto(f"{started.site}/staff/invitations")
    page.locator("[name=name]").fill(INVITED[locale])
    page.locator("form.panel button.main").click()
    page.locator("code.secret").wait_for()
    page.goto(f"{started.site}/staff/invitations")
    shoot(page, f"console-invite-{locale}")
    page.goto(f"{started.site}/staff/pack/department/parks")
    page.locator("#keywords").fill(WORDS)
    page.locator("form[action$=keywords] button.main").click()
    page.locator(".said").wait_for()
    shoot(page, f"console-data-{locale}")
    page.goto(f"{started.site}/staff/audit")
    shoot(page, f"console-audit-{locale}")


def _talk(resident: Resident, clerk: Clerk, locale: str) -> None:
    resident.hears(QUESTION[locale])
    resident.presses(REPLY_BUTTON[locale])
    resident.says(REPLY[locale])
    resident.sees(MORE[locale])
    clerk.page.goto(clerk.page.url.partition("?")[0])
    clerk.begins("answer", ANSWER[locale])
    shoot(clerk.page, f"console-card-{locale}")
    shoot(clerk.resized(PHONE), f"console-card-phone-{locale}")
    clerk.page.locator("#answer button.main").click()
    resident.hears(ANSWER[locale])
    shoot(resident.page, f"chat-answer-{locale}")
    shoot(resident.resized(DESKTOP), f"chat-desktop-{locale}")


def main() -> None:
    """Take all pictures anew."""
    require_korean_font()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        for locale in ("ko", "en"):
            with tempfile.TemporaryDirectory() as folder, program(Path(folder)) as started:
                walk(browser, started, locale)
        browser.close()
    for file in sorted(FOLDER.glob("*.png")):
        sys.stdout.write(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main()

"""Figures, import and export in a real browser, on a small phone and on a desktop."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from cases.vocabulary import Role
from storage.staff import credentials_of, set_staff
from tests.browser.chat import Window
from tests.browser.console import open_console
from tests.reports.files import HEAD, MEETING_HEAD, as_csv, as_xlsx, counted
from tests.support.program import RunningProgram
from web.staff.accounts import add_staff
from web.staff.passwords import Passwords

pytestmark = pytest.mark.browser

PASSWORD = "소나무 아래 벤치 셋"


async def test_files_are_taken_in_and_every_page_of_figures_is_sound(
    site: str, program: RunningProgram, chromium_window: Browser, window: Window, tmp_path: Path
) -> None:
    database, passwords = program.program.database, Passwords()
    await add_staff(database, program.clock, passwords, login="clerk", name="김접수", role=Role.DESK)
    async with database.begin() as connection:
        known = await credentials_of(connection, "clerk")
        assert known is not None
        kept = await passwords.hash(PASSWORD)
        await set_staff(connection, known.staff_id, {"password_hash": kept, "must_change": False})
    day = f"{program.clock():%Y-%m}-01"
    meetings, cases, bad = (tmp_path / name for name in ("행사.xlsx", "건의.csv", "틀린 건의.csv"))
    meetings.write_bytes(as_xlsx(MEETING_HEAD, [("R-1", "동 연두방문", day, "송도1동")]))
    rows = [(*row, "R-1", "교통") for row in counted("1", {"완료": 3, "추진중": 2}, day=day)]
    cases.write_bytes(as_csv((*HEAD, "행사", "분야"), rows))
    bad.write_bytes(as_csv(HEAD, [("1-9", "희망", "", "작년", "글쎄")]))

    async with open_console(chromium_window, site, window) as console:
        page = console.page
        await console.signs_in("clerk", PASSWORD)
        await console.goes_to("집계")
        await console.is_sound()
        await page.get_by_role("link", name="파일에서 가져오기").click()
        await console.is_sound()
        for kind, file in (("소통행사", meetings), ("건의", bad), ("건의", cases)):
            await page.goto(f"{site}/staff/import")
            await page.get_by_label("무엇을 가져오나요").select_option(kind)
            await page.get_by_label("파일", exact=True).set_input_files(file)
            await page.get_by_role("button", name="살펴보기").click()
            await expect(page.get_by_role("heading", name=file.name)).to_be_visible()
            await console.is_sound()
            if file is not bad:
                await page.get_by_role("button", name="건 가져오기").click()
                await console.reads("건을 가져왔어요")
        await console.is_sound()
        await console.goes_to("집계")
        await console.is_sound()
        await page.get_by_role("row", name="교통").get_by_role("link", name="5").first.click()
        await expect(page.get_by_role("link", name="1 건의")).to_have_count(5)
        await page.goto(f"{site}/staff/figures/meetings")
        await page.get_by_role("textbox", name="연도").fill("2026")
        await page.get_by_role("textbox", name="모두 몇 회").fill("20")
        await page.get_by_role("button", name="목표 저장").click()
        await console.reads("5 %")
        await console.is_sound()
        async with page.expect_download() as download:
            await page.goto(f"{site}/staff?view=all")
            await page.get_by_role("link", name="CSV").click()
        assert (await download.value).suggested_filename.endswith(".csv")

"""A meeting's link (소통행사): what is raised after it belongs to that meeting."""

from datetime import date

from storage.meetings import add_meeting
from tests.flows.channels import browser_of, on_every_pair, on_the_web
from tests.support.residents import Resident

LAMP = "송도2동 가로등이 꺼졌어요"


async def _meeting(resident: Resident, code: str = "tea2026") -> int:
    async with resident.program.program.database.begin() as connection:
        return await add_meeting(
            connection,
            code=code,
            title="송도2동 차담회",
            kind="구청장 차담회",
            held_on=date(2026, 11, 20),
            district="yeonsu",
            place="송도2동",
            now=resident.program.clock(),
        )


async def _meetings_of_cases(resident: Resident) -> list[object]:
    rows = await resident.program.rows("SELECT meeting_id FROM cases ORDER BY id")
    return [row[0] for row in rows]


@on_every_pair
async def test_who_comes_by_the_link_is_welcomed_and_their_case_is_the_meetings(stranger: Resident) -> None:
    meeting = await _meeting(stranger)
    await stranger.says("/start m-tea2026")
    await stranger.hears("송도2동 차담회")
    await stranger.says("가로등 얘기를 하려고요")
    await stranger.presses("동의해요")
    await stranger.says("/cancel")
    await stranger.files(LAMP)
    assert await _meetings_of_cases(stranger) == [meeting]


async def test_who_is_known_already_may_follow_the_link_too(resident: Resident) -> None:
    meeting = await _meeting(resident)
    await resident.files(LAMP)
    await resident.says("/start m-tea2026")
    await resident.hears("송도2동 차담회", "이 자리에서 나온 건의로 접수해요")
    await resident.files("부평5동 놀이터 그네가 부서졌어요")
    assert await _meetings_of_cases(resident) == [None, meeting]


async def test_a_forged_link_changes_nothing(resident: Resident) -> None:
    await resident.says("/start m-nosuchmeeting")
    await resident.hears("다시 오셨네요")
    await resident.files(LAMP)
    assert await _meetings_of_cases(resident) == [None]


@on_the_web
async def test_the_page_of_the_link_opens_the_chat_with_its_code(stranger: Resident) -> None:
    page = await browser_of(stranger).browser.get("/m/tea2026")
    assert page.status_code == 200
    assert 'm-tea2026"' in page.text

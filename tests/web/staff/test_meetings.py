"""Meetings: written down, announced by a poster, followed while they go on, accounted for afterwards."""

import pytest

from cases.transitions import Actor
from cases.vocabulary import Action, Role, State
from handlers.casework import Deed
from storage.meetings import Meeting, meeting_by_id
from tests.web.staff.clerk import Clerk, clerk_of
from tests.web.staff.office import ELSEWHERE, PARKS, Desk, Office, read

ROUND = {
    "title": "송도2동 연두방문",
    "kind": "동 연두방문",
    "held_on": "2026-11-20",
    "district": "yeonsu",
    "place": "송도2동",
    "hosts": "구청장과 주민자치회",
    "attendees": "35",
    "code": "abcdefgh",
}


FAULTS: tuple[tuple[dict[str, str], str], ...] = (
    ({"title": ""}, "이 칸을 적어 주세요"),
    ({"held_on": "어제"}, "2026-11-20처럼"),
    ({"attendees": "서른"}, "숫자로"),
    ({"district": "atlantis"}, "군·구를 다시"),
    ({"office": "atlantis"}, "맡은 부서 가운데"),
    ({"place": "가" * 65}, "너무 길어요"),
)


@pytest.fixture
def database_kind() -> str:
    """The statements of meetings have their own tests on both databases."""
    return "sqlite"


@pytest.fixture
async def clerk(office: Office) -> Clerk:
    return await clerk_of(office)


async def written(desk: Desk, **changed: str) -> str:
    """The path of a meeting that was just written down."""
    answer = await desk.post("/staff/meetings/new", **{**ROUND, **changed})
    path, _, done = answer.headers["location"].partition("?")
    assert done == "done=added"
    return path


async def meeting(office: Office) -> Meeting:
    async with office.program.database.read() as connection:
        found = await meeting_by_id(connection, 1)
    assert found is not None
    return found


async def test_a_meeting_is_written_down_once_and_stands_in_the_list_of_its_year(
    office: Office, clerk: Clerk
) -> None:
    path = await written(clerk.desk)
    assert await written(clerk.desk) == path
    kept = await meeting(office)
    assert (kept.title, kept.kind, kept.attendees, kept.hosts) == (
        ROUND["title"],
        ROUND["kind"],
        35,
        ROUND["hosts"],
    )
    await clerk.files(meeting="1", channel="meeting")
    words = read(await clerk.desk.get("/staff/meetings"))
    assert "행사 1번, 참석 35명, 나온 건의 1건" in words
    assert "송도2동 연두방문" in words
    assert "적어 둔 소통행사가 없어요" in read(await clerk.desk.get("/staff/meetings?year=2025"))


async def test_what_cannot_be_kept_of_a_meeting_is_said_beside_its_field(clerk: Clerk) -> None:
    for changed, told in FAULTS:
        answer = await clerk.desk.post("/staff/meetings/new", **{**ROUND, **changed})
        assert (answer.status_code, told in read(answer)) == (422, True), changed


async def test_the_later_of_two_clerks_sees_what_the_other_changed_and_loses_no_word(
    office: Office, clerk: Clerk
) -> None:
    path = await written(clerk.desk)
    other = await office.staff(Role.DESK, ())
    first = await other.post(path, **{**ROUND, "version": "0", "attendees": "41"})
    assert first.headers["location"] == f"{path}?done=saved"
    late = await clerk.desk.post(path, **{**ROUND, "version": "0", "hosts": "구청장과 통장들"})
    assert late.status_code == 409
    words = read(late)
    assert "직원 desk2" in words
    assert "지금 저장된 값: 41" in words
    assert "지금 저장된 값: 구청장과 주민자치회" in words
    assert 'value="구청장과 통장들"' in late.text
    assert (await meeting(office)).attendees == 41
    assert 'name="version" value="1"' in late.text
    await clerk.desk.post(path, **{**ROUND, "version": "1", "attendees": "41", "hosts": "구청장과 통장들"})
    assert (await meeting(office)).hosts == "구청장과 통장들"
    again = await clerk.desk.post(
        path, **{**ROUND, "version": "1", "attendees": "41", "hosts": "구청장과 통장들"}
    )
    assert again.status_code == 303


async def test_a_head_keeps_the_meetings_of_their_own_office_and_everyone_reads(office: Office) -> None:
    head, officer = await office.staff(Role.HEAD), await office.staff()
    path = await written(head)
    assert (await meeting(office)).office == PARKS
    assert (await head.post(path, **{**ROUND, "version": "0", "office": PARKS})).status_code == 303
    stranger = await office.staff(Role.HEAD, [ELSEWHERE])
    assert (await stranger.post(path, **{**ROUND, "version": "1"})).status_code == 404
    assert 'id="change"' not in (await stranger.get(path)).text
    foreign = await head.post("/staff/meetings/new", **{**ROUND, "code": "hgfedcba", "office": ELSEWHERE})
    assert foreign.status_code == 422
    assert (await officer.get("/staff/meetings/new")).status_code == 403
    reader = await office.staff(Role.READER, ())
    for page in ("", "/live", "/live/part", "/account", "/poster", "/code.svg"):
        assert (await reader.get(f"{path}{page}")).status_code == 200


async def test_the_poster_holds_the_code_and_the_address_to_be_typed(office: Office, clerk: Clerk) -> None:
    path = await written(clerk.desk)
    poster = await clerk.desk.get(f"{path}/poster")
    assert "http://sotong.test/m/abcdefgh" in read(poster)
    assert "t.me" not in poster.text
    picture = await clerk.desk.get(f"{path}/code.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.startswith("<?xml")
    assert (await clerk.desk.get(f"{path}/telegram.svg")).status_code == 404
    async with office.stranger() as resident:
        assert (await resident.get("/m/abcdefgh")).status_code == 200


async def test_the_live_list_shows_what_comes_in_and_no_private_title(clerk: Clerk) -> None:
    path = await written(clerk.desk)
    assert "0건" in read(await clerk.desk.get(f"{path}/live"))
    await clerk.files("송도2동 공원 의자가 부러졌어요", channel="meeting", meeting="1")
    await clerk.files("옆집 일이라 말하기 어려워요", channel="meeting", meeting="1", public="no")
    part = await clerk.desk.get(f"{path}/live/part")
    assert "<html" not in part.text
    assert "2건" in read(part)
    assert "공원 의자" in part.text
    assert "옆집" not in part.text


async def test_the_account_gives_the_state_and_last_word_of_everything_raised(
    office: Office, clerk: Clerk
) -> None:
    path = await written(clerk.desk)
    done = await clerk.files("송도2동 공원 의자가 부러졌어요", channel="meeting", meeting="1")
    hidden = await clerk.files("옆집 일이라 말하기 어려워요", channel="meeting", meeting="1", public="no")
    await office.did(
        done,
        Deed(action=Action.ANSWER, by=Actor(Role.DESK, staff_id=clerk.desk.staff_id), words="새로 놓았어요."),
    )
    words = read(await clerk.desk.get(f"{path}/account"))
    assert "접수 1 완료 1 모두 2건" in words
    assert "새로 놓았어요." in words
    assert "옆집" in words
    reader = await office.staff(Role.READER, ())
    told = read(await reader.get(f"{path}/account"))
    assert "옆집" not in told
    assert str(hidden.number) in told
    assert (await office.now(done)).state is State.DONE


async def test_the_form_opened_from_a_meeting_files_under_it_and_the_next_one_too(clerk: Clerk) -> None:
    await written(clerk.desk)
    form = await clerk.desk.get("/staff/desk/new?meeting=1")
    assert 'value="meeting" checked' in form.text
    answer = await clerk.sends(channel="meeting", meeting="1")
    assert (await clerk.case_of(answer)).meeting_id == 1
    done = await clerk.desk.get(answer.headers["location"])
    assert 'href="/staff/desk/new?channel=meeting&amp;meeting=1"' in done.text

"""The intake desk: what came by telephone, visit, letter or at a meeting is filed, and followed up."""

import re
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import func, select

from cases.transitions import Actor
from cases.vocabulary import INTAKE_DESK, Action, Kind, Role, State
from handlers.calls import WORTH_A_CALL
from handlers.casework import Deed
from locales.catalogue import shipped_catalogue
from storage.casebook import Case, history_of
from storage.contacts import HALF_YEAR, contact_of
from storage.desk import Queue
from storage.housekeeping import redact
from storage.tables import CaseRow
from tests.web.staff.clerk import LAMP, Clerk, clerk_of
from tests.web.staff.office import ELSEWHERE, PARKS, Desk, Office, read
from web.staff.desk_form import Channel

CONTACT = {"name": "홍길순", "phone": "010-1234-5678", "consent": "yes"}


@pytest.fixture
def database_kind() -> str:
    """The statements of the desk have their own tests on both databases."""
    return "sqlite"


@pytest.fixture
async def clerk(office: Office) -> Clerk:
    return await clerk_of(office)


FAULTS: tuple[tuple[dict[str, str], str], ...] = (
    ({"text": " ... "}, "건의 내용을 적어 주세요"),
    ({"channel": "meeting"}, "어느 소통행사인지"),
    ({"channel": "meeting", "meeting": "77"}, "어느 소통행사인지"),
    ({"received_on": "2026-11-21"}, "아직 오지 않은 날"),
    ({"received_on": "2024-11-21"}, "일 년보다 오래"),
    ({"received_on": "내일"}, "2026-11-20처럼"),
    ({"name": "홍길순"}, "전화번호를 적어 주세요"),
    ({"phone": "집 전화"}, "숫자로 적어 주세요"),
    ({"phone": "010-1234-5678"}, "본인이 동의했으면"),
    ({"office": "없는부서이름"}, "그런 부서가 없어요"),
    ({"office": "@police"}, "시 밖의 기관"),
    ({"place": "중구 중앙동 아니면 서구"}, "하나를 골라"),
    ({"title": "가" * 201}, "200자까지"),
)


async def cases_there(office: Office) -> int:
    async with office.program.database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(CaseRow))).scalar_one()


async def test_what_was_said_on_the_telephone_becomes_a_case_as_in_the_chat(
    office: Office, clerk: Clerk
) -> None:
    case = await clerk.files(channel="phone")
    assert (case.channel, case.routed_by, case.resident_id) == ("phone", "desk", None)
    assert (case.district, case.place, case.kind) == ("yeonsu", "송도2동", Kind.COMPLAINT)
    assert "연수구" in office.world.directory.name(case.office, "ko")
    assert (case.text, case.title, case.received_at) == (LAMP, LAMP, office.watch())
    async with office.program.database.read() as connection:
        (filed,) = await history_of(connection, case.id)
    assert (filed.action, filed.role, filed.author) == ("file", "desk", "직원 desk1")
    done = await clerk.desk.get(f"/staff/desk/done/{case.number}?channel=phone")
    assert f'<p class="large-number">{case.number}</p>' in done.text
    assert 'href="/staff/desk/new?channel=phone" autofocus' in done.text


async def test_numbers_of_a_person_are_covered_before_anything_is_kept_and_that_is_said(clerk: Clerk) -> None:
    answer = await clerk.sends(f"{LAMP} 제 번호는 010-9876-5432예요", title="010-9876-5432로 전화 주세요")
    case = await clerk.case_of(answer)
    assert "9876" not in case.text + case.title
    assert "가려요: 전화번호" in read(await clerk.desk.get(answer.headers["location"]))


async def test_looking_shows_place_office_date_and_similar_cases_and_keeps_nothing(
    office: Office, clerk: Clerk
) -> None:
    known = await clerk.files(LAMP)
    looked = await clerk.desk.post(
        "/staff/desk/new", look="1", text="송도2동 해돋이공원 앞에 가로등이 꺼졌네요"
    )
    words = read(looked)
    for shown in ("연수구 송도2동", "까닭: 가로등", "답변 기한 2026년", str(known.number)):
        assert shown in words
    assert 'name="office" list="offices" value="연수구' in looked.text
    part = await clerk.desk.post("/staff/desk/understood", text=LAMP)
    assert part.text.startswith('<div class="understood"')
    assert 'data-place="연수구 송도2동"' in part.text
    assert (await clerk.desk.post("/staff/desk/understood", text="")).status_code == 200
    assert await cases_there(office) == 1


async def test_an_office_that_is_offered_is_taken_by_its_button_without_a_script(clerk: Clerk) -> None:
    looked = await clerk.desk.post("/staff/desk/new", pick_office="연수구 공원녹지과", text=LAMP)
    assert 'name="office" list="offices" value="연수구 공원녹지과"' in looked.text
    case = await clerk.files(office="연수구 공원녹지과")
    assert case.office == PARKS


async def test_what_cannot_be_filed_is_said_beside_its_field_and_nothing_typed_is_lost(
    office: Office, clerk: Clerk
) -> None:
    for fields, told in FAULTS:
        answer = await clerk.sends(**{"text": LAMP, **fields})
        assert (answer.status_code, told in read(answer)) == (422, True), fields
        assert 'aria-invalid="true"' in answer.text
        for value in fields.values():
            assert value.strip() in answer.text or value == "77"
    assert await cases_there(office) == 0


async def test_a_form_sent_twice_files_once_and_another_text_in_it_files_another(
    office: Office, clerk: Clerk
) -> None:
    key = await clerk.key()
    first, second = await clerk.sends(key=key), await clerk.sends(key=key)
    assert first.headers["location"] == second.headers["location"]
    third = await clerk.sends("송도2동 공원 의자가 부러졌어요", key=key)
    assert third.headers["location"] != first.headers["location"]
    assert await cases_there(office) == 2


async def test_the_term_of_a_letter_runs_from_the_day_it_came_and_its_office_has_it_from_today(
    office: Office, clerk: Clerk
) -> None:
    case = await clerk.files(channel="letter", received_on="2026-11-09", kind="suggestion")
    assert case.received_at == datetime(2026, 11, 9, 0, 0, tzinfo=UTC)
    assert case.due_at == office.world.due_at(Kind.SUGGESTION, case.received_at)
    assert case.assigned_at == case.changed_at == office.watch()
    assert case.next_check_at is not None
    assert case.next_check_at > office.watch()


async def test_an_unclear_case_goes_to_the_desk_which_sends_it_on_with_one_key(
    office: Office, clerk: Clerk
) -> None:
    case = await clerk.files("우리 집 앞에 무엇인가 이상한 것이 있어요")
    assert case.office == INTAKE_DESK
    assert "1 부서를 정할 건의" in read(await clerk.desk.get("/staff/desk"))
    page = await clerk.desk.get("/staff/desk/review?queue=unrouted")
    assert "이상한 것" in page.text
    assert 'value="confirm"' not in page.text
    sent = await decides(
        clerk.desk, case, queue="unrouted", target="연수구 공원녹지과", words="공원 앞이에요."
    )
    assert sent.headers["location"].endswith("done=move")
    assert (await office.now(case)).office == PARKS
    assert "볼 건의가 더 없어요" in read(await clerk.desk.get(sent.headers["location"]))


async def test_what_the_bot_sent_by_itself_is_confirmed_or_mended_and_leaves_the_queue(
    office: Office, clerk: Clerk
) -> None:
    right, wrong = await office.case(), await office.case("공원 나무에 벌집이 있어요")
    assert "2 프로그램이 보낸 건의 확인" in read(await clerk.desk.get("/staff/desk"))
    first = await clerk.desk.get("/staff/desk/review?queue=bot")
    assert re.search(r'value="confirm" accesskey="1" autofocus', first.text)
    assert "벌집" in first.text
    await decides(clerk.desk, wrong, queue="bot", offer=ELSEWHERE, words="남동구예요.")
    assert "해돋이공원" in (await clerk.desk.get("/staff/desk/review?queue=bot")).text
    await decides(clerk.desk, right, queue="bot", verdict="confirm")
    assert (await office.now(right)).reviewed_at == office.watch()
    assert (await office.now(wrong)).office == ELSEWHERE
    assert await office.told(wrong) == ["notice.move"]
    assert await office.told(right) == []
    async with office.program.database.read() as connection:
        assert [event.action for event in await history_of(connection, right.id)] == ["file", "confirm"]
    assert "0 프로그램이 보낸 건의 확인" in read(await clerk.desk.get("/staff/desk"))


async def test_a_case_put_off_comes_again_and_one_that_changed_meanwhile_is_shown_anew(
    office: Office, clerk: Clerk
) -> None:
    case = await office.case()
    await office.case("공원 나무에 벌집이 있어요")
    assert "해돋이공원" in (await clerk.desk.get("/staff/desk/review?queue=bot&skip=1")).text
    assert "미룬 건의 2건" in read(await clerk.desk.get("/staff/desk/review?queue=bot&skip=2"))
    await office.did(case, Deed(action=Action.TAKE, by=Actor(Role.DESK, staff_id=clerk.desk.staff_id)))
    late = await decides(clerk.desk, case, queue="bot", verdict="confirm")
    assert late.status_code == 409
    seen = await office.now(case)
    assert seen.reviewed_at is None
    for done in ("confirm", "other"):
        answer = await decides(clerk.desk, seen, queue="bot", verdict="confirm")
        assert answer.headers["location"].endswith(f"done={done}")


async def test_a_case_that_offices_send_to_and_fro_shows_who_sent_it_away_until_the_desk_decides(
    office: Office, clerk: Clerk
) -> None:
    case = await office.case()
    both = Actor(Role.OFFICER, staff_id=clerk.desk.staff_id, offices=frozenset({PARKS, ELSEWHERE}))
    for target, words in ((ELSEWHERE, "그쪽 공원이에요."), (PARKS, "우리 공원이 아니에요.")):
        office.watch.go_on(minutes=20)
        case = await office.did(
            case, Deed(action=Action.MOVE, by=both, author="김담당", words=words, target=target)
        )
    words = read(await clerk.desk.get("/staff/desk"))
    assert "1 부서를 오가는 건의" in words
    assert "남동구 공원녹지과 1번" in words
    assert "우리 공원이 아니에요." in read(await clerk.desk.get("/staff/desk/review?queue=disputed"))
    office.watch.go_on(minutes=20)
    await decides(clerk.desk, case, queue="disputed", verdict="confirm")
    assert "0 부서를 오가는 건의" in read(await clerk.desk.get("/staff/desk"))


async def test_who_has_no_chat_is_phoned_when_it_ends_and_only_their_office_and_the_desk_see_the_number(
    office: Office, clerk: Clerk
) -> None:
    case = await clerk.files(office="연수구 공원녹지과", **CONTACT)
    officer, neighbour = await office.staff(), await office.staff(offices=[ELSEWHERE])
    reader = await office.staff(Role.READER, ())
    await officer.act(case, Action.TAKE)
    assert "전화로 알릴 분이 없어요" in read(await officer.get("/staff/calls"))
    await officer.act(await office.now(case), Action.ANSWER, words="의자를 고쳤어요.")
    card = await officer.get(f"/staff/cases/{case.number}")
    assert "전화로 알려 주세요. 답변이 나왔어요." in read(card)
    assert "010-1234-5678" in card.text
    assert "010-1234-5678" in (await officer.get("/staff/calls")).text
    assert "1 전화로 알릴 분" in read(await officer.get("/staff/day"))
    for other in (neighbour, reader):
        for path in (f"/staff/cases/{case.number}", "/staff", "/staff/calls"):
            assert "1234-5678" not in (await other.get(path)).text
    ended = await office.now(case)
    refused = await neighbour.post(f"/staff/cases/{case.number}/phoned", version=str(ended.version))
    assert refused.status_code == 404
    for _ in range(2):
        await officer.post(
            f"/staff/cases/{case.number}/phoned", version=str(ended.version), words="고맙다고 하심"
        )
    assert "전화로 알릴 분이 없어요" in read(await officer.get("/staff/calls"))
    async with office.program.database.read() as connection:
        events = await history_of(connection, case.id)
    assert [event.words for event in events if event.action == "phoned"] == ["고맙다고 하심"]


def test_everything_worth_a_call_has_its_words() -> None:
    there = shipped_catalogue().keys("ko")
    asked = [f"desk.call.tell.{one}" for one in (*WORTH_A_CALL, HALF_YEAR)]
    asked += [f"desk.channel.{one}" for one in Channel] + [f"desk.queue.{one}" for one in Queue]
    assert [key for key in asked if key not in there] == []


async def test_a_question_asked_on_the_telephone_is_answered_there_and_the_clock_goes_on(
    office: Office, clerk: Clerk
) -> None:
    case = await clerk.files(office="연수구 공원녹지과", **CONTACT)
    officer = await office.staff()
    await officer.act(case, Action.ASK, words="어느 쪽 의자인가요?")
    asked = await office.now(case)
    assert asked.question_waiting
    assert "여쭤볼 것이 있어요" in read(await officer.get("/staff/calls"))
    await officer.post(f"/staff/cases/{case.number}/phoned", version=str(asked.version), words="분수대 쪽")
    answered = await office.now(case)
    assert not answered.question_waiting
    assert answered.paused_at is None


async def test_a_contact_is_deleted_at_the_wish_of_its_person(office: Office, clerk: Clerk) -> None:
    case = await clerk.files(office="연수구 공원녹지과", **CONTACT)
    neighbour = await office.staff(offices=[ELSEWHERE])
    path = f"/staff/cases/{case.number}/forget-contact"
    assert (await neighbour.post(path)).status_code == 404
    assert "010-1234-5678" in (await clerk.desk.get(f"/staff/cases/{case.number}")).text
    await clerk.desk.post(path)
    assert "1234-5678" not in (await clerk.desk.get(f"/staff/cases/{case.number}")).text


async def test_a_contact_goes_when_the_case_is_too_old_to_keep_its_person(
    office: Office, clerk: Clerk
) -> None:
    case = await clerk.files(**CONTACT)
    async with office.program.database.begin() as connection:
        await redact(connection, [case.id], office.watch())
        assert await contact_of(connection, case.id) is None


async def test_what_was_typed_when_the_session_had_ended_is_given_back(office: Office, clerk: Clerk) -> None:
    key = await clerk.key()
    office.watch.go_on(hours=3)
    answer = await clerk.sends("길게 적은 전화 내용이에요", key=key)
    assert answer.status_code == 403
    assert "길게 적은 전화 내용이에요" in answer.text


async def test_a_place_that_the_english_console_offers_is_understood(office: Office) -> None:
    english = await office.staff(Role.DESK, (), locale="en")
    looked = await english.post("/staff/desk/new", look="1", text="연수구 도로가 패였어요")
    assert 'name="place" value="Yeonsu-gu"' in looked.text
    case = await Clerk(office, english).files("도로가 패였어요", place="Yeonsu-gu")
    assert (case.district, case.place) == ("yeonsu", "")
    case = await Clerk(office, english).files("도로가 패였어요", place="Yeonsu-gu 송도2동")
    assert (case.district, case.place) == ("yeonsu", "송도2동")


async def test_an_officer_files_who_came_to_their_own_office_and_nothing_for_another(office: Office) -> None:
    own = Clerk(office, await office.staff())
    assert (
        'name="office" list="offices" value="연수구 공원녹지과"'
        in (await own.desk.get("/staff/desk/new")).text
    )
    case = await own.files("해돋이공원 의자가 부러졌어요", office="연수구 공원녹지과", channel="visit")
    assert (case.office, case.state) == (PARKS, State.RECEIVED)
    refused = await own.sends(office="남동구 공원녹지과")
    assert refused.status_code == 403
    assert "접수창구에서 입력해요" in read(refused)
    assert (await own.desk.get("/staff/desk")).status_code == 403


async def decides(desk: Desk, case: Case, **fields: str) -> httpx.Response:
    """Press a button of the review."""
    fields = {"version": str(case.version), **fields}
    return await desk.post(f"/staff/desk/review/{case.number}", **fields)

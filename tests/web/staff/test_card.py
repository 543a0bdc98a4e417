"""The card: all of a case, and everything an officer does to it."""

import pytest
from sqlalchemy import select

from cases.transitions import Actor
from cases.vocabulary import Action, Kind, OfficeId, Role, State
from handlers.casework import MOST_WORDS, Deed
from storage.attachments import add_attachment
from storage.files import FileStore
from storage.people import erase, support
from storage.tables import ConversationRow
from tests.web.drawing import jpeg
from tests.web.staff.office import ELSEWHERE, PARKS, Desk, Office, read


@pytest.fixture
async def officer(office: Office) -> Desk:
    return await office.staff()


async def test_an_officer_takes_starts_and_answers_a_case_and_the_resident_is_told_each_time(
    office: Office, officer: Desk
) -> None:
    case = await office.case()
    for action, fields in (
        (Action.TAKE, {}),
        (Action.START, {}),
        (Action.ANSWER, {"words": "의자를 새로 놓았어요."}),
    ):
        answer = await officer.act(await office.now(case), action, **fields)
        assert answer.headers["location"] == f"/staff/cases/{case.number}?done={action.value}"
    assert (await office.now(case)).state is State.DONE
    assert await office.told(case) == ["notice.take", "notice.start", "notice.answer"]


async def test_the_card_shows_words_place_office_date_supporters_and_history(
    office: Office, officer: Desk
) -> None:
    case = await office.case("의자가 <b>부러졌어요</b>", title="부러진 의자")
    backer = await office.resident()
    async with office.program.database.begin() as connection:
        await support(connection, case.id, backer, office.watch())
    await officer.act(case, Action.TAKE)
    words = read(await officer.get(f"/staff/cases/{case.number}"))
    for shown in ("부러진 의자", "연수구 송도2동", "연수구 공원녹지", "2026년 12월 9일(수)", "1명", "건의"):
        assert shown in words
    assert "대화로 알림을 받아요." in words
    assert "검토를 시작했어요." in words


async def test_what_a_resident_wrote_is_shown_as_they_wrote_it_and_never_run(
    office: Office, officer: Desk
) -> None:
    case = await office.case("<script>alert(1)</script>", title='"><img src=x onerror=alert(2)>')
    for page in (f"/staff/cases/{case.number}", "/staff"):
        html = (await officer.get(page)).text
        assert "<script" not in html
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html
    assert "&lt;script&gt;alert(1)" in (await officer.get(f"/staff/cases/{case.number}")).text


async def test_a_question_waits_for_the_resident_and_is_marked(office: Office, officer: Desk) -> None:
    case = await office.case()
    await officer.act(case, Action.ASK, words="어느 쪽 의자인가요?")
    assert (await office.now(case)).question_waiting
    assert "주민 답변을 기다림" in read(await officer.get(f"/staff/cases/{case.number}"))


async def test_a_moved_case_is_seen_by_both_offices_and_handled_only_by_the_new_one(
    office: Office, officer: Desk
) -> None:
    case = await office.case()
    name = office.world.directory.name(ELSEWHERE, "ko")
    await officer.act(case, Action.MOVE, target=name, words="남동구에 있는 공원이에요.")
    moved = await office.now(case)
    assert moved.office == ELSEWHERE
    assert await office.told(case) == ["notice.move"]
    page = await officer.get(f"/staff/cases/{case.number}")
    assert "볼 수만 있어요" in read(page)
    assert "<textarea" not in page.text
    refused = await officer.act(moved, Action.ANSWER, words="그래도 답할래요")
    assert refused.status_code == 403
    assert "다른 부서의 건의라 처리할 수 없어요" in read(refused)
    assert "그래도 답할래요" in refused.text
    neighbour = await office.staff(offices=[ELSEWHERE])
    assert (await neighbour.act(moved, Action.TAKE)).status_code == 303


async def test_an_office_may_be_named_shortly_when_the_case_says_which_district(
    office: Office, officer: Desk
) -> None:
    case = await office.case()
    short = office.world.directory.name(OfficeId("yeonsu/roads"), "ko").removeprefix("연수구 ")
    await officer.act(case, Action.MOVE, target=short, words="길 위의 일이에요.")
    assert (await office.now(case)).office == "yeonsu/roads"


async def test_an_office_that_is_not_there_is_asked_for_again_with_likely_ones_and_nothing_is_lost(
    office: Office, officer: Desk
) -> None:
    case = await office.case()
    answer = await officer.act(case, Action.MOVE, target="공원", words="거기 일이에요.")
    assert answer.status_code == 422
    assert "‘공원’이라는 부서가 없어요. 혹시" in read(answer)
    assert "거기 일이에요." in answer.text
    assert (await office.now(case)).office == PARKS


async def test_a_case_is_handed_over_to_another_authority_with_a_reason(
    office: Office, officer: Desk
) -> None:
    case = await office.case()
    await officer.act(case, Action.HAND_OVER, target="@police", words="경찰이 할 일이에요.")
    handed = await office.now(case)
    assert (handed.state, handed.office) == (State.HANDED_OVER, "@police")
    assert (await officer.get(f"/staff/cases/{case.number}")).status_code == 200


async def test_a_long_term_case_gets_the_day_it_is_planned_for(office: Office, officer: Desk) -> None:
    case = await office.case()
    await officer.act(case, Action.LONG_TERM, on="2027-06-30", words="예산을 세워야 해요.")
    assert (await office.now(case)).state is State.LONG_TERM
    assert "2027년 6월 30일(수)" in read(await officer.get(f"/staff/cases/{case.number}"))


@pytest.mark.parametrize(
    ("action", "fields", "said"),
    [
        (Action.ANSWER, {"words": "  "}, "글을 적어 주세요"),
        (Action.ANSWER, {"words": "가" * (MOST_WORDS + 1)}, "글이 너무 길어요"),
        (Action.LONG_TERM, {"on": "2026-11-20", "words": "언젠가"}, "내일이나 그 뒤의 날짜"),
        (Action.LONG_TERM, {"on": "언젠가", "words": "나중에"}, "날짜를 읽지 못했어요"),
        (Action.LONG_TERM, {"words": "나중에"}, "날짜를 골라 주세요"),
        (Action.MOVE, {"target": "yeonsu/parks", "words": "우리 일"}, "어디로 보낼지 골라 주세요"),
        (Action.MOVE, {"target": "@police", "words": "경찰 일"}, "어디로 보낼지 골라 주세요"),
        (Action.HAND_OVER, {"words": "다른 데 일"}, "어디로 보낼지 골라 주세요"),
    ],
)
async def test_a_form_that_lacks_something_says_what_and_changes_nothing(
    office: Office, officer: Desk, action: Action, fields: dict[str, str], said: str
) -> None:
    case = await office.case()
    answer = await officer.act(case, action, **fields)
    assert answer.status_code == 422
    assert said in read(answer)
    assert await office.now(case) == case
    assert await office.told(case) == []


async def test_of_two_officers_at_once_the_later_sees_what_changed_and_keeps_their_words(
    office: Office, officer: Desk
) -> None:
    case, colleague = await office.case(), await office.staff()
    await colleague.act(case, Action.PROGRESS, words="내일 나가 봐요.")
    answer = await officer.act(case, Action.PROGRESS, words="오늘 다녀왔어요.")
    assert answer.status_code == 409
    words = read(answer)
    assert "다른 분이 이 건의를 처리했어요" in words
    assert "새로 바뀜 진행 상황을 알렸어요" in words
    assert "오늘 다녀왔어요." in answer.text
    again = await officer.act(await office.now(case), Action.PROGRESS, words="오늘 다녀왔어요.")
    assert again.status_code == 303
    assert await office.told(case) == ["notice.progress"] * 2


async def test_a_form_sent_twice_is_done_once_and_says_so(office: Office, officer: Desk) -> None:
    case = await office.case()
    first = await officer.act(case, Action.ANSWER, words="고쳤어요.")
    second = await officer.act(case, Action.ANSWER, words="고쳤어요.")
    assert first.headers["location"] == second.headers["location"]
    assert await office.told(case) == ["notice.answer"]


async def test_words_for_a_case_closed_meanwhile_are_kept_for_copying(office: Office, officer: Desk) -> None:
    case = await office.case()
    raiser = Actor(Role.RAISER, resident_id=case.resident_id)
    await office.did(case, Deed(action=Action.WITHDRAW, by=raiser, words="이제 괜찮아요"))
    answer = await officer.act(case, Action.ANSWER, words="고치려고 했어요.")
    assert answer.status_code == 409
    assert "고치려고 했어요." in answer.text
    assert "쓰시던 글" in read(answer)


async def test_a_preview_shows_the_very_words_the_resident_would_read_and_sends_nothing(
    office: Office, officer: Desk
) -> None:
    case = await office.case()
    answer = await officer.act(case, Action.ANSWER, words="의자를 고쳤어요.", preview="1")
    assert answer.status_code == 200
    assert "아직 보내지 않았어요" in read(answer)
    assert "의자를 고쳤어요." in answer.text.partition("<blockquote>")[2]
    assert "대화 1곳에 보내요." in read(answer)
    assert await office.now(case) == case
    assert await office.told(case) == []


async def test_a_preview_says_when_nobody_can_be_told_by_chat(office: Office, officer: Desk) -> None:
    case = await office.case()
    async with office.program.database.begin() as connection:
        assert case.resident_id is not None
        await erase(connection, case.resident_id, office.watch())
    answer = await officer.act(await office.now(case), Action.ANSWER, words="고쳤어요.", preview="1")
    assert "대화로 알릴 사람이 없어요" in read(answer)


async def test_an_internal_note_reaches_no_resident_and_is_marked_apart(
    office: Office, officer: Desk
) -> None:
    case = await office.case()
    await officer.act(case, Action.NOTE, words="작년에도 같은 일이 있었음")
    page = await officer.get(f"/staff/cases/{case.number}")
    assert await office.told(case) == []
    assert "내부용 · 주민은 볼 수 없어요 작년에도 같은 일이 있었음" in read(page)


async def test_a_case_whose_resident_blocked_the_chat_says_so(office: Office, officer: Desk) -> None:
    case = await office.case(resident=await office.resident(reachable=False))
    assert "알림이 가지 않아요" in read(await officer.get(f"/staff/cases/{case.number}"))


async def test_a_reader_sees_a_public_case_without_the_person_and_cannot_act(office: Office) -> None:
    reader = await office.staff(Role.READER, ())
    case = await office.case("의자가 부러졌어요")
    officer = await office.staff()
    await officer.act(case, Action.NOTE, words="속으로만 아는 일")
    page = read(await reader.get(f"/staff/cases/{case.number}"))
    assert "의자가 부러졌어요" in page
    for hidden in ("속으로만 아는 일", "주민 연락", "처리하기", "직원 officer"):
        assert hidden not in page
    assert (await reader.act(case, Action.TAKE)).status_code == 403
    hidden_case = await office.case("저는 103호에 살아요", title="소음", public=False)
    assert "103호" not in read(await reader.get(f"/staff/cases/{hidden_case.number}"))


async def test_photos_are_shown_to_those_who_see_the_case_and_to_nobody_else(
    office: Office, officer: Desk
) -> None:
    case = await office.case()
    files = officer.browser
    kept = await _keep_photo(office, case.id)
    assert f"/staff/photos/{kept}" in (await officer.get(f"/staff/cases/{case.number}")).text
    shown = await files.get(f"/staff/photos/{kept}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert "no-store" in shown.headers["cache-control"]
    assert (await (await office.staff(offices=[ELSEWHERE])).get(f"/staff/photos/{kept}")).status_code == 404
    assert (await (await office.staff(Role.READER, ())).get(f"/staff/photos/{kept}")).status_code == 403
    assert (await office.stranger().get(f"/staff/photos/{kept}")).status_code == 303
    assert (await officer.get("/staff/photos/..%2f..%2fkey")).status_code == 404


async def test_an_officer_of_another_office_does_not_learn_that_a_case_exists(office: Office) -> None:
    case, other = await office.case(), await office.staff(offices=[ELSEWHERE])
    there = await other.get(f"/staff/cases/{case.number}")
    nowhere = await other.get("/staff/cases/26-99999")
    assert (there.status_code, read(there)) == (404, read(nowhere))
    for action in (Action.TAKE, Action.NOTE, Action.ANSWER):
        assert (await other.act(case, action, words="몰래")).status_code == 404
    assert await office.now(case) == case


async def test_the_desk_acts_on_the_cases_of_every_office(office: Office) -> None:
    desk, case = await office.staff(Role.DESK, ()), await office.case(kind=Kind.COMPLAINT)
    assert (await desk.act(case, Action.TAKE)).status_code == 303


async def test_a_step_the_console_does_not_offer_is_not_found(office: Office, officer: Desk) -> None:
    case = await office.case()
    for action in (Action.WITHDRAW, Action.FILE, Action.RATE):
        assert (await officer.act(case, action, words="x")).status_code == 404


async def test_the_console_speaks_english_to_those_who_chose_it(office: Office) -> None:
    desk = await office.staff(Role.DESK, (), locale="en")
    case = await office.case()
    await desk.act(case, Action.TAKE)
    words = read(await desk.get(f"/staff/cases/{case.number}"))
    assert "Answer and close" in words
    assert "Songdo" in words or "Yeonsu-gu" in words


async def _keep_photo(office: Office, case_id: int) -> str:
    store = FileStore(office.folder / "files")
    kept = await store.keep(jpeg())
    store.close()
    async with office.program.database.begin() as connection:
        talk = (await connection.execute(select(ConversationRow.id).limit(1))).scalar_one()
        await add_attachment(
            connection,
            conversation_id=talk,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            at=office.watch(),
            case_id=case_id,
        )
    return kept.name

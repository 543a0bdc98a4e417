"""Actions that need words: the group is asked, and a reply to the question does it."""

import json

import pytest

from cases.vocabulary import Action, OfficeId, State
from tests.doubles.bot_api import Group, Message
from tests.doubles.telegram.basics import JsonObject
from tests.flows.staff.townhall import PARKS, ROADS, TownHall


async def asked(hall: TownHall, group: Group, button: str) -> Message:
    """The question that comes when `button` of the newest card is pressed."""
    press = await group.member(7, "김담당").presses(button)
    assert "답장" in (await press.answered()).text
    return await group.hears_text("김담당님")


def last_markup(hall: TownHall, group: Group) -> object:
    """What stood below the newest message sent to the group."""
    sent = [call for call in hall.double.sent(group.chat_id) if call.method == "sendMessage"]
    markup = sent[-1].parameters.get("reply_markup")
    return json.loads(markup) if isinstance(markup, str) else markup


async def test_an_answer_in_reply_to_the_question_goes_to_the_resident_and_closes_the_case(
    hall: TownHall,
) -> None:
    person = await hall.resident()
    group = await hall.group()
    case = await hall.case()
    card = await group.hears_text(str(case.number))

    question = await asked(hall, group, "답변하고 완료")
    await group.member(7).says("오늘 가로수를 바로 세웠습니다", reply_to=question)

    await person.hears_text("오늘 가로수를 바로 세웠습니다")
    await group.hears_text("완료로 마쳤습니다")
    renewed = await group.hears_text("상태: 완료")
    assert renewed.message_id == card.message_id
    assert renewed.buttons == ("사진 보기",)
    assert (await hall.now(case)).state is State.DONE


async def test_the_question_opens_the_field_of_who_pressed_and_of_nobody_else(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    case = await hall.case()
    await group.hears_text(str(case.number))

    question = await asked(hall, group, "건의자에게 묻기")

    assert last_markup(hall, group) == {"force_reply": True, "selective": True}
    mention = question.entities[0]
    assert mention["type"] == "text_mention"
    assert question.words.encode("utf-16-le")[:6].decode("utf-16-le") == "김담당"


@pytest.mark.parametrize(
    ("button", "words", "state"),
    [
        ("건의자에게 묻기", "어느 나무입니까?", State.RECEIVED),
        ("진행 상황 알리기", "현장을 보았습니다", State.RECEIVED),
        ("추진 불가", "사유지의 나무입니다", State.INFEASIBLE),
    ],
)
async def test_what_staff_write_reaches_the_resident_word_for_word(
    hall: TownHall, button: str, words: str, state: State
) -> None:
    person = await hall.resident()
    group = await hall.group()
    case = await hall.case()
    await group.hears_text(str(case.number))

    question = await asked(hall, group, button)
    await group.member(7).says(words, reply_to=question)

    await person.hears_text(words)
    assert (await hall.now(case)).state is state


async def test_a_case_moved_to_another_office_tells_the_resident_why_and_the_other_group(
    hall: TownHall,
) -> None:
    person = await hall.resident()
    group, other = await hall.group(), await hall.group(ROADS, -2002)
    case = await hall.case()
    await group.hears_text(str(case.number))

    question = await asked(hall, group, "다른 부서로")
    await group.member(7).says("건설과 / 보도블록을 들어야 합니다", reply_to=question)

    told = await person.hears_text("보도블록을 들어야 합니다")
    assert "연수구 건설과" in told.words
    await other.hears_text("보도블록을 들어야 합니다")
    await group.hears_text("옮기고")
    assert (await hall.now(case)).office == ROADS


async def test_the_office_and_the_reason_may_be_written_in_one_breath(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    case = await hall.case()
    await group.hears_text(str(case.number))

    question = await asked(hall, group, "다른 부서로")
    await group.member(7).says("연수구 건설과 보도블록 일입니다", reply_to=question)

    await group.hears_text("옮기고")
    assert (await hall.last_event(case)).words == "보도블록 일입니다"


async def test_an_unclear_office_is_chosen_from_the_best_three_and_keeps_the_reason(hall: TownHall) -> None:
    person = await hall.resident()
    group = await hall.group()
    case = await hall.case()
    await group.hears_text(str(case.number))

    question = await asked(hall, group, "다른 부서로")
    await group.member(7).says("교통 / 신호를 가립니다", reply_to=question)
    choice = await group.hears_text("어디로")
    assert 1 < len(choice.buttons) <= 3
    press = await group.member(7).presses("인천광역시 교통안전과", on=choice)
    await press.answered()

    await person.hears_text("신호를 가립니다")
    done = await group.hears_text("옮기고")
    assert done.message_id == choice.message_id
    assert done.buttons == ()
    assert (await hall.now(case)).office == OfficeId("traffic_signals")


async def test_an_office_nobody_knows_or_no_reason_is_asked_for_again(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    case = await hall.case()
    await group.hears_text(str(case.number))

    question = await asked(hall, group, "다른 부서로")
    await group.member(7).says("ㅁㄴㅇㄹ / 그쪽 일", reply_to=question)
    again = await group.hears_text("찾지 못했습니다")
    await group.member(7).says("건설과", reply_to=again)
    again = await group.hears_text("이유도")
    assert last_markup(hall, group) == {"force_reply": True, "selective": True}
    await group.member(7).says("건설과: 보도블록 일입니다", reply_to=again)

    await group.hears_text("옮기고")
    assert (await hall.now(case)).office == ROADS


async def test_a_case_is_handed_over_to_an_authority_by_its_everyday_name(hall: TownHall) -> None:
    person = await hall.resident()
    group = await hall.group()
    case = await hall.case()
    await group.hears_text(str(case.number))

    question = await asked(hall, group, "다른 기관으로 이송")
    await group.member(7).says("한전 / 전선이 나무에 닿았습니다", reply_to=question)

    await person.hears_text("전선이 나무에 닿았습니다")
    handed = await hall.now(case)
    assert (handed.state, handed.office) == (State.HANDED_OVER, OfficeId("@kepco"))


async def test_a_long_term_plan_needs_a_day_that_lies_ahead(hall: TownHall) -> None:
    person = await hall.resident()
    group = await hall.group()
    case = await hall.case()
    await group.hears_text(str(case.number))

    question = await asked(hall, group, "중장기로")
    await group.member(7).says("예산이 생기면 합니다", reply_to=question)
    again = await group.hears_text("날짜를 알 수 없습니다")
    await group.member(7).says("2020-01-01 예산", reply_to=again)
    await group.hears_text("지난 날짜")
    await group.member(7).says("내년 6월 30일 예산을 세워 합니다", reply_to=again)

    told = await person.hears_text("예산을 세워 합니다")
    assert "2027년 6월 30일" in told.words
    assert (await hall.now(case)).state is State.LONG_TERM


async def test_a_reply_to_the_card_is_a_note_that_the_resident_never_sees(hall: TownHall) -> None:
    person = await hall.resident()
    group = await hall.group()
    case = await hall.case()
    card = await group.hears_text(str(case.number))

    await group.member(7, "김담당").says("지난주에도 같은 전화가 왔음", reply_to=card)

    await group.hears_text("건의자에게는 보내지 않았습니다")
    note = await hall.last_event(case)
    assert (note.action, note.words, note.author) == (Action.NOTE, "지난주에도 같은 전화가 왔음", "김담당")
    assert all("지난주에도" not in message.words for message in person.screen)
    # The card is renewed, so its buttons still do what they say.
    await group.hears_text("[새 건의]")
    await (await group.member(7).presses("담당하기")).answered()
    await group.hears_text("검토중")


async def test_an_answer_to_a_question_of_a_case_closed_since_is_refused(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    case = await hall.case()
    await group.hears_text(str(case.number))
    question = await asked(hall, group, "건의자에게 묻기")
    await hall.does(case, Action.ANSWER, words="끝났습니다")

    await group.member(7).says("어느 나무입니까?", reply_to=question)

    await group.hears_text("지금 상태에서는 할 수 없습니다")
    assert (await hall.now(case)).state is State.DONE


async def test_an_answer_to_a_question_of_a_case_that_left_is_refused(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    case = await hall.case()
    await group.hears_text(str(case.number))
    question = await asked(hall, group, "답변하고 완료")
    await hall.does(case, Action.MOVE, words="도로 일입니다", target=ROADS)

    await group.member(7).says("끝냈습니다", reply_to=question)

    await group.hears_text("다른 부서")
    assert (await hall.now(case)).state is State.RECEIVED


async def test_the_desks_group_mends_a_case_that_went_back_and_forth(hall: TownHall) -> None:
    await hall.resident()
    desk = await hall.group(OfficeId("desk"), -2003)
    case = await hall.case()
    for target in (ROADS, PARKS, ROADS):
        case = await hall.does(case, Action.MOVE, words="그쪽 일입니다", target=target)
    await desk.hears_text("3번 옮겨졌습니다")

    question = await asked(hall, desk, "다른 부서로")
    await desk.member(7).says("연수구 공원녹지과 / 가로수입니다", reply_to=question)

    await desk.hears_text("옮기고")
    assert (await hall.now(case)).office == PARKS


async def test_an_offices_own_number_in_an_answer_is_not_covered_and_a_mobile_is(hall: TownHall) -> None:
    person = await hall.resident()
    group = await hall.group()
    case = await hall.case()
    await group.hears_text(str(case.number))

    question = await asked(hall, group, "진행 상황 알리기")
    await group.member(7).says("문의 032-749-7000, 담당 010-1234-5678", reply_to=question)

    told = await person.hears_text("032-749-7000")
    assert "010-1234-5678" not in told.words


async def test_things_that_are_no_words_are_answered_with_one_line(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    case = await hall.case()
    card = await group.hears_text(str(case.number))
    bound = group.screen[0]

    await group.member(7).says("이게 뭐죠", reply_to=bound)
    await group.hears_text("무엇에 대한 답장인지")
    hall.double.enqueue([sticker_reply(group, card)])
    await group.hears_text("글만 받을 수 있습니다")


def sticker_reply(group: Group, card: Message) -> JsonObject:
    """A sticker in reply to the card."""
    return {
        "message": {
            "message_id": 9000,
            "date": 1,
            "chat": {"id": group.chat_id, "type": "group", "title": "담당부서"},
            "from": {"id": 7, "is_bot": False, "first_name": "김담당"},
            "reply_to_message": {
                "message_id": card.message_id,
                "date": 1,
                "chat": {"id": group.chat_id, "type": "group"},
                "from": {"id": 123456, "is_bot": True, "first_name": "소통봇"},
            },
            "sticker": {"file_id": "s", "file_unique_id": "u"},
        }
    }

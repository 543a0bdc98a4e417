"""From free text to a receipt: the card, and every question before it."""

import pytest

from tests.flows.channels import on_every_pair, on_telegram, telegram_person
from tests.support.residents import Resident

LAMP = "송도2동 가로등이 꺼졌어요"


@on_every_pair
async def test_one_message_and_one_press_file_a_case_with_number_office_and_date(resident: Resident) -> None:
    await resident.says("연수구 송도2동 해돋이공원 앞 횡단보도 신호등이 안 들어와요")
    card = await resident.hears("이대로 보낼까요?", "해돋이공원", "교통안전과", "민원")
    assert card.labels[0] == "이대로 보내기"
    await resident.presses("이대로 보내기")
    receipt = await resident.hears("접수번호 26-00001", "교통안전과", "2026년 11월 30일(월)")
    assert "알려 드립니다" in receipt.text


async def test_a_suggestion_is_due_in_fourteen_working_days(resident: Resident) -> None:
    await resident.says("송도2동에 벤치를 더 놓아 주시면 좋겠어요 해돋이공원이요")
    await resident.is_shown_the_card("건의")
    await resident.presses("이대로 보내기")
    await resident.hears("접수번호", "2026년 12월 9일(수)")


async def test_yes_below_the_card_sends_it(resident: Resident) -> None:
    await resident.says(LAMP, "네 보내 주세요")
    await resident.hears("접수번호 26-00001")


@on_every_pair
async def test_a_missing_place_is_asked_for_and_typed(resident: Resident) -> None:
    await resident.says("가로등이 꺼졌어요")
    await resident.hears("어디인가요?")
    await resident.says("연수동이요")
    await resident.hears("이대로 보낼까요?", "연수구 연수동", "연수구 건설과")


async def test_what_is_said_of_the_spot_reaches_the_officer(resident: Resident) -> None:
    await resident.says("가로등이 꺼졌어요", "구월동 로데오거리 3번 출구 건너편이요")
    await resident.hears("이대로 보낼까요?", "3번 출구 건너편")


async def test_a_shared_location_answers_where(resident: Resident) -> None:
    await resident.says("가로등이 꺼졌어요")
    await resident.shares_place(37.3823, 126.6569)
    await resident.hears("이대로 보낼까요?", "연수구")


async def test_a_location_outside_the_city_is_said_so_and_the_question_stays(resident: Resident) -> None:
    await resident.says("가로등이 꺼졌어요")
    await resident.shares_place(37.5663, 126.9779)
    await resident.hears("밖이에요")
    await resident.says("연수동")
    await resident.hears("이대로 보낼까요?")


async def test_the_whole_city_is_an_answer_to_where(resident: Resident) -> None:
    await resident.says("가로등이 너무 어두워요")
    await resident.presses("시 전체")
    await resident.hears("이대로 보낼까요?", "시 전체", "접수창구")


@pytest.mark.parametrize("answer", ["잘 모르겠어요", "몰라요", "그냥 알아서 해 주세요"])
async def test_who_does_not_know_where_is_not_sent_away(resident: Resident, answer: str) -> None:
    await resident.says("가로등이 꺼졌어요", answer)
    if not any("이대로 보낼까요?" in shown.text for shown in resident.fresh):
        await resident.presses("잘 모르겠어요")
    await resident.hears("이대로 보낼까요?", "접수창구")


async def test_a_place_nobody_knows_is_asked_again_and_its_words_are_kept(resident: Resident) -> None:
    await resident.says("가로등이 꺼졌어요", "행복빌라 뒷골목 전봇대 옆")
    await resident.hears("찾지 못했어요")
    await resident.says("연수동")
    await resident.hears("이대로 보낼까요?", "행복빌라 뒷골목")


async def test_a_city_level_matter_needs_no_place(resident: Resident) -> None:
    await resident.says("8번 버스가 너무 늦게 와요")
    await resident.hears("이대로 보낼까요?", "버스정책과")


@pytest.mark.parametrize(
    ("old", "offered"), [("중구", {"제물포구", "영종구"}), ("서구", {"서해구", "검단구"})]
)
async def test_an_old_districts_name_leads_to_one_question(
    resident: Resident, old: str, offered: set[str]
) -> None:
    await resident.says(f"{old} 가로등이 꺼졌어요")
    question = await resident.hears("어느 곳인가요?")
    assert offered <= set(question.labels)
    chosen = sorted(offered)[0]
    await resident.presses(chosen)
    await resident.hears("이대로 보낼까요?", f"{chosen} 건설과")


async def test_a_name_that_exists_twice_can_be_answered_by_number(resident: Resident) -> None:
    await resident.says("중구 가로등이 꺼졌어요", "2번이요")
    await resident.hears("이대로 보낼까요?", "영종구 건설과")


async def test_the_office_can_be_changed_to_another_or_left_to_the_desk(resident: Resident) -> None:
    await resident.says(LAMP)
    await resident.presses("담당 바꾸기")
    choice = await resident.hears("어느 부서 일에 가까운가요?")
    assert choice.labels[-1] == "잘 모르겠어요"
    await resident.presses("잘 모르겠어요")
    await resident.hears("이대로 보낼까요?", "접수창구")
    await resident.presses("이대로 보내기")
    await resident.hears("접수번호", "접수창구가 맞는 부서를 찾아")


async def test_an_office_can_be_named_in_words(resident: Resident) -> None:
    await resident.says(LAMP)
    await resident.presses("담당 바꾸기")
    await resident.says("공원녹지과요")
    await resident.hears("이대로 보낼까요?", "연수구 공원녹지과")


async def test_when_no_office_is_clearly_ahead_three_and_the_desk_are_offered(resident: Resident) -> None:
    await resident.says("동춘동 불법주차랑 쓰레기랑 가로등 좀 어떻게 해 주세요")
    choice = await resident.hears("어느 부서 일에 가까운가요?")
    assert 3 <= len(choice.labels) <= 4
    await resident.says("1")
    await resident.hears("이대로 보낼까요?", choice.labels[0])


async def test_who_speaks_of_nothing_we_know_gets_the_desk_without_a_question(resident: Resident) -> None:
    await resident.says("옆집 사람이 자꾸 이상한 걸 내놓아서 불편합니다")
    await resident.hears("이대로 보낼까요?", "접수창구")


async def test_place_words_and_privacy_can_be_changed_on_the_card(resident: Resident) -> None:
    await resident.says(LAMP)
    await resident.presses("장소 바꾸기")
    await resident.says("부평5동")
    await resident.hears("이대로 보낼까요?", "부평구 부평5동", "부평구 건설과")
    await resident.presses("비공개로")
    await resident.hears("비공개: 담당 직원만 봐요")
    await resident.presses("글 고치기")
    await resident.says("부평5동 가로등 세 개가 꺼졌어요")
    await resident.hears("이대로 보낼까요?", "가로등 세 개", "비공개")
    await resident.presses("이대로 보내기")
    assert (await resident.program.rows("SELECT public FROM cases"))[0][0] in (0, False)


async def test_only_a_place_typed_at_the_card_corrects_the_place(resident: Resident) -> None:
    await resident.says(LAMP, "아니 부평5동이요")
    await resident.hears("이대로 보낼까요?", "부평구 부평5동")


@on_every_pair
async def test_photos_go_to_the_open_card_and_then_to_the_case(resident: Resident, picture: bytes) -> None:
    await resident.says(LAMP)
    await resident.presses("사진 넣기")
    await resident.hears("사진을 보내 주세요")
    await resident.sends_photo(picture)
    await resident.hears("이대로 보낼까요?", "1장")
    await resident.presses("이대로 보내기")
    await resident.hears("접수번호")
    assert await resident.program.rows("SELECT case_id FROM attachment WHERE case_id IS NOT NULL")


async def test_a_photo_with_words_makes_a_card_at_once(resident: Resident, picture: bytes) -> None:
    await resident.sends_photo(picture, caption=LAMP)
    await resident.hears("이대로 보낼까요?", "가로등", "1장")


async def test_a_photo_before_the_words_waits_for_them(resident: Resident, picture: bytes) -> None:
    await resident.sends_photo(picture)
    await resident.hears("어떤 일인지 글로 적어 주세요")
    await resident.says(LAMP)
    await resident.hears("이대로 보낼까요?", "1장")


async def test_cancelling_sends_nothing(resident: Resident) -> None:
    await resident.says(LAMP)
    await resident.presses("그만두기")
    await resident.hears("보내지 않았어요")
    assert not await resident.program.rows("SELECT id FROM cases")


async def test_asking_to_cancel_a_draft_in_words_needs_no_case_number(resident: Resident) -> None:
    await resident.says(LAMP, "건의 취소할게요")
    await resident.hears("그만두었어요")


@on_every_pair
async def test_several_problems_are_offered_one_by_one(resident: Resident) -> None:
    await resident.says(
        "1. 구월동 모래내시장 앞 불법주차 단속해주세요\n"
        "2. 중앙공원 운동기구가 고장났어요\n"
        "3. 간석동 가로등이 꺼졌어요"
    )
    await resident.hears("3가지 일", "불법주차", "운동기구", "가로등")
    await resident.presses("하나씩 따로 보내기")
    for number, words in (("26-00001", "불법주차"), ("26-00002", "운동기구"), ("26-00003", "가로등")):
        await resident.is_shown_the_card(words)
        await resident.presses("이대로 보내기")
        await resident.hears(number)
    assert len(await resident.program.rows("SELECT id FROM cases")) == 3


async def test_several_problems_may_stay_one_case(resident: Resident) -> None:
    await resident.says("1. 송도2동 불법주차가 심해요\n2. 송도2동 가로등이 꺼졌어요")
    await resident.hears("2가지 일")
    await resident.says("한꺼번에 보내 주세요")
    assert not any("가지 일" in shown.text for shown in resident.fresh)


@on_every_pair
async def test_a_text_longer_than_a_message_is_taken_in_parts(resident: Resident) -> None:
    first = "송도2동 가로등이 꺼졌어요. " + "밤마다 너무 어둡습니다. " * 290
    assert 3500 < len(first) < 4096
    await resident.says(first)
    await resident.is_shown_the_card()
    await resident.says("그리고 마지막으로, 아이들이 다니는 길이라 더 걱정입니다.")
    await resident.presses("이대로 보내기")
    await resident.hears("접수번호")
    text = str((await resident.program.rows("SELECT text FROM cases"))[0][0])
    assert text.startswith("송도2동")
    assert text.endswith("더 걱정입니다.")


async def test_more_words_at_the_card_are_asked_about_and_added(resident: Resident) -> None:
    await resident.says(LAMP, "밤에 아이들이 무서워해서 못 다녀요")
    await resident.hears("어떻게 할까요?")
    await resident.presses("이 건의에 덧붙이기")
    await resident.hears("이대로 보낼까요?", "못 다녀요")


async def test_a_new_problem_at_the_card_loses_neither(resident: Resident) -> None:
    await resident.says(LAMP, "그리고 부평5동 놀이터 그네가 부서졌어요")
    await resident.presses("새 건의로 쓰기")
    await resident.hears("이대로 보낼까요?", "그네")
    await resident.presses("이대로 보내기")
    await resident.hears("접수번호 26-00001")
    await resident.hears("쓰고 있던 건의로 돌아왔어요", LAMP)
    await resident.presses("이대로 보내기")
    await resident.hears("접수번호 26-00002")


async def test_asking_something_else_in_between_brings_the_card_back(resident: Resident) -> None:
    await resident.files("연수동 하수구 냄새가 나요")
    await resident.says(LAMP, "내 건의")
    await resident.hears("내 건의예요")
    await resident.presses("26-00001")
    await resident.presses("건의 취소")
    await resident.presses("해결되었어요")
    await resident.hears("취소했습니다", "쓰고 있던 건의로 돌아왔어요", LAMP)


@on_telegram
async def test_a_changed_message_changes_the_open_card_only(resident: Resident) -> None:
    person = telegram_person(resident)
    said = await person.says(LAMP)
    await resident.hears("이대로 보낼까요?")
    await person.edits(said, "부평5동 가로등이 꺼졌어요")
    await resident.hears("이대로 보낼까요?", "부평구")
    await resident.presses("이대로 보내기")
    await resident.hears("접수번호")
    await person.edits(said, "송도3동 가로등이 꺼졌어요")
    await resident.hears("반영되지 않았어요")


async def test_a_place_in_another_city_is_asked_about(resident: Resident) -> None:
    await resident.says("대구 서구 가로등이 꺼졌어요")
    await resident.hears("다른 도시")


async def test_words_that_say_nothing_yet_are_joined_by_those_that_do(resident: Resident) -> None:
    await resident.says("저기요 이것 좀 봐 주시면 안 될까요", "송도2동 가로등이 꺼졌어요")
    card = await resident.is_shown_the_card("가로등", "연수구 건설과")
    assert "봐 주시면" in card.text


async def test_who_goes_on_writing_instead_of_choosing_is_not_asked_for_ever(resident: Resident) -> None:
    await resident.says(LAMP, "부평5동 놀이터 그네가 부서졌어요")
    await resident.hears("어떻게 할까요?")
    await resident.says("네")
    await resident.is_shown_the_card("그네")
    await resident.presses("이대로 보내기")
    await resident.hears("쓰고 있던 건의로 돌아왔어요", LAMP)


async def test_which_office_is_asked_twice_at_most(resident: Resident) -> None:
    await resident.says("동춘동 불법주차랑 쓰레기랑 가로등 좀 어떻게 해 주세요")
    await resident.hears("어느 부서 일에 가까운가요?")
    await resident.says("다 너무 심해요", "빨리 좀요")
    await resident.hears("이대로 보낼까요?")


async def test_a_name_that_is_in_several_districts_leads_to_one_question(resident: Resident) -> None:
    await resident.says("아라뱃길 자전거도로가 끊겨 있어요")
    question = await resident.hears("어느 곳인가요?", "같은 이름이 여러 곳")
    await resident.says(question.labels[1])
    await resident.is_shown_the_card(question.labels[1].split()[0])

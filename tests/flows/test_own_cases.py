"""After the receipt: finding a case again, adding to it, taking it back, and what follows its end."""

import pytest

from cases.vocabulary import State
from tests.flows.channels import on_every_pair
from tests.support.offices import Officer
from tests.support.residents import Resident

LAMP = "송도2동 가로등이 꺼졌어요"
DRAIN = "연수동 하수구 냄새가 나요"


@on_every_pair
async def test_the_list_shows_every_case_with_a_button(resident: Resident) -> None:
    await resident.says("내 건의")
    await resident.hears("아직 보내신 건의가 없어요")
    await resident.files(LAMP)
    await resident.files(DRAIN)
    await resident.says("내가 낸 민원 보여줘")
    listed = await resident.hears("내 건의예요")
    assert [label[:8] for label in listed.labels] == ["26-00002", "26-00001"]
    await resident.presses("26-00001")
    await resident.hears("26-00001 · 접수", "연수구 건설과", "답변 기한")


async def test_a_long_list_has_pages(resident: Resident) -> None:
    for number in range(1, 8):
        await resident.files(f"송도2동 골목길 {number}번 가로등이 꺼졌어요")
    await resident.says("/my")
    await resident.presses("더 예전 건의")
    await resident.hears("26-00001", "더 최근 건의")
    await resident.presses("더 최근 건의")
    await resident.hears("26-00007")


@pytest.mark.parametrize("words", ["26-00001", "접수번호 26-00001 어떻게 됐나요?", "26-1번 민원 결과 알려줘"])
async def test_a_case_is_found_by_its_number(resident: Resident, words: str) -> None:
    await resident.files(LAMP)
    await resident.files(DRAIN)
    await resident.says(words)
    await resident.hears("26-00001 · 접수", "가로등")


async def test_a_case_is_found_by_a_few_words_of_it(resident: Resident) -> None:
    await resident.files(LAMP)
    await resident.files(DRAIN)
    await resident.says("지난번 가로등 건 어떻게 됐어요?")
    await resident.hears("26-00001 · 접수", "가로등")


async def test_a_private_case_of_somebody_else_is_not_there(resident: Resident, neighbour: Resident) -> None:
    await resident.says(LAMP)
    await resident.presses("비공개로")
    await resident.presses("이대로 보내기")
    await neighbour.says("26-00001")
    unknown = await neighbour.hears("찾지 못했어요")
    await neighbour.says("26-00999")
    assert (await neighbour.hears("찾지 못했어요")).text == unknown.text


async def test_the_history_speaks_plainly(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await officer.takes(number)
    await officer.answers(number, "고쳤습니다.")
    await resident.says(number)
    await resident.presses("지나온 일")
    await resident.hears("11월 20일(금) 접수했어요", "검토를 시작했어요", "답변하고 마쳤어요. “고쳤습니다.”")


async def test_words_and_photos_are_added_to_an_open_case(resident: Resident, picture: bytes) -> None:
    number = await resident.files(LAMP)
    await resident.presses("내용 더하기")
    await resident.says("이틀째 꺼져 있어요")
    await resident.hears("더했어요", number)
    await resident.presses("더 보내기")
    await resident.sends_photo(picture)
    await resident.hears("더했어요", number)
    await resident.says(number)
    await resident.presses("지나온 일")
    await resident.hears("이틀째 꺼져 있어요")
    assert await resident.program.rows("SELECT id FROM attachment WHERE case_id IS NOT NULL")


async def test_adding_asked_for_in_words_finds_the_case(resident: Resident) -> None:
    await resident.files(LAMP)
    await resident.files(DRAIN)
    await resident.says("아까 가로등 건에 덧붙일 말이 있어요")
    await resident.hears("26-00001에 더할 글")
    await resident.says("밤마다 깜빡여요")
    await resident.hears("더했어요", "26-00001")


async def test_a_photo_right_after_the_receipt_can_go_to_that_case(
    resident: Resident, picture: bytes
) -> None:
    number = await resident.files(LAMP)
    await resident.sends_photo(picture)
    await resident.hears("방금 접수한", number)
    await resident.presses(f"{number}에 넣기")
    await resident.hears("더했어요", number)


async def test_stopping_to_add_adds_nothing(resident: Resident) -> None:
    await resident.files(LAMP)
    await resident.presses("내용 더하기")
    await resident.presses("그만하기")
    await resident.hears("보내지 않았어요")


async def test_nothing_is_added_to_a_closed_case(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await officer.answers(number, "고쳤습니다.")
    await resident.presses("내용 더하기", on=resident.sees("접수번호"))
    await resident.hears("처리가 끝나서 더할 수 없어요")


@on_every_pair
async def test_a_case_is_withdrawn_with_a_reason(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await resident.says("가로등 건의 취소할게요")
    await resident.hears("취소할까요?", number)
    await resident.presses("해결되었어요")
    await resident.hears("취소했습니다", number)
    case = await officer.case(number)
    assert case.state is State.WITHDRAWN
    words = await resident.program.rows("SELECT words FROM case_event WHERE action = 'withdraw'")
    assert [row[0] for row in words] == ["해결되었어요"]


async def test_a_reason_may_be_typed_and_second_thoughts_are_fine(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await resident.says(f"{number} 취하합니다", "아니요")
    await resident.hears("취소하지 않았어요")
    await resident.says(f"{number} 취하합니다", "이웃이 벌써 고쳐 줬어요")
    await resident.hears("취소했습니다")
    assert (await officer.case(number)).state is State.WITHDRAWN


async def test_a_new_matter_told_instead_of_a_reason_ends_no_case(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await resident.says(f"{number} 취하합니다", "지하철은 언제 들어와요?")
    await resident.hears("정말 취소할까요?", number)
    assert (await officer.case(number)).state.is_open
    await resident.presses("새 건의로 쓰기")
    await resident.hears("지하철은 언제 들어와요")
    await resident.says("그만", f"{number} 취하합니다", "버스가 안 와서요?", "네")
    await resident.hears("취소했습니다", number)


async def test_a_similar_case_of_a_neighbour_is_offered_before_a_second_one(
    resident: Resident, neighbour: Resident
) -> None:
    number = await resident.files("송도2동 현대아파트 앞 가로등이 꺼졌어요")
    await neighbour.says("송도2동 현대아파트 앞에 가로등이 꺼졌어요")
    await neighbour.takes_the_first_office()
    await neighbour.hears("비슷한 건의가 이미 있어요", number)
    await neighbour.presses(f"{number}에 공감하기")
    await neighbour.hears("1명이 공감했어요", number)
    assert len(await resident.program.rows("SELECT id FROM cases")) == 1
    await neighbour.says(number)
    await neighbour.hears("이웃이 올린 건의예요", "공감: 1명")


async def test_another_matter_than_the_similar_one_is_filed_by_itself(
    resident: Resident, neighbour: Resident
) -> None:
    await resident.files("송도2동 현대아파트 앞 가로등이 꺼졌어요")
    await neighbour.says("송도2동 현대아파트 앞에 가로등이 꺼졌어요")
    await neighbour.takes_the_first_office()
    await neighbour.presses("다른 내용이에요")
    await neighbour.presses("이대로 보내기")
    await neighbour.hears("접수번호 26-00002")


async def test_nobody_backs_a_case_twice_or_their_own(resident: Resident, neighbour: Resident) -> None:
    number = await resident.files(LAMP)
    await neighbour.says(number)
    await neighbour.presses("공감하기")
    await neighbour.presses("공감하기", on=neighbour.sees("이웃이 올린 건의예요"))
    await neighbour.hears("이미 공감하셨어요")
    assert len(await resident.program.rows("SELECT case_id FROM support")) == 1


async def test_how_it_was_is_said_with_stars_and_words(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await officer.answers(number, "고쳤습니다.")
    await resident.presses("4점")
    await resident.hears("4점, 고맙습니다", number)
    await resident.says("빨리 고쳐 주셔서 좋았어요")
    await resident.hears("잘 적어 두었어요")
    assert (await officer.case(number)).rating == 4
    words = await resident.program.rows("SELECT words FROM case_event WHERE action = 'rate' ORDER BY id")
    assert [row[0] for row in words] == ["", "빨리 고쳐 주셔서 좋았어요"]


async def test_stars_may_be_typed(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await officer.answers(number, "고쳤습니다.")
    await resident.says("5점이요")
    await resident.hears("5점, 고맙습니다", number)
    assert (await officer.case(number)).rating == 5


async def test_no_more_words_is_fine(resident: Resident, officer: Officer) -> None:
    number = await resident.files(LAMP)
    await officer.answers(number, "고쳤습니다.")
    await resident.presses("3점")
    await resident.says("없어요")
    await resident.hears("알겠어요. 고맙습니다.")


@on_every_pair
async def test_a_second_look_opens_the_case_again_and_is_to_be_had_once(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await officer.answers(number, "고쳤습니다.")
    await resident.presses("다시 살펴봐 주세요")
    await resident.hears("책임자에게", "한 번만")
    await resident.says("하나는 아직 꺼져 있어요")
    await resident.hears("다시 살펴봅니다", number)
    assert (await officer.case(number)).state is State.REVIEWING
    await officer.declines(number, "부품이 없어 올해는 어렵습니다.")
    final = await resident.hears("하기 어렵다고", "부품이 없어")
    assert "다시 살펴봐 주세요" not in final.labels


async def test_a_case_handed_over_and_asked_for_again_comes_back_to_the_desk(
    resident: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await officer.hands_over(number, to="@police", because="경찰 일입니다.")
    await resident.presses("다시 살펴봐 주세요")
    await resident.says("경찰은 시청 일이라고 해요")
    await resident.hears("다시 살펴봅니다", "접수창구")

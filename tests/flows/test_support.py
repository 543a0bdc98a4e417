"""Somebody wrote of it before: standing behind their case, reading how it ended, being led to it."""

from cases.transitions import Actor
from cases.vocabulary import Action, Role, State
from handlers.casework import Deed, perform
from tests.support.offices import Officer
from tests.support.residents import Resident, number_in

LAMP = "송도2동 해돋이공원 정문 앞 가로등이 사흘째 꺼져 있어요"
HASTY = "송도2동해돋이공원정문옆가로둥이사흘째꺼저있어요"


async def _merge(officer: Officer, number: str, into: str, because: str) -> None:
    case, other = await officer.case(number), await officer.case(into)
    deed = Deed(action=Action.MERGE, by=Actor(Role.DESK), words=because, into=other.number)
    program = officer.program.program
    async with program.database.begin() as connection:
        await perform(connection, program.world, case.id, deed, officer.program.clock())
    await officer.program.catches_up()


async def test_a_case_is_found_again_however_hastily_the_same_thing_is_typed(
    resident: Resident, neighbour: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await officer.moves(number, to="yeonsu/parks", because="공원 안의 등이에요.")
    await neighbour.says(HASTY)
    await neighbour.takes_the_first_office()
    await neighbour.hears("비슷한 건의가 이미 있어요", number)
    await neighbour.presses(f"{number}에 공감하기")
    await neighbour.hears("공감", number)
    await officer.answers(number, "등을 새로 달았습니다.")
    await neighbour.hears("등을 새로 달았습니다.", number)


async def test_how_a_similar_case_ended_can_be_read_and_ones_own_still_be_sent(
    resident: Resident, neighbour: Resident, officer: Officer
) -> None:
    number = await resident.files(LAMP)
    await officer.answers(number, "등을 새로 달았습니다.")
    await neighbour.says(LAMP)
    await neighbour.takes_the_first_office()
    asked = await neighbour.hears("비슷한 건의가 이미 있어요", number, "완료")
    await neighbour.presses(f"{number} 결과 보기")
    await neighbour.hears("이웃이 올린 건의예요", number)
    await neighbour.presses("다른 내용이에요", on=asked)
    await neighbour.presses("이대로 보내기")
    await neighbour.hears("접수번호")


async def test_what_was_withdrawn_is_offered_to_nobody(resident: Resident, neighbour: Resident) -> None:
    number = await resident.files(LAMP)
    await resident.says(f"{number} 취하합니다")
    await resident.presses("해결되었어요")
    assert await resident.program.rows("SELECT key FROM case_key") == []
    await neighbour.says(LAMP)
    await neighbour.is_shown_the_card()


async def test_who_raised_a_merged_case_is_led_to_the_one_that_goes_on(
    resident: Resident, neighbour: Resident, officer: Officer
) -> None:
    first = await resident.files(LAMP)
    await neighbour.says("송도2동 해돋이공원 정문이 사흘째 깜깜해요")
    await neighbour.takes_the_first_office()
    await neighbour.presses("다른 내용이에요")
    await neighbour.presses("이대로 보내기")
    second = number_in(await neighbour.hears("접수번호"))
    await _merge(officer, second, first, "전기를 함께 고쳐요.")
    await neighbour.hears("같은 내용의 건의", first, "전기를 함께 고쳐요.", "따로 하실 일은 없어요")
    await neighbour.presses("함께 처리하는 건의 보기")
    await neighbour.hears("이웃이 올린 건의예요", first)
    await neighbour.says(second)
    await neighbour.hears(f"병합 → {first}", "합쳐서 처리해요")
    await resident.hears_nothing()
    await officer.answers(first, "등을 새로 달았습니다.")
    await neighbour.hears("등을 새로 달았습니다.", first)
    await neighbour.hears_nothing()
    assert (await officer.case(second)).state is State.MERGED


async def test_who_stands_behind_a_case_that_was_merged_meanwhile_stands_behind_the_other(
    resident: Resident, neighbour: Resident, officer: Officer
) -> None:
    first = await resident.files(LAMP)
    second = await resident.files("송도4동 커낼워크 앞 긴 의자가 부러졌어요")
    await neighbour.says("송도4동 커낼워크 앞 긴 으자가 부러졌어요")
    await neighbour.takes_the_first_office()
    await neighbour.hears("비슷한 건의가 이미 있어요", second)
    await _merge(officer, second, first, "한 번에 고쳐요.")
    await neighbour.presses(f"{second}에 공감하기")
    await neighbour.hears("1명이 공감했어요", first)

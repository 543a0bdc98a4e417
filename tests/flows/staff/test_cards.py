"""Ticket cards in a group: what their buttons do, and what old ones do not."""

from dataclasses import replace

from cases.vocabulary import Action, State
from tests.doubles.bot_api import Button
from tests.flows.staff.townhall import ROADS, TownHall


async def test_a_group_is_shown_a_new_case_of_its_office_with_buttons(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    case = await hall.case(text="해돋이공원 가로수가 쓰러지려고 해요")

    card = await group.hears_text(str(case.number))

    assert "해돋이공원 가로수가 쓰러지려고 해요" in card.words
    assert "담당하기" in card.buttons
    assert "답변하고 완료" in card.buttons


async def test_taking_a_case_tells_the_resident_and_renews_the_card(hall: TownHall) -> None:
    person = await hall.resident()
    group = await hall.group()
    case = await hall.case()
    card = await group.hears_text(str(case.number))

    press = await group.member(7, "김담당").presses("담당하기", on=card)

    assert "담당" in (await press.answered()).text
    renewed = await group.hears_text("김담당")
    assert renewed.message_id == card.message_id
    assert "검토중" in renewed.words
    assert "담당하기" not in renewed.buttons
    await person.hears_text(str(case.number))
    taken = await hall.now(case)
    assert taken.state is State.REVIEWING
    assert (await hall.last_event(case)).author == "김담당"


async def test_a_button_of_an_old_card_changes_nothing_and_shows_the_case_as_it_is(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    case = await hall.case()
    card = await group.hears_text(str(case.number))
    await hall.does(case, Action.PROGRESS, words="현장을 보았습니다")

    press = await group.member(7).presses("추진 시작", on=card)

    assert "바뀌었습니다" in (await press.answered()).text
    renewed = await group.hears_text(str(case.number))
    assert renewed.message_id == card.message_id
    assert (await hall.now(case)).state is State.RECEIVED
    await (await group.member(7).presses("추진 시작")).answered()
    await group.hears_text("추진중")
    assert (await hall.now(case)).state is State.IN_PROGRESS


async def test_two_members_who_press_at_once_do_the_thing_once(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    case = await hall.case()
    card = await group.hears_text(str(case.number))

    first = await group.member(7, "김담당").presses("담당하기", on=card)
    second = await group.member(8, "이담당").presses("담당하기", on=card)

    answers = {(await first.answered()).text, (await second.answered()).text}
    assert len(answers) == 2
    assert (await hall.now(case)).version == 1


async def test_a_case_that_went_to_another_office_is_out_of_the_groups_hands(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    case = await hall.case()
    card = await group.hears_text(str(case.number))
    await hall.does(case, Action.MOVE, words="도로 일입니다", target=ROADS)

    press = await group.member(7).presses("담당하기", on=card)

    assert "다른 부서" in (await press.answered()).text
    gone = await group.hears_text("연수구 건설과")
    assert gone.message_id == card.message_id
    assert gone.buttons == ()
    assert (await hall.now(case)).state is State.RECEIVED


async def test_a_forged_button_for_another_offices_case_does_nothing(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    own = await hall.case()
    card = await group.hears_text(str(own.number))
    other = await hall.case(office=ROADS)
    member = group.member(7)

    forged = (
        f"act:{other.id}:take:0",
        f"act:{other.id}:take",
        "act:999:take:0",
        "act:1:fly:0",
        "mv:1:0",
        "?",
    )
    for data in forged:
        press = await member.presses(data, on=replace(card, rows=((Button("위조", data),),)))
        assert (await press.answered()).text

    assert (await hall.now(other)).version == 0
    assert (await hall.now(own)).version == 0


async def test_the_group_in_charge_sees_the_cases_photos_and_no_other_group_does(hall: TownHall) -> None:
    await hall.resident()
    group, other = await hall.group(), await hall.group(ROADS, -2002)
    case = await hall.case()
    card = await group.hears_text(str(case.number))
    member = group.member(7)
    none_yet = await member.presses("사진 보기", on=card)
    assert "사진이 없습니다" in (await none_yet.answered()).text
    await hall.photo(case)

    await member.presses("사진 보기", on=card)
    seen = await group.hears_text("사진")
    assert seen.photo
    assert str(case.number) in seen.words

    foreign = replace(other.screen[0], rows=((Button("위조", f"photos:{case.id}"),),))
    press = await other.member(8).presses("위조", on=foreign)
    assert "다른 부서" in (await press.answered()).text
    assert not any(message.photo for message in other.screen)

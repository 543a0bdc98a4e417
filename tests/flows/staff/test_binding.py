"""Binding a group to an office, and what happens to a group."""

from datetime import timedelta

from cases.vocabulary import State
from storage.bindings import unbind
from tests.flows.staff.townhall import PARKS, ROADS, TownHall


async def test_a_group_that_is_nobodys_is_told_in_one_line_how_to_be_bound(hall: TownHall) -> None:
    group = hall.double.group(-2001)
    await group.adds_bot(group.member(7))

    welcome = await group.hears_text("/bind")

    assert "직원 화면" in welcome.words
    await group.member(7).says("/office")
    await group.hears_text("연결되지 않은")


async def test_a_code_binds_once_and_says_which_office(hall: TownHall) -> None:
    code = await hall.code(PARKS)
    first, second = hall.double.group(-2001), hall.double.group(-2002)

    await first.member(7).says(f"/bind@{hall.double.server.world.bot.username} {code.lower()}")
    await first.hears_text("연수구 공원녹지과")
    await second.member(7).says(f"/bind {code}")
    await second.hears_text("이미 쓴 코드")

    await first.member(7).says("/office")
    await first.hears_text("연수구 공원녹지과")
    await second.member(7).says("/office")
    await second.hears_text("연결되지 않은")


async def test_a_code_that_is_too_old_binds_nothing(hall: TownHall) -> None:
    code = await hall.code(PARKS)
    hall.clock.goes(timedelta(minutes=31))
    group = hall.double.group(-2001)

    await group.member(7).says(f"/bind {code}")

    await group.hears_text("이미 쓴 코드")


async def test_guessing_codes_is_stopped_and_stops_even_the_right_one_for_a_while(hall: TownHall) -> None:
    code = await hall.code(PARKS)
    group = hall.double.group(-2001)
    for number in range(5):
        await group.member(7).says(f"/bind WRONG-{number}")
        await group.hears_text("이미 쓴 코드")

    await group.member(7).says(f"/bind {code}")
    await group.hears_text("15분")
    hall.clock.goes(timedelta(minutes=16))
    await group.member(7).says(f"/bind {code}")

    await group.hears_text("연수구 공원녹지과")


async def test_a_group_whose_binding_was_ended_can_do_nothing(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    case = await hall.case()
    card = await group.hears_text(str(case.number))
    async with hall.database.begin() as connection:
        assert await unbind(connection, 1, None) or await unbind(connection, 2, None)

    press = await group.member(7).presses("담당하기", on=card)
    assert "연결되지 않은" in (await press.answered()).text
    await group.member(7).says("메모", reply_to=card)
    await group.hears_text("연결되지 않은")

    assert (await hall.now(case)).version == 0


async def test_a_group_that_became_a_supergroup_keeps_its_office_and_gets_its_tickets(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    bigger = await group.becomes_supergroup(-1002001, group.member(7))
    await hall.double.until_taken()

    case = await hall.case()

    await bigger.hears_text(str(case.number))
    await (await bigger.member(7).presses("담당하기")).answered()
    await bigger.hears_text("검토중")


async def test_a_ticket_sent_to_the_old_address_of_a_group_follows_it(hall: TownHall) -> None:
    """Telegram may name the new address in the answer to a send before it tells of the change."""
    await hall.resident()
    group = await hall.group()
    old = group.view.chat
    bigger = hall.double.group(-1002002)
    bigger.view.chat.members.update(old.members)
    old.migrated_to = -1002002
    await bigger.member(7).says("/office")
    await bigger.hears_text("연결되지 않은")

    case = await hall.case()

    await bigger.hears_text(str(case.number))
    await (await bigger.member(7).presses("담당하기")).answered()
    assert (await hall.now(case)).state is State.REVIEWING


async def test_tickets_wait_while_the_bot_is_out_of_the_group(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    await group.removes_bot(group.member(7))
    await hall.double.until_taken()
    case = await hall.case()

    await group.adds_bot(group.member(7))

    await group.hears_text(str(case.number))


async def test_talk_among_colleagues_is_left_alone(hall: TownHall) -> None:
    group = await hall.group(ROADS)
    group.view.chat.bot_is_admin = True

    await group.member(7).says("점심 뭐 먹죠?")
    await group.member(7).says("/weather@other_bot")
    await group.member(7).says("/help")

    heard = await group.hears()
    assert "연수구 건설과 대화방" in heard[0].words


async def test_a_group_may_be_written_to_in_english(hall: TownHall) -> None:
    await hall.resident()
    group = await hall.group()
    await group.member(7).says("/language")

    await group.member(7).presses("English")
    await group.hears_text("We speak English")
    case = await hall.case()

    card = await group.hears_text(str(case.number))
    assert "State: " in card.words
    assert "Take" in card.buttons

"""A person and a bot talk through the double, as they would through Telegram."""

import asyncio

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import BadRequest, Conflict, Forbidden

from tests.doubles.bot_api import BotApiDouble, Person


def buttons(*labels: str) -> InlineKeyboardMarkup:
    """One button a row; its data is its label's first letter."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=text[0])] for text in labels])


async def next_update(bot: Bot) -> Update:
    (update,) = await bot.get_updates(timeout=2)
    await bot.get_updates(offset=update.update_id + 1, timeout=0)
    return update


async def test_the_bot_knows_itself(bot: Bot) -> None:
    me = await bot.get_me()
    assert me.is_bot
    assert me.can_join_groups
    assert me.username == "sotong_test_bot"


async def test_a_text_a_person_types_reaches_the_bot(double: BotApiDouble, bot: Bot) -> None:
    person = double.person(7, name="김주민", language="ko")
    await person.says("가로등이 안 켜져요")
    update = await next_update(bot)
    assert update.message is not None
    assert update.message.text == "가로등이 안 켜져요"
    assert update.effective_user is not None
    assert update.effective_user.language_code == "ko"


async def test_a_link_with_a_payload_arrives_as_a_start_command(double: BotApiDouble, bot: Bot) -> None:
    await double.person(7).starts("meeting_12")
    update = await next_update(bot)
    assert update.message is not None
    assert update.message.text == "/start meeting_12"
    assert update.message.entities[0].type == "bot_command"


async def test_a_person_hears_the_answer_and_presses_its_button(double: BotApiDouble, bot: Bot) -> None:
    person = double.person(7)
    await bot.send_message(7, "<b>보낼까요?</b>", parse_mode="HTML", reply_markup=buttons("네", "아니요"))
    card = await person.hears_text("보낼까요?")
    assert card.buttons == ("네", "아니요")
    press = await person.presses("네")
    update = await next_update(bot)
    assert update.callback_query is not None
    assert update.callback_query.data == "네"
    await update.callback_query.answer("접수했습니다")
    assert (await press.answered()).text == "접수했습니다"
    assert double.unanswered == []


async def test_a_button_is_awaited_until_it_appears(double: BotApiDouble, bot: Bot) -> None:
    person = double.person(7)
    pressing = asyncio.create_task(person.presses("네"))
    await bot.send_message(7, "보낼까요?", reply_markup=buttons("네"))
    assert (await pressing).query_id in double.unanswered


async def test_waiting_in_vain_says_what_was_to_be_seen(double: BotApiDouble, bot: Bot) -> None:
    person = double.person(7)
    await bot.send_message(7, "안녕하세요")
    with pytest.raises(AssertionError, match="안녕하세요"):
        await person.hears_text("접수 번호", timeout=0.05)


async def test_an_edited_message_is_heard_again_and_seen_once(double: BotApiDouble, bot: Bot) -> None:
    person = double.person(7)
    sent = await bot.send_message(7, "처리 중", reply_markup=buttons("취소"))
    await bot.edit_message_text("끝났습니다", 7, sent.message_id)
    assert [message.text for message in await person.hears(2)] == ["처리 중", "끝났습니다"]
    assert [str(message) for message in person.screen] == ["#1 끝났습니다"]


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, double: BotApiDouble) -> None:
    double.person(7)
    sent = await bot.send_message(7, "그대로")
    with pytest.raises(BadRequest, match="essage is not modified"):
        await bot.edit_message_text("그대로", 7, sent.message_id)
    with pytest.raises(BadRequest, match="essage to edit not found"):
        await bot.edit_message_text("없다", 7, 99)
    assert double.violations == []


async def test_a_keyboard_below_the_text_field_is_typed_and_goes_away(double: BotApiDouble, bot: Bot) -> None:
    person = double.person(7)
    await bot.send_message(7, "어디예요?", reply_markup=ReplyKeyboardMarkup([[KeyboardButton("시 전체")]]))
    await person.presses("시 전체")
    update = await next_update(bot)
    assert update.message is not None
    assert update.message.text == "시 전체"
    await bot.send_message(7, "네", reply_markup=ReplyKeyboardRemove())
    assert person.keyboard == ()


async def test_photo_place_file_sticker_voice_and_edit_arrive(
    double: BotApiDouble, bot: Bot, picture: bytes
) -> None:
    person = double.person(7)
    said = await person.says("첫 말")
    await person.sends_photo(picture, caption="사진")
    await person.sends_location(37.41, 126.67)
    await person.sends_document(b"%PDF-1.7", "의견.pdf")
    await person.sends_sticker()
    await person.sends_voice()
    await person.edits(said, "고친 말")
    await person.sends_album([picture, picture])
    updates = await bot.get_updates()
    kinds = [update.message or update.edited_message for update in updates]
    assert [bool(kind) for kind in kinds] == [True] * 9
    photo, place, document, sticker, voice = (update.message for update in updates[1:6])
    assert photo is not None
    assert [size.width for size in photo.photo] == [90, 640]
    assert place is not None
    assert place.location is not None
    assert place.location.latitude == 37.41
    assert document is not None
    assert document.document is not None
    assert document.document.file_name == "의견.pdf"
    assert sticker is not None
    assert sticker.sticker is not None
    assert voice is not None
    assert voice.voice is not None
    assert updates[6].edited_message is not None
    assert updates[6].edited_message.text == "고친 말"
    assert updates[7].message is not None
    assert updates[7].message.media_group_id == updates[8].message.media_group_id  # type: ignore[union-attr]


async def test_blocking_is_told_and_every_send_is_then_forbidden(double: BotApiDouble, bot: Bot) -> None:
    person: Person = double.person(7)
    await person.blocks()
    update = await next_update(bot)
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(7, "들리나요?")
    with pytest.raises(AssertionError, match="left the bot"):
        await person.says("혼잣말")
    await person.starts()
    came_back, started = await bot.get_updates()
    assert came_back.my_chat_member is not None
    assert came_back.my_chat_member.new_chat_member.status == "member"
    assert started.message is not None
    await bot.send_message(7, "들리나요?")


async def test_an_unknown_chat_is_not_found(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(404, "여보세요")


async def test_a_second_poll_ends_the_first_with_a_conflict(double: BotApiDouble, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await double.server.changes.until(lambda: double.server.queue.polled, 5)
    await bot.get_updates(timeout=0)
    with pytest.raises(Conflict, match="only one bot instance"):
        await first


async def test_a_long_poll_ends_as_soon_as_somebody_writes(double: BotApiDouble, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await double.person(7).says("저요")
    assert len(await asyncio.wait_for(poll, 5)) == 1


async def test_updates_come_again_until_the_offset_passes_them(double: BotApiDouble, bot: Bot) -> None:
    person = double.person(7)
    for text in ("하나", "둘", "셋"):
        await person.says(text)
    first = await bot.get_updates(limit=2)
    assert [update.update_id for update in await bot.get_updates(limit=2)] == [one.update_id for one in first]
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.message.text for update in rest if update.message] == ["셋"]
    await bot.get_updates(offset=rest[-1].update_id + 1)
    await double.until_taken()


async def test_kinds_of_update_not_asked_for_stay_away(double: BotApiDouble, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["message"])
    await double.person(7).blocks()
    assert await bot.get_updates() == ()


async def test_the_menu_of_commands_is_kept_for_each_language(double: BotApiDouble, bot: Bot) -> None:
    await bot.set_my_commands([("help", "도움말")], language_code="ko")
    assert [command.description for command in await bot.get_my_commands(language_code="ko")] == ["도움말"]
    assert await bot.get_my_commands() == ()
    await bot.set_my_description("시청에 말하기")
    assert (await bot.get_my_description()).description == "시청에 말하기"
    await bot.send_chat_action(double.person(7).user.user_id, "typing")
    assert (await bot.get_chat(7)).first_name == "주민"
    assert double.violations == []

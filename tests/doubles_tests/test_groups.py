"""Staff groups in the double."""

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.doubles.bot_api import BotApiDouble


async def test_the_bot_in_a_group_sees_commands_and_replies_to_it_but_no_chatter(
    double: BotApiDouble, bot: Bot
) -> None:
    group = double.group(-55, "교통과")
    officer = group.member(31, "담당자")
    await bot.send_message(-55, "새 건의")
    card = await group.hears_text("새 건의")
    await officer.says("점심 먹으러 갑시다")
    await officer.says("현장 확인했습니다", reply_to=card)
    await officer.says("/bind 123456")
    await officer.says("/bind@another_bot 123456")
    texts = [update.message.text for update in await bot.get_updates() if update.message]
    assert texts == ["현장 확인했습니다", "/bind 123456"]


async def test_a_reply_shows_the_message_it_is_to(double: BotApiDouble, bot: Bot) -> None:
    officer = double.group(-55).member(31)
    sent = await bot.send_message(-55, "새 건의")
    (card,) = double.group(-55).screen
    await officer.says("메모", reply_to=card)
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.message_id == sent.message_id


async def test_a_member_presses_a_button_of_the_card(double: BotApiDouble, bot: Bot) -> None:
    officer = double.group(-55).member(31)
    await bot.send_message(
        -55,
        "새 건의",
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("맡기", callback_data="take:1")]]),
    )
    await officer.presses("take:1")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.from_user.id == 31
    assert update.effective_chat is not None
    assert update.effective_chat.id == -55


async def test_a_group_that_threw_the_bot_out_forbids_sending(double: BotApiDouble, bot: Bot) -> None:
    group = double.group(-55)
    await group.removes_bot(group.member(31))
    with pytest.raises(Forbidden, match="kicked from the group"):
        await bot.send_message(-55, "새 건의")
    await group.adds_bot(group.member(31))
    await bot.send_message(-55, "새 건의")


async def test_a_group_that_became_a_supergroup_answers_with_its_new_id(
    double: BotApiDouble, bot: Bot
) -> None:
    group = double.group(-55)
    moved = await group.becomes_supergroup(-100555, group.member(31))
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(-55, "새 건의")
    await bot.send_message(caught.value.new_chat_id, "새 건의")
    assert await moved.hears_text("새 건의")
    texts = [update.message for update in await bot.get_updates()]
    assert [bool(message and message.migrate_to_chat_id) for message in texts] == [True, False]


async def test_members_of_a_group_are_known(double: BotApiDouble, bot: Bot) -> None:
    double.group(-55).member(31, "김담당")
    assert (await bot.get_chat_member(-55, 31)).user.first_name == "김담당"
    with pytest.raises(BadRequest, match="ser not found"):
        await bot.get_chat_member(-55, 32)

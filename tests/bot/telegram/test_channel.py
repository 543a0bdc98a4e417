"""Sending on Telegram: what people see, and how each send is said to have ended."""

import io
import logging
from datetime import timedelta

import pytest
from PIL import Image

from bot.channel import (
    Button,
    Delivered,
    Enclosure,
    FileFault,
    Gone,
    Moved,
    Outcome,
    Refused,
    Rendered,
    TryLater,
)
from bot.telegram.channel import TelegramChannel
from bot.telegram.connection import Line
from handlers.replies import ReplyKind
from storage.outbox import Parcel
from storage.tables import JsonObject
from tests.bot.telegram.conftest import TOKEN
from tests.doubles.bot_api import BotApiDouble, Fault, Trouble


@pytest.fixture
def channel(line: Line) -> TelegramChannel:
    return TelegramChannel(line.bot)


def parcel(
    kind: ReplyKind = ReplyKind.MESSAGE,
    *,
    address: str = "1001",
    target: str | None = None,
    params: JsonObject | None = None,
) -> Parcel:
    return Parcel(
        id=1,
        conversation_id=1,
        address=address,
        is_group=address.startswith("-"),
        locale="ko",
        lane=0,
        kind=kind.value,
        template="t",
        params=params or {},
        choices=[],
        target=target,
        attempts=1,
    )


def words(text: str, *buttons: Button, enclosure: Enclosure | None = None) -> Rendered:
    return Rendered(text, tuple((button,) for button in buttons), enclosure)


def picture() -> Enclosure:
    content = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(content, "JPEG")
    return Enclosure("photo.jpg", "image/jpeg", content.getvalue())


async def test_a_message_is_shown_as_it_is_written_with_its_buttons(
    double: BotApiDouble, channel: TelegramChannel
) -> None:
    person = double.person(1001)

    outcome = await channel.deliver(parcel(), words("a < b & *c*_", Button("보내기", "~1:send")))

    shown = person.screen[0]
    assert outcome == Delivered(str(shown.message_id))
    assert (shown.words, shown.buttons) == ("a < b & *c*_", ("보내기",))
    assert "parse_mode" not in double.calls[-1].parameters


async def test_a_number_to_call_stands_in_the_text_since_no_button_can_call(
    double: BotApiDouble, channel: TelegramChannel
) -> None:
    person = double.person(1001)
    buttons = (
        Button("119에 전화", "", "119"),
        Button("콜센터", "", "032-120"),
        Button("계속하기", "~1:go"),
    )

    await channel.deliver(parcel(), words("먼저 전화해 주세요", *buttons))

    assert person.screen[0].words == "먼저 전화해 주세요\n☎ 119에 전화\n☎ 콜센터: 032-120"
    assert person.screen[0].buttons == ("계속하기",)


async def test_a_long_text_goes_in_parts_cut_at_line_ends_with_the_buttons_below_the_last(
    double: BotApiDouble, channel: TelegramChannel
) -> None:
    person = double.person(1001)
    lines = [f"{number}번째 줄 😀 " + "가" * 90 for number in range(100)]

    outcome = await channel.deliver(parcel(), words("\n".join(lines), Button("보내기", "~1:send")))

    parts = person.screen
    assert outcome == Delivered(str(parts[-1].message_id))
    assert "\n".join(part.words for part in parts) == "\n".join(lines)
    assert [part.buttons for part in parts] == [(), (), ("보내기",)]


async def test_an_edit_takes_the_place_of_the_message(double: BotApiDouble, channel: TelegramChannel) -> None:
    person = double.person(1001)
    await channel.deliver(parcel(), words("전", Button("보내기", "~1:send")))
    first = str(person.screen[0].message_id)

    edit = parcel(ReplyKind.EDIT, target=first)
    assert await channel.deliver(edit, words("후")) == Delivered(first)
    assert [message.words for message in person.screen] == ["후"]
    assert person.screen[0].buttons == ()
    assert await channel.deliver(edit, words("후")) == Delivered(first)


async def test_what_cannot_be_edited_any_more_is_sent_anew(
    double: BotApiDouble, channel: TelegramChannel
) -> None:
    person = double.person(1001)

    outcome = await channel.deliver(parcel(ReplyKind.EDIT, target="999"), words("카드"))

    assert outcome == Delivered(str(person.screen[-1].message_id))
    assert person.screen[-1].words == "카드"


async def test_a_press_is_answered_and_one_that_is_too_old_is_left(
    double: BotApiDouble, channel: TelegramChannel
) -> None:
    person = double.person(1001)
    await channel.deliver(parcel(), words("카드", Button("보내기", "~1:send")))
    press = await person.presses("보내기")

    toast = parcel(ReplyKind.TOAST, target=press.query_id)
    assert await channel.deliver(toast, words("이미 지난 선택입니다.")) == Delivered()

    assert (await press.answered()).text == "이미 지난 선택입니다."
    old = parcel(ReplyKind.TOAST, target="long-ago")
    assert await channel.deliver(old, words("")) == Delivered()
    again = await person.presses("보내기")
    await channel.deliver(parcel(ReplyKind.TOAST, target=again.query_id), words("가" * 300))
    assert (await again.answered()).alert
    assert len((await again.answered()).text) == 200


async def test_photos_and_documents_are_sent_with_their_words(
    double: BotApiDouble, channel: TelegramChannel
) -> None:
    person = double.person(1001)
    data = Enclosure("my-data.json", "application/json", b"{}")

    await channel.deliver(parcel(ReplyKind.PHOTO, target="x"), words("사진", enclosure=picture()))
    await channel.deliver(parcel(ReplyKind.DOCUMENT, target="x"), words("내 정보", enclosure=data))
    long = words("가" * 1500, Button("보기", "case:1"), enclosure=picture())
    await channel.deliver(parcel(ReplyKind.PHOTO, target="x"), long)

    photo, document, captionless, text = person.screen
    assert photo.photo
    assert photo.words == "사진"
    assert document.document is not None
    assert (captionless.words, captionless.buttons) == ("", ())
    assert (len(text.words), text.buttons) == (1500, ("보기",))


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault(Trouble.TOO_MANY_REQUESTS, retry_after=7), TryLater("asked to wait", timedelta(seconds=7))),
        (Fault(Trouble.FORBIDDEN), Gone("Forbidden: bot was blocked by the user")),
        (
            Fault(Trouble.BAD_REQUEST, description="Bad Request: chat not found"),
            Gone("Chat not found"),
        ),
        (
            Fault(Trouble.BAD_REQUEST, description="Bad Request: user is deactivated"),
            Gone("User is deactivated"),
        ),
        (
            Fault(Trouble.BAD_REQUEST, description='Bad Request: wrong words "가로등이 안 켜져요" here'),
            Refused("Wrong words"),
        ),
        (Fault(Trouble.BAD_GATEWAY), TryLater("unknown")),
        (Fault(Trouble.SERVER_ERROR), TryLater("unknown")),
        (Fault(Trouble.DROP_AFTER), TryLater("unknown")),
    ],
)
async def test_every_way_a_send_can_end_is_told_apart(
    double: BotApiDouble, channel: TelegramChannel, fault: Fault, outcome: Outcome
) -> None:
    double.person(1001)
    double.script(fault)

    assert await channel.deliver(parcel(), words("안내")) == outcome


async def test_people_who_left_and_groups_that_moved_are_told_apart(
    double: BotApiDouble, channel: TelegramChannel
) -> None:
    person, group = double.person(1001), double.group(-2001)
    await person.blocks()
    await group.becomes_supergroup(-1002001, group.member(7))

    assert isinstance(await channel.deliver(parcel(), words("안내")), Gone)
    assert await channel.deliver(parcel(address="-2001"), words("안내")) == Moved("-1002001")
    assert isinstance(await channel.deliver(parcel(address="777"), words("안내")), Gone)


async def test_no_connection_means_not_sent(channel: TelegramChannel, double: BotApiDouble) -> None:
    await double.__aexit__(None, None, None)

    assert await channel.deliver(parcel(), words("안내")) == TryLater("not sent")


@pytest.mark.parametrize(
    ("sent", "rendered"),
    [
        (parcel(), words("카드", Button("보내기", "가" * 22))),
        (parcel(), words("  ")),
        (parcel(address="web-cookie"), words("카드")),
        (parcel(ReplyKind.TOAST), words("카드")),
        (parcel(ReplyKind.PHOTO, target="x"), words("카드")),
    ],
)
async def test_what_telegram_would_never_take_is_not_tried(
    double: BotApiDouble, channel: TelegramChannel, sent: Parcel, rendered: Rendered
) -> None:
    assert isinstance(await channel.deliver(sent, rendered), Refused)
    assert double.calls == []


async def test_a_photo_a_person_sent_is_fetched_up_to_the_limit(
    double: BotApiDouble, channel: TelegramChannel
) -> None:
    content = picture().content
    photo = (await double.person(1001).sends_photo(content)).photo[-1]

    assert await channel.fetch(photo.file_id, 1_000_000) == photo.content
    double.script(Fault(Trouble.BAD_GATEWAY, "getFile"))
    assert await channel.fetch(photo.file_id, 1_000_000) == photo.content
    with pytest.raises(FileFault) as large:
        await channel.fetch(photo.file_id, 10)
    assert large.value.reason == "too_large"
    with pytest.raises(FileFault) as gone:
        await channel.fetch("no-such-file", 1_000_000)
    assert gone.value.reason == "unavailable"


async def test_no_log_shows_the_token_or_what_was_said(
    double: BotApiDouble, channel: TelegramChannel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    double.person(1001)
    double.script(Fault(Trouble.BAD_GATEWAY, "sendMessage"), Fault(Trouble.DROP, "sendMessage"))

    for _ in range(3):
        await channel.deliver(parcel(), words("아무도 몰라야 할 말"))

    told = " ".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
    assert TOKEN not in told
    assert "아무도 몰라야 할 말" not in told

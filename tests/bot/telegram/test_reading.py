"""Reading updates: every kind becomes a turn, or a silent pass that is counted."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.reading import Reader
from handlers.turns import (
    Body,
    Command,
    Edited,
    Location,
    Migrated,
    Photo,
    Press,
    Reach,
    Start,
    Text,
    Unsupported,
    restored,
)
from storage.intake import Arrival
from tests.bot.telegram.updates import (
    BOT,
    GROUP,
    OFFICER,
    PRIVATE,
    RESIDENT,
    THE_BOT,
    Json,
    answered,
    in_group,
    message,
    size,
    update,
)

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
READER = Reader(BOT, "sotong_bot", ("ko", "en"), lambda: NOON, public_numbers=("032-120",))
MEGABYTE = 1024 * 1024
REPLY = {"reply_to_message": answered()}


def body(raw: Json) -> Body:
    arrival = READER.read(raw)
    assert arrival.fault is None
    return restored(arrival.body)[0]


def fault(raw: object) -> str:
    arrival = READER.read(raw)
    assert (arrival.address, arrival.body) == (None, {})
    return arrival.fault or "none"


def test_words_become_a_turn_of_the_chat_under_the_updates_own_number() -> None:
    arrival = READER.read(message(text="가로등이 안 켜져요"))

    assert arrival == Arrival(
        channel="telegram",
        external_id="123456:900",
        address="1001",
        at=NOON,
        body=arrival.body,
        locale="ko",
        is_group=False,
    )
    assert restored(arrival.body) == (Text("가로등이 안 켜져요"), None)


def test_nothing_of_the_person_but_their_chats_number_is_kept() -> None:
    kept = json.dumps(READER.read(message(text="안녕하세요")).body, ensure_ascii=False)

    assert "not_to_be_kept" not in kept
    assert "하늘" not in kept


def test_numbers_of_people_are_covered_before_anything_is_stored() -> None:
    read = body(message(text="제 번호는 010-1234-5678, 시청은 032-120"))

    assert isinstance(read, Text)
    assert "1234" not in read.text
    assert "032-120" in read.text
    assert read.masked == ("phone",)


def test_control_characters_and_broken_letters_that_no_database_takes_are_dropped() -> None:
    assert body(message(text="가\x00로\ud83d등\n한 줄")) == Text("가로등\n한 줄")


@pytest.mark.parametrize(
    ("language", "locale"), [("en-GB", "en"), ("en", "en"), ("ko-KR", "ko"), ("fr", "ko"), ("", "ko")]
)
def test_the_language_is_the_persons_where_we_speak_it_and_korean_elsewhere(
    language: str, locale: str
) -> None:
    sender = RESIDENT | {"language_code": language}
    assert READER.read(message(sender=sender, text="hi")).locale == locale


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("/start", Start()),
        ("/start m-AB12", Start("m-AB12")),
        ("/start 나쁜 짐", Start()),
        ("/start " + "a" * 65, Start()),
        ("/MY", Command("my")),
        ("/help@sotong_bot", Command("help")),
        ("/language  English ", Command("language", "English")),
        ("/privacy 010-1234-5678", Command("privacy", "●●●-●●●●-●●●●")),
        ("/경로당 앞이 어두워요", Text("/경로당 앞이 어두워요")),
        ("시작 /start", Text("시작 /start")),
    ],
)
def test_commands_are_told_from_words(text: str, read: Body) -> None:
    assert body(message(text=text)) == read


def test_a_press_carries_its_choice_its_message_and_itself() -> None:
    press = {"id": "77", "from": RESIDENT, "chat_instance": "c", "data": "~3:send"}
    shown = {"message_id": 40, "chat": PRIVATE, "date": 0}

    assert body(update("callback_query", press | {"message": shown})) == Press("~3:send", "40", "77")
    assert fault(update("callback_query", press)) == "ignored:press_without_message"


def test_the_largest_photo_that_can_be_fetched_is_taken() -> None:
    sizes = [size("s", 90, 900), size("l", 1280, 9 * MEGABYTE), size("xl", 5000, 13 * MEGABYTE)]

    assert body(message(photo=sizes, caption="010-1234-5678 여기요")) == Photo(
        remote="l",
        media_type="image/jpeg",
        size=9 * MEGABYTE,
        caption="●●●-●●●●-●●●● 여기요",
        masked=("phone",),
    )
    too_large = body(message(photo=[sizes[2]]))
    assert isinstance(too_large, Photo)
    assert (too_large.remote, too_large.fault) == (None, "too_large")


def test_a_picture_sent_as_a_file_is_a_photo() -> None:
    file = {"file_id": "d", "file_unique_id": "u", "mime_type": "image/png", "file_size": 10}

    assert body(message(document=file)) == Photo(remote="d", media_type="image/png", size=10)
    huge = body(message(document=file | {"file_size": 13 * MEGABYTE}))
    assert isinstance(huge, Photo)
    assert huge.fault == "too_large"
    assert body(message(document=file | {"mime_type": "application/pdf"})) == Unsupported("document")


@pytest.mark.parametrize(
    ("field", "what"),
    [
        ("voice", "voice"),
        ("audio", "voice"),
        ("video", "video"),
        ("video_note", "video"),
        ("sticker", "sticker"),
        ("contact", "contact"),
        ("poll", "poll"),
        ("dice", "other"),
        ("document", "document"),
    ],
)
def test_what_we_cannot_use_is_named_so_that_the_person_is_told(field: str, what: str) -> None:
    content = {"file_id": "f", "file_unique_id": "u", "phone_number": "+821012345678"}
    whole = {"message_id": 1, "date": 1, "chat": PRIVATE, "from": RESIDENT, field: content}
    arrival = READER.read(update("message", whole))

    assert restored(arrival.body)[0] == Unsupported(what)
    assert "8210" not in json.dumps(arrival.body)


def test_a_moving_picture_is_a_video_although_telegram_sends_a_file_along() -> None:
    file = {"file_id": "d", "file_unique_id": "u", "mime_type": "image/gif"}

    assert body(message(animation={"file_id": "a"}, document=file)) == Unsupported("video")


def test_a_shared_place_and_a_chosen_one_are_both_a_location() -> None:
    spot = {"latitude": 37.39, "longitude": 126.64}

    assert body(message(location=spot)) == Location(37.39, 126.64)
    venue = {"location": spot, "title": "해돋이공원", "address": "-"}
    assert body(message(venue=venue, location=spot)) == Location(37.39, 126.64)
    assert fault(message(location={"latitude": 137.0, "longitude": 0.0})).startswith("unreadable")


def test_an_edited_message_carries_its_new_words() -> None:
    edited = message(text="송도3동이에요")["message"]
    assert isinstance(edited, dict)

    assert body(update("edited_message", edited)) == Edited("송도3동이에요")
    caption = {key: value for key, value in edited.items() if key != "text"} | {"caption": "여기"}
    assert body(update("edited_message", caption)) == Edited("여기")
    moving = {key: value for key, value in edited.items() if key != "text"}
    spot = {"latitude": 37.0, "longitude": 126.0, "live_period": 60}
    assert fault(update("edited_message", moving | {"location": spot})) == "ignored:edit_without_words"


@pytest.mark.parametrize(
    ("status", "reachable"),
    [("kicked", False), ("left", False), ("member", True), ("administrator", True), ("restricted", True)],
)
@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
def test_blocking_and_letting_in_are_told_in_chats_and_groups(
    chat: Json, status: str, reachable: bool
) -> None:
    change = {
        "chat": chat,
        "from": RESIDENT,
        "date": 1,
        "old_chat_member": {"status": "member", "user": THE_BOT},
        "new_chat_member": {"status": status, "user": THE_BOT},
    }

    assert body(update("my_chat_member", change)) == Reach(reachable)


def test_a_group_that_gets_another_address_says_which() -> None:
    arrival = READER.read(in_group(migrate_to_chat_id=-1002001))

    assert (arrival.address, arrival.is_group) == ("-2001", True)
    assert restored(arrival.body)[0] == Migrated("-1002001")


def test_a_reply_to_the_bot_in_a_group_comes_with_its_writer() -> None:
    arrival = READER.read(in_group(text="현장을 보았습니다", **REPLY))

    read, author = restored(arrival.body)
    assert read == Text("현장을 보았습니다", reply_to="41")
    assert author is not None
    assert (author.id, author.name) == ("7", "담당 김")
    assert (arrival.is_group, arrival.locale) == (True, "ko")


def test_a_photo_in_a_group_is_not_even_fetched() -> None:
    assert body(in_group(photo=[size("s", 90, 900)], **REPLY)) == Unsupported("photo")


def test_an_administrator_without_a_name_writes_in_the_groups() -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    raw = message(GROUP, anonymous, sender_chat=GROUP, text="/office")

    author = restored(READER.read(raw).body)[1]

    assert author is not None
    assert author.name == "공원녹지과"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (in_group(text="점심 뭐 먹죠"), "group_talk"),
        (in_group(text="저요", reply_to_message=answered(OFFICER)), "group_talk"),
        (in_group(text="/weather"), "other_bot"),
        (in_group(text="/bind@other_bot CODE"), "other_bot"),
        (in_group(photo=[size("s", 90, 900)]), "group_talk"),
        (in_group(new_chat_title="새 이름", **REPLY), "service"),
        (message(text="나는 봇", sender=THE_BOT), "bot"),
        (message(sender=None, text="누구"), "nobody"),
        (message(pinned_message={"message_id": 1}), "service"),
        (message({"id": -3, "type": "channel"}, RESIDENT, text="소식"), "channel"),
        (update("channel_post", {"message_id": 1}), "kind"),
        (
            update("edited_message", {"message_id": 1, "chat": GROUP, "from": OFFICER, "text": "x"}),
            "group_edit",
        ),
    ],
)
def test_what_asks_for_nothing_is_passed_over_and_counted(raw: Json, why: str) -> None:
    assert fault(raw) == f"ignored:{why}"


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "{}",
        {"update_id": "x"},
        {"update_id": 10**30},
        {"message": {}},
        {"update_id": 1, "message": {"chat": 1}},
    ],
)
def test_what_cannot_be_read_is_marked_without_its_content(raw: object) -> None:
    arrival = READER.read(raw)

    assert (arrival.fault or "").startswith(("unreadable", "ignored:kind"))
    assert arrival.address is None
    assert len(arrival.external_id) <= 64


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
PARTS = st.dictionaries(
    st.sampled_from(["text", "photo", "document", "location", "from", "chat", "voice", "reply_to_message"]),
    JSON,
)


@given(raw=JSON)
def test_no_update_makes_reading_raise(raw: object) -> None:
    json.dumps(READER.read(raw).body)


@given(parts=PARTS)
def test_no_broken_message_makes_reading_raise(parts: dict[str, object]) -> None:
    whole = {"message_id": 1, "date": 1, "chat": PRIVATE, "from": RESIDENT} | parts
    json.dumps(READER.read(update("message", whole)).body).encode()


def test_what_senders_may_make_up_themselves_reaches_no_database_as_it_is() -> None:
    forged = {"file_id": "abc\ud800", "mime_type": "image/\x00png", "file_size": 1}
    assert body(message(document=forged)) == Photo(remote="abc", media_type="image/png", size=1)
    query = {"id": "7\x00", "from": RESIDENT, "data": "a\x00", "message": {"message_id": 5, "chat": PRIVATE}}
    assert body(update("callback_query", query)) == Press("a", "5", "7")

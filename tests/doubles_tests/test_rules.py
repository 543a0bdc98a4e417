"""What the Bot API refuses, the double refuses and writes down."""

import json

import aiohttp
import pytest

from tests.doubles.bot_api import BotApiDouble
from tests.doubles.telegram.basics import Json, JsonObject


async def call(double: BotApiDouble, method: str, **values: Json) -> JsonObject:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{double.url}/bot1:x/{method}", json=values) as response,
    ):
        answer: JsonObject = await response.json()
        return answer


def keyboard(**button: Json) -> JsonObject:
    return {"inline_keyboard": [[button]]}


BROKEN: dict[str, JsonObject] = {
    "an unknown parameter": {"text": "a", "txet": "a"},
    "a missing parameter": {},
    "a wrong type": {"text": 5},
    "an unknown part of a button": {
        "text": "a",
        "reply_markup": keyboard(text="a", callback_data="a", colour="red"),
    },
    "an empty text": {"text": "  \n"},
    "a text that is only mark-up": {"text": "<b></b>", "parse_mode": "HTML"},
    "a text too long": {"text": "가" * 4097},
    "callback data too long": {"text": "a", "reply_markup": keyboard(text="a", callback_data="가" * 22)},
    "empty callback data": {"text": "a", "reply_markup": keyboard(text="a", callback_data="")},
    "a button without words": {"text": "a", "reply_markup": keyboard(text=" ", callback_data="a")},
    "a button that does nothing": {"text": "a", "reply_markup": keyboard(text="a")},
    "a button that does two things": {
        "text": "a",
        "reply_markup": keyboard(text="a", callback_data="a", url="https://example.org"),
    },
    "a telephone link on a button": {"text": "a", "reply_markup": keyboard(text="a", url="tel:119")},
    "a payload no link can carry": {
        "text": "a",
        "reply_markup": keyboard(text="a", url="https://t.me/sotong_test_bot?start=" + "a" * 65),
    },
    "101 buttons": {
        "text": "a",
        "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]] * 101},
    },
    "a tag that is not closed": {"text": "<b>a", "parse_mode": "HTML"},
    "tags that cross": {"text": "<b><i>a</b></i>", "parse_mode": "HTML"},
    "a tag Telegram does not know": {"text": "<div>a</div>", "parse_mode": "HTML"},
    "an unescaped bracket": {"text": "3 < 5", "parse_mode": "HTML"},
    "an entity outside the text": {"text": "a", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
}


@pytest.mark.parametrize("what", BROKEN)
async def test_a_broken_rule_is_answered_400_and_written_down(double: BotApiDouble, what: str) -> None:
    double.person(7)
    answer = await call(double, "sendMessage", chat_id=7, **BROKEN[what])
    assert answer["error_code"] == 400, answer
    assert len(double.violations) == 1
    assert double.person(7).screen == ()


RIGHT: dict[str, JsonObject] = {
    "the longest text": {"text": "가" * 4096},
    "the longest text within tags": {"text": f"<b>{'가' * 4096}</b>", "parse_mode": "HTML"},
    "the longest callback data": {
        "text": "a",
        "reply_markup": keyboard(text="a", callback_data="가" * 21),
    },
    "escaped signs": {"text": "3 &lt; 5 &amp; 5 &gt; 3 &quot;&#44032;", "parse_mode": "HTML"},
    "a link": {"text": '<a href="https://example.org/?a=1&amp;b=2">여기</a>', "parse_mode": "html"},
    "mark-up as a string of JSON": {
        "text": "a",
        "reply_markup": json.dumps(keyboard(text="a", callback_data="a")),
    },
}


@pytest.mark.parametrize("what", RIGHT)
async def test_what_telegram_takes_the_double_takes(double: BotApiDouble, what: str) -> None:
    double.person(7)
    answer = await call(double, "sendMessage", chat_id=7, **RIGHT[what])
    assert answer["ok"] is True, answer
    assert double.violations == []


CARELESS = {
    "a bare ampersand": "a & b",
    "a bare bracket": "a > b",
    "a dropped link": '<a href="tel:119">119</a>',
}


@pytest.mark.parametrize("what", CARELESS)
async def test_what_telegram_forgives_is_sent_but_written_down(double: BotApiDouble, what: str) -> None:
    double.person(7)
    answer = await call(double, "sendMessage", chat_id=7, text=CARELESS[what], parse_mode="HTML")
    assert answer["ok"] is True
    assert len(double.violations) == 1


async def test_entities_are_counted_as_telegram_counts(double: BotApiDouble) -> None:
    double.person(7)
    text = " 👍 <b>가&amp;나</b> <a href='https://example.org'>링크</a>"
    answer = await call(double, "sendMessage", chat_id=7, text=text, parse_mode="HTML")
    assert isinstance(answer["result"], dict)
    assert answer["result"]["text"] == "👍 가&나 링크"
    assert answer["result"]["entities"] == [
        {"type": "bold", "offset": 3, "length": 3},
        {"type": "text_link", "offset": 7, "length": 2, "url": "https://example.org"},
    ]


async def test_a_method_that_does_not_exist_is_not_found(double: BotApiDouble) -> None:
    assert (await call(double, "sendMesage", chat_id=7, text="a"))["error_code"] == 404
    assert len(double.violations) == 1


async def test_any_other_method_answers_true_once_its_parameters_are_right(double: BotApiDouble) -> None:
    double.person(7)
    assert await call(double, "setChatMenuButton", chat_id=7) == {"ok": True, "result": True}
    assert (await call(double, "setChatMenuButton", chat="7"))["error_code"] == 400


async def test_a_place_can_be_asked_for_in_private_only(double: BotApiDouble) -> None:
    double.group(-55)
    double.person(7)
    keys: JsonObject = {"keyboard": [[{"text": "내 위치", "request_location": True}]]}
    assert (await call(double, "sendMessage", chat_id=7, text="a", reply_markup=keys))["ok"] is True
    assert (await call(double, "sendMessage", chat_id=-55, text="a", reply_markup=keys))["error_code"] == 400


async def test_a_bad_command_of_the_menu_is_refused(double: BotApiDouble) -> None:
    answer = await call(double, "setMyCommands", commands=[{"command": "도움", "description": "도움말"}])
    assert answer["description"] == "Bad Request: BOT_COMMAND_INVALID: '도움'"


async def test_a_press_can_be_answered_once(double: BotApiDouble) -> None:
    person = double.person(7)
    await call(double, "sendMessage", chat_id=7, text="a", reply_markup=keyboard(text="a", callback_data="a"))
    press = await person.presses("a")
    assert (await call(double, "answerCallbackQuery", callback_query_id=press.query_id))["ok"] is True
    again = await call(double, "answerCallbackQuery", callback_query_id=press.query_id)
    assert "query is too old" in str(again["description"])
    assert double.violations == []

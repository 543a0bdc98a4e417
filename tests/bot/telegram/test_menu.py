"""What Telegram shows of the bot before anybody writes."""

import json

from bot.telegram.connection import Line
from bot.telegram.menu import set_menus
from locales.catalogue import shipped_catalogue
from tests.doubles.bot_api import BotApiDouble, Fault, Trouble


async def test_commands_are_shown_in_korean_and_in_the_persons_language(
    double: BotApiDouble, line: Line
) -> None:
    await set_menus(line, shipped_catalogue(), {"ko": "인천광역시", "en": "Incheon"})

    sent = [call.parameters for call in double.calls if call.method == "setMyCommands"]
    menus = [str(json.loads(str(one["commands"]))) for one in sent]
    assert [one.get("language_code") for one in sent] == [None, None, "en", "en"]
    assert "내 건의" in menus[0]
    assert "bind" in menus[1]
    assert "My cases" in menus[2]
    described = [call.parameters for call in double.calls if call.method == "setMyDescription"]
    assert "인천광역시" in str(described[0]["description"])
    assert "Incheon" in str(described[1]["description"])


async def test_a_refused_menu_stops_nothing(double: BotApiDouble, line: Line) -> None:
    double.script(Fault(Trouble.BAD_REQUEST, "setMyCommands"))

    await set_menus(line, shipped_catalogue(), {"ko": "인천광역시"})

    assert double.calls[-1].status == 200

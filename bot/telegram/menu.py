"""What Telegram shows of the bot before anybody writes: its menu of commands and its description."""

from collections.abc import Mapping

import structlog
from telegram import BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.telegram.connection import Line
from locales.catalogue import SOURCE_LOCALE, Catalogue, fill

log = structlog.get_logger()

RESIDENT_COMMANDS = ("start", "my", "help", "language", "settings", "privacy", "cancel")
GROUP_COMMANDS = ("bind", "office", "language", "help")


async def set_menus(line: Line, catalogue: Catalogue, city_names: Mapping[str, str]) -> None:
    """Set the menus and descriptions in every language; Korean is what everybody else sees.

    `city_names` has the city's name by language. A refusal is logged and changes nothing else: the bot
    works without them.
    """
    for locale in catalogue.locales:
        try:
            await _set_menus(line, catalogue, locale, city_names.get(locale, city_names[SOURCE_LOCALE]))
        except TelegramError as error:
            log.warning("menus_not_set", error=type(error).__name__, locale=locale)


async def _set_menus(line: Line, catalogue: Catalogue, locale: str, city: str) -> None:
    def text(key: str) -> str:
        return fill(catalogue.template(f"telegram.{key}", locale), lambda _name: city)

    def commands(names: tuple[str, ...], of: str) -> list[BotCommand]:
        return [BotCommand(name, text(f"{of}.{name}")) for name in names]

    language = None if locale == SOURCE_LOCALE else locale
    menus: tuple[tuple[BotCommandScope, list[BotCommand]], ...] = (
        (BotCommandScopeAllPrivateChats(), commands(RESIDENT_COMMANDS, "command")),
        (BotCommandScopeAllGroupChats(), commands(GROUP_COMMANDS, "group_command")),
    )
    for scope, menu in menus:
        await line.bot.set_my_commands(menu, scope=scope, language_code=language)
    await line.bot.set_my_description(text("description"), language_code=language)
    await line.bot.set_my_short_description(text("short_description"), language_code=language)

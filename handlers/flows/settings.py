"""Wishes of the person: language, quiet hours, notices; their data; being forgotten."""

from handlers.replies import Choice, Reply, ReplyKind, Rows, term
from handlers.scene import Outcome, Scene, answer
from intents.reading import Reading
from storage import attachments, outbox, people

_LANGUAGES = ("ko", "en")
MY_DATA = "my-data"
"""The target of the document that is made of a person's data when it is sent."""


async def shown(scene: Scene) -> Outcome:
    """What is set now, each with the button that changes it."""
    weekly = await people.wants_weekly(scene.connection, scene.talk.resident_id)
    return answer(_settings(notices=scene.talk.notices, quiet=scene.talk.quiet, weekly=weekly))


def _settings(*, notices: bool, quiet: bool, weekly: bool) -> Reply:
    buttons: Rows = (
        (
            Choice(
                "settings.stop" if notices else "settings.start", f"set:notices:{'off' if notices else 'on'}"
            ),
        ),
        (
            Choice(
                "settings.no_quiet" if quiet else "settings.quiet", f"set:quiet:{'off' if quiet else 'on'}"
            ),
        ),
        (
            Choice(
                "settings.no_weekly" if weekly else "settings.weekly",
                f"set:weekly:{'off' if weekly else 'on'}",
            ),
        ),
        (Choice("settings.language", "set:locale"), Choice("settings.privacy", "set:privacy")),
    )
    params = {
        "notices": term("settings.on" if notices else "settings.off"),
        "quiet": term("settings.on" if quiet else "settings.off"),
        "often": term("settings.often_weekly" if weekly else "settings.often_each"),
    }
    return Reply("settings.text", params, buttons)


async def languages(scene: Scene) -> Outcome:
    """Which language?"""
    row = tuple(Choice(f"language.{locale}", f"set:locale:{locale}") for locale in _LANGUAGES)
    return answer(Reply("language.ask", {}, (row,)))


async def language_wanted(scene: Scene, text: str, _reading: Reading) -> Outcome:
    """Asked for another language, in words: the one that is named is spoken at once."""
    named = [locale for locale in _LANGUAGES if _holds(scene, f"language.named_{locale}", text)]
    if len(named) != 1 or _holds(scene, "language.not_that", text):
        return await languages(scene)
    return await _speak(scene, named[0])


def _holds(scene: Scene, key: str, text: str) -> bool:
    said = text.casefold()
    texts = (scene.world.renderer.text(key, {}, locale) for locale in _LANGUAGES)
    return any(word in said for words in texts for word in words.split(","))


async def changed(scene: Scene, arguments: tuple[str, ...]) -> Outcome:
    """One wish changed, or one of the pages behind the buttons."""
    match arguments:
        case ("locale", locale) if locale in _LANGUAGES:
            return await _speak(scene, locale)
        case ("locale",):
            return await languages(scene)
        case ("privacy",):
            return await privacy(scene)
        case ("data",):
            return await _my_data(scene)
        case ("erase",):
            return _ask_erase(scene)
        case ("notices" | "quiet" | "weekly" as wish, "on" | "off" as value):
            return await _wish(scene, wish, on=value == "on")
        case _:
            return await shown(scene)


async def _speak(scene: Scene, locale: str) -> Outcome:
    await people.set_conversation(scene.connection, scene.talk.id, {"locale": locale})
    if scene.talk.consented:
        return answer(Reply("language.done"))
    # Imported here because consent offers the languages itself.
    from handlers.flows import consent

    return consent.language_changed(scene, locale)


async def _wish(scene: Scene, wish: str, *, on: bool) -> Outcome:
    if scene.talk.resident_id is None:
        return await shown(scene)
    await people.set_resident(scene.connection, scene.talk.resident_id, {wish: on})
    said = Reply(f"settings.{wish}_{'on' if on else 'off'}")
    weekly = await people.wants_weekly(scene.connection, scene.talk.resident_id)
    wishes = {"notices": scene.talk.notices, "quiet": scene.talk.quiet, "weekly": weekly} | {wish: on}
    return answer(said, _settings(**wishes))


async def privacy(scene: Scene) -> Outcome:
    """What is kept, and the two rights: to see it and to be forgotten."""
    buttons = ((Choice("privacy.show", "set:data"),), (Choice("privacy.erase", "set:erase"),))
    city = scene.world.directory.city
    return answer(Reply("privacy.text", {"call_centre": city.call_centre, "years": city.keep_years}, buttons))


async def privacy_wanted(scene: Scene, _text: str, _reading: Reading) -> Outcome:
    """Asked about their data, in words."""
    return await privacy(scene)


async def _my_data(scene: Scene) -> Outcome:
    if scene.talk.resident_id is None:
        return answer(Reply("privacy.nothing"))
    return answer(Reply("privacy.file", {}, kind=ReplyKind.DOCUMENT, target=MY_DATA))


def _ask_erase(scene: Scene) -> Outcome:
    buttons = ((scene.step("privacy.erase_yes", "erase"),), (scene.step("privacy.erase_no", "keep"),))
    return Outcome((Reply("privacy.erase_ask", {}, buttons),), scene.begins("settings", "erase"))


async def pressed(scene: Scene, step: str) -> Outcome:
    """Forget me, or not."""
    if step != "erase" or scene.talk.resident_id is None:
        return Outcome((Reply("privacy.kept"),), scene.rests())
    await attachments.drop_loose(scene.connection, scene.talk.id)
    await people.erase(scene.connection, scene.talk.resident_id, scene.now)
    return Outcome((Reply("privacy.erased"),), scene.drops())


async def reach_changed(scene: Scene, reachable: bool) -> Outcome:
    """The person blocked the bot, or came back: then they get everything they missed."""
    if not reachable:
        await people.set_conversation(scene.connection, scene.talk.id, {"reachable": False})
        await outbox.hold_back(scene.connection, scene.talk.id)
        return Outcome()
    await back_in_reach(scene)
    return answer(
        Reply("reach.back", {"notices": term("settings.on" if scene.talk.notices else "settings.off")})
    )


async def back_in_reach(scene: Scene) -> None:
    """Send what was kept while the person could not be reached."""
    await people.set_conversation(scene.connection, scene.talk.id, {"reachable": True})
    await outbox.let_go(scene.connection, scene.talk.id)

"""Greeting, thanks, help, a person wanted, and texts that are nothing for the city."""

from dataclasses import replace

from cases.vocabulary import INTAKE_DESK, Kind
from handlers.flows import suggest
from handlers.flows.card import compose
from handlers.flows.draft import drafted
from handlers.flows.phones import phones
from handlers.replies import Choice, Reply, Rows
from handlers.scene import Outcome, Scene, answer
from intents.reading import Intent, Reading
from storage import attachments, meetings

MENU: Rows = (
    (Choice("menu.new", "new"), Choice("menu.mine", "mine:0")),
    (Choice("menu.help", "help"), Choice("menu.human", "human")),
    # The web chat has no menu of commands: wishes and rights must be a button away there too.
    (Choice("menu.settings", "set"),),
)


async def started(scene: Scene, payload: str) -> Outcome:
    """A known person comes back, perhaps through a meeting's link."""
    meeting = await meetings.by_payload(scene.connection, payload) if payload else None
    if meeting is None:
        city = scene.world.directory.city_name(scene.locale)
        return answer(Reply("start.again", {"city": city}, MENU))
    welcome = Reply("meeting.welcome", {"title": meeting.title})
    return Outcome((welcome,), scene.begins("", "", scene.under_meeting(meeting.id)))


async def helped(scene: Scene) -> Outcome:
    """What can be done here, in a few lines."""
    return answer(Reply("help.text", {"call_centre": scene.world.directory.city.call_centre}, MENU))


async def help_pressed(scene: Scene, _arguments: tuple[str, ...]) -> Outcome:
    """The help button."""
    return await helped(scene)


async def help_wanted(scene: Scene, _text: str, _reading: Reading) -> Outcome:
    """Asked for help in words."""
    return await helped(scene)


async def human_wanted(scene: Scene, _text: str, _reading: Reading) -> Outcome:
    """Asked for a person, in words."""
    return _human(scene)


async def human_pressed(scene: Scene, _arguments: tuple[str, ...]) -> Outcome:
    """The button of the same meaning."""
    return _human(scene)


def _human(scene: Scene) -> Outcome:
    # The numbers to call, and the offer of a ticket to the intake desk.
    city = scene.world.directory.city
    buttons = (
        (Choice("choice.call", "call", {"phone": city.call_centre}, telephone=city.call_centre),),
        (scene.step("human.ticket", "ticket"),),
    )
    reply = Reply("human.text", {"phones": phones(scene)}, buttons)
    return Outcome((reply,), scene.begins("human", "offered"))


async def human_step(scene: Scene, _step: str) -> Outcome:
    """A ticket to the intake desk is wanted: what about?"""
    return Outcome((Reply("human.what"),), scene.begins("human", "words"))


async def human_told(scene: Scene, text: str) -> Outcome:
    """What the intake desk shall call about becomes a card to confirm."""
    draft = drafted(text, scene.world.understanding.read(text))
    asked = replace(
        draft,
        department=INTAKE_DESK,
        kind=Kind.QUESTION.value,
        public=False,
        parts=(),
        places=(),
        routed_by="resident",
    )
    return await compose(scene, asked)


async def greeted(scene: Scene, _text: str, _reading: Reading) -> Outcome:
    """A greeting is returned with an invitation to write."""
    return answer(Reply("greeting.text", {}, MENU))


async def thanked(scene: Scene, _text: str, _reading: Reading) -> Outcome:
    """Thanks are thanked for."""
    return answer(Reply("thanks.text"))


async def cancelled(scene: Scene) -> Outcome:
    """Whatever was going on is put away."""
    if not scene.talk.dialogue.flow:
        return answer(Reply("cancel.nothing"))
    await attachments.drop_loose(scene.connection, scene.talk.id)
    return Outcome((Reply("cancel.done"),), scene.drops())


async def cancel_wanted(scene: Scene, _text: str, _reading: Reading) -> Outcome:
    """Asked to stop, in words."""
    return await cancelled(scene)


async def unfit(scene: Scene, text: str, reading: Reading) -> Outcome:
    """Abuse, advertising, gibberish: one calm answer and no ticket. Anything else may be a suggestion."""
    if reading.unfit is None:
        if reading.intent is Intent.OTHER and len(text.split()) < 2 and not reading.offices:
            return answer(Reply("other.unclear", {}, MENU))
        return await suggest.begun(scene, text, reading)
    return answer(Reply(f"unfit.{reading.unfit}"))

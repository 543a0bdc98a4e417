"""Where every turn comes in: the one place that decides which flow answers it."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from handlers.flows import (
    attach,
    closing,
    consent,
    detail,
    drafting,
    emergency,
    filing,
    limits,
    mine,
    settings,
    smalltalk,
    suggest,
    support,
    withdraw,
)
from handlers.flows.parking import resumed
from handlers.flows.spoken import button_meant
from handlers.flows.stale import stale
from handlers.flows.understood import say_what_was_masked, understand
from handlers.replies import Reply
from handlers.scene import STEP_MARK, Outcome, Scene, answer
from handlers.staff import group
from handlers.turns import (
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
)

Handler = Callable[[Scene], Awaitable[Outcome]]
Verb = Callable[[Scene, tuple[str, ...]], Awaitable[Outcome]]
Step = Callable[[Scene, str], Awaitable[Outcome]]

COMMANDS: Mapping[str, Handler] = MappingProxyType(
    {
        "my": mine.listed,
        "help": smalltalk.helped,
        "language": settings.languages,
        "settings": settings.shown,
        "privacy": settings.privacy,
        "cancel": smalltalk.cancelled,
    }
)

# Buttons that stay good for as long as their message stands: a verb and what it is about.
VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "mine": mine.page,
        "case": mine.shown,
        "history": mine.history,
        "add": detail.wanted,
        "reply": detail.reply_wanted,
        "withdraw": withdraw.asked,
        "rate": closing.rated,
        "second": closing.second_look_asked,
        "support": support.supported,
        "set": settings.changed,
        "new": suggest.invited,
        "help": smalltalk.help_pressed,
        "human": smalltalk.human_pressed,
    }
)

# A flow's steps: `pressed` for its buttons, `told` for words while it waits for them.
PRESSED: Mapping[str, Step] = MappingProxyType(
    {
        "suggest": filing.pressed,
        "detail": detail.pressed,
        "withdraw": withdraw.pressed,
        "closing": closing.pressed,
        "settings": settings.pressed,
        "emergency": emergency.pressed,
        "human": smalltalk.human_step,
        "attach": attach.pressed,
    }
)
TOLD: Mapping[tuple[str, str], Step] = MappingProxyType(
    {
        ("suggest", "place"): drafting.place_told,
        ("suggest", "office"): drafting.office_told,
        ("suggest", "words"): drafting.words_told,
        ("suggest", "card"): drafting.more_told,
        ("suggest", "parts"): drafting.more_told,
        ("suggest", "similar"): drafting.more_told,
        ("suggest", "more"): drafting.still_more_told,
        ("human", "words"): smalltalk.human_told,
        ("detail", "words"): detail.told,
        ("detail", "reply"): detail.reply_told,
        ("withdraw", "reason"): withdraw.reason_told,
        ("closing", "words"): closing.words_told,
        ("closing", "second"): closing.second_look_told,
    }
)


async def converse(scene: Scene) -> Outcome:
    """Answer one turn. Everything it changes is written through `scene.connection`."""
    if scene.talk.is_group:
        return await group.handle(scene)
    body = scene.turn.body
    if isinstance(body, Reach):
        return await settings.reach_changed(scene, body.reachable)
    if isinstance(body, Migrated):
        return Outcome()
    calm = limits.slow_down(scene)
    if calm is not None:
        return calm
    if isinstance(body, Unsupported):
        return answer(Reply(f"unsupported.{body.what}"))
    if not scene.talk.reachable:
        # Whoever writes can be written to, whatever the channel said of them before.
        await settings.back_in_reach(scene)
    if not scene.talk.consented:
        return await _before_consent(scene)
    return await resumed(scene, await _with_consent(scene))


async def _before_consent(scene: Scene) -> Outcome:
    body = scene.turn.body
    if isinstance(body, Press):
        given = consent.step_of_any(body.choice)
        if given is not None:
            return await consent.pressed(scene, given)
        step = _step_of(scene, body.choice)
        if step is not None and scene.talk.dialogue.flow == "emergency":
            return await emergency.pressed(scene, step)
        language = body.choice.partition(":")
        if language[0] == "set" and language[2].startswith("locale:"):
            return await settings.changed(scene, tuple(language[2].split(":")))
        return consent.wanted(scene)
    return await consent.first(scene)


async def _with_consent(scene: Scene) -> Outcome:
    body = scene.turn.body
    match body:
        case Press():
            return await _pressed(scene, body)
        case Start():
            return await smalltalk.started(scene, body.payload)
        case Command():
            command = COMMANDS.get(body.name)
            return await command(scene) if command else await smalltalk.helped(scene)
        case Photo():
            return say_what_was_masked(await attach.photo(scene, body), body)
        case Location():
            return await attach.location(scene, body)
        case Edited():
            return say_what_was_masked(await drafting.edited(scene, body.text), body)
        case Text():
            return await _told(scene, body)
        case _:
            return Outcome()


async def _pressed(scene: Scene, body: Press) -> Outcome:
    if body.choice.startswith(STEP_MARK):
        step = _step_of(scene, body.choice)
        pressed = PRESSED.get(scene.talk.dialogue.flow)
        if step is None or pressed is None:
            return stale(scene)
        return await pressed(scene, step)
    name, *arguments = body.choice.split(":")
    verb = VERBS.get(name)
    return await verb(scene, tuple(arguments)) if verb else stale(scene)


def _step_of(scene: Scene, choice: str) -> str | None:
    """The step's own name of a button, or None when the button is of a step that is over."""
    token, _, name = choice.removeprefix(STEP_MARK).partition(":")
    current = choice.startswith(STEP_MARK) and token == str(scene.talk.dialogue.token)
    return name if current else None


async def _told(scene: Scene, body: Text) -> Outcome:
    flow, step = scene.talk.dialogue.flow, scene.talk.dialogue.step
    button = button_meant(scene, body.text)
    if button is not None:
        return await PRESSED[flow](scene, button)
    return await understand(scene, body, TOLD.get((flow, step)))

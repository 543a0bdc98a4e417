"""First contact: greeting and consent (개인정보 보호법 제15조), a clear yes and no."""

import re
from dataclasses import replace

from handlers.flows import attach, emergency, suggest
from handlers.flows.draft import LONGEST_TEXT
from handlers.flows.phones import phones
from handlers.flows.spoken import button_meant
from handlers.replies import Choice, Param, Reply, Rows
from handlers.scene import STEP_MARK, Outcome, Scene
from handlers.turns import Location, Photo, Start, Text
from intents.children import mentions_child
from intents.reading import Intent
from storage import attachments, meetings, people
from storage.dialogues import Dialogue
from storage.tables import JsonObject

VERSION = "2026-11"
"""Which wording the person agreed to; a new wording gets a new one."""

_ANSWER = re.compile(rf"{STEP_MARK}\d+:(yes|no|child)")
_KEPT = ("pending", "photos", "point", "meeting", "meeting_until")
"""What of a dialogue waits for the yes, and goes with a no."""


def step_of_any(choice: str) -> str | None:
    """Yes, no or child, below whichever question: a yes is a yes, however often it was asked."""
    match = _ANSWER.fullmatch(choice)
    return match[1] if match else None


async def first(scene: Scene) -> Outcome:
    """Whatever comes before a yes: an emergency is answered, anything else leads to the question."""
    match scene.turn.body:
        case Text() as body:
            return await _told(scene, body)
        case Photo() as body if body.file is not None and body.fault is None:
            await attach.keep(scene, body)
            return wanted(scene, photo=body.file, pending=body.caption)
        case Photo() as body:
            return wanted(scene, before=(attach.refusal(body),))
        case Location() as body:
            return wanted(scene, point=attach.point_of(scene, body))
        case Start(payload=payload) if payload:
            return wanted(scene, meeting=await meetings.by_payload(scene.connection, payload))
        case _:
            return wanted(scene)


async def _told(scene: Scene, body: Text) -> Outcome:
    button = button_meant(scene, body.text)
    if button is not None:
        return await pressed(scene, button)
    reading = scene.world.understanding.read(body.text)
    if reading.intent is Intent.EMERGENCY:
        return await emergency.called(scene, body.text, reading)
    if mentions_child(body.text):
        return _guardian(scene)
    if reading.intent is Intent.HUMAN or reading.intent is Intent.HELP:
        return wanted(scene, before=(help_without_consent(scene),))
    # After the first words of a suggestion, what follows may be its second half, whatever it looks like.
    goes_on = "pending" in scene.data and reading.intent in (Intent.OTHER, Intent.ADD_DETAIL)
    if reading.unfit is None and (goes_on or reading.intent is Intent.SUGGEST):
        return wanted(scene, pending=body.text)
    return wanted(scene)


def wanted(
    scene: Scene,
    *,
    pending: str = "",
    photo: str | None = None,
    point: JsonObject | None = None,
    meeting: meetings.Meeting | None = None,
    before: tuple[Reply, ...] = (),
) -> Outcome:
    """Greet and ask; a second time in short. What was sent already waits in the dialogue for the answer."""
    data = _kept(scene)
    if pending:
        earlier = data.get("pending")
        data["pending"] = f"{earlier}\n{pending}"[:LONGEST_TEXT] if earlier else pending
    if photo is not None:
        photos = data.get("photos")
        data["photos"] = [*(photos if isinstance(photos, list) else ()), photo]
    if point is not None:
        data["point"] = point
    if meeting is not None:
        data |= scene.under_meeting(meeting.id)
    about = () if meeting is None else (Reply("meeting.welcome", {"title": meeting.title}),)
    if _asked(scene) and not about:
        kept_now = pending or photo or point
        again = Reply("consent.again_kept" if kept_now else "consent.again", {}, _buttons(scene))
        return Outcome((*before, again), _asking(scene, data))
    greeting = Reply("consent.greeting", {"city": scene.world.directory.city_name(scene.locale)})
    city = scene.world.directory.city
    terms: dict[str, Param] = {"call_centre": city.call_centre, "years": city.keep_years}
    question = Reply("consent.ask", terms, _buttons(scene))
    return Outcome((*before, greeting, *about, question), _asking(scene, data))


def _kept(scene: Scene) -> JsonObject:
    return {key: scene.data[key] for key in _KEPT if key in scene.data}


def _asked(scene: Scene) -> bool:
    return (scene.talk.dialogue.flow, scene.talk.dialogue.step) == ("consent", "asked")


def _asking(scene: Scene, data: JsonObject) -> Dialogue:
    return scene.begins("consent", "asked", data)


def _buttons(scene: Scene) -> Rows:
    other = "en" if scene.locale == "ko" else "ko"
    return (
        (scene.step("consent.yes", "yes"), scene.step("consent.no", "no")),
        (scene.step("consent.child", "child"),),
        (Choice("consent.language", f"set:locale:{other}"),),
    )


def language_changed(scene: Scene, locale: str) -> Outcome:
    """The whole question once more, in the language just chosen."""
    dialogue = replace(scene.talk.dialogue, step="")
    return wanted(replace(scene, talk=replace(scene.talk, locale=locale, dialogue=dialogue)))


async def pressed(scene: Scene, step: str) -> Outcome:
    """Yes, no, or under 14."""
    if step == "yes":
        return await _agreed(scene)
    if step == "child":
        return _guardian(scene)
    await attachments.drop_loose(scene.connection, scene.talk.id)
    return Outcome((help_without_consent(scene),), scene.begins("consent", "refused"))


async def _agreed(scene: Scene) -> Outcome:
    await people.agree(scene.connection, scene.talk.id, VERSION, scene.now)
    pending = scene.data.get("pending")
    if isinstance(pending, str):
        reading = scene.world.understanding.read(pending)
        return await suggest.begun(scene, pending, reading)
    kept = {key: value for key, value in _kept(scene).items() if key in ("photos", "point")}
    if kept:
        return Outcome((Reply("consent.thanks_what"),), scene.begins("attach", "words", kept))
    return Outcome((Reply("consent.thanks"),), scene.rests())


def _guardian(scene: Scene) -> Outcome:
    buttons = ((scene.step("consent.with_guardian", "yes"), scene.step("consent.no", "no")),)
    city = scene.world.directory.city
    terms: dict[str, Param] = {"call_centre": city.call_centre, "years": city.keep_years}
    reply = Reply("consent.guardian", terms, buttons)
    return Outcome((reply,), _asking(scene, _kept(scene)))


def help_without_consent(scene: Scene) -> Reply:
    """Who says no is still helped: numbers to call, and how to come back."""
    city = scene.world.directory.city
    return Reply(
        "consent.refused",
        {"phones": phones(scene)},
        (
            (Choice("choice.call", "call", {"phone": city.call_centre}, telephone=city.call_centre),),
            (scene.step("consent.yes_after_all", "yes"),),
        ),
    )

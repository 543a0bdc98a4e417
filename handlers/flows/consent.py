"""First contact: greeting and consent (개인정보 보호법 제15조), a clear yes and no."""

from handlers.flows import emergency, suggest
from handlers.replies import Choice, Reply
from handlers.scene import Outcome, Scene
from handlers.turns import Command, Start, Text
from intents.children import mentions_child
from intents.reading import Intent
from storage import meetings, people

VERSION = "2026-11"
"""Which wording the person agreed to; a new wording gets a new one."""


async def first(scene: Scene) -> Outcome:
    """Whatever comes before a yes: an emergency is answered, anything else leads to the question."""
    body = scene.turn.body
    if isinstance(body, Text):
        reading = scene.world.understanding.read(body.text)
        if reading.intent is Intent.EMERGENCY:
            return await emergency.called(scene, body.text, reading)
        if mentions_child(body.text):
            return Outcome((_guardian(scene),), scene.begins("consent", "asked"))
        if reading.intent is Intent.HUMAN or reading.intent is Intent.HELP:
            return await wanted(scene, before=(help_without_consent(scene),))
        if reading.intent is Intent.SUGGEST:
            return await wanted(scene, pending=body.text)
    if isinstance(body, Start) and body.payload:
        return await wanted(scene, meeting=await meetings.by_payload(scene.connection, body.payload))
    if isinstance(body, Command) and body.name == "language":
        return await wanted(scene)
    return await wanted(scene)


async def wanted(
    scene: Scene,
    *,
    pending: str | None = None,
    meeting: meetings.Meeting | None = None,
    before: tuple[Reply, ...] = (),
) -> Outcome:
    """Greet and ask. What was already written waits in the dialogue for the answer, and goes with a no."""
    data: dict[str, object] = {}
    kept = pending if pending is not None else scene.data.get("pending")
    if kept is not None:
        data["pending"] = kept
    if meeting is not None:
        data["meeting"] = meeting.id
    greeting = Reply("consent.greeting", {"city": scene.world.directory.city_name(scene.locale)})
    about = () if meeting is None else (Reply("meeting.welcome", {"title": meeting.title}),)
    question = Reply(
        "consent.ask",
        {"call_centre": scene.world.directory.city.call_centre},
        (
            (scene.step("consent.yes", "yes"), scene.step("consent.no", "no")),
            (scene.step("consent.child", "child"),),
            (Choice("consent.language", "set:locale:en" if scene.locale == "ko" else "set:locale:ko"),),
        ),
    )
    return Outcome((*before, greeting, *about, question), scene.begins("consent", "asked", data))


async def pressed(scene: Scene, step: str) -> Outcome:
    """Yes, no, or under 14."""
    if step == "yes":
        return await _agreed(scene)
    if step == "child":
        return Outcome((_guardian(scene),), scene.begins("consent", "asked"))
    return Outcome((help_without_consent(scene),), scene.begins("consent", "refused"))


async def _agreed(scene: Scene) -> Outcome:
    await people.agree(scene.connection, scene.talk.id, VERSION, scene.now)
    pending = scene.data.get("pending")
    if isinstance(pending, str):
        reading = scene.world.understanding.read(pending)
        return await suggest.begun(scene, pending, reading)
    return Outcome((Reply("consent.thanks"),), scene.rests())


def _guardian(scene: Scene) -> Reply:
    buttons = ((scene.step("consent.with_guardian", "yes"), scene.step("consent.no", "no")),)
    return Reply("consent.guardian", {"call_centre": scene.world.directory.city.call_centre}, buttons)


def help_without_consent(scene: Scene) -> Reply:
    """Who says no is still helped: numbers to call, and how to come back."""
    city = scene.world.directory.city
    return Reply(
        "consent.refused",
        {"call_centre": city.call_centre, "desk": city.desk_phone or city.call_centre},
        (
            (Choice("choice.call", "call", {"phone": city.call_centre}, telephone=city.call_centre),),
            (scene.step("consent.yes_after_all", "yes"),),
        ),
    )

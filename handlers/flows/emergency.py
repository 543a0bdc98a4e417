"""Emergencies (긴급): 119 and 112 first, in one message to tap; then the offer to go on."""

from handlers.flows import suggest
from handlers.replies import Choice, Reply
from handlers.scene import Outcome, Scene
from intents.reading import Reading
from storage.tables import JsonObject

_NUMBERS = ("119", "112")


async def called(scene: Scene, text: str, _reading: Reading) -> Outcome:
    """Nothing comes before the numbers."""
    calls = tuple(Choice(f"emergency.call_{number}", "call", telephone=number) for number in _NUMBERS)
    reply = Reply("emergency.first", {}, (calls, (scene.step("emergency.go_on", "on"),)))
    data: JsonObject = {"pending": text}
    return Outcome((reply,), scene.begins("emergency", "offered", data), notes=("emergency",))


async def pressed(scene: Scene, _step: str) -> Outcome:
    """It is no emergency after all, or it is over: the words become a suggestion."""
    text = str(scene.data.get("pending", ""))
    if not scene.talk.consented:
        # Imported here because consent itself answers emergencies first.
        from handlers.flows import consent

        return consent.wanted(scene)
    return await suggest.begun(scene, text, scene.world.understanding.read(text))

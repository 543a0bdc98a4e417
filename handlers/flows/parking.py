"""Drafts laid aside (잠시 둔 건의): whoever does something else in between is brought back to them."""

from dataclasses import replace

from handlers.flows.card import compose
from handlers.flows.draft import draft_of
from handlers.replies import Reply
from handlers.scene import PARKED, Outcome, Scene
from storage.dialogues import Dialogue
from storage.tables import JsonObject

_MOST = 5


def laid_aside(dialogue: Dialogue, draft: object) -> Dialogue:
    """The dialogue with a draft (as its data keeps it) to come back to; the oldest of too many goes."""
    data = dialogue.data or {}
    return replace(dialogue, data=data | {PARKED: [*_parked(data), draft][-_MOST:]})


async def resumed(scene: Scene, outcome: Outcome) -> Outcome:
    """The outcome, with the open draft laid aside when something else begins, and shown again after it."""
    dialogue = outcome.dialogue
    if dialogue is None:
        return outcome
    if scene.talk.dialogue.flow == "suggest" and dialogue.flow not in ("suggest", ""):
        return replace(outcome, dialogue=laid_aside(dialogue, scene.data["draft"]))
    parked = _parked(dialogue.data or {})
    if dialogue.flow or not parked:
        return outcome
    again = await compose(_after(scene, dialogue, parked[:-1]), draft_of({"draft": parked[-1]}))
    return replace(
        outcome,
        replies=(*outcome.replies, Reply("draft.resumed"), *again.replies),
        dialogue=again.dialogue,
    )


def _after(scene: Scene, dialogue: Dialogue, parked: list[object]) -> Scene:
    rest = replace(dialogue, data=(dialogue.data or {}) | {PARKED: parked})
    return replace(scene.afresh(), talk=replace(scene.talk, dialogue=rest))


def _parked(data: JsonObject) -> list[object]:
    parked = data.get(PARKED)
    return parked if isinstance(parked, list) else []

"""A draft laid aside (잠시 둔 건의): whoever does something else in between is brought back to it."""

from dataclasses import replace

from handlers.flows.card import compose
from handlers.flows.draft import draft_of
from handlers.replies import Reply
from handlers.scene import PARKED, Outcome, Scene
from handlers.turns import Text


async def resumed(scene: Scene, outcome: Outcome) -> Outcome:
    """The outcome, with the open draft laid aside when something else begins, and shown again after it."""
    dialogue = outcome.dialogue
    if dialogue is None:
        return outcome
    before, after = scene.talk.dialogue, dialogue.data or {}
    if before.flow == "suggest" and "draft" in scene.data and dialogue.flow not in ("suggest", ""):
        return replace(outcome, dialogue=replace(dialogue, data=after | {PARKED: scene.data["draft"]}))
    if dialogue.flow or not after.get(PARKED):
        return outcome
    rest = {key: value for key, value in after.items() if key != PARKED}
    # As after a text of nothing: the card is a new message, not in the place of one that was pressed.
    here = replace(
        scene,
        talk=replace(scene.talk, dialogue=replace(dialogue, data=rest)),
        turn=replace(scene.turn, body=Text("")),
    )
    again = await compose(here, draft_of({"draft": after[PARKED]}))
    return replace(
        outcome,
        replies=(*outcome.replies, Reply("draft.resumed"), *again.replies),
        dialogue=again.dialogue,
    )

"""Doing something to a case from a group: through the one door, in the member's name."""

from datetime import date

from cases.vocabulary import Action, OfficeId
from handlers.casework import Deed, perform
from handlers.notices import card_params
from handlers.replies import Param, Reply, ReplyKind
from handlers.scene import Outcome, Scene, answer
from handlers.staff.cards import REFUSALS, Refusal, actor_of, refusal_key, renewed, who
from handlers.staff.prompts import Prompt
from storage.casebook import Case, case_by_id
from storage.prompts import shown_as


async def do(
    scene: Scene,
    case_id: int,
    action: Action,
    *,
    words: str = "",
    target: OfficeId | None = None,
    on: date | None = None,
    version: int | None = None,
) -> Case | Refusal:
    """The case as it is afterwards, or why it was refused; office and role are checked by the rules."""
    deed = Deed(
        action=action,
        by=actor_of(scene),
        author=who(scene),
        words=words,
        target=target,
        on=on,
        expected_version=version,
    )
    try:
        return await perform(scene.connection, scene.world, case_id, deed, scene.now)
    except REFUSALS as refusal:
        return refusal


async def told(
    scene: Scene, prompt: Prompt, result: Case | Refusal, *, instead_of: str | None = None
) -> Outcome:
    """Say how it ended, and renew the card that it began on.

    `instead_of` is the message whose place the answer takes.
    """
    kind = ReplyKind.MESSAGE if instead_of is None else ReplyKind.EDIT
    if not isinstance(result, Case):
        case = await case_by_id(scene.connection, prompt.case_id)
        reply = Reply("staff.not_done", {"problem": _problem(result)}, kind=kind, target=instead_of)
        return answer(reply, *await _card(scene, case, prompt.card))
    params = card_params(result) | {"who": who(scene)}
    done = f"staff.did_{prompt.action}"
    reply = Reply(done, params, kind=kind, case_id=result.id, target=instead_of)
    return answer(reply, *await _card(scene, result, prompt.card))


def _problem(refusal: Refusal) -> Param:
    return {"as": "term", "value": refusal_key(refusal)}


async def _card(scene: Scene, case: Case | None, message: str) -> tuple[Reply, ...]:
    if case is None or not message:
        return ()
    shown = await shown_as(scene.connection, scene.talk.id, message)
    return (renewed(scene, case, shown, message),)

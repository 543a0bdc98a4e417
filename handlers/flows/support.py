"""Standing behind a neighbour's public case (공감)."""

from cases.transitions import Actor, NotAllowed, Reason, decide
from cases.vocabulary import Action, Role
from handlers.notices import card_params
from handlers.replies import Choice, Reply
from handlers.scene import Outcome, Scene, answer
from storage import people
from storage.casebook import Event, add_event, case_by_id


async def supported(scene: Scene, arguments: tuple[str, ...]) -> Outcome:
    """Note the support; the person hears of the case from now on. One that was merged meanwhile leads on."""
    text = arguments[0] if arguments else ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
    case = await case_by_id(scene.connection, number)
    if case is not None and case.merged_into is not None:
        case = await case_by_id(scene.connection, case.merged_into)
    resident = scene.talk.resident_id
    if case is None or resident is None or not (case.public or case.resident_id == resident):
        return answer(Reply("mine.unknown"))
    actor = Actor(Role.SUPPORTER, resident_id=resident)
    try:
        decide(case.facts(), actor, Action.SUPPORT)
    except NotAllowed as refusal:
        own = refusal.reason is Reason.WRONG_ROLE
        return answer(Reply("support.own" if own else "support.closed", card_params(case)))
    if not await people.support(scene.connection, case.id, resident, scene.now):
        return answer(Reply("support.already", card_params(case)))
    await add_event(
        scene.connection,
        Event(
            case_id=case.id,
            at=scene.now,
            action=Action.SUPPORT,
            role=Role.SUPPORTER,
            resident_id=resident,
            from_state=case.state,
            to_state=case.state,
            from_office=case.office,
            to_office=case.office,
        ),
    )
    count = await people.supporter_count(scene.connection, case.id)
    look = ((Choice("choice.look", f"case:{case.id}"),),)
    return answer(Reply("support.done", card_params(case) | {"count": count}, look, case_id=case.id))

"""A button pressed in a group: done at once, or the words it needs are asked for."""

from cases.transitions import NotAllowed, Reason, decide
from cases.vocabulary import Action
from handlers.replies import Reply, ReplyKind
from handlers.scene import Outcome, Scene, answer
from handlers.staff.cards import actor_of, is_ours, refusal_key, renewed, toast
from handlers.staff.doing import do, told
from handlers.staff.prompts import PROMPTS, Prompt, ask
from handlers.staff.several import note_wanted, notes_wanted
from handlers.turns import Press
from storage.attachments import attachments_of_case
from storage.casebook import Case, case_by_id
from storage.prompts import Shown, shown_as

_MOST_PHOTOS = 10
_MISSING = frozenset({Reason.WORDS_NEEDED, Reason.DATE_NEEDED, Reason.TARGET_NEEDED})


async def pressed(scene: Scene, body: Press) -> Outcome:
    """Answer a press. A button says which case as it was when shown; an older one changes nothing."""
    match body.choice.split(":"):
        case ["act", case_id, action, version] if _numbers(case_id, version) and action in _ACTIONS:
            return await _act(scene, body, int(case_id), Action(action), int(version))
        case ["photos", case_id] if _numbers(case_id):
            return await _photos(scene, body, int(case_id))
        case ["mv", case_id, number] if _numbers(case_id, number):
            return await _choose_office(scene, body, int(case_id), int(number))
        case ["note", case_id] if _numbers(case_id):
            return await note_wanted(scene, int(case_id))
        case ["notes"]:
            return await notes_wanted(scene, body)
        case _:
            return answer(toast(scene, "staff.stale"))


_ACTIONS = frozenset(action.value for action in Action)


def _numbers(*texts: str) -> bool:
    return all(text.isascii() and text.isdecimal() and len(text) < 19 for text in texts)


async def _act(scene: Scene, body: Press, case_id: int, action: Action, version: int) -> Outcome:
    case = await case_by_id(scene.connection, case_id)
    if case is None:
        return answer(toast(scene, "refused.no_case"))
    shown = await shown_as(scene.connection, scene.talk.id, body.message) if body.message else None
    if not is_ours(scene, case):
        return _with_card(scene, body, case, shown, toast(scene, "refused.wrong_office"))
    if case.version != version:
        return _with_card(scene, body, case, shown, toast(scene, "refused.outrun"))
    try:
        decide(case.facts(), actor_of(scene), action)
    except NotAllowed as refusal:
        if refusal.reason in _MISSING and action in PROMPTS:
            prompt = Prompt(case.id, action, card=body.message or "")
            return answer(toast(scene, "staff.write_below"), ask(scene, case, prompt))
        return _with_card(scene, body, case, shown, toast(scene, refusal_key(refusal)))
    return await _at_once(scene, body, case, action, shown)


async def _at_once(scene: Scene, body: Press, case: Case, action: Action, shown: Shown | None) -> Outcome:
    result = await do(scene, case.id, action, version=case.version)
    if not isinstance(result, Case):
        return _with_card(scene, body, case, shown, toast(scene, refusal_key(result)))
    word = toast(scene, f"staff.done_{action}")
    return _with_card(scene, body, result, shown, word, done=f"staff.done_{action}")


def _with_card(
    scene: Scene, body: Press, case: Case, shown: Shown | None, word: Reply, done: str = ""
) -> Outcome:
    if body.message is None:
        return answer(word)
    return answer(word, renewed(scene, case, shown, body.message, done))


async def _choose_office(scene: Scene, body: Press, case_id: int, number: int) -> Outcome:
    shown = await shown_as(scene.connection, scene.talk.id, body.message) if body.message else None
    prompt = Prompt.of(shown) if shown is not None else None
    if prompt is None or prompt.case_id != case_id or number >= len(prompt.offices):
        return answer(toast(scene, "staff.stale"))
    result = await do(scene, case_id, prompt.action, words=prompt.words, target=prompt.offices[number])
    outcome = await told(scene, prompt, result, instead_of=body.message)
    return Outcome((toast(scene, ""), *outcome.replies))


async def _photos(scene: Scene, body: Press, case_id: int) -> Outcome:
    case = await case_by_id(scene.connection, case_id)
    if case is None:
        return answer(toast(scene, "refused.no_case"))
    if not is_ours(scene, case):
        return _with_card(scene, body, case, None, toast(scene, "refused.wrong_office"))
    kept = await attachments_of_case(scene.connection, case.id)
    pictures = [one for one in kept if one.media_type.startswith("image/")][:_MOST_PHOTOS]
    if not pictures:
        return answer(toast(scene, "staff.no_photos"))
    number = str(case.number)
    shown = [
        Reply("staff.photo", {"number": number}, kind=ReplyKind.PHOTO, case_id=case.id, target=one.name)
        for one in pictures
    ]
    return answer(toast(scene, ""), *shown)

"""More words or a photo for an open case, and the answer to an office's question."""

from cases.numbers import CaseNumber
from cases.transitions import NotAllowed, allowed_actions
from cases.vocabulary import Action
from handlers import casework
from handlers.flows import mine, suggest
from handlers.notices import card_params
from handlers.replies import Choice, Reply
from handlers.scene import Outcome, Scene, answer
from intents.reading import Reading
from storage import attachments
from storage.casebook import Case, case_by_id, case_by_number, cases_of

_LOOKED_THROUGH = 20


async def wanted(scene: Scene, arguments: tuple[str, ...]) -> Outcome:
    """The person pressed "add": the next words and photos go to that case."""
    return await _ask(scene, arguments, Action.ADD, "words")


async def reply_wanted(scene: Scene, arguments: tuple[str, ...]) -> Outcome:
    """The person pressed "answer" below an office's question."""
    return await _ask(scene, arguments, Action.REPLY, "reply")


async def _ask(scene: Scene, arguments: tuple[str, ...], action: Action, step: str) -> Outcome:
    case = await own_case(scene, arguments)
    if case is None:
        return answer(Reply("mine.unknown"))
    if action not in allowed_actions(case.facts(), scene.raiser):
        return answer(Reply(f"detail.cannot_{action}", card_params(case)))
    buttons = ((scene.step("choice.stop", "stop"),),)
    reply = Reply(f"detail.how_{action}", card_params(case), buttons, case_id=case.id)
    return Outcome((reply,), scene.begins("detail", step, {"case": case.id}))


async def own_case(scene: Scene, arguments: tuple[str, ...]) -> Case | None:
    """The person's own case of that id, or None."""
    text = arguments[0] if arguments else ""
    if not text.isascii() or not text.isdigit() or len(text) > 18 or scene.talk.resident_id is None:
        return None
    case = await case_by_id(scene.connection, int(text))
    return case if case is not None and case.resident_id == scene.talk.resident_id else None


async def told(scene: Scene, text: str) -> Outcome:
    """The words to add."""
    return await add(scene, Action.ADD, words=text)


async def reply_told(scene: Scene, text: str) -> Outcome:
    """The answer to the office's question."""
    return await add(scene, Action.REPLY, words=text)


async def pressed(scene: Scene, step: str) -> Outcome:
    """Enough, or what the words were that came while an office waits for an answer."""
    words = scene.data.get("words")
    if scene.talk.dialogue.step != "perhaps" or not isinstance(words, str):
        return Outcome((Reply("detail.stopped"),), scene.rests())
    if step == "yes":
        return await add(scene, Action.REPLY, words=words)
    return await suggest.begun(scene, words, scene.world.understanding.read(words))


async def waiting_for_answer(scene: Scene) -> Case | None:
    """The person's case whose office waits for an answer, the newest of several, or None."""
    if scene.talk.resident_id is None:
        return None
    newest = await cases_of(scene.connection, scene.talk.resident_id, limit=_LOOKED_THROUGH)
    return next((case for case in newest if case.question_waiting), None)


def perhaps_a_reply(scene: Scene, text: str, case: Case) -> Outcome:
    """Words that came by themselves while an office waits: the answer to it, or something new?"""
    buttons = ((scene.step("detail.is_reply", "yes"),), (scene.step("detail.is_new", "new"),))
    reply = Reply("detail.perhaps", card_params(case), buttons, case_id=case.id)
    return Outcome((reply,), scene.begins("detail", "perhaps", {"case": case.id, "words": text}))


async def add(scene: Scene, action: Action, *, words: str = "", photos: tuple[str, ...] = ()) -> Outcome:
    """Put words or photos to the case that the dialogue is about."""
    case_id = scene.data.get("case")
    if not isinstance(case_id, int):
        return Outcome((Reply("mine.unknown"),), scene.rests())
    deed = casework.Deed(
        action=action, by=scene.raiser, words=words, facts={"photos": len(photos)} if photos else None
    )
    try:
        case = await casework.perform(scene.connection, scene.world, case_id, deed, scene.now)
    except (NotAllowed, casework.NoSuchCase):
        return Outcome((Reply("detail.closed_meanwhile"),), scene.rests())
    except casework.Impossible:
        return answer(Reply("detail.too_long", {"most": casework.MOST_WORDS}))
    await attachments.attach(scene.connection, conversation_id=scene.talk.id, names=photos, case_id=case.id)
    buttons = ((Choice("choice.add_more", f"add:{case.id}"), Choice("choice.look", f"case:{case.id}")),)
    done = Reply(f"detail.done_{action}", card_params(case), buttons, case_id=case.id)
    # Of an album each picture comes by itself: those that follow go to the same case, words do not.
    after = scene.begins("detail", "photos", {"case": case.id}) if photos else scene.rests()
    return Outcome((done,), after)


async def meant(scene: Scene, text: str, reading: Reading) -> Outcome:
    """Words that sound like an addition: to which case?"""
    number = CaseNumber.find(reading.case_number or "")
    named = await case_by_number(scene.connection, number) if number else None
    if named is not None:
        return await wanted(scene, (str(named.id),))
    found = [case for case in await mine.matching(scene, text) if case.state.is_open]
    if not found:
        return await suggest.begun(scene, text, reading)
    if len(found) == 1:
        return await wanted(scene, (str(found[0].id),))
    rows = tuple(
        (Choice("detail.to", f"add:{case.id}", {"number": str(case.number), "title": case.title[:24]}),)
        for case in found
    )
    return answer(Reply("detail.which", {}, rows))

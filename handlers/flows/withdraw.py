"""Taking a case back (취하), with a reason, after one question."""

from dataclasses import replace

from cases.numbers import CaseNumber
from cases.transitions import NotAllowed, allowed_actions
from cases.vocabulary import Action, Kind
from handlers import casework
from handlers.flows import mine, suggest
from handlers.flows.detail import own_case
from handlers.flows.stale import stale
from handlers.notices import card_params
from handlers.replies import Choice, Reply
from handlers.scene import Outcome, Scene, answer
from intents.reading import Reading
from storage.casebook import Case, case_by_id, case_by_number

_REASONS = ("solved", "mistake", "elsewhere")


async def asked(scene: Scene, arguments: tuple[str, ...]) -> Outcome:
    """The person pressed "withdraw": why?"""
    case = await own_case(scene, arguments)
    if case is None:
        return answer(Reply("mine.unknown"))
    return _ask(scene, case)


def _ask(scene: Scene, case: Case) -> Outcome:
    if Action.WITHDRAW not in allowed_actions(case.facts(), scene.raiser):
        return answer(Reply("withdraw.cannot", card_params(case)))
    rows = tuple((scene.step(f"withdraw.{reason}", reason),) for reason in _REASONS)
    reply = Reply("withdraw.ask", card_params(case), (*rows, (scene.step("withdraw.keep", "keep"),)))
    return Outcome((reply,), scene.begins("withdraw", "reason", {"case": case.id}))


async def meant(scene: Scene, text: str, reading: Reading) -> Outcome:
    """Asked to take a case back, in words."""
    number = CaseNumber.find(reading.case_number or text)
    if number is not None:
        case = await case_by_number(scene.connection, number)
        if case is None or case.resident_id != scene.talk.resident_id:
            return answer(Reply("mine.unknown"))
        return _ask(scene, case)
    found = [case for case in await mine.matching(scene, text) if case.state.is_open]
    if not found:
        return answer(Reply("withdraw.nothing"))
    if len(found) == 1:
        return _ask(scene, found[0])
    rows = tuple(
        (
            Choice(
                "withdraw.this", f"withdraw:{case.id}", {"number": str(case.number), "title": case.title[:24]}
            ),
        )
        for case in found
    )
    return answer(Reply("withdraw.which", {}, rows))


async def pressed(scene: Scene, step: str) -> Outcome:
    """A reason, or second thoughts."""
    words = str(scene.data.get("words", ""))
    if step == "keep":
        return Outcome((Reply("withdraw.kept"),), scene.rests())
    if step == "words":
        return await _withdraw(scene, words or scene.say("withdraw.words"))
    if step == "new" and words:
        kept = replace(scene, talk=replace(scene.talk, dialogue=scene.rests()))
        return await suggest.begun(kept, words, scene.world.understanding.read(words))
    if step not in _REASONS:
        return stale(scene)
    return await _withdraw(scene, scene.say(f"withdraw.{step}"))


async def reason_told(scene: Scene, text: str) -> Outcome:
    """A reason in the person's own words. What may be about something else ends no case by mistake."""
    case_id = scene.data.get("case")
    case = await case_by_id(scene.connection, case_id if isinstance(case_id, int) else 0)
    if case is None or not _is_something_else(scene, case, text):
        return await _withdraw(scene, text)
    rows = tuple((scene.step(f"withdraw.{step}", step),) for step in ("words", "new", "keep"))
    reply = Reply("withdraw.sure", card_params(case), rows)
    return Outcome((reply,), scene.begins("withdraw", "reason", {"case": case.id, "words": text}))


def _is_something_else(scene: Scene, case: Case, text: str) -> bool:
    reading = scene.world.understanding.read(text)
    directory = scene.world.directory
    offices = {directory.office_of(guess.department, case.district) for guess in reading.offices}
    asks = Kind(reading.kind) is Kind.QUESTION or text.rstrip().endswith(("?", "？"))
    return asks or bool(offices and case.office not in offices)


async def _withdraw(scene: Scene, words: str) -> Outcome:
    case_id = scene.data.get("case")
    deed = casework.Deed(action=Action.WITHDRAW, by=scene.raiser, words=words)
    try:
        case = await casework.perform(
            scene.connection, scene.world, case_id if isinstance(case_id, int) else 0, deed, scene.now
        )
    except casework.Impossible:
        return answer(Reply("detail.too_long", {"most": casework.MOST_WORDS}))
    except casework.NoSuchCase:
        return Outcome((Reply("mine.unknown"),), scene.rests())
    except NotAllowed as refusal:
        if refusal.reason == "words_needed":
            return answer(Reply("withdraw.words_needed"))
        return Outcome((Reply("detail.closed_meanwhile"),), scene.rests())
    return Outcome((Reply("withdraw.done", card_params(case)),), scene.rests())

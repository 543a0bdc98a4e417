"""After the end of a case: how satisfied the person is, and one second look (재검토)."""

import re

from cases.transitions import NotAllowed, allowed_actions
from cases.vocabulary import Action, State
from handlers import casework
from handlers.flows.detail import own_case
from handlers.notices import card_params
from handlers.replies import Choice, Reply
from handlers.scene import Outcome, Scene, answer
from storage.casebook import cases_of

_STARS = frozenset("12345")
_STARS_SAID = re.compile(r"([1-5])\s*점?\s*(?:이요|이에요|예요|입니다|요|이야|드려요|줄게요|드릴게요)?[.!~]*")
_RATEABLE = frozenset({State.DONE, State.INFEASIBLE, State.HANDED_OVER})
_LOOKED_THROUGH = 20


async def rated(scene: Scene, arguments: tuple[str, ...]) -> Outcome:
    """One to five; words may follow."""
    case = await own_case(scene, arguments)
    stars = arguments[1] if len(arguments) > 1 else ""
    if case is None or stars not in _STARS:
        return answer(Reply("mine.unknown"))
    deed = casework.Deed(action=Action.RATE, by=scene.raiser, facts={"rating": int(stars)})
    try:
        case = await casework.perform(scene.connection, scene.world, case.id, deed, scene.now)
    except NotAllowed:
        return answer(Reply("closing.open_again", card_params(case)))
    buttons = [(scene.step("closing.no_words", "done"),)]
    if Action.SECOND_LOOK in allowed_actions(case.facts(), scene.raiser):
        buttons.append((Choice("choice.second_look", f"second:{case.id}"),))
    thanks = Reply("closing.thanks", card_params(case) | {"stars": stars}, tuple(buttons))
    return Outcome((thanks,), scene.begins("closing", "words", {"case": case.id, "rating": int(stars)}))


def stars_in(text: str) -> str | None:
    """The rating somebody typed as a whole message ("5점이요"), or None."""
    match = _STARS_SAID.fullmatch(text.strip())
    return match[1] if match else None


async def stars_told(scene: Scene, stars: str) -> Outcome | None:
    """Rate the case that was closed last and has no rating yet; None when there is none."""
    if scene.talk.resident_id is None:
        return None
    newest = await cases_of(scene.connection, scene.talk.resident_id, limit=_LOOKED_THROUGH)
    closed = [case for case in newest if case.closed_at and case.rating is None and case.state in _RATEABLE]
    if not closed:
        return None
    last = max(closed, key=lambda case: case.closed_at or case.changed_at)
    return await rated(scene, (str(last.id), stars))


async def words_told(scene: Scene, text: str) -> Outcome:
    """Words to the rating."""
    rating = scene.data.get("rating")
    deed = casework.Deed(
        action=Action.RATE,
        by=scene.raiser,
        words=text,
        facts={"rating": rating},
    )
    return await _do(scene, deed, "closing.words_kept")


async def second_look_asked(scene: Scene, arguments: tuple[str, ...]) -> Outcome:
    """A second look is wanted: why?"""
    case = await own_case(scene, arguments)
    if case is None:
        return answer(Reply("mine.unknown"))
    if Action.SECOND_LOOK not in allowed_actions(case.facts(), scene.raiser):
        return answer(Reply("closing.no_second_look", card_params(case)))
    buttons = ((scene.step("choice.stop", "done"),),)
    reply = Reply("closing.second_why", card_params(case), buttons)
    return Outcome((reply,), scene.begins("closing", "second", {"case": case.id}))


async def second_look_told(scene: Scene, text: str) -> Outcome:
    """The reason; the case is open again and goes to the office's head."""
    deed = casework.Deed(action=Action.SECOND_LOOK, by=scene.raiser, words=text)
    return await _do(scene, deed, "closing.second_done")


async def pressed(scene: Scene, _step: str) -> Outcome:
    """No words: that is fine."""
    return Outcome((Reply("closing.bye"),), scene.rests())


async def _do(scene: Scene, deed: casework.Deed, template: str) -> Outcome:
    case_id = scene.data.get("case")
    try:
        case = await casework.perform(
            scene.connection, scene.world, case_id if isinstance(case_id, int) else 0, deed, scene.now
        )
    except casework.NoSuchCase:
        return Outcome((Reply("mine.unknown"),), scene.rests())
    except casework.Impossible:
        return answer(Reply("detail.too_long", {"most": casework.MOST_WORDS}))
    except NotAllowed:
        return Outcome((Reply("closing.no_longer"),), scene.rests())
    return Outcome((Reply(template, card_params(case), case_id=case.id),), scene.rests())

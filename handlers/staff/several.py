"""Notes from a list of cases (반기 소식 준비): on one of them, or the same words on all in one go."""

from dataclasses import dataclass

from cases.transitions import NotAllowed, Reason, decide
from cases.vocabulary import Action
from handlers.replies import Param, Reply
from handlers.scene import Outcome, Scene, answer
from handlers.staff.cards import actor_of, is_ours, refusal_key, toast, who
from handlers.staff.doing import do
from handlers.staff.prompts import Prompt, ask
from handlers.turns import Press
from storage.casebook import Case, case_by_id
from storage.prompts import Shown, shown_as


@dataclass(frozen=True, slots=True)
class Several:
    """Cases that one answer is for."""

    case_ids: tuple[int, ...]

    @classmethod
    def of(cls, shown: Shown) -> "Several | None":
        """The cases that a prompt asked about, or None when the message was no such prompt."""
        return cls(_ids(shown)) if shown.template == "half_list.prompt_several" else None


def _ids(shown: Shown) -> tuple[int, ...]:
    ids = shown.params.get("case_ids")
    return tuple(int(str(one)) for one in ids) if isinstance(ids, list) else ()


async def note_wanted(scene: Scene, case_id: int) -> Outcome:
    """A case's button on the list: ask for the note. The list itself stays as it is."""
    case = await case_by_id(scene.connection, case_id)
    if case is None:
        return answer(toast(scene, "refused.no_case"))
    if not is_ours(scene, case):
        return answer(toast(scene, "refused.wrong_office"))
    try:
        decide(case.facts(), actor_of(scene), Action.PROGRESS)
    except NotAllowed as refusal:
        if refusal.reason is not Reason.WORDS_NEEDED:
            return answer(toast(scene, refusal_key(refusal)))
    return answer(toast(scene, "staff.write_below"), ask(scene, case, Prompt(case.id, Action.PROGRESS)))


async def notes_wanted(scene: Scene, body: Press) -> Outcome:
    """The button for all cases of the list: ask for one note for those still open and ours."""
    shown = await shown_as(scene.connection, scene.talk.id, body.message) if body.message else None
    cases = [await case_by_id(scene.connection, one) for one in _ids(shown)] if shown is not None else []
    ours = [case for case in cases if case is not None and is_ours(scene, case) and case.state.is_open]
    if not ours:
        return answer(toast(scene, "staff.stale"))
    params: dict[str, Param] = {
        "case_ids": [str(case.id) for case in ours],
        "numbers": [f"▪ {case.number} {case.title}" for case in ours],
        "count": len(ours),
        "who": who(scene),
        "who_id": scene.turn.author.id if scene.turn.author else "",
        "force_reply": 1,
    }
    return answer(toast(scene, "staff.write_below"), Reply("half_list.prompt_several", params))


async def fulfil(scene: Scene, several: Several, text: str) -> Outcome:
    """Tell the same words on every case; those that have gone elsewhere or ended meanwhile are named."""
    results = [await do(scene, one, Action.PROGRESS, words=text) for one in several.case_ids]
    done = [one for one in results if isinstance(one, Case)]
    params: dict[str, Param] = {"done": len(done), "who": who(scene)}
    if len(done) == len(results):
        return answer(Reply("half_list.did_several", params))
    told = {case.id for case in done}
    left = [await case_by_id(scene.connection, one) for one in several.case_ids if one not in told]
    params["left"] = ", ".join(str(case.number) for case in left if case is not None)
    return answer(Reply("half_list.did_some", params))

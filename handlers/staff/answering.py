"""A reply in a group: what a prompt asked for, or a note on the card it answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from cases.vocabulary import Action, OfficeId
from handlers.replies import Choice, Param, Reply, office
from handlers.scene import Outcome, Scene, answer
from handlers.staff.cards import is_ours, who
from handlers.staff.dates import read_date
from handlers.staff.doing import do, told
from handlers.staff.offices import Found, find_office, split_words
from handlers.staff.prompts import Prompt, ask
from handlers.staff.several import Several, fulfil
from handlers.turns import Text
from storage.casebook import Case, case_by_id
from storage.prompts import Shown, shown_as

_OFFICE_WORDS = 3
"""An office's name has at most so many words before the reason begins without a mark."""


async def replied(scene: Scene, body: Text) -> Outcome:
    """Answer a reply to one of our messages."""
    if body.reply_to is None:
        return Outcome()
    shown = await shown_as(scene.connection, scene.talk.id, body.reply_to)
    if shown is None:
        return answer(Reply("staff.reply_unknown"))
    prompt = Prompt.of(shown)
    if prompt is not None:
        return await _fulfil(scene, prompt, body.text)
    several = Several.of(shown)
    if several is not None:
        return await fulfil(scene, several, body.text)
    if shown.case_id is not None:
        return await _note(scene, shown, shown.case_id, body)
    return answer(Reply("staff.reply_unknown"))


async def _note(scene: Scene, shown: Shown, case_id: int, body: Text) -> Outcome:
    result = await do(scene, case_id, Action.NOTE, words=body.text)
    return await told(scene, Prompt(case_id, Action.NOTE, card=_card_of(shown, body)), result)


def _card_of(shown: Shown, body: Text) -> str:
    # Only a card is shown anew; an answer such as "done" stays as it is.
    return body.reply_to or "" if not shown.template.startswith(("staff.did_", "staff.not_done")) else ""


async def _fulfil(scene: Scene, prompt: Prompt, text: str) -> Outcome:
    case = await case_by_id(scene.connection, prompt.case_id)
    if case is None or not is_ours(scene, case):
        return answer(Reply("staff.not_done", {"problem": {"as": "term", "value": "refused.wrong_office"}}))
    return await _READERS.get(prompt.action, _with_words)(scene, case, prompt, text)


async def _with_words(scene: Scene, case: Case, prompt: Prompt, text: str) -> Outcome:
    return await told(scene, prompt, await do(scene, case.id, prompt.action, words=text))


async def _with_date(scene: Scene, case: Case, prompt: Prompt, text: str) -> Outcome:
    read = read_date(text, scene.now.astimezone(scene.world.zone).date())
    if read is None:
        return answer(ask(scene, case, prompt, "refused.date_needed"))
    planned, words = read
    return await told(scene, prompt, await do(scene, case.id, prompt.action, words=words, on=planned))


async def _with_office(scene: Scene, case: Case, prompt: Prompt, text: str) -> Outcome:
    found, reason = _read_office(scene, case, prompt.action, text)
    if not found.candidates:
        return answer(ask(scene, case, prompt, f"staff.no_office_{prompt.action}"))
    if not reason:
        return answer(ask(scene, case, prompt, "staff.reason_needed"))
    if found.office is None:
        return answer(_choice(scene, case, replace(prompt, words=reason, offices=found.candidates)))
    result = await do(scene, case.id, prompt.action, words=reason, target=found.office)
    return await told(scene, prompt, result)


def _read_office(scene: Scene, case: Case, action: Action, text: str) -> tuple[Found, str]:
    among = _offices_for(scene, case, action)

    def find(named: str) -> Found:
        return find_office(scene.world.directory, named, among, case.district)

    named, reason = split_words(text)
    if reason:
        return find(named), reason
    words = named.split()
    for count in range(1, min(_OFFICE_WORDS, len(words) - 1) + 1):
        found = find(" ".join(words[:count]))
        if found.office is not None:
            return found, " ".join(words[count:])
    return find(named), ""


def _offices_for(scene: Scene, case: Case, action: Action) -> list[OfficeId]:
    directory = scene.world.directory
    elsewhere = action is Action.HAND_OVER
    return [
        one for one in directory.offices() if directory.is_authority(one) == elsewhere and one != case.office
    ]


def _choice(scene: Scene, case: Case, prompt: Prompt) -> Reply:
    params: dict[str, Param] = prompt.remembered() | {"number": str(case.number), "who": who(scene)}
    buttons = tuple(
        (Choice("staff.office_option", f"mv:{case.id}:{number}", {"office": office(one)}),)
        for number, one in enumerate(prompt.offices)
    )
    return Reply("staff.which_office", params, buttons, case_id=case.id)


_READERS: Mapping[Action, Callable[[Scene, Case, Prompt, str], Awaitable[Outcome]]] = MappingProxyType(
    {Action.MOVE: _with_office, Action.HAND_OVER: _with_office, Action.LONG_TERM: _with_date}
)

"""From the card to a filed case: every button of the suggestion flow."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from cases.vocabulary import INTAKE_DESK, Kind
from handlers import casework
from handlers.flows import support
from handlers.flows.card import ask_office, ask_place, card, compose, whole_city
from handlers.flows.draft import WHOLE_CITY, Draft, draft_of, drafted, kept
from handlers.flows.drafting import more_settled
from handlers.flows.stale import stale
from handlers.notices import card_params as case_params
from handlers.replies import Choice, Reply, office, term
from handlers.scene import PARKED, Outcome, Scene, answer
from storage import attachments
from storage.casebook import Case


async def pressed(scene: Scene, step: str) -> Outcome:
    """A button of the card or of a question before it; one that was never shown is answered as an old one."""
    name, _, argument = step.partition(":")
    button = _PRESSED.get(name)
    return stale(scene) if button is None else await button(scene, draft_of(scene.data), argument)


async def _send(scene: Scene, draft: Draft, _argument: str) -> Outcome:
    case = await _file(scene, draft)
    receipt = _receipt(scene, case)
    if draft.rest:
        following = await compose(scene.afresh(), _next_part(scene, draft))
        return Outcome((receipt, *following.replies), following.dialogue, notes=("filed",))
    return Outcome((receipt,), scene.rests(), notes=("filed",))


async def _file(scene: Scene, draft: Draft) -> Case:
    case = await casework.file(
        scene.connection,
        scene.world,
        casework.Draft(
            kind=Kind(draft.kind),
            title=draft.title,
            text=draft.text,
            office=draft.office(scene.world.directory),
            district=draft.named_district(),
            place=draft.place,
            latitude=draft.latitude,
            longitude=draft.longitude,
            meeting_id=scene.meeting_id,
            public=draft.public,
            routed_by=draft.routed_by,
            remark=_remark(scene, draft),
        ),
        by=scene.raiser,
        channel=scene.talk.channel,
        now=scene.now,
    )
    await attachments.attach(
        scene.connection, conversation_id=scene.talk.id, names=draft.photos, case_id=case.id
    )
    return case


def _remark(scene: Scene, draft: Draft) -> str:
    # The intake desk hands over; what the bot or the person thinks of it stands in the history.
    authority = draft.authority(scene.world.directory)
    if authority is None:
        return ""
    return scene.world.renderer.text("staff.perhaps_authority", {"office": office(authority)}, "ko")


def _receipt(scene: Scene, case: Case) -> Reply:
    params = case_params(case)
    at_desk = case.office == INTAKE_DESK
    params["next"] = term("receipt.next_desk" if at_desk else "receipt.next")
    buttons = ((Choice("choice.look", f"case:{case.id}"), Choice("choice.add", f"add:{case.id}")),)
    return Reply("receipt.text", params, buttons, case_id=case.id)


def _next_part(scene: Scene, draft: Draft) -> Draft:
    text, *rest = draft.rest
    return replace(_part(scene, draft, text), rest=tuple(rest))


def _part(scene: Scene, draft: Draft, text: str) -> Draft:
    part = replace(drafted(text, scene.world.understanding.read(text)), parts=(), public=draft.public)
    # Several problems of one message are mostly at one place.
    return part if part.district or part.places else part.at(draft.district, draft.place)


async def _office(scene: Scene, draft: Draft, _argument: str) -> Outcome:
    return ask_office(scene, draft)


async def _place(scene: Scene, draft: Draft, argument: str) -> Outcome:
    if argument == "city":
        return await compose(scene, whole_city(scene, draft))
    if argument == "unknown":
        # Nobody is sent away for not knowing: the intake desk finds out.
        return await compose(scene, replace(draft.at(WHOLE_CITY, ""), department=INTAKE_DESK))
    return ask_place(scene, draft, "place.change")


async def _at(scene: Scene, draft: Draft, argument: str) -> Outcome:
    number = _index(argument, len(draft.places))
    if number is None:
        return stale(scene)
    option = draft.places[number]
    return await compose(scene, draft.at(option.district, option.place))


async def _to(scene: Scene, draft: Draft, argument: str) -> Outcome:
    number = _index(argument, len(draft.offices))
    if number is None and argument != "desk":
        return stale(scene)
    department = INTAKE_DESK if number is None else draft.offices[number]
    return await compose(scene, replace(draft, department=department, routed_by="resident"))


def _index(argument: str, count: int) -> int | None:
    return int(argument) if argument in {str(number) for number in range(count)} else None


async def _photo(scene: Scene, draft: Draft, _argument: str) -> Outcome:
    return answer(Reply("card.photo_how"))


async def _words(scene: Scene, draft: Draft, _argument: str) -> Outcome:
    reply = Reply("card.words_how", {}, ((scene.step("choice.back", "back"),),))
    return Outcome((reply,), scene.begins("suggest", "words", kept(draft)))


async def _public(scene: Scene, draft: Draft, _argument: str) -> Outcome:
    return card(scene, replace(draft, public=not draft.public))


async def _cancel(scene: Scene, draft: Draft, _argument: str) -> Outcome:
    if not scene.data.get(PARKED):
        await attachments.drop_loose(scene.connection, scene.talk.id)
    return Outcome((Reply("card.cancelled"),), scene.rests())


async def _back(scene: Scene, draft: Draft, _argument: str) -> Outcome:
    return await compose(scene, draft)


async def _parts(scene: Scene, draft: Draft, argument: str) -> Outcome:
    if argument == "together":
        return await compose(scene, replace(draft, parts=()).answered("parts"))
    if not draft.parts:
        return stale(scene)
    first, *rest = draft.parts
    part = _part(scene, draft, first)
    return await compose(scene, replace(part, rest=tuple(rest), photos=draft.photos))


async def _similar(scene: Scene, draft: Draft, _argument: str) -> Outcome:
    return await compose(scene, draft.answered("similar"))


async def _support(scene: Scene, draft: Draft, argument: str) -> Outcome:
    outcome = await support.supported(scene, (argument,))
    await attachments.drop_loose(scene.connection, scene.talk.id)
    return Outcome(outcome.replies, scene.rests(), notes=outcome.notes)


async def _more(scene: Scene, draft: Draft, argument: str) -> Outcome:
    return await more_settled(scene, argument if argument in ("append", "new") else "")


_PRESSED: Mapping[str, Callable[[Scene, Draft, str], Awaitable[Outcome]]] = MappingProxyType(
    {
        "send": _send,
        "office": _office,
        "place": _place,
        "at": _at,
        "to": _to,
        "photo": _photo,
        "words": _words,
        "public": _public,
        "cancel": _cancel,
        "back": _back,
        "parts": _parts,
        "similar": _similar,
        "support": _support,
        "more": _more,
    }
)

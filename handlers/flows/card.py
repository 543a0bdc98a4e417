"""The card (확인 카드): what, where, which office, what kind; and the questions that come before it."""

from dataclasses import replace

from cases.vocabulary import INTAKE_DESK
from handlers.flows.draft import WHOLE_CITY, Draft, kept
from handlers.replies import Choice, Param, Reply, ReplyKind, Said, department, office, place, said, term
from handlers.scene import Outcome, Scene
from handlers.turns import Press
from storage.casebook import Case
from storage.similar import similar_public

_SHOWN_TEXT = 300
_SIMILAR_ENOUGH = 0.6
"""Likeness from which a case is shown as similar (benchmarks/similar.py)."""
_MOST_PLACES = 8


async def compose(scene: Scene, draft: Draft) -> Outcome:
    """Ask the one thing that is missing most, or show the card."""
    directory = scene.world.directory
    if draft.parts:
        return _ask_parts(scene, draft)
    if len(draft.places) > 1:
        return ask_which_place(scene, draft)
    if not draft.department and draft.offices:
        return ask_office(scene, draft)
    if not draft.department:
        # Nothing to choose from: no question, the intake desk finds out.
        draft = replace(draft, department=INTAKE_DESK)
    if draft.needs_place(directory):
        return ask_place(scene, draft)
    if "similar" not in draft.settled and draft.public:
        found = await _similar(scene, draft)
        if found:
            return _show_similar(scene, draft, found)
    return card(scene, draft)


def card(scene: Scene, draft: Draft) -> Outcome:
    """The one card to confirm."""
    buttons = (
        (scene.step("card.send", "send"),),
        (scene.step("card.office", "office"), scene.step("card.place", "place")),
        (scene.step("card.photo", "photo"), scene.step("card.words", "words")),
        (
            scene.step("card.hide" if draft.public else "card.publish", "public"),
            scene.step("card.cancel", "cancel"),
        ),
    )
    reply = shown(scene, Reply("card.text", card_params(scene, draft), buttons))
    return Outcome((reply,), scene.begins("suggest", "card", kept(draft)))


def shown(scene: Scene, reply: Reply) -> Reply:
    """The reply in place of the message whose button was pressed, so that the chat stays short."""
    body = scene.turn.body
    if isinstance(body, Press) and body.message is not None:
        return Reply(reply.template, reply.params, reply.choices, ReplyKind.EDIT, reply.case_id, body.message)
    return reply


def card_params(scene: Scene, draft: Draft) -> dict[str, Param]:
    """What the card says of a draft."""
    text = draft.text if len(draft.text) <= _SHOWN_TEXT else draft.text[:_SHOWN_TEXT] + "…"
    # A short text is its own title and need not be read twice.
    head: list[str | Said] = [said("card.title", title=draft.title)]
    if draft.title.strip() != draft.text.strip():
        head.append(said("card.own_words", text=text))
    return {
        "head": head,
        "place": place(draft.named_district(), draft.place),
        "office": _office_line(scene, draft),
        "kind": term(f"kind.{draft.kind}"),
        "photos": said("card.photos", count=len(draft.photos)) if draft.photos else term("card.no_photo"),
        "public": term("card.is_public" if draft.public else "card.is_private"),
    }


def _office_line(scene: Scene, draft: Draft) -> Said:
    directory = scene.world.directory
    known, authority = office(draft.office(directory)), draft.authority(directory)
    return known if authority is None else said("card.for_authority", desk=known, office=office(authority))


def _ask_parts(scene: Scene, draft: Draft) -> Outcome:
    lines: list[str | Said] = [
        said("parts.line", number=number, text=_short(part)) for number, part in enumerate(draft.parts, 1)
    ]
    buttons = ((scene.step("parts.each", "parts:each"),), (scene.step("parts.together", "parts:together"),))
    reply = Reply("parts.ask", {"count": len(lines), "lines": lines}, buttons)
    return Outcome((reply,), scene.begins("suggest", "parts", kept(draft)))


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"


def ask_which_place(scene: Scene, draft: Draft) -> Outcome:
    """An old district's name, or a name that exists twice: one question."""
    buttons = tuple(
        (scene.step("place.option", f"at:{number}", place=place(option.district, option.place)),)
        for number, option in enumerate(draft.places[:_MOST_PLACES])
    )
    reply = Reply("place.which", {}, (*buttons, (scene.step("place.unknown", "place:unknown"),)))
    return Outcome((shown(scene, reply),), scene.begins("suggest", "place", kept(draft)))


def ask_place(scene: Scene, draft: Draft, template: str = "place.ask") -> Outcome:
    """The place is missing and the office depends on it."""
    buttons = (
        (scene.step("place.whole_city", "place:city"),),
        (scene.step("place.unknown", "place:unknown"),),
    )
    reply = Reply(template, {"title": draft.title}, buttons)
    return Outcome((shown(scene, reply),), scene.begins("suggest", "place", kept(draft)))


def ask_office(scene: Scene, draft: Draft) -> Outcome:
    """No office is clearly ahead: the best three, or the intake desk decides."""
    directory = scene.world.directory
    buttons: list[tuple[Choice, ...]] = []
    for number, one in enumerate(draft.offices):
        known = directory.office_of(one, draft.named_district())
        label = office(known) if known != INTAKE_DESK else department(one)
        buttons.append((scene.step("office.option", f"to:{number}", office=label),))
    buttons.append((scene.step("office.unknown", "to:desk"),))
    template = "office.ask" if draft.offices else "office.none"
    reply = Reply(template, {"title": draft.title}, tuple(buttons))
    return Outcome((shown(scene, reply),), scene.begins("suggest", "office", kept(draft)))


async def _similar(scene: Scene, draft: Draft) -> list[Case]:
    found = await similar_public(
        scene.connection,
        text=draft.text,
        district=draft.named_district(),
        place=draft.place,
        office=draft.office(scene.world.directory),
        without=scene.talk.resident_id,
        at_least=_SIMILAR_ENOUGH,
    )
    return [one.case for one in found]


def _show_similar(scene: Scene, draft: Draft, found: list[Case]) -> Outcome:
    lines: list[str | Said] = [
        said(
            "similar.line",
            number=str(case.number),
            title=case.title,
            state=term(f"state.{case.state}"),
            place=place(case.district, case.place),
        )
        for case in found
    ]
    buttons = tuple((_same(scene, case),) for case in found)
    reply = Reply("similar.ask", {"lines": lines}, (*buttons, (scene.step("similar.other", "similar:no"),)))
    return Outcome((shown(scene, reply),), scene.begins("suggest", "similar", kept(draft)))


def _same(scene: Scene, case: Case) -> Choice:
    number = str(case.number)
    if case.state.is_open:
        return scene.step("similar.support", f"support:{case.id}", number=number)
    # Nobody can stand behind what has ended, but its answer may be all that is wanted.
    return Choice("similar.look", f"case:{case.id}", {"number": number})


def whole_city(scene: Scene, draft: Draft) -> Draft:
    """The draft when the person said that it is about the whole city; offices read it in Korean."""
    return draft.at(WHOLE_CITY, scene.world.renderer.text("place.whole_city", {}, "ko"))

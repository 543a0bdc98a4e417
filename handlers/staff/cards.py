"""Ticket cards and the lines of a staff group (건의 카드): what is shown after something was done."""

from collections.abc import Mapping
from dataclasses import replace

from cases.transitions import Actor, NotAllowed
from cases.vocabulary import INTAKE_DESK, OfficeId, Role
from handlers.casework import Impossible, NoSuchCase, Outrun
from handlers.notices import card_params, ticket_choices
from handlers.replies import Param, Reply, ReplyKind, office, said, term
from handlers.scene import Scene
from handlers.turns import Press
from storage.casebook import Case
from storage.prompts import Shown

Refusal = NotAllowed | Impossible | NoSuchCase | Outrun
REFUSALS = (NotAllowed, Impossible, NoSuchCase, Outrun)

_CARDS = ("staff.on_", "staff.for_head", "staff.bounced")
_AFTER = "staff.after"


def actor_of(scene: Scene) -> Actor:
    """Who the members of a bound group are: officers of its office; the intake desk's group is the desk."""
    bound = OfficeId(scene.talk.office or "")
    return Actor(Role.DESK if bound == INTAKE_DESK else Role.OFFICER, offices=frozenset({bound}))


def is_ours(scene: Scene, case: Case) -> bool:
    """True when the group may see the case: it is its office's, or the group is the intake desk's."""
    return scene.talk.office in (case.office, INTAKE_DESK)


def who(scene: Scene) -> str:
    """The name of the member who wrote or pressed, as the group sees it."""
    return (
        scene.turn.author.name if scene.turn.author and scene.turn.author.name else scene.say("staff.member")
    )


def toast(scene: Scene, template: str, params: Mapping[str, Param] | None = None) -> Reply:
    """A word at the pressed button; in the chat where there is no button."""
    body = scene.turn.body
    if isinstance(body, Press) and body.query is not None:
        return Reply(template, params or {}, kind=ReplyKind.TOAST, target=body.query)
    return Reply(template, params or {})


def refusal_key(refusal: Refusal) -> str:
    """The wording of a refusal."""
    match refusal:
        case NotAllowed():
            return f"refused.{refusal.reason}"
        case Impossible():
            return f"refused.{refusal.reason}"
        case NoSuchCase():
            return "refused.no_case"
        case Outrun():
            return "refused.outrun"


def renewed(scene: Scene, case: Case, shown: Shown | None, message: str, done: str = "") -> Reply:
    """The card in the place of message `message`, as the case is now, with the buttons allowed now.

    `done` is the wording of what was just done. A case that went elsewhere is shown as gone.
    """
    if not is_ours(scene, case):
        params: dict[str, Param] = {
            "number": str(case.number),
            "title": case.title,
            "office": office(case.office),
        }
        return Reply("staff.elsewhere", params, kind=ReplyKind.EDIT, case_id=case.id, target=message)
    template, own = _inner(shown)
    card = Reply(template, own | card_params(case), ticket_choices(case), ReplyKind.EDIT, case.id, message)
    if not done:
        return card
    after: dict[str, Param] = {
        "card": said(card.template, **card.params),
        "who": who(scene),
        "done": term(done),
    }
    return replace(card, template=_AFTER, params=after)


def _inner(shown: Shown | None) -> tuple[str, dict[str, Param]]:
    """The card that a message shows, without the line of what was done to it last."""
    if shown is None:
        return "staff.card", {}
    template, params = shown.template, shown.params
    card = params.get("card")
    if template == _AFTER and isinstance(card, dict):
        template, params = str(card.get("value")), card.get("params") or {}
    if not template.startswith(_CARDS):
        return "staff.card", {}
    kept: dict[str, Param] = {}
    for key in ("words", "moves"):
        value = params.get(key)
        if isinstance(value, str | int):
            kept[key] = value
    return template, kept

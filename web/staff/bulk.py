"""Doing one thing to many cases (한꺼번에): chosen in the list, shown as it will be sent, then done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from cases.transitions import NotAllowed
from cases.vocabulary import Action
from handlers.casework import Deed, Impossible, NoSuchCase, Outrun, perform
from storage.answers import Answer, answers_for
from storage.casebook import Case, case_by_id, history_of
from storage.previews import last_message, notices_after
from web.staff.actions import ActionForm, Fault, Typed, deed_of, form_of, typed_of
from web.staff.listing import PAGE
from web.staff.offices import office_names
from web.staff.pages import NotFound, Visit
from web.staff.rights import may_see, offices_seen

ACTIONS = (Action.PROGRESS, Action.MOVE, Action.ANSWER)
"""What can be done to many at once."""

_PICK = "pick-"
_STEPS = frozenset({"", "preview", "do"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One chosen case: the version that was seen, why nothing comes of it, or what residents read."""

    case: Case
    version: int
    fault: Fault | None = None
    texts: tuple[str, ...] = ()
    people: int = 0


class _Undone(Exception):  # noqa: N818 - takes back a transaction that was only tried out
    def __init__(self, chosen: list[Chosen]) -> None:
        super().__init__()
        self.chosen = chosen


async def several(visit: Visit) -> Response:
    """The words for all of them; what each would be sent; what came of it."""
    form = form_of(visit.typed("action"))
    step = visit.typed("step")
    if form is None or form.action not in ACTIONS or step not in _STEPS:
        raise NotFound
    async with visit.console.database.read() as connection:
        chosen = await _chosen(visit, connection)
        answers = await answers_for(connection, offices_seen(visit.staff))
    typed = typed_of(visit, form)
    template = next((one for one in answers if str(one.id) == visit.typed("template")), None)
    if template is not None and not step:
        typed = replace(typed, words=template.words)
    if not step or not chosen:
        return _page(visit, form, typed, chosen, "", answers)
    if step == "preview":
        return _page(visit, form, typed, await _tried(visit, typed, chosen), step, answers)
    return _page(visit, form, typed, await _done(visit, typed, chosen), step, answers)


def _page(
    visit: Visit,
    form: ActionForm,
    typed: Typed,
    chosen: Sequence[Chosen],
    step: str,
    answers: Sequence[Answer],
) -> Response:
    ready = [one for one in chosen if one.fault is None]
    return visit.page(
        "several.html",
        form=form,
        typed=typed,
        chosen=chosen,
        ready=ready,
        faulty=[one for one in chosen if one.fault is not None],
        step=step,
        answers=answers,
        people=sum(one.people for one in ready),
        offices=office_names(visit.console.wording.directory, visit.locale)
        if form.action is Action.MOVE
        else [],
        back=visit.typed("back")[:1000],
    )


async def _chosen(visit: Visit, connection: AsyncConnection) -> list[Chosen]:
    picks = {
        int(name.removeprefix(_PICK)): int(value)
        for name, value in visit.form.items()
        if name.startswith(_PICK) and _is_id(name.removeprefix(_PICK)) and _is_id(value)
    }
    found = []
    for case_id, version in sorted(picks.items())[:PAGE]:
        case = await case_by_id(connection, case_id)
        if case is not None and await may_see(connection, visit.staff, case):
            found.append(Chosen(case=case, version=version))
    return found


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18


async def _tried(visit: Visit, typed: Typed, chosen: Sequence[Chosen]) -> list[Chosen]:
    """Do all of it, read what residents would be sent, and take it back: so the preview cannot be wrong."""
    try:
        async with visit.console.database.begin() as connection:
            raise _Undone([await _try(visit, connection, typed, one) for one in chosen])
    except _Undone as undone:
        return undone.chosen


async def _try(visit: Visit, connection: AsyncConnection, typed: Typed, one: Chosen) -> Chosen:
    last = await last_message(connection, one.case.id)
    tried = await _perform(visit, connection, typed, one)
    if tried.fault is not None:
        return tried
    renderer = visit.console.wording.renderer
    notices = await notices_after(connection, one.case.id, last)
    texts = [renderer.text(notice.template, notice.params, notice.locale) for notice in notices]
    return replace(tried, texts=tuple(dict.fromkeys(texts)), people=len(texts))


async def _done(visit: Visit, typed: Typed, chosen: Sequence[Chosen]) -> list[Chosen]:
    """Each in a transaction of its own: one that was changed meanwhile holds up none of the others."""
    done = []
    for one in chosen:
        async with visit.console.database.begin() as connection:
            done.append(await _perform(visit, connection, typed, one))
    visit.console.services.waker.wake()
    return done


async def _perform(visit: Visit, connection: AsyncConnection, typed: Typed, one: Chosen) -> Chosen:
    deed = deed_of(visit, one.case, typed)
    if isinstance(deed, Fault):
        return replace(one, fault=deed)
    deed = replace(deed, expected_version=one.version)
    try:
        await perform(connection, visit.console.services.world, one.case.id, deed, visit.now)
    except NotAllowed as refused:
        return replace(one, fault=Fault(reason=refused.reason.value))
    except Impossible as refused:
        return replace(one, fault=Fault(reason=refused.reason))
    except Outrun:
        done_before = await _did_it_before(visit, connection, deed, one)
        return one if done_before else replace(one, fault=Fault(reason="changed_meanwhile"))
    except NoSuchCase as error:
        raise NotFound from error
    return one


async def _did_it_before(visit: Visit, connection: AsyncConnection, deed: Deed, one: Chosen) -> bool:
    """True when the form was only sent twice."""
    newer = list(await history_of(connection, one.case.id))[-max(one.case.version - one.version, 1) :]
    return any(
        event.staff_id == visit.staff.id and event.action == deed.action.value and event.words == deed.words
        for event in newer
    )

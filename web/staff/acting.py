"""Doing what a form of the card asks for (처리), or showing beforehand what the resident would read."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.responses import Response

from cases.transitions import NotAllowed, Reason
from handlers.casework import Deed, Impossible, NoSuchCase, Outrun, perform
from storage.casebook import Case, history_of
from storage.previews import Notice, last_message, notices_after
from web.staff.actions import Fault, Typed, deed_of, form_of, typed_of
from web.staff.card import Draft, card_page, visible_case
from web.staff.pages import NotFound, Visit, go

_STATUS: Mapping[Reason, int] = MappingProxyType(
    {
        Reason.WRONG_ROLE: 403,
        Reason.WRONG_OFFICE: 403,
        Reason.WRONG_STATE: 409,
        Reason.ALREADY_DONE: 409,
        Reason.WORDS_NEEDED: 422,
        Reason.DATE_NEEDED: 422,
        Reason.TARGET_NEEDED: 422,
        Reason.TARGET_ELSEWHERE: 422,
        Reason.SAME_CASE: 422,
        Reason.TARGET_CLOSED: 409,
        Reason.TARGET_HIDDEN: 409,
    }
)


class _Undone(Exception):  # noqa: N818 - takes back a transaction that was only tried out
    def __init__(self, notices: list[Notice]) -> None:
        super().__init__()
        self.notices = notices


async def act(visit: Visit) -> Response:
    """Do it and show the card anew; when it cannot be done, say why and keep what was typed."""
    case = await visible_case(visit)
    form = form_of(visit.part("action"))
    if form is None:
        raise NotFound
    typed = typed_of(visit, form)
    deed = deed_of(visit, case, typed)
    if isinstance(deed, Fault):
        return await card_page(visit, case, status=422, draft=Draft(typed=typed, fault=deed))
    try:
        if visit.typed("preview"):
            return await _preview(visit, case, typed, deed)
        async with visit.console.database.begin(brief=True) as connection:
            await perform(connection, visit.console.services.world, case.id, deed, visit.now)
    except NotAllowed as refused:
        fault = Fault(reason=refused.reason.value)
        return await _refused(visit, typed, fault, _STATUS[refused.reason])
    except Impossible as refused:
        return await _refused(visit, typed, Fault(reason=refused.reason), 422)
    except Outrun:
        return await _outrun(visit, typed, deed)
    except NoSuchCase as error:
        raise NotFound from error
    visit.console.services.waker.wake()
    return go(f"/staff/cases/{case.number}?done={form.action.value}")


async def _preview(visit: Visit, case: Case, typed: Typed, deed: Deed) -> Response:
    """Do it, read what it would say to residents, and take it back: so the preview cannot be wrong."""
    try:
        async with visit.console.database.begin(brief=True) as connection:
            last = await last_message(connection, case.id)
            await perform(connection, visit.console.services.world, case.id, deed, visit.now)
            raise _Undone(await notices_after(connection, case.id, last))
    except _Undone as undone:
        notices = undone.notices
    renderer = visit.console.wording.renderer
    texts = [renderer.text(notice.template, notice.params, notice.locale) for notice in notices]
    draft = Draft(typed=typed, notices=list(dict.fromkeys(texts)), people=len(texts))
    return await card_page(visit, case, draft=draft)


async def _refused(visit: Visit, typed: Typed, fault: Fault, status: int) -> Response:
    return await card_page(
        visit, await visible_case(visit), status=status, draft=Draft(typed=typed, fault=fault)
    )


async def _outrun(visit: Visit, typed: Typed, deed: Deed) -> Response:
    case = await visible_case(visit)
    seen = deed.expected_version
    async with visit.console.database.read() as connection:
        events = list(await history_of(connection, case.id))
    newer = events[-(case.version - seen) :] if seen is not None and case.version > seen else []
    # A form sent twice, by a double click or a reload, was done the first time.
    if any(
        event.staff_id == visit.staff.id and event.action == deed.action.value and event.words == deed.words
        for event in newer
    ):
        return go(f"/staff/cases/{case.number}?done={deed.action.value}")
    draft = Draft(typed=typed, fault=Fault(reason="outrun"), seen_version=seen)
    return await card_page(visit, case, status=409, draft=draft)

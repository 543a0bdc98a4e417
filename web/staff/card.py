"""The card of a case (관리카드): all there is to know of it, and the forms to act on it."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from cases.numbers import CaseNumber
from cases.transitions import allowed_actions
from cases.vocabulary import Action, Role
from storage.answers import CITY, answer_by_id
from storage.attachments import Attachment, attachments_of_case, case_of_attachment
from storage.casebook import Case, Event, case_by_id, case_by_number, history_of
from storage.files import NoSuchFile
from storage.meetings import meeting_by_id
from storage.people import Listener, listeners_of_residents, supporter_count
from web.staff.actions import FORMS, Fault, Typed, form_of
from web.staff.beside import beside, may_manage, next_check
from web.staff.desk_contact import contact_shown
from web.staff.duplicates import alike, merge_prepared
from web.staff.filling import fill_fields
from web.staff.maps import picture
from web.staff.offices import authority_names, office_names
from web.staff.pages import NotFound, Visit
from web.staff.rights import actor_of, may_see, sees_persons
from web.staff.tiles import policy_with

_RESIDENTS = frozenset({Role.RAISER.value, Role.SUPPORTER.value})
_DONE = frozenset({Action.START.value, Action.PROGRESS.value, Action.LONG_TERM.value, Action.ANSWER.value})
_DONE_WORDS = frozenset({*(action.value for action in Action), "conflict", "consulted", "part"})


class Reach(StrEnum):
    """Whether a word to the person who raised the case arrives (연락 가능 여부)."""

    NONE = "none"  # raised without a chat, or erased
    OPEN = "open"
    SILENT = "silent"  # notices stopped: only a question and the final answer are sent
    LOST = "lost"  # blocked, or the address is gone


@dataclass(frozen=True, slots=True)
class Shown:
    """What the card shows beside the case itself."""

    events: list[Event]
    photos: list[Attachment]
    supporters: int
    reach: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form under way: what was typed, why it was not accepted, or what would be sent."""

    typed: Typed
    fault: Fault | None = None
    seen_version: int | None = None
    notices: list[str] | None = None
    people: int = 0
    part: str = ""
    """The part of the card whose form it is; empty: one of the actions."""


async def show_card(visit: Visit) -> Response:
    """The card; with `?template=…&into=…` a ready answer stands in that form."""
    case = await visible_case(visit)
    return await card_page(visit, case, draft=await _with_answer(visit, case))


async def show_printed(visit: Visit) -> Response:
    """The card as the form that goes into a file (관리카드)."""
    case = await visible_case(visit)
    async with visit.console.database.read() as connection:
        shown = await _shown(connection, visit, case)
        meeting = await meeting_by_id(connection, case.meeting_id or 0)
    return visit.page(
        "card_print.html",
        case=case,
        meeting=meeting,
        supporters=shown.supporters,
        text_shown=sees_persons(visit.staff) or case.public,
        done=[event for event in shown.events if event.action in _DONE and event.words],
    )


async def _with_answer(visit: Visit, case: Case) -> Draft | None:
    chosen, form = visit.asked("template"), form_of(visit.asked("into"))
    if not chosen.isascii() or not chosen.isdecimal() or len(chosen) > 18 or form is None:
        return None
    async with visit.console.database.read() as connection:
        answer = await answer_by_id(connection, int(chosen))
    if answer is None or answer.office not in {CITY, case.office} or not may_manage(visit, case):
        return None
    words = fill_fields(answer.words, case, visit.console.wording, visit.now)
    return Draft(typed=Typed(action=form.action, words=words))


async def show_photo(visit: Visit) -> Response:
    """A photo of a case, for those who may see the case."""
    name = visit.part("name")
    async with visit.console.database.read() as connection:
        case_id = await case_of_attachment(connection, name)
        case = await case_by_id(connection, case_id) if case_id is not None else None
        if case is None or not await may_see(connection, visit.staff, case):
            raise NotFound
    try:
        kept = visit.console.services.files.open(name)
        content = await visit.console.services.files.read(name)
    except (NoSuchFile, FileNotFoundError) as error:
        raise NotFound from error
    return Response(content, media_type=kept.media_type, headers={"Content-Disposition": "inline"})


async def show_map(visit: Visit) -> Response:
    """Where it is, drawn."""
    drawn = picture(visit.console.wording.directory.city, await visible_case(visit))
    if drawn is None:
        raise NotFound
    return Response(drawn, media_type="image/svg+xml")


async def visible_case(visit: Visit) -> Case:
    """The case the path names. Raises NotFound also when it is none of theirs: that it exists is not told."""
    number = CaseNumber.parse(visit.part("number"))
    if number is None:
        raise NotFound
    async with visit.console.database.read() as connection:
        case = await case_by_number(connection, number)
        if case is None or not await may_see(connection, visit.staff, case):
            raise NotFound
    return case


async def card_page(visit: Visit, case: Case, *, status: int = 200, draft: Draft | None = None) -> Response:
    """The card, with a form under way if there is one."""
    async with visit.console.database.read() as connection:
        shown = await _shown(connection, visit, case)
        around = await beside(connection, visit, case)
    contact = await contact_shown(visit, case)
    like = await alike(visit, case)
    allowed = _allowed(visit, case)
    forms = [form for form in FORMS if form.action in allowed]
    directory = visit.console.wording.directory
    answer = visit.page(
        "card.html",
        status,
        case=case,
        events=shown.events,
        new_events=_new_events(case, draft),
        photos=shown.photos,
        supporters=shown.supporters,
        reach=shown.reach.value,
        persons=sees_persons(visit.staff),
        text_shown=sees_persons(visit.staff) or case.public,
        residents=_RESIDENTS,
        forms=[form for form in forms if form.action is not Action.NOTE],
        note=next((form for form in forms if form.action is Action.NOTE), None),
        draft=draft,
        alike=like,
        to_merge=merge_prepared(visit),
        contact=contact,
        beside=around,
        today=visit.console.wording.day(visit.now),
        next_check=next_check(visit.console.wording.day(visit.now)),
        stray_draft=draft is not None and not draft.part and draft.typed.action not in allowed,
        offices=office_names(directory, visit.locale) if Action.MOVE in allowed or around.may_manage else [],
        authorities=authority_names(directory, visit.locale) if Action.HAND_OVER in allowed else [],
        done=visit.asked("done") if visit.asked("done") in _DONE_WORDS else "",
        overdue=case.state.is_open and case.due_at < visit.now,
    )
    if around.tiles:
        answer.headers["Content-Security-Policy"] = policy_with(visit.console.services.map_tiles)
    return answer


def _allowed(visit: Visit, case: Case) -> frozenset[Action]:
    allowed = allowed_actions(case.facts(), actor_of(visit.staff))
    # A date that has passed is not moved: `handlers.casework` refuses it.
    return allowed - {Action.EXTEND} if case.due_at <= visit.now else allowed


async def _shown(connection: AsyncConnection, visit: Visit, case: Case) -> Shown:
    events = list(await history_of(connection, case.id))
    if not sees_persons(visit.staff):
        events = [event for event in events if event.action != Action.NOTE.value]
        return Shown(events, [], await supporter_count(connection, case.id), Reach.NONE)
    people = [] if case.resident_id is None else [case.resident_id]
    return Shown(
        events,
        await attachments_of_case(connection, case.id),
        await supporter_count(connection, case.id),
        _reach(await listeners_of_residents(connection, people)),
    )


def _reach(listeners: list[Listener]) -> Reach:
    if not listeners:
        return Reach.NONE
    there = [listener for listener in listeners if listener.reachable]
    if not there:
        return Reach.LOST
    return Reach.OPEN if any(listener.notices for listener in there) else Reach.SILENT


def _new_events(case: Case, draft: Draft | None) -> int:
    """How many lines of the history are newer than what the person had before their eyes."""
    if draft is None or draft.seen_version is None:
        return 0
    return max(case.version - draft.seen_version, 0)

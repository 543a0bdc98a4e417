"""Doing something to a case: decided by the rules, written with its history, told to whom it concerns.

The one door for residents, the console and the Telegram groups alike. All of it belongs to the caller's
transaction.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.numbers import CaseNumber
from cases.rules import WORDS_OF_THE_PERSON
from cases.transitions import Actor, CaseFacts, Decision, decide
from cases.vocabulary import Action, Kind, OfficeId, Role, State
from handlers.auditing import note_case
from handlers.calls import note_calls
from handlers.clockwork import clock_values, first_check
from handlers.lessons import note_what_was_right
from handlers.merging import as_target, case_to_go_on, go_together
from handlers.notices import tell
from handlers.world import World
from storage.casebook import Case, Event, NewCase, add_event, case_by_id, change, file_case, next_number
from storage.sketches import forget_sketches, sketch_again
from storage.tables import JsonObject


class NoSuchCase(LookupError):  # noqa: N818 - an outcome to word, not a fault
    """There is no case of that id."""


class Outrun(Exception):  # noqa: N818 - an outcome to word, not a fault
    """Somebody else changed the case first; nothing was written. Show it anew and ask again."""


class Impossible(ValueError):  # noqa: N818 - an outcome to word, not a fault
    """What was given does not fit: `reason` is unknown_office, past_date, too_late or words_too_long."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_REVIEWERS = frozenset({Role.DESK, Role.ADMIN})

MOST_WORDS = 4000
"""Characters of an answer, so that a notice fits into one message with what stands around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A case somebody is about to file."""

    kind: Kind
    title: str
    text: str
    office: OfficeId
    district: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    meeting_id: int | None = None
    public: bool = True
    routed_by: str = "bot"
    """Who chose the office: bot (shown and confirmed), resident (picked among several), desk."""
    received_at: datetime | None = None
    """When it came in, where that was before it is filed (a letter); its term runs from then."""
    author: str = ""
    """The name of the clerk who files it."""
    remark: str = ""
    """A first internal note for the office, such as the authority it should be handed over to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something to be done to a case, by whom and with which words."""

    action: Action
    by: Actor
    author: str = ""
    words: str = ""
    target: OfficeId | None = None
    on: date | None = None
    into: CaseNumber | None = None
    """The case it is merged into, as somebody named it; where that went on, it goes there too."""
    facts: JsonObject | None = None
    expected_version: int | None = None
    """The version the person had before their eyes, where that matters."""


async def file(
    connection: AsyncConnection, world: World, draft: Draft, *, by: Actor, channel: str, now: datetime
) -> Case:
    """File a new case (접수): number, history, a ticket to its office. The receipt is the caller's.

    Raises NotAllowed, when staff file a case for an office that is not theirs.
    """
    nothing = CaseFacts(state=None, office=draft.office, raiser_id=by.resident_id)
    decision = decide(nothing, by, Action.FILE)
    number = await next_number(connection, now.astimezone(world.zone).year)
    new = NewCase(
        state=decision.state,
        kind=draft.kind,
        title=draft.title,
        text=draft.text,
        office=draft.office,
        district=draft.district,
        place=draft.place,
        latitude=draft.latitude,
        longitude=draft.longitude,
        resident_id=by.resident_id,
        channel=channel,
        meeting_id=draft.meeting_id,
        public=draft.public,
        received_at=draft.received_at or now,
        due_at=world.due_at(draft.kind, draft.received_at or now),
        filed_at=now,
        routed_by=draft.routed_by,
    )
    new = replace(new, next_check_at=first_check(world, new))
    case = await file_case(connection, new, number)
    await add_event(
        connection, _event(None, case, decision, Deed(action=Action.FILE, by=by, author=draft.author), now)
    )
    if draft.remark:
        await add_event(connection, _remark(case, draft.remark, now))
    await tell(connection, world, before=None, case=case, decision=decision, by=by, now=now)
    await note_case(connection, world, before=None, case=case, decision=decision, by=by, author="", now=now)
    return case


def _remark(case: Case, words: str, now: datetime) -> Event:
    return Event(
        case_id=case.id,
        at=now,
        action=Action.NOTE.value,
        role=Role.SYSTEM.value,
        words=words,
        from_state=case.state.value,
        to_state=case.state.value,
        from_office=case.office,
        to_office=case.office,
    )


async def perform(connection: AsyncConnection, world: World, case_id: int, deed: Deed, now: datetime) -> Case:
    """Do something to a case and return it as it is now.

    Raises NoSuchCase, NotAllowed (by the rules), Impossible (what was given does not fit) or Outrun
    (somebody was quicker); then nothing is written.
    """
    into = None if deed.into is None else await case_to_go_on(connection, deed.into, beside=case_id)
    before = await case_by_id(connection, case_id, lock=True)
    if before is None:
        raise NoSuchCase(case_id)
    if deed.expected_version is not None and deed.expected_version != before.version:
        raise Outrun
    _check(world, before, deed, now)
    decision = decide(
        before.facts(),
        deed.by,
        deed.action,
        deed.words,
        target_office=deed.target,
        date=deed.on,
        into=None if into is None else await as_target(connection, before, into),
    )
    case = await _change(connection, world, before, decision, deed, into, now)
    await add_event(connection, _event(before, case, decision, deed, now))
    await tell(connection, world, before=before, case=case, decision=decision, by=deed.by, into=into, now=now)
    await note_calls(connection, case, decision, now)
    await note_what_was_right(connection, case, decision, deed.by, now)
    await note_case(
        connection,
        world,
        before=before,
        case=case,
        decision=decision,
        by=deed.by,
        author=deed.author,
        now=now,
    )
    return case


async def _change(
    connection: AsyncConnection,
    world: World,
    before: Case,
    decision: Decision,
    deed: Deed,
    into: Case | None,
    now: datetime,
) -> Case:
    rated = decision.action is Action.RATE
    values = _values(before, decision, deed, now) | clock_values(world, before, decision, now, rated=rated)
    if into is not None and decision.state is State.MERGED:
        values["merged_into"] = into.id
        if await go_together(connection, world, before, into, deed.by, deed.author, now) is None:
            raise Outrun
    case = await change(connection, before, values, now)
    if case is None:
        raise Outrun
    if case.state is State.WITHDRAWN:
        await forget_sketches(connection, [case.id])
    elif case.state.is_open and not before.state.is_open and before.form is None:
        await sketch_again(connection, case.id, case.text, case.district)
    return case


def _check(world: World, before: Case, deed: Deed, now: datetime) -> None:
    if len(deed.words) > MOST_WORDS:
        raise Impossible("words_too_long")
    if deed.target is not None and not world.directory.exists(deed.target):
        raise Impossible("unknown_office")
    if deed.on is not None and deed.on <= now.astimezone(world.zone).date():
        raise Impossible("past_date")
    if deed.action is Action.EXTEND and now >= before.due_at:
        raise Impossible("too_late")


def _values(before: Case, decision: Decision, deed: Deed, now: datetime) -> JsonObject:
    values: JsonObject = {
        "state": decision.state.value,
        "office": decision.office,
        "question_waiting": decision.question_waiting,
        "spoke_last": decision.action in WORDS_OF_THE_PERSON
        or (before.spoke_last and decision.action is Action.CONFIRM),
        "second_look_used": decision.second_look_used,
        "moves": decision.moves,
        "closed_at": None if decision.state.is_open else before.closed_at or now,
    }
    if decision.date is not None:
        values["planned_on"] = decision.date
    if decision.action is Action.TAKE:
        values["taker_id"] = deed.by.staff_id
    if decision.action is Action.MOVE:
        values["taker_id"] = None
    if decision.action in (Action.CONFIRM, Action.MOVE) and deed.by.role in _REVIEWERS:
        values["reviewed_at"] = now
    if decision.action is Action.RATE and deed.facts:
        values["rating"] = deed.facts["rating"]
    return values


def _event(before: Case | None, case: Case, decision: Decision, deed: Deed, now: datetime) -> Event:
    staff = deed.by.role not in (Role.RAISER, Role.SUPPORTER)
    return Event(
        case_id=case.id,
        at=now,
        action=decision.action.value,
        role=deed.by.role.value,
        staff_id=deed.by.staff_id if staff else None,
        resident_id=deed.by.resident_id if not staff else None,
        author=deed.author,
        words=decision.words or "",
        from_state=before.state.value if before else "",
        to_state=case.state.value,
        from_office=before.office if before else "",
        to_office=case.office,
        told=bool(decision.tells),
        facts=deed.facts,
    )

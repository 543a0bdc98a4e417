"""What an action does to the dates of a case: its term, its pauses, and when its clock is read next."""

from dataclasses import replace
from datetime import datetime

from cases.clock import end_of_work, next_check, resumed
from cases.deadlines import extended, unit_of
from cases.rules import WORDS_TO_THE_PERSON
from cases.transitions import Decision
from cases.vocabulary import Action, Kind
from handlers.world import World
from storage.casebook import Case, NewCase
from storage.tables import JsonObject


def first_check(world: World, new: NewCase) -> datetime | None:
    """When the clock of a case that is just filed has to be read first."""
    return next_check(new.dates, world.calendar, since=new.filed_at or new.received_at)


def clock_values(world: World, before: Case, decision: Decision, now: datetime, *, rated: bool) -> JsonObject:
    """The dates of a case after the decision, to be written together with it."""
    due_at = _due_after(world, before, decision, now)
    assigned_at = now if decision.office != before.office else before.assigned_at
    spoken = decision.action in WORDS_TO_THE_PERSON and bool(decision.words or decision.date)
    word = spoken or decision.action is Action.PHONED
    values: JsonObject = {
        "due_at": due_at,
        "assigned_at": assigned_at,
        "last_word_at": now if word else before.last_word_at,
        "paused_at": (before.paused_at or now) if decision.question_waiting else None,
        "extended": before.extended or decision.action is Action.EXTEND,
    }
    # With a new date, a new office or an end, what fell due before is over.
    anew = due_at != before.due_at or assigned_at != before.assigned_at or decision.state != before.state
    since = now if anew else before.clock_at or before.received_at
    dates = replace(
        before.dates,
        state=decision.state,
        office=decision.office,
        due_at=due_at,
        assigned_at=assigned_at or before.received_at,
        closed_at=None if decision.state.is_open else before.closed_at or now,
        last_word_at=now if word else before.last_word_at,
        question_waiting=decision.question_waiting,
        rated=before.dates.rated or rated,
    )
    return values | {"clock_at": since, "next_check_at": next_check(dates, world.calendar, since=since)}


def extended_due(world: World, kind: Kind, due_at: datetime) -> datetime:
    """The date after an extension (연장): the same term once more."""
    amount, unit = world.directory.city.deadlines.by_kind[kind.value]
    return extended(due_at, amount, unit_of(unit), world.calendar)


def _due_after(world: World, before: Case, decision: Decision, now: datetime) -> datetime:
    match decision.action:
        case Action.SECOND_LOOK:
            return world.due_at(before.kind, now)
        case Action.EXTEND:
            return extended_due(world, before.kind, before.due_at)
        case Action.LONG_TERM if decision.date is not None:
            # The office's own plan takes the place of the lawful term, and is held to in the same way.
            return end_of_work(decision.date, world.calendar)
    ends = before.question_waiting and not decision.question_waiting and decision.state.is_open
    if ends and before.paused_at is not None:
        return resumed(before.due_at, before.paused_at, now, world.calendar)
    return before.due_at

"""What staff's decisions teach about which office is right (배움): written with the decision itself."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.transitions import Actor, Decision
from cases.vocabulary import INTAKE_DESK, Action, Role
from storage.casebook import Case
from storage.learning import forget_lessons, note_lesson

_TEACHES = frozenset(
    {
        Action.START,
        Action.LONG_TERM,
        Action.ANSWER,
        Action.INFEASIBLE,
        Action.HAND_OVER,
        Action.CONFIRM,
        Action.MOVE,
    }
)
"""Whoever does one of these says that the office in charge afterwards is the right one."""

_STAFF = frozenset({Role.OFFICER, Role.HEAD, Role.DESK, Role.ADMIN})


async def note_what_was_right(
    connection: AsyncConnection, case: Case, decision: Decision, by: Actor, now: datetime
) -> None:
    """Keep the department in charge as a lesson, in the transaction of what was done.

    A later decision replaces it; a case given back to the intake desk teaches nothing until that decides.
    """
    if decision.action not in _TEACHES or by.role not in _STAFF:
        return
    if case.office == INTAKE_DESK:
        await forget_lessons(connection, [case.id])
    else:
        await note_lesson(connection, case.id, case.office.rpartition("/")[2], now)

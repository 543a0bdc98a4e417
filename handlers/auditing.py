"""Noting what staff do to cases in the sealed log (감사 기록), within the transaction of the deed."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.transitions import Actor, Decision
from cases.vocabulary import Role
from handlers.world import World
from storage.audit import Entry, note
from storage.casebook import Case
from storage.tables import JsonObject

_STAFF = frozenset({Role.OFFICER, Role.HEAD, Role.DESK, Role.ADMIN})


async def note_case(
    connection: AsyncConnection,
    world: World,
    *,
    before: Case | None,
    case: Case,
    decision: Decision,
    by: Actor,
    author: str,
    now: datetime,
) -> None:
    """Note an action on a case when it was staff who acted; residents and the program itself are not noted.

    `author` is the name of who acted in a group, where nobody is signed in.
    """
    if by.role not in _STAFF:
        return
    facts: JsonObject = {"role": by.role.value}
    if before is None or before.state is not case.state:
        facts["state"] = case.state.value
    if before is None or before.office != case.office:
        facts["office"] = case.office
    entry = Entry(
        action=f"case.{decision.action.value}",
        subject=str(case.number),
        staff_id=by.staff_id,
        who=author,
        facts=facts,
    )
    await note(connection, world.sealer, entry, now)

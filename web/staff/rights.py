"""What a member of staff may see. What they may do to a case is for `cases.rules` alone."""

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.transitions import Actor
from cases.vocabulary import OfficeId, Role
from storage.casebook import Case
from storage.consultations import is_consulted
from storage.given_away import was_given_away_by
from storage.staff import Staff

EVERYONE = frozenset({Role.OFFICER, Role.HEAD, Role.DESK, Role.ADMIN, Role.READER})
BINDERS = frozenset({Role.HEAD, Role.DESK, Role.ADMIN})
DESK = frozenset({Role.DESK, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
HANDLERS = EVERYONE - {Role.READER}

_SEE_ALL = frozenset({Role.DESK, Role.ADMIN, Role.READER})


def offices_seen(staff: Staff) -> frozenset[OfficeId] | None:
    """The offices whose cases are theirs to see; None: all of them."""
    return None if staff.role in _SEE_ALL else staff.offices


def sees_persons(staff: Staff) -> bool:
    """False for a reader (열람자, 의회 등): they see the case, not who raised it, nor photos and names."""
    return staff.role is not Role.READER


async def may_see(connection: AsyncConnection, staff: Staff, case: Case) -> bool:
    """True for a case of their offices, one they are consulted on, and one they had and sent elsewhere."""
    offices = offices_seen(staff)
    if offices is None or case.office in offices:
        return True
    if not offices:
        return False
    if await was_given_away_by(connection, case.id, offices):
        return True
    return await is_consulted(connection, case.id, offices)


def actor_of(staff: Staff) -> Actor:
    """The person as the rules know them."""
    return Actor(staff.role, staff_id=staff.id, offices=staff.offices)

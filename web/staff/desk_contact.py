"""Who may see how a person without the chat can be told (연락처): the desk and the office in charge."""

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.casebook import Case
from storage.contacts import Contact, contact_of
from storage.staff import Staff
from web.staff.rights import DESK


def sees_contact(staff: Staff, case: Case) -> bool:
    """True for the desk and for the office in charge; nobody else sees whom to phone."""
    return staff.role in DESK or case.office in staff.offices


async def contact_shown(connection: AsyncConnection, staff: Staff, case: Case) -> Contact | None:
    """Whom to phone about a case, for those who may see it; None for others, and where there is nobody."""
    if case.resident_id is not None or not sees_contact(staff, case):
        return None
    return await contact_of(connection, case.id)

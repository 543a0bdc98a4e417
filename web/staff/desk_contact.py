"""Who may see how a person without the chat can be told (연락처): the desk and the office in charge."""

from storage.casebook import Case
from storage.contacts import Contact, contact_of
from storage.staff import Staff
from web.staff.pages import Visit
from web.staff.rights import DESK


def sees_contact(staff: Staff, case: Case) -> bool:
    """True for the desk and for the office in charge; nobody else sees whom to phone."""
    return staff.role in DESK or case.office in staff.offices


async def contact_shown(visit: Visit, case: Case) -> Contact | None:
    """Whom to phone about a case, for those who may see it; that they saw it is noted.

    None for others, and where there is nobody.
    """
    if case.resident_id is not None or not sees_contact(visit.staff, case):
        return None
    async with visit.console.database.read() as connection:
        contact = await contact_of(connection, case.id)
    if contact is not None:
        async with visit.console.database.begin() as connection:
            await visit.note(connection, "contact.seen", str(case.number))
    return contact

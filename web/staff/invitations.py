"""Invitations (초대), for administrators: a link by which somebody makes their own account, once."""

from starlette.responses import Response

from cases.vocabulary import OfficeId
from storage.invitations import LIFE, end_invitation, invite, open_invitations
from web.staff.accounts import LONGEST_NAME, STAFF_ROLES, role_of
from web.staff.offices import best_office, near_names, office_names
from web.staff.pages import NotFound, Visit, go

OFFICE_FIELDS = ("office", "office_2", "office_3")
JOIN = "/staff/join"
"""Where the links lead."""


async def show_invitations(visit: Visit) -> Response:
    """The form for a new one, and those that were not used yet."""
    return await _page(visit)


async def make_invitation(visit: Visit) -> Response:
    """Make a link and show it this once."""
    role, name = role_of(visit.typed("role")), visit.typed("name")
    if role is None or not 1 <= len(name) <= LONGEST_NAME:
        return await _page(visit, 422, fault="name" if role else "role")
    offices: set[OfficeId] = set()
    directory = visit.console.wording.directory
    for typed in filter(None, (visit.typed(field) for field in OFFICE_FIELDS)):
        office = best_office(directory, typed)
        if office is None or directory.is_authority(office):
            near = ", ".join(near_names(directory, typed, visit.locale))
            return await _page(visit, 422, fault="office", near=near)
        offices.add(office)
    async with visit.console.database.begin() as connection:
        token = await invite(
            connection, name=name, role=role, offices=offices, by=visit.staff.id, now=visit.now
        )
        await visit.note(connection, "invitation.made", name=name, role=role.value, offices=sorted(offices))
    address = f"{str(visit.request.base_url).rstrip('/')}{JOIN}/{token}"
    return visit.page("invitation.html", name=name, address=address, days=LIFE.days)


async def withdraw_invitation(visit: Visit) -> Response:
    """Let a link no longer be used."""
    async with visit.console.database.begin() as connection:
        if not await end_invitation(connection, visit.number("id"), visit.now):
            raise NotFound
        await visit.note(connection, "invitation.ended", str(visit.number("id")))
    return go("/staff/invitations?done=ended")


async def _page(visit: Visit, status: int = 200, *, fault: str = "", near: str = "") -> Response:
    async with visit.console.database.read() as connection:
        waiting = await open_invitations(connection, visit.now)
    return visit.page(
        "invitations.html",
        status,
        waiting=waiting,
        roles=STAFF_ROLES,
        offices=office_names(visit.console.wording.directory, visit.locale),
        fields=OFFICE_FIELDS,
        days=LIFE.days,
        fault=fault,
        near=near,
        typed={name: visit.typed(name) for name in ("name", "role", *OFFICE_FIELDS)},
        done=visit.asked("done") == "ended",
    )

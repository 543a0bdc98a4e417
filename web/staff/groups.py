"""Telegram groups of offices (부서 대화방): bound with a one-time code, listed, unbound."""

from starlette.responses import Response

from cases.vocabulary import OfficeId, Role
from storage.bindings import CODE_LIFE, bound_groups, make_code, unbind
from web.staff.offices import best_office, near_names, office_names
from web.staff.pages import NotFound, Visit, go
from web.staff.rights import DESK


async def show_groups(visit: Visit) -> Response:
    """The groups bound to the offices the person answers for."""
    return await _page(visit)


async def make_group_code(visit: Visit) -> Response:
    """Make a code and show it this once, with the sentence to type in the group."""
    typed, directory = visit.typed("office"), visit.console.wording.directory
    office = best_office(directory, typed)
    theirs = _offices(visit)
    if office is None or directory.is_authority(office):
        near = ", ".join(near_names(directory, typed, visit.locale))
        return await _page(visit, 422, fault="office", near=near)
    if theirs is not None and office not in theirs:
        return await _page(visit, 403, fault="not_yours")
    async with visit.console.database.begin() as connection:
        code = await make_code(connection, office, visit.staff.id, visit.now)
        await visit.note(connection, "group.code_made", office=office)
    return await _page(visit, office=office, code=code)


async def unbind_group(visit: Visit) -> Response:
    """Let a group no longer receive an office's tickets."""
    async with visit.console.database.begin() as connection:
        if not await unbind(connection, visit.number("id"), _offices(visit)):
            raise NotFound
        await visit.note(connection, "group.unbound", str(visit.number("id")))
    return go("/staff/groups?done=unbound")


def _offices(visit: Visit) -> frozenset[OfficeId] | None:
    """The offices whose groups are theirs; None: all. A head answers for their own ones."""
    return None if visit.staff.role in DESK else visit.staff.offices


async def _page(
    visit: Visit,
    status: int = 200,
    *,
    fault: str = "",
    near: str = "",
    office: OfficeId | None = None,
    code: str = "",
) -> Response:
    theirs = _offices(visit)
    async with visit.console.database.read() as connection:
        groups = await bound_groups(connection, theirs)
    return visit.page(
        "groups.html",
        status,
        groups=groups,
        offices=office_names(visit.console.wording.directory, visit.locale, theirs),
        fault=fault,
        near=near,
        typed=visit.typed("office"),
        office=office,
        code=code,
        minutes=int(CODE_LIFE.total_seconds() // 60),
        head=visit.staff.role is Role.HEAD,
        done=visit.asked("done") == "unbound",
    )

"""Accounts (직원 관리), for administrators: made, given roles and offices, ended, helped back in."""

from starlette.responses import Response

from cases.vocabulary import Role
from storage.staff import Staff, all_staff, other_active_admins, set_offices, set_staff, staff_by_id
from storage.staff_sessions import end_sessions
from web.staff.accounts import LONGEST_NAME, STAFF_ROLES, UnfitAccount, add_staff, role_of
from web.staff.offices import best_office, near_names, office_names
from web.staff.pages import NotFound, Visit, go
from web.staff.passwords import one_time_password

_DONE = frozenset({"saved", "offices", "active", "inactive", "totp"})


async def show_people(visit: Visit) -> Response:
    """All accounts, and the form for a new one."""
    return await _people(visit)


async def add_person(visit: Visit) -> Response:
    """Make an account; its one-time password is shown this once."""
    role, office = role_of(visit.typed("role")), visit.typed("office")
    found = best_office(visit.console.wording.directory, office) if office else None
    if role is None:
        return await _people(visit, 422, fault="role")
    if office and (found is None or visit.console.wording.directory.is_authority(found)):
        return await _people(visit, 422, fault="office")
    try:
        password = await add_staff(
            visit.console.database,
            visit.console.services.clock,
            visit.console.passwords,
            sealer=visit.console.services.world.sealer,
            by=visit.staff,
            login=visit.typed("login"),
            name=visit.typed("name"),
            role=role,
            offices=() if found is None else (found,),
        )
    except UnfitAccount as unfit:
        return await _people(visit, 422, fault=unfit.reason)
    return visit.page(
        "one_time.html", name=visit.typed("name"), login=visit.typed("login"), password=password
    )


async def show_person(visit: Visit) -> Response:
    """One account."""
    return await _person_page(visit, await _person(visit))


async def save_person(visit: Visit) -> Response:
    """Write name and role."""
    person, role, name = await _person(visit), role_of(visit.typed("role")), visit.typed("name")
    if role is None or not 1 <= len(name) <= LONGEST_NAME:
        return await _person_page(visit, person, 422, fault="name" if role else "role")
    async with visit.console.database.begin() as connection:
        if person.role is Role.ADMIN and role is not Role.ADMIN:
            if not await other_active_admins(connection, person.id):
                return await _person_page(visit, person, 409, fault="last_admin")
            await end_sessions(connection, person.id)
        await set_staff(connection, person.id, {"name": name, "role": role.value})
        await visit.note(
            connection, "people.saved", person.login, role=role.value, role_before=person.role.value
        )
    return go(f"/staff/people/{person.id}?done=saved")


async def add_office(visit: Visit) -> Response:
    """Let a person work for one more office."""
    person, typed = await _person(visit), visit.typed("office")
    directory = visit.console.wording.directory
    office = best_office(directory, typed)
    if office is None or directory.is_authority(office):
        near = ", ".join(near_names(directory, typed, visit.locale))
        return await _person_page(visit, person, 422, fault="office", near=near)
    async with visit.console.database.begin() as connection:
        await set_offices(connection, person.id, person.offices | {office})
        await visit.note(connection, "people.office_added", person.login, office=office)
    return go(f"/staff/people/{person.id}?done=offices")


async def remove_office(visit: Visit) -> Response:
    """Let a person no longer work for an office."""
    person, office = await _person(visit), visit.typed("office")
    if office not in person.offices:
        raise NotFound
    async with visit.console.database.begin() as connection:
        await set_offices(connection, person.id, [one for one in person.offices if one != office])
        await visit.note(connection, "people.office_removed", person.login, office=office)
    return go(f"/staff/people/{person.id}?done=offices")


async def set_active(visit: Visit) -> Response:
    """End an account, with all its sessions, or let it be used again. Nobody ends their own."""
    person, active = await _person(visit), visit.typed("active") == "yes"
    async with visit.console.database.begin() as connection:
        if not active and (
            person.id == visit.staff.id
            or (person.role is Role.ADMIN and not await other_active_admins(connection, person.id))
        ):
            return await _person_page(visit, person, 409, fault="last_admin")
        await set_staff(connection, person.id, {"active": active})
        if not active:
            await end_sessions(connection, person.id)
        await visit.note(connection, "people.revived" if active else "people.ended", person.login)
    return go(f"/staff/people/{person.id}?done={'active' if active else 'inactive'}")


async def reset_password(visit: Visit) -> Response:
    """Give a one-time password to somebody who lost theirs; it is shown this once."""
    person = await _person(visit)
    password = one_time_password()
    kept = await visit.console.passwords.hash(password)
    async with visit.console.database.begin() as connection:
        await set_staff(connection, person.id, {"password_hash": kept, "must_change": True})
        await end_sessions(connection, person.id)
        await visit.note(connection, "people.password", person.login)
    return visit.page("one_time.html", name=person.name, login=person.login, password=password)


async def remove_totp(visit: Visit) -> Response:
    """Let somebody who lost their phone sign in without the app."""
    person = await _person(visit)
    async with visit.console.database.begin() as connection:
        await set_staff(connection, person.id, {"totp_secret": None, "totp_last": None})
        await end_sessions(connection, person.id)
        await visit.note(connection, "people.totp_removed", person.login)
    return go(f"/staff/people/{person.id}?done=totp")


async def _people(visit: Visit, status: int = 200, fault: str = "") -> Response:
    async with visit.console.database.read() as connection:
        people = await all_staff(connection)
    return visit.page(
        "people.html",
        status,
        people=people,
        roles=STAFF_ROLES,
        offices=office_names(visit.console.wording.directory, visit.locale),
        fault=fault,
        typed={name: visit.typed(name) for name in ("login", "name", "role", "office")},
    )


async def _person(visit: Visit) -> Staff:
    async with visit.console.database.read() as connection:
        person = await staff_by_id(connection, visit.number("id"))
    if person is None:
        raise NotFound
    return person


async def _person_page(
    visit: Visit, person: Staff, status: int = 200, *, fault: str = "", near: str = ""
) -> Response:
    return visit.page(
        "person.html",
        status,
        person=person,
        roles=STAFF_ROLES,
        offices=office_names(visit.console.wording.directory, visit.locale),
        fault=fault,
        near=near,
        done=visit.asked("done") if visit.asked("done") in _DONE else "",
    )

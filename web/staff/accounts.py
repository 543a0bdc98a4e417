"""Making accounts, on the command line and at the first start; the console's own page uses the same."""

import re
from collections.abc import Collection

from cases.vocabulary import OfficeId, Role
from handlers.ports import Clock
from storage.audit import Entry, Sealer, note
from storage.engine import Database
from storage.staff import NewStaff, Staff, any_staff
from storage.staff import add_staff as write_staff
from web.staff.passwords import Passwords, one_time_password

STAFF_ROLES = (Role.OFFICER, Role.HEAD, Role.DESK, Role.ADMIN, Role.READER)
"""Roles an account can have, in the order they are offered."""

FIRST_LOGIN = "admin"
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,62}")
LONGEST_NAME = 64


class UnfitAccount(ValueError):  # noqa: N818 - an outcome to word, not a fault
    """An account that cannot be made; `reason` is login, taken, name or role."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def plain_login(typed: str) -> str:
    """A login as it is kept and compared: without blanks around it, in small letters."""
    return typed.strip().casefold()


async def first_staff(
    database: Database, clock: Clock, passwords: Passwords, sealer: Sealer | None = None
) -> tuple[str, str] | None:
    """Make the administrator's account if there is none at all; its login and one-time password, or None.

    Of several processes that start together one makes it.
    """
    async with database.read() as connection:
        if await any_staff(connection):
            return None
    try:
        password = await add_staff(
            database,
            clock,
            passwords,
            login=FIRST_LOGIN,
            name=FIRST_LOGIN,
            role=Role.ADMIN,
            sealer=sealer,
        )
    except UnfitAccount:
        return None
    return FIRST_LOGIN, password


async def add_staff(
    database: Database,
    clock: Clock,
    passwords: Passwords,
    *,
    login: str,
    name: str,
    role: Role,
    offices: Collection[OfficeId] = (),
    locale: str = "ko",
    sealer: Sealer | None = None,
    by: Staff | None = None,
) -> str:
    """Make an account and return its one-time password, which is not kept anywhere.

    The caller has checked that the offices exist. With a sealer it is noted who made it; nobody is the
    command line. Raises UnfitAccount.
    """
    fault = account_fault(login, name, role)
    if fault:
        raise UnfitAccount(fault)
    password = one_time_password()
    new = NewStaff(
        login=plain_login(login),
        name=name.strip(),
        role=role,
        password_hash=await passwords.hash(password),
        offices=offices,
        locale=locale,
    )
    async with database.begin() as connection:
        if await write_staff(connection, new, clock()) is None:
            raise UnfitAccount("taken")
        if sealer is not None:
            await note(connection, sealer, _added(new, by), clock())
    return password


def _added(new: NewStaff, by: Staff | None) -> Entry:
    return Entry(
        action="people.added",
        subject=new.login,
        staff_id=by.id if by else None,
        who=by.login if by else "",
        facts={"role": new.role.value, "offices": sorted(new.offices)},
    )


def account_fault(login: str, name: str, role: Role) -> str:
    """Why an account cannot be made (`login`, `name`, `role`), or an empty text when it can."""
    if not _LOGIN.fullmatch(plain_login(login)):
        return "login"
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        return "name"
    return "" if role in STAFF_ROLES else "role"


def role_of(name: str) -> Role | None:
    """The role of that name that an account can have, or None."""
    return next((role for role in STAFF_ROLES if role.value == name), None)

"""Making accounts, on the command line and at the first start; the console's own page uses the same."""

import re
from collections.abc import Collection

from cases.vocabulary import OfficeId, Role
from handlers.ports import Clock
from storage.engine import Database
from storage.staff import NewStaff, any_staff
from storage.staff import add_staff as write_staff
from web.staff.passwords import Passwords, one_time_password

STAFF_ROLES = (Role.OFFICER, Role.HEAD, Role.DESK, Role.ADMIN, Role.READER)
"""Roles an account can have, in the order they are offered."""

FIRST_LOGIN = "admin"
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,62}")
_LONGEST_NAME = 64


class UnfitAccount(ValueError):  # noqa: N818 - an outcome to word, not a fault
    """An account that cannot be made; `reason` is login, taken, name or role."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def plain_login(typed: str) -> str:
    """A login as it is kept and compared: without blanks around it, in small letters."""
    return typed.strip().casefold()


async def first_staff(database: Database, clock: Clock, passwords: Passwords) -> tuple[str, str] | None:
    """Make the administrator's account if there is none at all; its login and one-time password, or None.

    Of several processes that start together one makes it.
    """
    async with database.read() as connection:
        if await any_staff(connection):
            return None
    try:
        password = await add_staff(
            database, clock, passwords, login=FIRST_LOGIN, name=FIRST_LOGIN, role=Role.ADMIN
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
) -> str:
    """Make an account and return its one-time password, which is not kept anywhere.

    The caller has checked that the offices exist. Raises UnfitAccount.
    """
    fault = _fault(login, name, role)
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
    return password


def _fault(login: str, name: str, role: Role) -> str:
    if not _LOGIN.fullmatch(plain_login(login)):
        return "login"
    if not 1 <= len(name.strip()) <= _LONGEST_NAME:
        return "name"
    return "" if role in STAFF_ROLES else "role"

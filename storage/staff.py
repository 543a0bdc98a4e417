"""Staff accounts (직원 계정): who may sign in, in which role, for which offices."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OfficeId, Role
from storage.statements import insert_or
from storage.tables import JsonObject, StaffOfficeRow, StaffRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person who works on cases (직원), with the offices they work for."""

    id: int
    login: str
    name: str
    role: Role
    locale: str
    must_change: bool
    has_totp: bool
    active: bool
    created_at: datetime
    offices: frozenset[OfficeId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a sign-in is checked against. The app's secret is locked: `web.staff.vault` opens it."""

    staff_id: int
    password_hash: str
    totp_secret: str | None
    totp_last: int | None
    """The last 30-second step whose code was accepted; None until the enrolment was confirmed."""
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStaff:
    """An account about to be made."""

    login: str
    name: str
    role: Role
    password_hash: str
    offices: Collection[OfficeId] = ()
    locale: str = "ko"
    must_change: bool = True
    """False where the person chose the password themselves."""


_PUBLIC = (
    StaffRow.id,
    StaffRow.login,
    StaffRow.name,
    StaffRow.role,
    StaffRow.locale,
    StaffRow.must_change,
    StaffRow.totp_last,
    StaffRow.active,
    StaffRow.created_at,
)


def _staff(row: RowMapping, offices: Collection[str]) -> Staff:
    return Staff(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        role=Role(row["role"]),
        locale=row["locale"],
        must_change=row["must_change"],
        has_totp=row["totp_last"] is not None,
        active=row["active"],
        created_at=row["created_at"],
        offices=frozenset(OfficeId(office) for office in offices),
    )


async def add_staff(connection: AsyncConnection, new: NewStaff, now: datetime) -> int | None:
    """Make an account; its id, or None when the login is taken."""
    statement = insert_or(connection, StaffRow).values(
        login=new.login,
        name=new.name,
        role=new.role.value,
        locale=new.locale,
        password_hash=new.password_hash,
        must_change=new.must_change,
        active=True,
        created_at=now,
    )
    result = await connection.execute(
        statement.on_conflict_do_nothing(index_elements=["login"]).returning(StaffRow.id)
    )
    staff_id = result.scalar_one_or_none()
    if staff_id is not None:
        await _write_offices(connection, staff_id, new.offices)
    return staff_id


async def any_staff(connection: AsyncConnection) -> bool:
    """True when there is at least one account, active or not."""
    result = await connection.execute(select(StaffRow.id).limit(1))
    return result.one_or_none() is not None


async def all_staff(connection: AsyncConnection) -> list[Staff]:
    """Every account: active ones first, then by name."""
    people = await connection.execute(
        select(*_PUBLIC).order_by(StaffRow.active.desc(), StaffRow.name, StaffRow.id)
    )
    rows = people.mappings().all()
    offices = await _offices_of(connection, [row["id"] for row in rows])
    return [_staff(row, offices.get(row["id"], ())) for row in rows]


async def staff_by_id(connection: AsyncConnection, staff_id: int) -> Staff | None:
    """The account of that id, or None."""
    result = await connection.execute(select(*_PUBLIC).where(StaffRow.id == staff_id))
    row = result.mappings().one_or_none()
    if row is None:
        return None
    offices = await _offices_of(connection, [staff_id])
    return _staff(row, offices.get(staff_id, ()))


async def credentials_of(connection: AsyncConnection, login: str) -> Credentials | None:
    """What a sign-in with that login is checked against, or None when nobody has it."""
    return await _credentials(connection, StaffRow.login == login)


async def credentials_by_id(connection: AsyncConnection, staff_id: int) -> Credentials | None:
    """The same for an account that is known already."""
    return await _credentials(connection, StaffRow.id == staff_id)


async def _credentials(connection: AsyncConnection, which: ColumnElement[bool]) -> Credentials | None:
    result = await connection.execute(
        select(
            StaffRow.id.label("staff_id"),
            StaffRow.password_hash,
            StaffRow.totp_secret,
            StaffRow.totp_last,
            StaffRow.active,
        ).where(which)
    )
    row = result.mappings().one_or_none()
    return None if row is None else Credentials(**row)


async def set_staff(connection: AsyncConnection, staff_id: int, values: JsonObject) -> None:
    """Write values of an account: its name, role, language, password hash, whether it is active …"""
    await connection.execute(update(StaffRow).where(StaffRow.id == staff_id).values(values))


async def set_offices(connection: AsyncConnection, staff_id: int, offices: Collection[OfficeId]) -> None:
    """Make these, and only these, the offices a member of staff works for."""
    await connection.execute(delete(StaffOfficeRow).where(StaffOfficeRow.staff_id == staff_id))
    await _write_offices(connection, staff_id, offices)


async def use_totp_step(connection: AsyncConnection, staff_id: int, step: int) -> bool:
    """Mark a 30-second step as used; False when it, or a later one, was used before (a replayed code)."""
    result = await connection.execute(
        update(StaffRow)
        .where(StaffRow.id == staff_id, or_(StaffRow.totp_last.is_(None), StaffRow.totp_last < step))
        .values(totp_last=step)
        .returning(StaffRow.id)
    )
    return result.one_or_none() is not None


async def other_active_admins(connection: AsyncConnection, staff_id: int) -> bool:
    """True when somebody else could still administer accounts without this one.

    Holds all administrators until the transaction ends, so that two cannot take away each other.
    """
    result = await connection.execute(
        select(StaffRow.id)
        .where(StaffRow.role == Role.ADMIN.value, StaffRow.active)
        .order_by(StaffRow.id)
        .with_for_update()
    )
    return any(one != staff_id for one in result.scalars())


async def _write_offices(connection: AsyncConnection, staff_id: int, offices: Collection[OfficeId]) -> None:
    if offices:
        await connection.execute(
            insert(StaffOfficeRow),
            [{"staff_id": staff_id, "office": office} for office in sorted(set(offices))],
        )


async def _offices_of(connection: AsyncConnection, staff_ids: Sequence[int]) -> dict[int, list[str]]:
    result = await connection.execute(
        select(StaffOfficeRow.staff_id, StaffOfficeRow.office)
        .where(StaffOfficeRow.staff_id.in_(staff_ids))
        .order_by(StaffOfficeRow.office)
    )
    offices: dict[int, list[str]] = {}
    for staff_id, office in result:
        offices.setdefault(staff_id, []).append(office)
    return offices

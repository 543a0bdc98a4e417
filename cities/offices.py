"""Districts, departments and other authorities out of a pack's TOML tables."""

import re
from collections.abc import Callable
from typing import Protocol, TypeVar

from cases.vocabulary import INTAKE_DESK
from cities.tables import Table
from intents.city import Authority, Department, District, Level

_SLUG = re.compile(r"[a-z][a-z0-9_-]{0,31}")
# A department's id becomes part of an office's (`yeonsu/parking`, `@police`), hence what it may not hold.
_DEPARTMENT_ID = re.compile(r"[^\s/@|,:]{1,32}")
_PHONE = re.compile(r"[0-9+*#~ -]{3,20}")


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_T = TypeVar("_T", bound=_HasId)


def read_each(tables: list[Table], read: Callable[[Table], _T]) -> tuple[_T, ...]:
    """Each table read; one whose id is missing is left out, one whose id came before is noted."""
    found: dict[str, _T] = {}
    for table in tables:
        one = read(table)
        table.end()
        if one.id in found:
            table.note("id", f"id {one.id!r} stands twice")
        elif one.id:
            found[one.id] = one
    return tuple(found.values())


def phone(table: Table, key: str = "phone") -> str:
    """A phone number as people write it, or ""."""
    number = table.text(key)
    if number and not _PHONE.fullmatch(number):
        table.note(key, f"{key} {number!r} is no phone number")
    return number


def is_slug(name: str) -> bool:
    """True for lower-case ASCII letters, digits, - and _, beginning with a letter, at most 32."""
    return _SLUG.fullmatch(name) is not None


def _slug(table: Table) -> str:
    name = table.text("id", needed=True)
    if name and not is_slug(name):
        table.note("id", f"id {name!r} must be lower-case ASCII letters, digits, - or _, such as yeonsu")
    return name


def _names(table: Table) -> tuple[str, str]:
    name = table.text("name", needed=True)
    return name, table.text("name_en") or name


def read_district(table: Table) -> District:
    """One `[[district]]` (군·구)."""
    name, name_en = _names(table)
    return District(_slug(table), name, name_en, table.texts("former"), phone(table))


def read_department(table: Table) -> Department:
    """One `[[department]]` (소관부서); without a level it is one for the whole city."""
    name, name_en = _names(table)
    department_id = table.text("id", needed=True)
    if department_id == INTAKE_DESK:
        table.note("id", f"id {INTAKE_DESK!r} is kept for the intake desk")
    elif department_id and not _DEPARTMENT_ID.fullmatch(department_id):
        table.note("id", f"id {department_id!r} must be at most 32 characters without space, / @ | , or :")
    level = table.text("level", Level.CITY) or Level.CITY
    if level not in set(Level):
        table.note("level", f"level {level!r} is unknown (known are {', '.join(Level)})")
        level = Level.CITY
    return Department(
        id=department_id,
        name=name,
        name_en=name_en,
        level=Level(level),
        duties=table.texts("duties"),
        keywords=table.texts("keywords"),
        phone=phone(table),
        formerly=table.texts("formerly"),
    )


def read_authority(table: Table) -> Authority:
    """One `[[authority]]` (이송 기관)."""
    name, name_en = _names(table)
    return Authority(_slug(table), name, name_en, table.texts("keywords"), phone(table))

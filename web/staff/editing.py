"""The pack's values edited in the console (도시 자료): beside what the files say, with history."""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.responses import Response

from cities.editing import Edit, EditKind
from cities.faults import PackError
from cities.reading import PackTexts, read_pack
from cities.sheets import parse_days
from intents.city import City, Department
from storage.pack_edits import add_edit, edits_that_count, history_of_edits, newest_version
from web.staff.editing_forms import Unfit, edit_of
from web.staff.pages import NotFound, Visit, go

_PATH = "/staff/pack"
_HISTORY = 20
_OF_DEPARTMENTS = (EditKind.KEYWORDS, EditKind.CONTACT)


async def show_pack(visit: Visit) -> Response:
    """All departments, the days, and what was edited last."""
    return await _pack(visit)


async def show_department(visit: Visit) -> Response:
    """One department: what its file says and what counts."""
    return await _department(visit, visit.part("id"))


async def save_edit(visit: Visit) -> Response:
    """Write an edit if the pack is sound with it; this process goes on with it at once."""
    try:
        edit = edit_of(visit)
    except Unfit as unfit:
        return await _again(visit, 422, fault=unfit.reason)
    after = visit.typed("after")
    if not after.isdecimal() or len(after) > 9:
        raise NotFound
    async with visit.console.database.read() as connection:
        others = await edits_that_count(connection)
    faults = await asyncio.to_thread(_faults, visit.console.services.pack, [*others, edit])
    if faults:
        return await _again(visit, 422, faults=faults)
    async with visit.console.database.begin() as connection:
        done = await add_edit(connection, edit, after=int(after), staff_id=visit.staff.id, now=visit.now)
        if done:
            await visit.note(connection, "pack.edited", edit.key, kind=edit.kind.value)
    if not done:
        return await _again(visit, 409, fault="outrun")
    await visit.console.services.renew()
    return go(f"{_page_of(edit)}?done={'undone' if not edit.value else 'saved'}")


def _faults(pack: str, edits: Sequence[Edit]) -> list[str]:
    try:
        read_pack(pack).city(edits)
    except PackError as error:
        return [str(fault) for fault in error.faults]
    return []


def _page_of(edit: Edit) -> str:
    return f"{_PATH}/department/{edit.key}" if edit.kind in _OF_DEPARTMENTS else _PATH


async def _again(visit: Visit, status: int, *, fault: str = "", faults: Sequence[str] = ()) -> Response:
    """The page the form stood on, with what was typed and why it was not taken."""
    if visit.part("kind") in _OF_DEPARTMENTS:
        return await _department(visit, visit.typed("key"), status, fault=fault, faults=faults)
    return await _pack(visit, status, fault=fault, faults=faults)


async def _pack(visit: Visit, status: int = 200, *, fault: str = "", faults: Sequence[str] = ()) -> Response:
    pack, city = await asyncio.to_thread(_files, visit.console.services.pack)
    now = visit.console.wording.directory.city
    async with visit.console.database.read() as connection:
        after = await newest_version(connection)
        edits = [edit for edit in await edits_that_count(connection) if edit.value]
        history = await history_of_edits(connection, limit=_HISTORY)
    return visit.page(
        "editing.html",
        status,
        departments=now.departments,
        edited={edit.key for edit in edits if edit.kind in _OF_DEPARTMENTS},
        days=_days(pack, edits),
        half_year=now.half_year_dates,
        half_year_of_file=city.half_year_dates,
        half_year_edited=any(edit.kind is EditKind.HALF_YEAR for edit in edits),
        history=history,
        after=after,
        fault=fault,
        faults=faults,
        typed={name: visit.typed(name) for name in ("key", "change", "name", "dates")},
        kind=visit.request.path_params.get("kind", ""),
        done=visit.asked("done") if visit.asked("done") in ("saved", "undone") else "",
    )


async def _department(
    visit: Visit, department: str, status: int = 200, *, fault: str = "", faults: Sequence[str] = ()
) -> Response:
    now = visit.console.wording.directory.city.department(department)
    if now is None:
        raise NotFound
    _, city = await asyncio.to_thread(_files, visit.console.services.pack)
    async with visit.console.database.read() as connection:
        after = await newest_version(connection)
        edits = await edits_that_count(connection)
        history = await history_of_edits(connection, key=department, limit=_HISTORY)
    return visit.page(
        "editing_department.html",
        status,
        department=now,
        of_file=city.department(department),
        edited={edit.kind.value for edit in edits if edit.key == department and edit.value},
        history=history,
        after=after,
        fault=fault,
        faults=faults,
        typed=_typed(visit, now),
        done=visit.asked("done") if visit.asked("done") in ("saved", "undone") else "",
    )


def _typed(visit: Visit, now: Department) -> Mapping[str, str]:
    """What stands in the fields: what was typed, else what counts."""
    known = {
        "keywords": "\n".join(now.keywords),
        "name": now.name,
        "name_en": now.name_en if now.name_en != now.name else "",
        "phone": now.phone,
    }
    return {name: visit.form.get(name, value) for name, value in known.items()}


def _files(pack: str) -> tuple[PackTexts, City]:
    read = read_pack(pack)
    return read, read.city()


def _days(pack: PackTexts, edits: Sequence[Edit]) -> list[dict[str, str]]:
    """Every day that differs from the national calendar, in order, with where it comes from."""
    days = {
        day: {"day": day, "change": change, "name": name, "from": "file"}
        for day, change, name in parse_days(pack.texts)
    }
    for edit in edits:
        if edit.kind is EditKind.DAY:
            given = {name: str(edit.value.get(name, "")) for name in ("change", "name")}
            days[edit.key] = {"day": edit.key, "from": "console", **given}
    return [days[day] for day in sorted(days)]

"""Import (가져오기): a file is looked at, its columns matched, its faults shown; then it is taken in."""

import asyncio
from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode

from starlette.responses import Response

from cases.vocabulary import Role
from reports.checking import City, city_of
from reports.columns import COLUMNS
from reports.importing import KINDS, Looked, TakenAlready, hash_of, look, prepare, take_in
from reports.samples import sample_file
from reports.sheets import MOST_BYTES, MOST_ROWS, Unreadable
from storage.files import DiskFull, NoSuchFile
from storage.importing import ImportRun, import_run, keep_file_as, look_at_file, newest_imports
from web.staff.pages import NotFound, Visit, go

PATH = "/staff/import"
IMPORTERS = frozenset({Role.DESK, Role.ADMIN})
_NEWEST = 20
_FAULTS_SHOWN = 100


async def show_imports(visit: Visit) -> Response:
    """The form for a file, and what was taken in last."""
    return await _page(visit)


async def show_sample(visit: Visit) -> Response:
    """A file to fill in: the heads that are recognised, and one line as an example."""
    kind = visit.part("kind")
    if kind not in KINDS:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{kind}.csv"'}
    return Response(sample_file(kind), media_type="text/csv; charset=utf-8", headers=headers)


async def hand_in(visit: Visit) -> Response:
    """Take a file, look whether it can be read, and keep it until it is taken in or the night is over."""
    kind, upload = visit.typed("kind"), visit.upload
    if kind not in KINDS or upload is None:
        return await _page(visit, 422, fault="no_file")
    try:
        await asyncio.to_thread(partial(look, upload.data, kind, _city(visit)))
    except Unreadable as fault:
        return await _page(visit, 422, fault=fault.reason, where=fault.where)
    try:
        kept_as = await visit.console.services.files.keep_table(upload.data)
    except DiskFull:
        return await _page(visit, 507, fault="disk_full")
    async with visit.console.database.begin() as connection:
        run = await look_at_file(
            connection,
            kind=kind,
            file_hash=hash_of(upload.data),
            file_name=upload.name,
            kept_as=kept_as,
            staff_id=visit.staff.id,
            now=visit.now,
        )
        if run.done_at is None and run.kept_as != kept_as:
            await keep_file_as(connection, run.id, kept_as)
    if run.done_at is not None or run.kept_as not in ("", kept_as):
        await visit.console.services.files.remove(kept_as if run.done_at is not None else run.kept_as)
    return go(f"{PATH}?{urlencode({'again': run.id})}" if run.done_at is not None else f"{PATH}/{run.id}")


async def show_import(visit: Visit) -> Response:
    """What would be taken in, and everything that stands against it."""
    run = await _run(visit)
    columns = dict(visit.request.query_params) if visit.asked("matched") else None
    looked = await _look(visit, run, columns)
    if isinstance(looked, Unreadable):
        return await _page(visit, 422, fault=looked.reason, where=looked.where)
    async with visit.console.database.read() as connection:
        prepared = await prepare(connection, looked)
    return _preview(visit, run, looked, known=len(prepared.known))


async def take(visit: Visit) -> Response:
    """Take the whole file in, or nothing of it."""
    run = await _run(visit)
    looked = await _look(visit, run, visit.form)
    if isinstance(looked, Unreadable):
        return await _page(visit, 422, fault=looked.reason, where=looked.where)
    try:
        async with visit.console.database.begin() as connection:
            taken = await take_in(
                connection, _city(visit), looked, run_id=run.id, staff_id=visit.staff.id, now=visit.now
            )
            if taken is not None:
                await visit.note(
                    connection,
                    "import.taken",
                    run.file_name,
                    kind=run.kind,
                    rows=taken.rows,
                    skipped=taken.skipped,
                )
    except TakenAlready:
        return go(f"{PATH}?{urlencode({'again': run.id})}")
    if taken is None:
        return _preview(visit, run, looked, status=422)
    await visit.console.services.files.remove(run.kept_as)
    return go(f"{PATH}?{urlencode({'done': run.id})}")


async def _run(visit: Visit) -> ImportRun:
    async with visit.console.database.read() as connection:
        run = await import_run(connection, visit.number("id"))
    if run is None or run.done_at is not None:
        raise NotFound
    return run


async def _look(visit: Visit, run: ImportRun, columns: Mapping[str, str] | None) -> Looked | Unreadable:
    try:
        data = await visit.console.services.files.read(run.kept_as)
    except NoSuchFile:
        return Unreadable("gone")
    try:
        # Seconds for a large file: others go on meanwhile.
        return await asyncio.to_thread(partial(look, data, run.kind, _city(visit), columns))
    except Unreadable as fault:
        return fault


def _city(visit: Visit) -> City:
    world = visit.console.services.world
    return city_of(world.directory, world.calendar, visit.now.astimezone(world.zone).date())


def _preview(visit: Visit, run: ImportRun, looked: Looked, *, known: int = 0, status: int = 200) -> Response:
    return visit.page(
        "import_preview.html",
        status,
        run=run,
        looked=looked,
        known=known,
        columns=COLUMNS[run.kind],
        faults=looked.checked.faults[:_FAULTS_SHOWN],
        wrong_rows=looked.checked.wrong,
    )


async def _page(visit: Visit, status: int = 200, fault: str = "", where: str = "") -> Response:
    async with visit.console.database.read() as connection:
        newest = await newest_imports(connection, limit=_NEWEST)
    mentioned = {str(run.id): run for run in newest}
    return visit.page(
        "import.html",
        status,
        newest=newest,
        done=mentioned.get(visit.asked("done")),
        again=mentioned.get(visit.asked("again")),
        twice=bool(visit.asked("again")),
        kinds=KINDS,
        fault=fault,
        where=where,
        most_rows=MOST_ROWS,
        most_megabytes=MOST_BYTES // 1024 // 1024,
    )

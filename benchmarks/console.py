"""How fast the console's pages are: `python -m benchmarks.console [--cases 1000000] [--database …] [--json]`.

Fills a throw-away database with five years of a city, signs in as an officer, a head of several offices and
the intake desk, and asks for every page the way they do. What is measured is the server's own work for one
request at a time, from the request to the whole page, in this process. Aim: p95 under 150 ms each.
"""

import asyncio
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil
from pathlib import Path
from urllib.parse import quote

import click
import httpx
from sqlalchemy import select

from benchmarks.support.town import Town, build_town
from bot.app import Program, build, build_world
from bot.leftovers import rest_what_stays
from bot.settings import Settings
from cases.vocabulary import OfficeId, Role
from cities.reading import load_city
from storage.figures import count_all
from storage.staff import NewStaff, add_staff, set_staff
from storage.staff_sessions import open_session
from storage.tables import CaseRow
from tests.support.postgres import postgres_server
from web.staff.sessions import COOKIE, new_session

AIM_MS = 150.0
_WARMING = 6
"""Requests before those that count: pages and statements are compiled once in the life of a process."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of page: a name, who asks, the addresses one after the other."""

    name: str
    who: str
    paths: Iterator[str]


@dataclass(frozen=True, slots=True)
class Figure:
    """How long one kind of page took, in milliseconds."""

    page: str
    who: str
    p50_ms: float
    p95_ms: float
    cpu_p95_ms: float
    """Processor time, which says more than the clock where others are at work too."""


def _cycle(*paths: str) -> Iterator[str]:
    return itertools.cycle(paths)


_WORDS = ("가로등", "보도블록 깨졌", "놀이터 그네", "송도2동 배수구", "17번", "등")
_TYPOS = ("가루등", "보도불록", "신호듬", "배수고", "현수먁")
_PLACES = ("송도2동", "구월3동", "없는동")
_LISTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("my day", ("/staff/day",)),
    ("list, open, due first", ("/staff",)),
    ("list, overdue", ("/staff?view=overdue",)),
    ("list, all, newest", ("/staff?view=all",)),
    ("list, closed", ("/staff?view=done", "/staff?view=infeasible")),
    ("list, waiting or answered", ("/staff?talk=waiting", "/staff?talk=answered")),
    ("list, second looks", ("/staff?talk=second_look",)),
    ("list, no half-yearly word", ("/staff?silent=1",)),
    (
        "list, kind and district",
        ("/staff?kind=proposal&district=yeonsu", "/staff?kind=question&district=ongjin"),
    ),
    ("list, a place", tuple(f"/staff?place={quote(one)}" for one in _PLACES)),
    ("list, a meeting", tuple(f"/staff?state=all&meeting={one}" for one in (1, 2, 3))),
    ("list, supporters", ("/staff?supporters=10",)),
    ("list, words", tuple(f"/staff?view=all&q={quote(one)}" for one in _WORDS)),
    ("list, words misspelt", tuple(f"/staff?view=all&q={quote(one)}" for one in _TYPOS)),
    ("conflicts", ("/staff/conflicts",)),
)
"""Pages that everybody opens, with their addresses."""

_DESK: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("desk", ("/staff/desk",)),
    ("desk, one case", tuple(f"/staff/desk/review?queue={one}" for one in ("bot", "unrouted", "disputed"))),
    ("intake form", ("/staff/desk/new",)),
    ("people to phone", ("/staff/calls",)),
    ("meetings", ("/staff/meetings",)),
)
"""Pages of the intake desk."""


def pages(town: Town) -> list[Asked]:
    """Every page, with addresses that differ from one request to the next."""
    now = datetime.now(UTC).date()
    months = [
        f"/staff?state=all&from={now - timedelta(days=30 * back)}&to={now - timedelta(days=30 * (back - 1))}"
        for back in range(2, 40, 5)
    ]
    numbers = [f"{now:%y}-{1 + town.cases * part // 50:05}" for part in range(50)]
    found = [
        Asked(name, who, _cycle(*paths))
        for who in ("officer", "head", "desk")
        for name, paths in (*_LISTS, ("list, a month", tuple(months)))
    ]
    found += [
        Asked(name, "desk", _cycle(*(f"/staff/cases/{one}{part}" for one in numbers)))
        for name, part in (("card", ""), ("card, printed", "/print"), ("map", "/map.svg"), ("why", "/why"))
    ]
    found += [Asked(name, "desk", _cycle(*paths)) for name, paths in _DESK]
    return [*found, Asked("ready answers", "desk", _cycle("/staff/answers")), *_figures(now)]


def _figures(now: date) -> list[Asked]:
    halves = [f"{year}H{part}" for year in range(now.year - 3, now.year) for part in (1, 2)]
    of_half = [f"/staff/figures?half={one}" for one in halves]
    found = [Asked("figures, a half-year", who, _cycle(*of_half)) for who in ("officer", "head", "desk")]
    for name, paths in (
        ("figures, five years", [f"/staff/figures?from={now.year - 5}-01-01&to={now}"]),
        ("figures, a kind", [f"{one}&of=kind:complaint&set=district" for one in of_half]),
        ("figures of meetings", [f"/staff/figures/meetings?half={one}" for one in halves]),
    ):
        found.append(Asked(name, "desk", _cycle(*paths)))
    return found


async def _sign_in(
    program: Program, who: str, role: Role, offices: tuple[OfficeId, ...]
) -> httpx.AsyncClient:
    now = datetime.now(UTC)
    async with program.database.begin() as connection:
        new = NewStaff(login=who, name=who, role=role, password_hash="none", offices=offices)
        staff_id = await add_staff(connection, new, now)
        assert staff_id is not None
        await set_staff(connection, staff_id, {"must_change": False})
        token, session = new_session(staff_id, now)
        await open_session(connection, session)
    transport = httpx.ASGITransport(app=program.web, client=("127.0.0.1", 1))
    browser = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
    browser.cookies.set(COOKIE, token, path="/staff")
    return browser


async def measure(database_url: str, cases: int, rounds: int, say: Callable[[str], None]) -> list[Figure]:
    """Fill the database at the URL, then ask for every page `rounds` times."""
    world = build_world(load_city("incheon"))
    began = time.perf_counter()
    town = await build_town(database_url, cases, world.directory)
    say(f"{cases} cases written in {time.perf_counter() - began:.0f} s")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=database_url, data_folder=Path(folder), secret_key="k" * 32)
        async with build(settings, world=world) as program:
            began = time.perf_counter()
            lines = await count_all(program.database, world.zone)
            say(f"{lines} lines of history counted in {time.perf_counter() - began:.0f} s")
            async with program.database.read() as connection:
                office = (await connection.execute(select(CaseRow.office).limit(1))).scalar_one()
            offices = [one for one in world.directory.offices() if one.startswith("yeonsu/")]
            browsers = {
                "officer": await _sign_in(program, "officer", Role.OFFICER, (OfficeId(office),)),
                "head": await _sign_in(program, "head", Role.HEAD, tuple(offices[:8])),
                "desk": await _sign_in(program, "desk", Role.DESK, ()),
            }
            rest_what_stays()  # as `sotong run` does
            figures = []
            for asked in pages(town):
                figures.append(await _asked(browsers[asked.who], asked, rounds))
                say(_line(figures[-1]))
            for browser in browsers.values():
                await browser.aclose()
    return figures


async def _asked(browser: httpx.AsyncClient, asked: Asked, rounds: int) -> Figure:
    took, worked = [], []
    for path in itertools.islice(asked.paths, rounds + _WARMING):
        began, working = time.perf_counter(), time.process_time()
        answer = await browser.get(path)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - working) * 1000)
        if answer.status_code >= 400 and not path.endswith(".svg"):
            raise RuntimeError(f"{path}: {answer.status_code}")
    # The first two compile the page and the statement, once in the life of a process.
    return Figure(asked.name, asked.who, _share(took, 0.5), _share(took, 0.95), _share(worked, 0.95))


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values[_WARMING:])
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def _line(one: Figure) -> str:
    slow = "  over the aim" if one.p95_ms > AIM_MS else ""
    return f"{one.page:28}{one.who:10}{one.p50_ms:8.1f}{one.p95_ms:8.1f}{one.cpu_p95_ms:8.1f}{slow}"


@click.command()
@click.option("--cases", default=20_000, show_default=True, help="Cases in the database.")
@click.option("--rounds", default=40, show_default=True, help="Requests of each kind.")
@click.option(
    "--database", type=click.Choice(["sqlite", "postgresql", "both"]), default="both", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def main(cases: int, rounds: int, database: str, as_json: bool) -> None:
    """Measure the console's pages on a filled database."""
    results: dict[str, list[Figure]] = {}

    def say(line: str) -> None:
        click.echo(line, err=as_json)

    for kind in ("sqlite", "postgresql") if database == "both" else (database,):
        say(f"{kind}: page, who, p50, p95, p95 of processor time (ms)")
        with _somewhere(kind) as url:
            results[kind] = asyncio.run(measure(url, cases, rounds, say))
    if as_json:
        figures = {kind: [asdict(one) for one in found] for kind, found in results.items()}
        json.dump({"cases": cases, "figures": figures}, sys.stdout)


@contextmanager
def _somewhere(kind: str) -> Iterator[str]:
    """The URL of an empty database that is gone afterwards."""
    if kind == "postgresql":
        with postgres_server(durable=True) as server:
            yield server.create("bench")
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/bench.sqlite3"


if __name__ == "__main__":
    main()

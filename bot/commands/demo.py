"""`sotong demo`: an empty database is filled with a half-year to look at."""

import secrets
import sys
import time
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import click

from bot.app import build_world, utc_now
from bot.commands.common import open_database, run_until_done, settings_or_stop
from bot.demo.fill import Life, Lived
from bot.demo.plot import SPAN, plot
from bot.demo.texts import read_texts
from bot.settings import Settings
from cases.vocabulary import INTAKE_DESK, OfficeId, Role
from cities.reading import load_city
from handlers.world import World
from schedules.jobs import Tools
from storage.audit import Sealer
from storage.demonstration import DEMONSTRATION, mark, nobody_came_yet, program_runs
from storage.engine import Database
from storage.files import FileStore
from storage.sole import DatabaseInUse, sole_use
from storage.staff import credentials_of
from web.staff.accounts import add_staff
from web.staff.passwords import Passwords

CITY = "incheon"
ACCOUNTS: Mapping[str, tuple[Role, tuple[str, ...]]] = MappingProxyType(
    {
        "demo-officer": (Role.OFFICER, ("yeonsu/parks", "yeonsu/roads", "yeonsu/parking")),
        "demo-head": (Role.HEAD, ("yeonsu/parks", "yeonsu/roads", "yeonsu/parking", "yeonsu/sewer")),
        "demo-desk": (Role.DESK, (INTAKE_DESK,)),
        "demo-reader": (Role.READER, ()),
        "demo-admin": (Role.ADMIN, ()),
    }
)
_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.OFFICER: "시연 담당자",
        Role.HEAD: "시연 부서장",
        Role.DESK: "시연 접수창구",
        Role.READER: "시연 열람자",
        Role.ADMIN: "시연 관리자",
    }
)
MOST_CASES = 20_000


@click.command()
@click.option("--cases", "many", type=click.IntRange(20, MOST_CASES), default=500, show_default=True)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Another number gives another half-year."
)
def demo(many: int, seed: int) -> None:
    """Fill an EMPTY database with a believable half-year of Incheon, to look at and to train with.

    Nobody in it is a real person, and nothing is sent to anybody. A database in which anybody ever wrote or
    anything was entered is refused, always.
    """
    settings = settings_or_stop()
    if settings.telegram_token:
        raise click.ClickException(
            "SOTONG_TELEGRAM_TOKEN is set. A demonstration has no place where residents write: unset it."
        )
    try:
        with sole_use(settings.database_url):
            run_until_done(_fill(settings, many, seed))
    except DatabaseInUse as file:
        raise click.ClickException(f"sotong runs on {file}. Stop it first, then fill it.") from None


async def _fill(settings: Settings, many: int, seed: int) -> None:
    city = load_city(settings.city)
    if city.id != CITY:
        raise click.ClickException(f"The demonstration is of Incheon, and SOTONG_CITY is {settings.city}.")
    world = build_world(city).own(turns_per_minute=40, sealer=Sealer(settings.secret_key))
    began, end = time.monotonic(), utc_now()
    files = FileStore(settings.data_folder / "files")
    try:
        async with open_database(settings) as database:
            await _claim(database, end)
            passwords = await _accounts(database, world, end - SPAN)
            tools = _tools(settings, database, world, files)
            lived = await _life(tools, seed, many, end, await _ids(database))
    finally:
        files.close()
    click.echo(f"\n{lived.filed} cases, {lived.done} deeds, {time.monotonic() - began:.0f} seconds.")
    click.echo("직원 화면에서 둘러보세요 · look around in the staff console: sotong run, then /staff")
    for login, password in passwords.items():
        click.echo(f"  {login:14} {password}   (한 번만 보입니다 · shown once)")


async def _claim(database: Database, now: datetime) -> None:
    """Make the database a demonstration's for good, if nobody ever used it."""
    async with database.begin() as connection:
        if await program_runs(connection, now):
            raise click.ClickException("sotong runs on this database. Stop it first, then fill it.")
        if not await nobody_came_yet(connection) or not await mark(connection, DEMONSTRATION, now):
            raise click.ClickException(
                "The database is not empty. Take a new one: SOTONG_DATA=var-demo sotong demo, "
                "then SOTONG_DATA=var-demo sotong run."
            )
        for login in ACCOUNTS:
            if await credentials_of(connection, login) is not None:
                raise click.ClickException(f"There is an account {login} already. Take a new database.")


async def _accounts(database: Database, world: World, since: datetime) -> dict[str, str]:
    """Make the accounts to look around with; their one-time passwords by login."""
    passwords = Passwords()
    return {
        login: await add_staff(
            database,
            lambda: since,
            passwords,
            login=login,
            name=_NAMES[role],
            role=role,
            offices=[OfficeId(office) for office in offices],
            sealer=world.sealer,
        )
        for login, (role, offices) in ACCOUNTS.items()
    }


async def _ids(database: Database) -> dict[str, int]:
    async with database.read() as connection:
        known = {login: await credentials_of(connection, login) for login in ACCOUNTS}
    return {login: one.staff_id for login, one in known.items() if one is not None}


async def _life(tools: Tools, seed: int, many: int, end: datetime, ids: Mapping[str, int]) -> Lived:
    story = plot(tools.world, read_texts(), seed=seed, many=many, end=end)
    officers = {OfficeId(office): ids["demo-officer"] for office in ACCOUNTS["demo-officer"][1]}
    with click.progressbar(length=many, label="시연 자료 · half a year", file=sys.stderr) as bar:
        shown = 0

        def show(lived: Lived) -> None:
            nonlocal shown
            bar.update(lived.filed - shown)
            shown = lived.filed

        life = Life(tools, story, end=end, desk=ids["demo-desk"], officers=officers, show=show)
        return await life.live()


class _Nobody:
    """Nothing is sent while the half-year is lived."""

    def wake(self) -> None:
        """Nobody waits."""


def _tools(settings: Settings, database: Database, world: World, files: FileStore) -> Tools:
    return Tools(
        database_url=settings.database_url,
        database=database,
        world=world,
        files=files,
        data_folder=settings.data_folder,
        waker=_Nobody(),
        clock=utc_now,
        owner=f"demo-{secrets.token_hex(4)}",
    )

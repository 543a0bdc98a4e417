"""`sotong staff`: accounts of people who work on cases."""

import json

import click

from bot.app import utc_now
from bot.commands.common import open_database, run_until_done, settings_or_stop
from bot.settings import Settings
from cases.vocabulary import OfficeId, Role
from cities.directory import Directory
from cities.reading import load_city
from storage.audit import Sealer
from web.staff.accounts import STAFF_ROLES, UnfitAccount, add_staff
from web.staff.passwords import Passwords

_FAULTS = {
    "login": "The login must be 2 to 63 small letters, digits, dots, hyphens, underscores or @.",
    "taken": "There is an account of this login already.",
    "name": "The name must be 1 to 64 characters.",
    "role": "This role is none an account can have.",
}


@click.group()
def staff() -> None:
    """Accounts of staff."""


@staff.command()
@click.argument("login")
@click.option("--name", required=True, help="The name shown in the history of cases.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in STAFF_ROLES]),
    default=Role.OFFICER.value,
    show_default=True,
)
@click.option(
    "--office",
    "offices",
    multiple=True,
    help="An office such as yeonsu/parking or desk; may be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the login and the password as JSON.")
def add(login: str, name: str, role: str, offices: tuple[str, ...], as_json: bool) -> None:
    """Make an account; prints its one-time password, which must be changed at the first sign-in."""
    settings = settings_or_stop()
    password = run_until_done(_add(settings, login, name, Role(role), offices))
    if as_json:
        click.echo(json.dumps({"login": login, "password": password}))
    else:
        click.echo(f"{login} / {password}   (한 번만 보입니다 · shown once)")


async def _add(settings: Settings, login: str, name: str, role: Role, offices: tuple[str, ...]) -> str:
    directory = Directory(load_city(settings.city))
    unknown = [office for office in offices if not directory.exists(office)]
    if unknown:
        raise click.ClickException(
            f"{', '.join(unknown)}: no such office in {settings.city}. "
            "An office is a department's id, with its district before it where it has one: yeonsu/parking."
        )
    async with open_database(settings) as database:
        try:
            return await add_staff(
                database,
                utc_now,
                Passwords(),
                login=login,
                name=name,
                role=role,
                offices=[OfficeId(office) for office in offices],
                sealer=Sealer(settings.secret_key),
            )
        except UnfitAccount as unfit:
            raise click.ClickException(_FAULTS[unfit.reason]) from unfit

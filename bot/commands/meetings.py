"""`sotong meeting`: meetings with residents, whose link files cases under them."""

import re
from datetime import datetime
from types import MappingProxyType

import click
from sqlalchemy.exc import IntegrityError

from bot.app import utc_now
from bot.commands.common import open_database, run_until_done, settings_or_stop
from bot.settings import Settings
from cities.directory import Directory
from cities.reading import load_city
from storage.meetings import add_meeting, new_code

_CODE = re.compile(r"[A-Za-z0-9_-]{4,32}")
_LONGEST = MappingProxyType({"title": 200, "kind": 64, "place": 64})


@click.group()
def meeting() -> None:
    """Meetings with residents (소통행사)."""


@meeting.command()
@click.argument("title")
@click.option("--kind", default="기타", show_default=True, help="동 연두방문, 현장대화의 날, 정책간담회 …")
@click.option("--date", "held_on", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--district", default="", help="The district's id in the pack, such as yeonsu.")
@click.option("--place", default="", help="Where it is held.")
@click.option("--code", default="", help="The code in its link; made up when it is not given.")
def add(title: str, kind: str, held_on: datetime, district: str, place: str, code: str) -> None:
    """Write down a meeting and print its link for the QR code."""
    settings = settings_or_stop()
    code = code or new_code()
    if not _CODE.fullmatch(code):
        raise click.ClickException("The code must be 4 to 32 letters, digits, hyphens or underscores.")
    for name, words in (("title", title), ("kind", kind), ("place", place)):
        if len(words) > _LONGEST[name]:
            raise click.ClickException(f"The {name} has {len(words)} characters; at most {_LONGEST[name]}.")
    run_until_done(_add(settings, title, kind, held_on, district, place, code))
    here = settings.public_url or f"http://{settings.host}:{settings.port}"
    click.echo(f"웹 · web        {here}/m/{code}")
    click.echo(f"텔레그램 · Telegram   https://t.me/<the bot's name>?start=m-{code}")


async def _add(
    settings: Settings, title: str, kind: str, held_on: datetime, district: str, place: str, code: str
) -> None:
    directory = Directory(load_city(settings.city))
    if district and directory.district(district) is None:
        known = ", ".join(one.id for one in directory.city.districts)
        raise click.ClickException(f"{district}: no such district. There are: {known}.")
    async with open_database(settings) as database, database.begin() as connection:
        try:
            await add_meeting(
                connection,
                code=code,
                title=title,
                kind=kind,
                held_on=held_on.date(),
                district=district,
                place=place,
                now=utc_now(),
            )
        except IntegrityError as error:
            raise click.ClickException(f"There is a meeting with the code {code} already.") from error

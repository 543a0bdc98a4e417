"""`sotong model`: what was learned about the right office, its versions, and which one is in use."""

import json
from collections.abc import Sequence

import click

from bot.commands.common import open_database, run_until_done, settings_or_stop
from bot.settings import Settings
from cities.reading import load_city
from schedules.learning import order_of
from schedules.training import Trained, TrainingFailed, trained
from storage.learning import NoSuchModel, StoredModel, models, use_model

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def model() -> None:
    """What was learned from cases that staff confirmed or moved: list, train, roll back."""


@model.command("list")
@_json
def list_models(as_json: bool) -> None:
    """Show every version that is kept, newest first, with what it reached on cases held out."""
    found = run_until_done(_list(settings_or_stop()))
    if as_json:
        click.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        figures = " ".join(f"{name} {value}" for name, value in _rounded(one).items())
        click.echo(
            f"{one.version:>5}  {one.state:8}{one.made_at:%Y-%m-%d %H:%M} UTC  {figures}  {one.reason}"
        )
    if not found:
        click.echo("Nothing was trained yet: offices are found by the pack's words, and by cases of the day.")


@model.command()
@_json
def train(as_json: bool) -> None:
    """Train anew from all confirmed cases now; in use within half a minute if it is no worse."""
    settings = settings_or_stop()
    click.echo("Training ...", err=True)
    try:
        done = run_until_done(_train(settings))
    except TrainingFailed as failed:
        raise click.ClickException(f"No model was made: {failed}.") from failed
    if as_json:
        answer = {"lessons": done.lessons, "version": done.version, "refused": done.refused}
        click.echo(json.dumps(answer | {"quality": done.quality}, ensure_ascii=False))
    elif done.version is None:
        click.echo(f"{done.lessons} confirmed cases are too few to train from; each counts by itself so far.")
    else:
        fate = f"not taken into use: {done.refused}" if done.refused else "in use from now on"
        click.echo(f"Version {done.version} from {done.lessons} cases, {fate}.")


@model.command()
@click.argument("version", type=int)
@_json
def use(version: int, as_json: bool) -> None:
    """Take VERSION into use (roll back); every process follows within half a minute.

    The next night trains anew, and replaces it unless it is better.
    """
    try:
        run_until_done(_use(settings_or_stop(), version))
    except NoSuchModel as error:
        raise click.ClickException(f"There is no version {version}: see sotong model list.") from error
    click.echo(
        json.dumps({"version": version, "state": "active"}) if as_json else f"Version {version} is in use."
    )


async def _list(settings: Settings) -> Sequence[StoredModel]:
    async with open_database(settings) as database, database.read() as connection:
        return await models(connection)


async def _train(settings: Settings) -> Trained:
    city = load_city(settings.city)
    async with open_database(settings):
        return await trained(order_of(settings.database_url, city))


async def _use(settings: Settings, version: int) -> None:
    async with open_database(settings) as database, database.begin() as connection:
        await use_model(connection, version)


def _rounded(one: StoredModel) -> dict[str, object]:
    return {
        name: round(value, 3) if isinstance(value, float) else value for name, value in one.quality.items()
    }


def _plain(one: StoredModel) -> dict[str, object]:
    return {
        "version": one.version,
        "state": one.state,
        "made_at": one.made_at.isoformat(),
        "trained_on": one.trained_on,
        "quality": one.quality,
        "reason": one.reason,
    }

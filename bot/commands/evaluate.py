"""`sotong evaluate`: how often understanding is right, on a CSV file that somebody labelled."""

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from bot.commands.common import quiet_logs
from bot.commands.routing_lines import lines_of
from cities.faults import PackError
from cities.reading import load_city
from intents.city import City
from intents.evaluate import (
    IntentRow,
    IntentsResult,
    PlaceRow,
    PlacesResult,
    RoutingResult,
    RoutingRow,
    evaluate_intents,
    evaluate_places,
    evaluate_routing,
    learn_rows,
)
from intents.routing_report import RoutingReport, report_routing
from intents.understanding import Understanding

Result = RoutingResult | PlacesResult | IntentsResult | RoutingReport

_cases = click.option(
    "--cases",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file with a heading line, in UTF-8.",
)
_city = click.option("--city", "pack", default="incheon", show_default=True, help="A pack's name or folder.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def evaluate() -> None:
    """Measure understanding on labelled texts."""


@evaluate.command()
@_city
@_cases
@_json
@click.option("--report", "report", is_flag=True, help="Each department, what is confused, what misleads.")
@click.option(
    "--learn",
    "lessons",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of the same columns, learned first as if staff had confirmed every row.",
)
def routing(pack: str, file: Path, as_json: bool, report: bool, lessons: Path | None) -> None:
    """Columns text,department (id or name): how often the right office is found."""
    city, understanding = _understanding(pack)
    rows = _routing_rows(file)
    with _readable():
        if lessons is not None:
            taught = _routing_rows(lessons)
            click.echo(f"Learning from {len(taught)} rows ...", err=True)
            understanding = learn_rows(understanding, city, taught)
        if report:
            _print_report(report_routing(understanding, city, rows), city, as_json)
        else:
            _print(evaluate_routing(understanding, city, rows), as_json)


@evaluate.command()
@_city
@_cases
@_json
def places(pack: str, file: Path, as_json: bool) -> None:
    """Columns text,district,place; several districts joined with | where the right answer is to ask."""
    city, understanding = _understanding(pack)
    rows = [
        PlaceRow(row["text"], row["district"], row["place"])
        for row in _rows(file, ("text", "district", "place"))
    ]
    with _readable():
        _print(evaluate_places(understanding, city, rows), as_json)


@evaluate.command()
@_city
@_cases
@_json
def intents(pack: str, file: Path, as_json: bool) -> None:
    """Columns text,intent: how often it is seen what a person wants."""
    _, understanding = _understanding(pack)
    rows = [IntentRow(row["text"], row["intent"]) for row in _rows(file, ("text", "intent"))]
    with _readable():
        _print(evaluate_intents(understanding, rows), as_json)


def _routing_rows(file: Path) -> list[RoutingRow]:
    return [RoutingRow(row["text"], row["department"]) for row in _rows(file, ("text", "department"))]


@contextmanager
def _readable() -> Iterator[None]:
    # What a labelled file gets wrong ends with one line.
    try:
        yield
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _understanding(pack: str) -> tuple[City, Understanding]:
    quiet_logs()
    try:
        city = load_city(pack)
    except PackError as error:
        raise click.ClickException(str(error)) from error
    return city, Understanding(city)


def _rows(file: Path, columns: tuple[str, ...]) -> list[Mapping[str, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not UTF-8: save it as CSV UTF-8.") from error
    reader = csv.DictReader(text.splitlines(keepends=True))
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise click.ClickException(
            f"{file} has no column {', '.join(missing)}; it needs {','.join(columns)}."
        )
    rows: list[Mapping[str, str]] = []
    for row in reader:
        if any(row[column] is None for column in columns):
            raise click.ClickException(f"{file} line {reader.line_num}: fewer columns than the heading has.")
        rows.append({column: row[column] for column in columns})
    if not rows:
        raise click.ClickException(f"{file} has no rows below its heading.")
    return rows


def _print_report(report: RoutingReport, city: City, as_json: bool) -> None:
    if as_json:
        _print(report, as_json)
        return
    for line in lines_of(report, city):
        click.echo(line)


def _print(result: Result, as_json: bool) -> None:
    values = asdict(result)
    if as_json:
        click.echo(json.dumps(values, ensure_ascii=False))
        return
    for name, value in values.items():
        if isinstance(value, float):
            click.echo(f"{name:22} {value:.3f}")
        elif isinstance(value, dict | list | tuple):
            click.echo(f"{name}:")
            for line in value.items() if isinstance(value, dict) else value:
                click.echo(f"  {line}")
        else:
            click.echo(f"{name:22} {value}")

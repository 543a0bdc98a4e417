"""Places and days off out of a pack's CSV files."""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from io import StringIO

from cities.faults import Fault
from intents.city import Place, PlaceKind

PLACES = "places.csv"
HOLIDAYS = "holidays.csv"
LONGEST_NAME = 64
_PLACE_COLUMNS = ("name", "kind", "district", "lat", "lon", "also")
_HOLIDAY_COLUMNS = ("date", "change", "name")
_KINDS = {kind.value: kind for kind in PlaceKind}


def _rows(
    file: str, text: str, columns: Sequence[str], faults: list[Fault]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows as column -> cell with their number in the file (heading 1); empty ones are passed over."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        table = list(reader)
    except csv.Error as error:
        faults.append(Fault(file, reader.line_num, f"not readable as CSV: {error}"))
        return
    heading = [cell.strip() for cell in table[0]] if table else []
    if len(set(heading)) < len(heading) or not {columns[0], columns[1]} <= set(heading) <= set(columns):
        faults.append(Fault(file, 1, f"the heading must be {','.join(columns)}"))
        return
    for number, cells in enumerate(table[1:], 2):
        if len(cells) > len(heading):
            faults.append(Fault(file, number, f"{len(cells)} cells, but the heading has {len(heading)}"))
        elif any(cell.strip() for cell in cells):
            filled = [cell.strip() for cell in cells] + [""] * (len(heading) - len(cells))
            yield number, dict.fromkeys(columns, "") | dict(zip(heading, filled, strict=True))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in cell.split("|") if part.strip()))


def _degrees(cell: str, name: str, most: float, wrong: list[str]) -> float | None:
    if not cell:
        return None
    try:
        degrees = float(cell)
    except ValueError:
        wrong.append(f"{name} {cell!r} is no number")
        return None
    if -most <= degrees <= most:
        return degrees
    wrong.append(f"{name} {cell} is not between -{most:g} and {most:g}")
    return None


def _districts(cell: str, known: Collection[str] | None, wrong: list[str]) -> tuple[str, ...]:
    ids = _split(cell)
    if known is not None:
        wrong += [f"district {one!r} is not in city.toml" for one in ids if one not in known]
        if known and not ids:
            wrong.append("district is empty")
    return ids


def _place(row: Mapping[str, str], known: Collection[str] | None, wrong: list[str]) -> Place:
    if not row["name"]:
        wrong.append("name is empty")
    if len(row["name"]) > LONGEST_NAME:
        wrong.append(f"name has {len(row['name'])} characters; at most {LONGEST_NAME} are kept with a case")
    if row["kind"] not in _KINDS:
        wrong.append(f"kind {row['kind']!r} is unknown (known are {', '.join(_KINDS)})")
    if bool(row["lat"]) != bool(row["lon"]):
        wrong.append("lat and lon must stand both or not at all")
    return Place(
        name=row["name"],
        kind=_KINDS.get(row["kind"], PlaceKind.LANDMARK),
        districts=_districts(row["district"], known, wrong),
        latitude=_degrees(row["lat"], "lat", 90, wrong),
        longitude=_degrees(row["lon"], "lon", 180, wrong),
        also=_split(row["also"]),
    )


def parse_places(text: str, districts: Collection[str] | None, faults: list[Fault]) -> tuple[Place, ...]:
    """Places of `places.csv`; `districts` are the known ids (None: not known, so not checked).

    Every spelling (name or also, spaces aside) may stand in one row only: a name that two districts
    share is one row with both districts joined by |. Faults are added to `faults`.
    """
    places: list[Place] = []
    first_row: dict[str, int] = {}
    for number, row in _rows(PLACES, text, _PLACE_COLUMNS, faults):
        wrong: list[str] = []
        place = _place(row, districts, wrong)
        places.append(place)
        for spelling in filter(None, (place.name, *place.also)):
            before = first_row.setdefault(spelling.replace(" ", ""), number)
            if before != number:
                wrong.append(f"{spelling} already stands in row {before}; join districts with | in one row")
        faults += [Fault(PLACES, number, what) for what in wrong]
    return tuple(places)


def parse_holidays(text: str, faults: list[Fault]) -> tuple[frozenset[date], frozenset[date]]:
    """Days of `holidays.csv` that are off, and days that are on, against the national calendar."""
    days: dict[str, set[date]] = {"off": set(), "on": set()}
    for number, row in _rows(HOLIDAYS, text, _HOLIDAY_COLUMNS, faults):
        try:
            day = date.fromisoformat(row["date"])
        except ValueError:
            faults.append(Fault(HOLIDAYS, number, f"date {row['date']!r} is no day such as 2026-10-05"))
            continue
        if row["change"] not in days:
            faults.append(Fault(HOLIDAYS, number, f"change {row['change']!r} must be off or on"))
        elif any(day in known for known in days.values()):
            faults.append(Fault(HOLIDAYS, number, f"{day} stands twice"))
        else:
            days[row["change"]].add(day)
    return frozenset(days["off"]), frozenset(days["on"])


def parse_days(texts: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The rows of a sound `holidays.csv` as they stand: date, `off` or `on`, and the name."""
    rows = _rows(HOLIDAYS, texts.get(HOLIDAYS, ""), _HOLIDAY_COLUMNS, [])
    return [(row["date"], row["change"], row["name"]) for _, row in rows]

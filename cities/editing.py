"""Changing a pack's texts (도시 자료 수정): values edited in the console put into the files, all else kept.

The result is text again: it is read and checked as any pack is, and can be written out as files.
"""

import csv
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from types import MappingProxyType

from cities.parsing import CITY, DEPARTMENTS
from cities.sheets import HOLIDAYS

_HEADING = "[[department]]"
_DAYS = ("date", "change", "name")


class EditKind(StrEnum):
    """What can be edited."""

    KEYWORDS = "keywords"  # of a department: {"keywords": […]}
    CONTACT = "contact"  # of a department: {"name": "…", "name_en": "…", "phone": "…"}
    DAY = "day"  # a day of the calendar: {"change": "off" | "on" | "none", "name": "…"}
    HALF_YEAR = "half_year"  # the days of the half-yearly account: {"dates": ["01-10", …]}


@dataclass(frozen=True, slots=True)
class Edit:
    """One value that counts instead of the file's. An empty value: the file's counts again."""

    kind: EditKind
    key: str
    value: Mapping[str, object]


class Misplaced(LookupError):  # noqa: N818 - an outcome to word
    """There is no department of that id any more; the text is the id."""


def edited(files: Mapping[str, str], edits: Iterable[Edit]) -> dict[str, str]:
    """The pack's texts with these edits in them. An edit of a department that is no more changes nothing."""
    texts = dict(files)
    for edit in edits:
        if edit.value:
            try:
                _APPLY[edit.kind](texts, edit)
            except Misplaced:
                continue
    return texts


def _apply_keywords(texts: dict[str, str], edit: Edit) -> None:
    texts[DEPARTMENTS] = _set_in_department(
        texts.get(DEPARTMENTS, ""), edit.key, {"keywords": edit.value.get("keywords", [])}
    )


def _apply_contact(texts: dict[str, str], edit: Edit) -> None:
    given = {name: edit.value[name] for name in ("name", "name_en", "phone") if edit.value.get(name)}
    texts[DEPARTMENTS] = _set_in_department(texts.get(DEPARTMENTS, ""), edit.key, given)


def _apply_half_year(texts: dict[str, str], edit: Edit) -> None:
    lines = texts.get(CITY, "").split("\n")
    # Keys of the whole city stand before the first heading.
    end = next((n for n, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
    _set(lines, 0, end, "half_year_dates", edit.value.get("dates", []))
    texts[CITY] = "\n".join(lines)


def _apply_day(texts: dict[str, str], edit: Edit) -> None:
    rows = list(csv.DictReader(StringIO(texts.get(HOLIDAYS, ""), newline="")))
    kept = [row for row in rows if (row.get("date") or "").strip() != edit.key]
    change = str(edit.value.get("change", "none"))
    if change != "none":
        kept.append({"date": edit.key, "change": change, "name": str(edit.value.get("name", ""))})
    out = StringIO(newline="")
    writer = csv.DictWriter(out, _DAYS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(kept, key=lambda row: row["date"] or ""))
    texts[HOLIDAYS] = out.getvalue()


_APPLY: Mapping[EditKind, Callable[[dict[str, str], Edit], None]] = MappingProxyType(
    {
        EditKind.KEYWORDS: _apply_keywords,
        EditKind.CONTACT: _apply_contact,
        EditKind.DAY: _apply_day,
        EditKind.HALF_YEAR: _apply_half_year,
    }
)


def _set_in_department(text: str, department: str, values: Mapping[str, object]) -> str:
    lines = text.split("\n")
    for key, value in values.items():
        start, end = _department(lines, department)
        _set(lines, start, end, key, value)
    return "\n".join(lines)


def _department(lines: Sequence[str], department: str) -> tuple[int, int]:
    """From the line after the department's heading to the next heading."""
    headings = [n for n, line in enumerate(lines) if line.lstrip().startswith("[") and _is_heading(line)]
    for heading, end in zip(headings, [*headings[1:], len(lines)], strict=True):
        if lines[heading].strip().startswith(_HEADING):
            body = tomllib.loads("\n".join(lines[heading + 1 : end]))
            if body.get("id") == department:
                return heading + 1, end
    raise Misplaced(department)


def _is_heading(line: str) -> bool:
    # A line inside a list of several lines may begin with a bracket too, but is no heading by itself.
    try:
        tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _set(lines: list[str], start: int, end: int, key: str, value: object) -> None:
    written = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    for first in range(start, end):
        if lines[first].split("=", 1)[0].strip() == key and "=" in lines[first]:
            lines[first : _last(lines, first, end) + 1] = [written]
            return
    # Before the blank lines that part this table from the next.
    while end > start and not lines[end - 1].strip():
        end -= 1
    lines.insert(end, written)


def _last(lines: Sequence[str], first: int, end: int) -> int:
    """The line on which a value that begins on line `first` ends."""
    for last in range(first, end):
        try:
            tomllib.loads("\n".join(lines[first : last + 1]))
        except tomllib.TOMLDecodeError:
            continue
        return last
    return end - 1

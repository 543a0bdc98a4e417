"""Reading what an office exported (표 읽기): CSV in UTF-8 or CP949, and the first sheet of an XLSX file.

Every cell becomes text. What cannot be read as it is meant is refused with the place, never guessed.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from reports.workbook import WorkbookFault, merged_cells, rows_of_workbook

MOST_ROWS = 100_000
MOST_COLUMNS = 100
MOST_BYTES = 30 * 1024 * 1024
LONGEST_CELL = 20_000

_ENCODINGS = ("utf-8-sig", "cp949")
_OTHERS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = (",", "\t", ";")


class Unreadable(Exception):  # noqa: N818 - an outcome to word
    """The whole file cannot be read: `reason` is a key below `import.unreadable`, `where` the place."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(f"{reason} {where}".strip())
        self.reason = reason
        self.where = where


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number in the file, counted from 1 as spreadsheets do."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows that are not empty, the head among them."""

    rows: tuple[Row, ...]
    merged: tuple[tuple[str, int], ...] = ()
    """Cells merged over several rows, and the last row of each."""


def read_sheet(data: bytes) -> Sheet:
    """Read a file by its content, whatever its name says. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large")
    if not data.strip():
        raise Unreadable("empty")
    sheet = _xlsx(data) if zipfile.is_zipfile(io.BytesIO(data)) else Sheet(tuple(_rows_of_csv(data)))
    if not sheet.rows:
        raise Unreadable("empty")
    return sheet


def _xlsx(data: bytes) -> Sheet:
    rows: list[Row] = []
    try:
        for number, values in rows_of_workbook(data, most_columns=MOST_COLUMNS + 1):
            rows += _row(number, [_text(value) for value in values])
        return Sheet(tuple(rows), tuple(merged_cells(data)))
    except WorkbookFault as fault:
        raise Unreadable(fault.reason, fault.where) from fault


def _rows_of_csv(data: bytes) -> Iterator[Row]:
    text = _decoded(data)
    delimiter = max(_DELIMITERS, key=text[: text.find("\n")].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            yield from _row(number, cells)
            number = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable("quotes", str(number)) from error


def _decoded(data: bytes) -> str:
    if data.startswith(_OTHERS) or b"\0" in data:
        raise Unreadable("encoding")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")


def _row(number: int, values: Sequence[str]) -> Iterator[Row]:
    cells = [value.strip() for value in values]
    if not any(cells):
        return
    if number > MOST_ROWS + 100:
        raise Unreadable("too_many_rows", str(MOST_ROWS))
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise Unreadable("cell_too_long", str(number))
    if any(cells[MOST_COLUMNS:]):
        raise Unreadable("too_many_columns", str(number))
    yield Row(number, tuple(cells[:MOST_COLUMNS]))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "O" if value else ""
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)

"""The first sheet of an XLSX file, row by row: values only, and no guess where a formula has none."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from itertools import zip_longest
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MOST_UNPACKED = 400 * 1024 * 1024
"""Bytes a file may hold when unpacked: a few kilobytes can be made to hold gigabytes."""

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_MERGED = re.compile(rb'<mergeCell\b[^>]*\bref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_FORMULA = re.compile(rb"<f[\s>/]")
_LAST_ROW = re.compile(r"\d+$")

_BROKEN = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    ParseError,
    zipfile.BadZipFile,
    InvalidFileException,
)


class WorkbookFault(Exception):  # noqa: N818 - an outcome to word
    """The workbook cannot be taken: `reason`, and `where` in it."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(f"{reason} {where}".strip())
        self.reason = reason
        self.where = where


def rows_of_workbook(data: bytes, *, most_columns: int) -> Iterator[tuple[int, list[object]]]:
    """Row numbers (from 1) and values of the first sheet. Raises WorkbookFault.

    Refused is a formula whose value the file does not hold, as programs write it that do not reckon.
    """
    try:
        if _FORMULA.search(_first_sheet(data)):
            _check_formulas(data, most_columns)
        yield from _values(data, most_columns, formulas=False)
    except _BROKEN as error:
        raise WorkbookFault("broken") from error


def merged_cells(data: bytes) -> list[tuple[str, int]]:
    """Cells of the first sheet merged over several rows (`A5:A9`), and the last row of each.

    Only the first of them has the value. Raises WorkbookFault.
    """
    try:
        ranges = [match[1].decode() for match in _MERGED.finditer(_first_sheet(data))]
    except _BROKEN as error:
        raise WorkbookFault("broken") from error
    rows = [(cells, *_rows(cells)) for cells in ranges]
    return [(cells, last) for cells, first, last in rows if first != last]


def _values(data: bytes, most_columns: int, *, formulas: bool) -> Iterator[tuple[int, list[object]]]:
    with warnings.catch_warnings():
        # Styles and extensions that it does not know do not change values.
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=not formulas, keep_links=False)
        try:
            for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
                yield number, list(row[:most_columns])
        finally:
            book.close()


def _check_formulas(data: bytes, most_columns: int) -> None:
    pairs = zip_longest(
        _values(data, most_columns, formulas=True), _values(data, most_columns, formulas=False)
    )
    for (number, written), (_, values) in pairs:
        for one, value in zip(written, values, strict=False):
            if isinstance(one, str) and one.startswith("=") and value is None:
                raise WorkbookFault("formula", str(number))


def _first_sheet(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
            raise WorkbookFault("too_large")
        names = sorted(name for name in packed.namelist() if _SHEET.fullmatch(name))
        if not names:
            raise WorkbookFault("broken")
        return packed.read(next((name for name in names if name.endswith("/sheet1.xml")), names[0]))


def _rows(cells: str) -> tuple[int, int]:
    first, last = (int(_LAST_ROW.findall(end)[0]) for end in cells.split(":"))
    return first, last

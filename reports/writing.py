"""Writing tables for spreadsheets (표 쓰기): CSV and XLSX, in which no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

Cell = str | int | float | None
_LIKE_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff"
_SHEET_NAME = "sotong"
LONGEST_CELL = 32_000
"""Characters that spreadsheets take in one cell, about."""


def csv_bytes(rows: Iterable[Sequence[Cell]], *, first: bool) -> bytes:
    """Rows as CSV in UTF-8, with the mark that makes spreadsheets read it so before the `first` ones.

    What a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return ((_BOM if first else "") + out.getvalue()).encode()


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_LIKE_FORMULAS) else cell


class Book:
    """An XLSX file that grows row by row without being held in memory."""

    def __init__(self) -> None:
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(_SHEET_NAME)

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Append rows; texts stay texts."""
        for row in rows:
            self._sheet.append([self._cell(cell) for cell in row])

    def save(self, path: Path) -> None:
        """Write the file; nothing can be added afterwards."""
        self._book.save(path)

    def _cell(self, cell: Cell) -> object:
        if not isinstance(cell, str):
            return cell
        text = ILLEGAL_CHARACTERS_RE.sub("", cell)[:LONGEST_CELL]
        if not text.startswith("="):
            return text
        kept = WriteOnlyCell(self._sheet, value=text)
        # Whatever begins with = was made a formula.
        kept.data_type = "s"
        return kept

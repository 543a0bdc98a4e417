"""Charts (그림): SVG drawn on the server, of shapes with classes; colours are the page's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_HEIGHT = 160
_STEP = 36
_BAR = 24
_LABELS = 40
_MOST_LABELS = 18


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label, and how many stand below and above, such as closed and open."""

    label: str
    lower: int
    upper: int


def column_chart(columns: Sequence[Column], title: str) -> str:
    """Columns side by side, each of two parts, as an SVG element that a screen reader reads as its title."""
    highest = max((column.lower + column.upper for column in columns), default=0) or 1
    width = max(1, len(columns)) * _STEP
    every = -(-len(columns) // _MOST_LABELS) if columns else 1
    drawn = "".join(
        _column(at, column, highest, labelled=at % every == 0) for at, column in enumerate(columns)
    )
    height = _HEIGHT + _LABELS
    return (
        f'<svg class="chart" role="img" preserveAspectRatio="xMinYMid" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}"><title>{escape(title)}</title>'
        f'<path class="ground" d="M0 {_HEIGHT}H{width}"/>{drawn}</svg>'
    )


def _column(at: int, column: Column, highest: int, *, labelled: bool) -> str:
    left = at * _STEP + (_STEP - _BAR) // 2
    middle = at * _STEP + _STEP // 2
    lower = round(column.lower * (_HEIGHT - 20) / highest)
    upper = round(column.upper * (_HEIGHT - 20) / highest)
    total = column.lower + column.upper
    parts = [
        f'<rect class="lower" x="{left}" y="{_HEIGHT - lower}" width="{_BAR}" height="{lower}"/>',
        f'<rect class="upper" x="{left}" y="{_HEIGHT - lower - upper}" width="{_BAR}" height="{upper}"/>',
    ]
    if total:
        parts.append(f'<text class="many" x="{middle}" y="{_HEIGHT - lower - upper - 4}">{total}</text>')
    if labelled:
        parts.append(f'<text class="label" x="{middle}" y="{_HEIGHT + 18}">{escape(column.label)}</text>')
    return "".join(parts)


def bar(part: int, whole: int) -> str:
    """A bar as long as the part is of the whole; the number stands beside it."""
    width = round(100 * part / whole) if whole else 0
    return (
        '<svg class="bar" aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none">'
        f'<rect class="lower" width="{width}" height="10"/></svg>'
    )

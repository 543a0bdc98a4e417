"""Days as Korean offices write them (날짜): 2023-01-05, 2023.1.5., 23.1.5, 2023년 1월 5일(목), 44931 …"""

import re
from datetime import date, timedelta

_BETWEEN = re.compile(
    r"'?(?P<year>(?:20)?\d\d)\s*[-./년]\s*(?P<month>\d{1,2})\s*[-./월]\s*(?P<day>\d{1,2})\s*[일.]?\s*"
    r"(?:\([월화수목금토일]\)|[월화수목금토일]요일)?\s*(?:[T ]?\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_SOLID = re.compile(r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050
"""2000-01-01 and 2099-12-31 as spreadsheets count days."""
_DAY_ZERO = date(1899, 12, 30)
_CENTURY = 2000


def read_day(text: str) -> date | None:
    """The day a cell names, from 2000 to 2099; None when it names none. A year of two digits is 20…."""
    text = text.strip()
    if _SERIAL.fullmatch(text) and _FIRST_SERIAL <= int(float(text)) <= _LAST_SERIAL:
        return _DAY_ZERO + timedelta(days=int(float(text)))
    match = _BETWEEN.fullmatch(text) or _SOLID.fullmatch(text)
    if match is None:
        return None
    try:
        return date(_CENTURY + int(match["year"]) % 100, int(match["month"]), int(match["day"]))
    except ValueError:
        return None

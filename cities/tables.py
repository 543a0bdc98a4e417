"""TOML tables read key by key: each value checked, each fault noted with its line, no key left unread."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from cities.faults import Fault

_HEADING = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
_ERROR_LINE = re.compile(r"\(at line (\d+), column \d+\)")

Note = Callable[[str, str], None]
"""Notes a fault: the key it belongs to ("" for the whole table) and what is wrong."""


def _row_of(text: str, heading: str, index: int, key: str) -> int | None:
    """Line of `key` in the table number `index` (from 0) under `heading`, else of the heading."""
    seen, inside, row = -1, heading == "", None
    for number, line in enumerate(text.split("\n"), 1):
        if match := _HEADING.match(line):
            seen += match[1] == heading
            inside = match[1] == heading and seen == index
            row = number if inside else row
        elif inside and key and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
    return row


class Table:
    """One table of a TOML file; ask for keys, then `end()` notes those nobody asked for."""

    def __init__(self, values: Mapping[str, object], note: Note) -> None:
        self._values = values
        self._asked: set[str] = set()
        self.note = note

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def _take(self, key: str) -> object:
        self._asked.add(key)
        return self._values.get(key)

    def text(self, key: str, default: str = "", *, needed: bool = False) -> str:
        """A line of text; a fault when it is needed and missing or empty, or is no text."""
        value = self._take(key)
        if isinstance(value, str) and (value.strip() or not needed):
            return value.strip()
        if value is not None:
            self.note(key, f'{key} must be text in quotes, such as {key} = "…"')
        elif needed:
            self.note("", f"{key} is missing")
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each once, none of them empty; () when the key is missing."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.note(key, f'{key} must be a list of texts, such as {key} = ["…", "…"]')
            return ()
        texts = [one.strip() for one in value if isinstance(one, str) and one.strip()]
        if len(texts) < len(value):
            self.note(key, f"{len(value) - len(texts)} of {key} are empty or no text")
        return tuple(dict.fromkeys(texts))

    def number(self, key: str, default: float, *, least: float, most: float, whole: bool = False) -> float:
        """A number between `least` and `most`; the default when it is missing or wrong."""
        value = self._take(key)
        if value is None:
            return default
        fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if fits and isinstance(value, int | float) and least <= value <= most:
            return value
        self.note(key, f"{key} must be a {'whole ' if whole else ''}number from {least:g} to {most:g}")
        return default

    def table(self, key: str) -> "Table":
        """The table of that name inside this one, empty when it is missing."""
        value = self._take(key)
        if not isinstance(value, dict):
            if value is not None:
                self.note(key, f"{key} must be a table: a line [{key}] with keys below it")
            value = {}
        return Table(value, lambda _, what: self.note(key, what))

    def rows(self, key: str) -> list[Mapping[str, object]]:
        """The list of tables of that name, empty when it is missing."""
        value = self._take(key)
        listed = value if isinstance(value, list) else []
        rows: list[Mapping[str, object]] = [one for one in listed if isinstance(one, dict)]
        if value is not None and (not isinstance(value, list) or len(rows) < len(listed)):
            self.note(key, f"{key} must be tables, each under a line [[{key}]]")
        return rows

    def names(self) -> tuple[str, ...]:
        """The names of all values here."""
        return tuple(self._values)

    def end(self, known: Iterable[str] = ()) -> None:
        """Note every key that was not asked for and is not among `known`."""
        for key in self._values.keys() - self._asked - set(known):
            self.note(key, f"unknown key {key} (known are {', '.join(sorted(self._asked))})")


class TomlFile:
    """One TOML file of a pack: its top table and its lists of tables, with faults put into `faults`."""

    def __init__(self, file: str, text: str, faults: list[Fault]) -> None:
        self._file, self._text, self._faults = file, text, faults
        self.broken = False
        values: dict[str, object] = {}
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.broken = True
            line = _ERROR_LINE.search(str(error))
            what = _ERROR_LINE.sub("", str(error)).strip()
            faults.append(Fault(file, int(line[1]) if line else None, f"not readable as TOML: {what}"))
        self._values = values
        self.top = Table(values, partial(self._note, "", 0))

    def _note(self, heading: str, index: int, key: str, what: str) -> None:
        self._faults.append(Fault(self._file, _row_of(self._text, heading, index, key), what))

    def section(self, heading: str) -> Table:
        """The table `[heading]`, empty when it is missing; its faults carry its own lines."""
        table = self.top.table(heading)
        table.note = partial(self._note, heading, 0)
        return table

    def each(self, heading: str) -> list[Table]:
        """All tables `[[heading]]`, in order."""
        rows = self.top.rows(heading)
        return [Table(one, partial(self._note, heading, index)) for index, one in enumerate(rows)]

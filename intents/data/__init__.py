"""The words and rules of Korean and English that understanding needs, kept as data.

Reading a file of this package is the only input `intents` allows itself, once, when something is built.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files


class Table:
    """One table of a data file, whose values are asked for by type."""

    __slots__ = ("_name", "_values")

    def __init__(self, name: str, values: Mapping[str, object]) -> None:
        """`name` is what an error message calls the table."""
        self._name = name
        self._values = values

    def strings(self, key: str) -> tuple[str, ...]:
        """The list of strings under `key`, empty when absent. Raises ValueError for anything else."""
        value = self._values.get(key, [])
        if not isinstance(value, list):
            raise ValueError(f"{self._name}: {key} must be a list of strings")
        found = tuple(one for one in value if isinstance(one, str))
        if len(found) != len(value):
            raise ValueError(f"{self._name}: {key} must hold strings only")
        return found

    def string(self, key: str) -> str:
        """The string under `key`. Raises ValueError when absent or something else."""
        value = self._values.get(key)
        if not isinstance(value, str):
            raise ValueError(f"{self._name}: {key} must be a string")
        return value

    def number(self, key: str, default: int) -> int:
        """The whole number under `key`, or the default when absent. Raises ValueError for anything else."""
        value = self._values.get(key, default)
        if not isinstance(value, int):
            raise ValueError(f"{self._name}: {key} must be a whole number")
        return value

    def table(self, key: str) -> "Table":
        """The table under `key`, empty when absent. Raises ValueError for anything else."""
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise ValueError(f"{self._name}: {key} must be a table")
        return Table(f"{self._name}.{key}", value)

    def tables(self, key: str) -> tuple["Table", ...]:
        """The list of tables under `key`, empty when absent. Raises ValueError for anything else."""
        value = self._values.get(key, [])
        if not isinstance(value, list):
            raise ValueError(f"{self._name}: {key} must be a list of tables")
        return tuple(
            Table(f"{self._name}.{key}[{number}]", one)
            for number, one in enumerate(value, start=1)
            if isinstance(one, dict)
        )

    def keys(self) -> tuple[str, ...]:
        """The keys, in the file's order."""
        return tuple(self._values)


def table_from(name: str, text: str) -> Table:
    """The table written in `text` (TOML). Raises tomllib.TOMLDecodeError when it is none."""
    return Table(name, tomllib.loads(text))


def read(name: str) -> Table:
    """A data file of this package, by its name without `.toml`."""
    return table_from(name, read_text(f"{name}.toml"))


def read_text(file: str) -> str:
    """The text of a data file of this package, by its name."""
    return files(__name__).joinpath(file).read_text(encoding="utf-8")

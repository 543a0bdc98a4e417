"""What is wrong with a city pack, said all at once with file and row."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file. `row` counts from 1 (a CSV's heading is row 1); None: the whole file."""

    file: str
    row: int | None
    what: str

    def __str__(self) -> str:
        where = self.file if self.row is None else f"{self.file} row {self.row}"
        return f"{where}: {self.what}"


class PackError(ValueError):
    """A pack that cannot be used. `faults` holds every fault found; printing it gives one line for each."""

    def __init__(self, pack: str, faults: Sequence[Fault]) -> None:
        self.pack = pack
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

"""A pack's files read from where they lie."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable
from pathlib import Path

from cities.editing import Edit, edited
from cities.faults import Fault, PackError
from cities.parsing import CITY, FILES, parse_city
from intents.city import City


def shipped_packs() -> tuple[str, ...]:
    """Names of the packs that come with the program."""
    folders = package_files("cities").iterdir()
    return tuple(sorted(one.name for one in folders if one.is_dir() and one.joinpath(CITY).is_file()))


@dataclass(frozen=True, slots=True)
class PackTexts:
    """A pack's files as they were read, and what could not be."""

    name: str
    texts: Mapping[str, str]
    unreadable: Sequence[Fault]

    def city(self, edits: Iterable[Edit] = ()) -> City:
        """The City they describe, with edits made elsewhere. Raises PackError with all faults."""
        return parse_city(edited(self.texts, edits), pack=self.name, unreadable=self.unreadable)


def load_city(name_or_folder: str) -> City:
    """The City of a shipped pack (`incheon`) or of a folder's files. Raises PackError with all faults."""
    return read_pack(name_or_folder).city()


def read_pack(name_or_folder: str) -> PackTexts:
    """The texts of a shipped pack or of a folder. Raises PackError when it is neither."""
    folder, name = _folder_of(name_or_folder)
    texts: dict[str, str] = {}
    unreadable: list[Fault] = []
    for file in FILES:
        there = folder.joinpath(file)
        if not there.is_file():
            continue
        try:
            texts[file] = _decoded(file, there.read_bytes())
        except UnicodeDecodeError as error:
            row = error.object.count(b"\n", 0, error.start) + 1
            unreadable.append(Fault(file, row, "not UTF-8: save it again as UTF-8 (Excel: CSV UTF-8)"))
        except OSError as error:
            unreadable.append(Fault(file, None, f"cannot be read: {error.strerror}"))
    return PackTexts(name, texts, unreadable)


def _folder_of(name_or_folder: str) -> tuple[Traversable, str]:
    if name_or_folder in shipped_packs():
        return package_files("cities").joinpath(name_or_folder), name_or_folder
    folder = Path(name_or_folder)
    if name_or_folder and folder.is_dir():
        return folder, folder.resolve().name
    names = ", ".join(shipped_packs())
    what = f"is neither a pack that comes with the program ({names}) nor a folder"
    raise PackError(name_or_folder, [Fault(repr(name_or_folder), None, what)])


def _decoded(file: str, content: bytes) -> str:
    """The text of UTF-8 bytes, with or without a byte order mark; universal newlines for TOML."""
    text = content.decode("utf-8-sig")
    return text if file.endswith(".csv") else text.replace("\r\n", "\n")

"""Choosing an office by its name, as it is typed into a field that suggests all of them."""

from collections.abc import Collection, Iterator

from cases.vocabulary import OfficeId
from cities.directory import Directory
from handlers.staff.offices import find_office

_LOCALES = ("ko", "en")


def office_names(
    directory: Directory, locale: str, among: Collection[OfficeId] | None = None
) -> list[tuple[OfficeId, str]]:
    """The city's own offices (or those `among` them) with their names, as they are offered."""
    return [
        (office, directory.name(office, locale))
        for office in directory.offices()
        if not directory.is_authority(office) and (among is None or office in among)
    ]


def authority_names(directory: Directory, locale: str) -> list[tuple[OfficeId, str]]:
    """The other authorities (이송 기관) with their names."""
    return [
        (office, directory.name(office, locale))
        for office in directory.offices()
        if directory.is_authority(office)
    ]


def best_office(directory: Directory, typed: str) -> OfficeId | None:
    """The office that is exactly meant, by its name in any language or its id; blanks do not matter."""
    wanted = _plain(typed)
    found = {office for office, name in _all_names(directory) if wanted in {_plain(name), office}}
    return found.pop() if len(found) == 1 else None


def near_names(directory: Directory, typed: str, locale: str) -> list[str]:
    """Up to three names like the one typed, the likest first."""
    offices = [office for office, _ in office_names(directory, locale)]
    return [
        directory.name(office, locale) for office in find_office(directory, typed, offices, "").candidates
    ]


def _all_names(directory: Directory) -> Iterator[tuple[OfficeId, str]]:
    for office in directory.offices():
        for locale in _LOCALES:
            yield office, directory.name(office, locale)


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()

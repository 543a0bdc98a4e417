"""Finding offices, districts and places by the names a file has for them (이름 찾기)."""

from cases.vocabulary import OfficeId
from cities.directory import Directory
from reports.terms import plain

_LOCALES = ("ko", "en")


class Names:
    """Every name of the city's offices, districts and places, without spaces and marks."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._offices: dict[str, OfficeId] = {}
        self._departments: dict[str, str] = {}
        self._districts: dict[str, str] = {}
        self._places: dict[str, set[str]] = {}
        for office in directory.offices():
            for name in (office, *(directory.name(office, locale) for locale in _LOCALES)):
                self._offices.setdefault(plain(name), office)
        city = directory.city
        for department in city.departments:
            for name in (department.id, department.name, department.name_en):
                self._departments.setdefault(plain(name), department.id)
        for district in city.districts:
            for name in (district.id, district.name, district.name_en, *district.former):
                self._districts.setdefault(plain(name), district.id)
        for place in city.places:
            self._places.setdefault(plain(place.name), set()).update(place.districts)

    def district(self, name: str) -> str | None:
        """The district of that name, in the normal form; None when there is none."""
        return self._districts.get(name)

    def district_of_place(self, name: str) -> str:
        """The one district a place lies in; empty when it is not known or not one."""
        found = self._places.get(plain(name), set())
        return next(iter(found)) if len(found) == 1 else ""

    def office(self, name: str, district: str) -> OfficeId | None:
        """The office a name means in that district; None when it is unknown or could be several."""
        found = self._offices.get(name)
        if found is not None:
            return found
        # 도로교통국/도로과 and 교통국 도로과 end with the department.
        department = self._departments.get(name)
        if department is None:
            return None
        if self._directory.needs_district(department) and not district:
            return None
        return self._directory.office_of(department, district)

"""The directory (부서 안내): names and phones of offices by id, and a department's office by the place."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from cases.vocabulary import INTAKE_DESK, OfficeId
from intents.city import City, Department, District, Level

_DESK_NAMES = {"ko": "접수창구", "en": "Intake desk"}
_NO_PLACE = {"ko": "따로 적지 않음", "en": "none named"}


class Directory:
    """Looks up the offices of one city. Knows every office that a ticket can go to."""

    def __init__(self, city: City) -> None:
        self.city = city
        self._departments = {one.id: one for one in city.departments}
        self._districts = {one.id: one for one in city.districts}
        self._authorities = {one.id: one for one in city.authorities}
        self._heirs = _heirs(city)

    def district(self, district_id: str) -> District | None:
        """The district of that id, or None."""
        return self._districts.get(district_id)

    def needs_district(self, department_id: str) -> bool:
        """True when the department exists once in every district, so that the place decides."""
        department = self._departments.get(department_id)
        return department is not None and department.level is Level.DISTRICT and bool(self._districts)

    def office_of(self, department_id: str, district_id: str) -> OfficeId:
        """The office of a department (or `@authority`, or the desk) for a district.

        A district-level department without a known district gives the intake desk: it will ask.
        """
        if department_id.startswith("@"):
            known = department_id[1:] in self._authorities
            return OfficeId(department_id) if known else INTAKE_DESK
        if department_id not in self._departments:
            return INTAKE_DESK
        if not self.needs_district(department_id):
            return OfficeId(department_id)
        if district_id not in self._districts:
            return INTAKE_DESK
        return OfficeId(f"{district_id}/{department_id}")

    def exists(self, office: str) -> bool:
        """True when a ticket can go to this office."""
        if office == INTAKE_DESK:
            return True
        if office.startswith("@"):
            return office[1:] in self._authorities
        district_id, _, department_id = office.rpartition("/")
        district, department = self._districts.get(district_id), self._departments.get(department_id)
        if department is None:
            return False
        return (district is not None) == self.needs_district(department.id)

    @property
    def vanished(self) -> Mapping[str, Department]:
        """Ids of departments that are no more, each with the department that took it over."""
        return self._heirs

    def heir(self, office: str, district_id: str) -> OfficeId | None:
        """The office that took over from one that is no more (조직 개편), for a case of that district.

        None when the office still is, or when nobody is named as its heir.
        """
        own_district, _, department_id = office.rpartition("/")
        heir = self._heirs.get(department_id)
        return None if heir is None else self.office_of(heir.id, own_district or district_id)

    def is_authority(self, office: str) -> bool:
        """True for another authority, to which a case is handed over."""
        return office.startswith("@")

    def name(self, office: str, locale: str) -> str:
        """The office's name, with its district where it has one; its heir's when it is no more.

        An id that nobody knows is shown as it is.
        """
        if office == INTAKE_DESK:
            return f"{self.city_name(locale)} {_DESK_NAMES.get(locale, _DESK_NAMES['en'])}"
        if office.startswith("@"):
            authority = self._authorities.get(office[1:])
            if authority is None:
                return office
            return authority.name if locale == "ko" else authority.name_en or authority.name
        district, department = self._split(office)
        if department is None:
            return office
        owner = self.city_name(locale) if district is None else self._district_name(district, locale)
        return f"{owner} {department.name if locale == 'ko' else department.name_en or department.name}"

    def department_name(self, department_id: str, locale: str) -> str:
        """A department's name without a district, or an authority's."""
        if department_id.startswith("@"):
            return self.name(department_id, locale)
        department = self._known(department_id)
        if department is None:
            return self.name(department_id, locale)
        return department.name if locale == "ko" else department.name_en or department.name

    def phone(self, office: str) -> str:
        """The office's number; else its district's, the intake desk's or the call centre's: never none."""
        if office.startswith("@"):
            authority = self._authorities.get(office[1:])
            return (authority.phone if authority else "") or self.city.call_centre
        district, department = self._split(office)
        own = department.phone if department else ""
        of_district = district.phone if district else ""
        return own or of_district or self.city.desk_phone or self.city.call_centre

    def offices(self) -> Iterator[OfficeId]:
        """Every office of the city itself, the intake desk first; other authorities last."""
        yield INTAKE_DESK
        for department in self.city.departments:
            if self.needs_district(department.id):
                for district in self.city.districts:
                    yield OfficeId(f"{district.id}/{department.id}")
            else:
                yield OfficeId(department.id)
        for authority in self.city.authorities:
            yield OfficeId(f"@{authority.id}")

    def place_name(self, district_id: str, place: str, locale: str) -> str:
        """A place as people say it: district and name; both empty: none was named."""
        district = self._districts.get(district_id)
        if district is None:
            return place or _NO_PLACE.get(locale, _NO_PLACE["en"])
        name = self._district_name(district, locale)
        return f"{name} {place}" if place else name

    def city_name(self, locale: str) -> str:
        """The city's name."""
        return self.city.name if locale == "ko" else self.city.name_en or self.city.name

    def _district_name(self, district: District, locale: str) -> str:
        return district.name if locale == "ko" else district.name_en or district.name

    def _split(self, office: str) -> tuple[District | None, Department | None]:
        district_id, _, department_id = office.rpartition("/")
        return self._districts.get(district_id), self._known(department_id)

    def _known(self, department_id: str) -> Department | None:
        return self._departments.get(department_id) or self._heirs.get(department_id)


def _heirs(city: City) -> Mapping[str, Department]:
    there = {one.id for one in city.departments}
    # Of a department that was split the first part named inherits.
    return MappingProxyType(
        {former: one for one in reversed(city.departments) for former in one.formerly if former not in there}
    )

"""A city as its pack describes it: districts, places, departments, other authorities, calendar.

The types only; `cities.reading` reads and checks a pack's files into them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

NATIONAL_CALL_CENTRE = "110"
"""The government's own number for the whole country (정부합동민원센터), for a pack that names none."""


class Level(StrEnum):
    """Whether a department exists once for the city (시 단위) or once in every district (구·군 단위)."""

    CITY = "city"
    DISTRICT = "district"


class PlaceKind(StrEnum):
    """What sort of name a place is."""

    ADMIN_DONG = "admin_dong"  # 행정동
    LEGAL_DONG = "legal_dong"  # 법정동
    RI = "ri"  # 리
    EUP_MYEON = "eup_myeon"  # 읍·면
    NICKNAME = "nickname"  # 별칭 (송도, 청라 …)
    LANDMARK = "landmark"  # 명소·시설


@dataclass(frozen=True, slots=True)
class District:
    """군·구. `former` are names people still type (중구, 서구); one former name may belong to several."""

    id: str
    name: str
    name_en: str
    former: tuple[str, ...] = ()
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A name on the map: 행정동, 법정동, 리, a nickname or a landmark.

    `districts` holds district ids; more than one means the name alone is a question to the resident.
    It is empty in a city without districts, where every place lies in the city itself.
    `latitude`/`longitude` are degrees (WGS 84) or None. `also` are other spellings.
    """

    name: str
    kind: PlaceKind
    districts: tuple[str, ...]
    latitude: float | None = None
    longitude: float | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Department:
    """A department (소관부서) as the duty list (사무분장) names it."""

    id: str
    name: str
    name_en: str
    level: Level
    duties: tuple[str, ...]
    keywords: tuple[str, ...]
    phone: str = ""
    formerly: tuple[str, ...] = ()
    """Ids of departments this one took over: one when renamed, several when merged; a department that
    was split names its old id in each part. What was learned for those counts for this one."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Another authority a case is handed over to (이송 기관): police, schools, power company …"""

    id: str
    name: str
    name_en: str
    keywords: tuple[str, ...]
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Days within which each kind is answered; values are (number, unit), unit `days` or `months`."""

    by_kind: Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class City:
    """One municipality and its pack (도시)."""

    id: str
    name: str
    name_en: str
    zone: str
    districts: tuple[District, ...]
    departments: tuple[Department, ...]
    authorities: tuple[Authority, ...]
    places: tuple[Place, ...]
    deadlines: Deadlines
    call_centre: str = NATIONAL_CALL_CENTRE
    """Phone number of the city's call centre (예: 미추홀콜센터 032-120)."""
    desk_phone: str = ""
    """Phone number of the intake desk."""
    half_year_dates: tuple[str, ...] = ("01-10", "07-10")
    """Days of the half-yearly account, as MM-DD."""
    petition_threshold: int = 6000
    keep_years: int = 3
    """Years after its end for which a case is kept with the words and photos of who raised it."""
    within: tuple[str, ...] = ()
    """Names of the larger areas the city lies in (경기도, 인천): a place said after one is not elsewhere."""
    days_off: frozenset[date] = frozenset()
    """Days the pack adds to the national holidays (임시공휴일 …)."""
    days_on: frozenset[date] = frozenset()
    """Days the pack takes away from the national holidays."""
    auto_send_precision: float = 0.85
    """How often the best office must be right before the bot proposes it alone (0 to 1)."""
    faq: Mapping[str, str] = field(default_factory=dict)
    """Questions residents ask, and their answers, in Korean."""
    faq_en: Mapping[str, str] = field(default_factory=dict)
    """The same in English, where the pack has them."""

    def district(self, district_id: str) -> District | None:
        """The district of that id, or None."""
        return next((district for district in self.districts if district.id == district_id), None)

    def department(self, department_id: str) -> Department | None:
        """The department of that id, or None."""
        return next((one for one in self.departments if one.id == department_id), None)

    def authority(self, authority_id: str) -> Authority | None:
        """The authority of that id (without the leading @), or None."""
        return next((one for one in self.authorities if one.id == authority_id), None)

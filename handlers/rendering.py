"""Turning a template and its parameters into words, in the reader's language, when they are shown."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from cities.directory import Directory
from locales.catalogue import Catalogue, fill

_WEEKDAYS = {"ko": "월화수목금토일", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Renderer:
    """Knows the wording and the city as it is now; has no other memory."""

    def __init__(self, catalogue: Catalogue, directory: Directory) -> None:
        self._catalogue = catalogue
        self._directory = directory
        self._said = self._sayings(directory)

    def copy(self) -> "Renderer":
        """Another one of the same wording and city, which goes its own way from here."""
        return Renderer(self._catalogue, self._directory)

    def follow(self, directory: Directory) -> None:
        """Speak of the city by another directory from now on."""
        self._directory = directory
        self._said = self._sayings(directory)

    def _sayings(self, directory: Directory) -> Mapping[str, Callable[[str, str], str]]:
        zone = ZoneInfo(directory.city.zone)
        return {
            "office": directory.name,
            "department": directory.department_name,
            "phone": lambda value, _locale: directory.phone(value),
            "place": partial(_place, directory),
            "day": lambda value, locale: say_day(date.fromisoformat(value), locale),
            "day_of": lambda value, locale: say_day(_local(zone, value).date(), locale),
            "moment": partial(_moment, zone),
            "term": lambda value, locale: self.text(value, {}, locale),
        }

    def text(self, template: str, params: Mapping[str, object], locale: str) -> str:
        """The words of `template` in `locale`.

        The empty template says nothing. Raises MissingTextError for an unknown template and KeyError for a
        parameter that is missing.
        """
        if not template:
            return ""
        words = fill(
            self._catalogue.template(template, locale), lambda name: self._value(params[name], locale)
        )
        return words.rstrip()

    def texts(self, prefix: str, locale: str) -> dict[str, str]:
        """All templates below a prefix, unfilled, for pages that show many."""
        return self._catalogue.starting(prefix, locale)

    def _value(self, value: object, locale: str) -> str:
        if isinstance(value, Mapping):
            if value["as"] == "said":
                params = value.get("params")
                return self.text(str(value["value"]), params if isinstance(params, Mapping) else {}, locale)
            return self._said[str(value["as"])](str(value["value"]), locale)
        if isinstance(value, list):
            return "\n".join(self._value(one, locale) for one in value)
        return str(value)


def _place(directory: Directory, value: str, locale: str) -> str:
    district, _, name = value.partition("/")
    return directory.place_name(district, name, locale)


def _moment(zone: ZoneInfo, value: str, locale: str) -> str:
    local = _local(zone, value)
    return f"{say_day(local.date(), locale)} {say_hour(local, locale)}"


def _local(zone: ZoneInfo, value: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(zone)


def say_day(day: date, locale: str) -> str:
    """A date with its weekday: 2026년 12월 9일(수); Wed, 9 Dec 2026."""
    if locale == "ko":
        return f"{day.year}년 {day.month}월 {day.day}일({_WEEKDAYS['ko'][day.weekday()]})"
    return f"{_WEEKDAYS['en'][day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_hour(moment: datetime, locale: str) -> str:
    """The time of day: 오후 3시 5분; 15:05."""
    if locale != "ko":
        return f"{moment:%H:%M}"
    half = "오전" if moment.hour < 12 else "오후"
    hour = moment.hour % 12 or 12
    return f"{half} {hour}시" + (f" {moment.minute}분" if moment.minute else "")

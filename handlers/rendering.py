"""Turning a template and its parameters into words, in the reader's language, when they are shown."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cities.directory import Directory
from locales.catalogue import Catalogue, fill

_WEEKDAYS = {"ko": "월화수목금토일", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Renderer:
    """Knows the wording and the city; has no memory."""

    def __init__(self, catalogue: Catalogue, directory: Directory) -> None:
        self._catalogue = catalogue
        self._directory = directory
        self._zone = ZoneInfo(directory.city.zone)
        self._said: dict[str, Callable[[str, str], str]] = {
            "office": directory.name,
            "department": directory.department_name,
            "phone": lambda value, _locale: directory.phone(value),
            "place": self._place,
            "day": lambda value, locale: say_day(date.fromisoformat(value), locale),
            "day_of": lambda value, locale: say_day(self._local(value).date(), locale),
            "moment": self._moment,
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

    def _place(self, value: str, locale: str) -> str:
        district, _, name = value.partition("/")
        return self._directory.place_name(district, name, locale)

    def _moment(self, value: str, locale: str) -> str:
        local = self._local(value)
        return f"{say_day(local.date(), locale)} {say_hour(local, locale)}"

    def _local(self, value: str) -> datetime:
        return datetime.fromisoformat(value).astimezone(self._zone)


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

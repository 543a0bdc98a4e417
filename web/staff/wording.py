"""The console's pages and texts: templates filled with words of the catalogue, everything escaped."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cases.vocabulary import Role
from cities.directory import Directory
from handlers.rendering import Renderer, say_day
from handlers.replies import moment
from handlers.world import World

_TEMPLATES = Path(__file__).parent.parent / "templates"


class Wording:
    """Fills pages in a language; has no memory but the templates it compiled."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pages = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @property
    def renderer(self) -> Renderer:
        """What puts templates into words."""
        return self._world.renderer

    @property
    def directory(self) -> Directory:
        """The offices, as they are now."""
        return self._world.directory

    def say(self, key: str, locale: str, **params: object) -> str:
        """The text of a key of the catalogue."""
        return self.renderer.text(key, params, locale)

    def page(self, template: str, locale: str, **values: object) -> str:
        """The whole page as HTML."""
        return self._pages.get_template(f"staff/{template}").render(
            locale=locale, **self._words(locale), **values
        )

    def _words(self, locale: str) -> Mapping[str, Callable[..., object]]:
        return {
            "t": lambda key, **params: self.say(f"staff_web.{key}", locale, **params),
            "term": lambda key, **params: self.say(key, locale, **params),
            "office_name": partial(self.directory.name, locale=locale),
            "place_name": lambda district, place: self.directory.place_name(district, place, locale),
            "at": lambda value: self.renderer.text("staff_web.moment", {"moment": moment(value)}, locale),
            "day": lambda value: say_day(self.day(value), locale),
            "city": lambda: self.directory.city_name(locale),
            "demonstration": lambda: self._world.demonstration,
            "role": Role,
        }

    def day(self, value: date | datetime) -> date:
        """The city's date at a moment."""
        return value.astimezone(self._world.zone).date() if isinstance(value, datetime) else value

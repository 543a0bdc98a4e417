"""The catalogue (문구집): templates by key and language, read from gettext files at the start."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from locales.particles import with_particle

_FOLDER = Path(__file__).parent
_SLOT = re.compile(r"\{(\w+)(?:\|([^}]+))?\}")

SOURCE_LOCALE = "ko"


class MissingTextError(LookupError):
    """A key that the Korean catalogue does not have."""


class Catalogue:
    """Templates of every language. A text missing in a language is shown in Korean."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages there are, Korean first."""
        return tuple(sorted(self._texts, key=lambda locale: (locale != SOURCE_LOCALE, locale)))

    def keys(self, locale: str) -> frozenset[str]:
        """The keys a language has."""
        return frozenset(self._texts[locale])

    def template(self, key: str, locale: str) -> str:
        """The text of `key`, with its slots open. Raises MissingTextError for an unknown key."""
        text = self._texts.get(locale, {}).get(key) or self._texts[SOURCE_LOCALE].get(key)
        if text is None:
            raise MissingTextError(key)
        return text

    def starting(self, prefix: str, locale: str) -> dict[str, str]:
        """All texts whose key starts with `prefix`, for pages that show many."""
        keys = sorted(key for key in self._texts[SOURCE_LOCALE] if key.startswith(prefix))
        return {key: self.template(key, locale) for key in keys}


def fill(template: str, value_of: Callable[[str], str]) -> str:
    """Put values into `{name}` and, with the fitting particle, into `{name|은/는}`."""

    def slot(match: re.Match[str]) -> str:
        value = value_of(match[1])
        return with_particle(value, match[2]) if match[2] else value

    return _SLOT.sub(slot, template)


def slots(template: str) -> frozenset[str]:
    """The names of the slots a template has."""
    return frozenset(match[1] for match in _SLOT.finditer(template))


@lru_cache(maxsize=1)
def shipped_catalogue() -> Catalogue:
    """The catalogue that stands beside this file: `<locale>/LC_MESSAGES/*.po`."""
    texts: dict[str, dict[str, str]] = {}
    for path in sorted(_FOLDER.glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parts[-3])
        entries = texts.setdefault(path.parts[-3], {})
        for message in catalog:
            if message.id and message.string and not message.fuzzy:
                entries[str(message.id)] = str(message.string)
    return Catalogue(texts)

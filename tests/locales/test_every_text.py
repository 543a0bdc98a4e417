"""Every text the program asks for is there, in every language, with the slots that the program fills."""

import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from cases.rules import RULES, Audience
from cases.transitions import Reason
from cases.vocabulary import Action, Kind, State
from intents.masking import MaskKind
from intents.reading import Unfit
from locales.catalogue import SOURCE_LOCALE, Catalogue, fill, shipped_catalogue, slots
from tests.locales.source import ANYTHING, ROOT, Use, modules, named_keys

LONGEST_TEXT = 3500
"""Characters of a text without what fills it, so that a message of 4,096 has room for that."""
LONGEST_LABEL = 40
_HANGUL = re.compile("[가-힣]")
_PAIRS = frozenset({"은/는", "이/가", "을/를", "과/와", "으로/로", "이에요/예요", "이라/라", "이나/나"})
_LANGUAGE_NAMES = frozenset({"English", "한국어"})

# English texts that hold Korean on purpose: the languages' own names, and words people type.
_BILINGUAL = frozenset({"language.ask", "settings.language", "place.whole_city_words"})


def _telling(audience: Audience) -> tuple[str, ...]:
    return tuple(action.value for action, rule in RULES.items() if audience in rule.tells)


def _on_off(wishes: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{wish}_{value}" for wish in wishes for value in ("on", "off"))


# What stands where the source has a variable. A pattern that is not here must fit one text at least.
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "state.*": tuple(State),
    "kind.*": tuple(Kind),
    "notice.*": _telling(Audience.RESIDENT),
    "history.*": tuple(
        action for action in Action if action not in (Action.NOTE, Action.CONFIRM, Action.PHONED)
    ),
    "staff.on_*": _telling(Audience.OFFICE),
    "refused.*": tuple(Reason),
    "masked.*": tuple(MaskKind),
    "unfit.*": tuple(Unfit),
    "unsupported.*": ("voice", "sticker", "video", "document", "contact", "poll", "other"),
    "photo.*": ("too_large", "not_a_picture", "unavailable"),
    "detail.cannot_*": (Action.ADD, Action.REPLY),
    "detail.how_*": (Action.ADD, Action.REPLY),
    "detail.done_*": (Action.ADD, Action.REPLY),
    "withdraw.*": ("solved", "mistake", "elsewhere"),
    "settings.*_*": _on_off(("notices", "quiet", "weekly")),
    "language.*": ("ko", "en"),
    "choice.rate_*": ("1", "2", "3", "4", "5"),
    "emergency.call_*": ("119", "112"),
}


@cache
def catalogue() -> Catalogue:
    return shipped_catalogue()


@cache
def uses() -> tuple[Use, ...]:
    return tuple(use for module in modules() for use in module.uses())


@cache
def namespaces() -> frozenset[str]:
    return frozenset(key.partition(".")[0] for key in catalogue().keys(SOURCE_LOCALE))


def members(key: str) -> list[str]:
    """The texts a key of the source stands for: itself, or all of its family."""
    if ANYTHING not in key:
        return [key]
    if key in FAMILIES:
        head = key.partition(ANYTHING)[0]
        return [f"{head}{value}" for value in FAMILIES[key]]
    return [one for one in catalogue().keys(SOURCE_LOCALE) if fnmatchcase(one, key)]


def texts() -> list[tuple[str, str, str]]:
    """Every language, key and text there is."""
    return [
        (locale, key, catalogue().template(key, locale))
        for locale in catalogue().locales
        for key in sorted(catalogue().keys(locale))
    ]


def faults(check: Callable[[str, str, str], bool]) -> list[str]:
    return [f"{locale} {key}: {text}" for locale, key, text in texts() if not check(locale, key, text)]


def test_the_source_is_really_read() -> None:
    keys = {key for use in uses() for key in use.keys}
    assert {"card.text", "consent.ask", "place.outside", "mine.closed_case", "notice.*"} <= keys | {
        key for key, _ in named_keys(namespaces())
    }
    receipt = next(use for use in uses() if "receipt.text" in use.keys)
    assert receipt.given is not None
    assert {"number", "office", "due", "next"} <= receipt.given


@pytest.mark.parametrize("locale", catalogue().locales)
def test_every_text_the_program_asks_for_is_there(locale: str) -> None:
    there = catalogue().keys(locale)
    asked = [(key, use.where) for use in uses() for key in use.keys] + list(named_keys(namespaces()))
    absent = {
        f"{where} asks for {member or key}"
        for key, where in asked
        if key != ANYTHING
        for member in members(key) or [""]
        if member not in there
    }
    assert sorted(absent) == []


def test_every_slot_of_a_text_is_filled_by_who_shows_it() -> None:
    empty = {
        f"{use.where} shows {member} without {slot}"
        for use in uses()
        if use.given is not None
        for key in use.keys
        if ANYTHING not in key or key in FAMILIES
        for member in members(key)
        for locale in catalogue().locales
        if member in catalogue().keys(locale)
        for slot in slots(catalogue().template(member, locale)) - use.given
    }
    assert sorted(empty) == []


def test_every_language_has_the_same_texts_with_the_same_slots() -> None:
    korean = {key: slots(catalogue().template(key, SOURCE_LOCALE)) for key in catalogue().keys(SOURCE_LOCALE)}
    for locale in catalogue().locales:
        assert {key: slots(catalogue().template(key, locale)) for key in catalogue().keys(locale)} == korean


def test_every_text_of_the_residents_is_shown_somewhere() -> None:
    asked = {key for use in uses() for key in use.keys} | {key for key, _ in named_keys(namespaces())}
    shown = {member for key in asked for member in members(key)}
    own = {key for file, key, _ in entries() if file.name == "resident.po"}
    assert sorted(own - shown) == []


def entries() -> list[tuple[Path, str, str]]:
    """Every file, key and text as they stand in the catalogues."""
    found = []
    for path in sorted((ROOT / "locales").glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            found += [(path, str(one.id), str(one.string)) for one in read_po(file) if one.id]
    return found


def test_no_text_is_empty_and_none_stands_in_two_files() -> None:
    assert [key for _, key, text in entries() if not text.strip()] == []
    names = [(path.parts[-3], key) for path, key, _ in entries()]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_text_fits_into_one_message() -> None:
    assert faults(lambda _locale, _key, text: len(text) <= LONGEST_TEXT) == []


def test_every_button_can_be_read_on_a_small_phone() -> None:
    labels = {member for use in uses() if use.button for key in use.keys for member in members(key)}
    assert len(labels) > 40
    assert faults(lambda _locale, key, text: key not in labels or len(text) <= LONGEST_LABEL) == []
    assert faults(lambda _locale, key, text: key not in labels or "\n" not in text) == []


def test_korean_texts_are_korean_and_english_ones_are_not() -> None:
    def speaks_its_language(locale: str, key: str, text: str) -> bool:
        words = re.sub(r"\{[^}]*\}", "", text)
        if text in _LANGUAGE_NAMES or key in _BILINGUAL or not re.search(r"[^\W\d_]", words):
            return True
        return bool(_HANGUL.search(words)) == (locale == SOURCE_LOCALE)

    assert faults(speaks_its_language) == []


def test_particles_stand_only_in_korean_and_are_pairs_that_exist() -> None:
    def fits(locale: str, _key: str, text: str) -> bool:
        pairs = set(re.findall(r"\{\w+\|([^}]*)\}", text))
        return pairs <= _PAIRS and (locale == SOURCE_LOCALE or not pairs)

    assert faults(fits) == []


def test_no_brace_is_left_when_a_text_is_filled() -> None:
    assert faults(lambda _locale, _key, text: not set("{}") & set(fill(text, lambda _name: "송도"))) == []

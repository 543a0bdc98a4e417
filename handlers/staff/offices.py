"""Finding the office that staff name in their own words: "공원녹지과", "연수구 공원녹지", "한전"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from cases.vocabulary import OfficeId
from cities.directory import Directory

CLEAR_SCORE = 88.0
"""Of 100: from here on a name counts as meant, when no other comes near."""
CLEAR_LEAD = 6.0
WORTH_SHOWING = 45.0
_MOST_SHOWN = 3
_PART_SCORE = 90.0
_LOCALES = ("ko", "en")

# Between the office and the reason: a slash, a line's end, a colon, or a dash or comma with a blank.
_BOUNDARY = re.compile(r"\s*(?:[/／\n:：]|[,，]\s|\s[-–—]\s)\s*")
_BRACKETS = re.compile(r"[()]")
_BLANKS = re.compile(r"[\s·()]+")


@dataclass(frozen=True, slots=True)
class Found:
    """The office that is meant, or the likeliest ones, best first, when that is not clear."""

    office: OfficeId | None
    candidates: tuple[OfficeId, ...]


def split_words(text: str) -> tuple[str, str]:
    """The office's name and the reason; the reason is empty when only one thing was written."""
    parts = _BOUNDARY.split(text.strip(), maxsplit=1)
    return parts[0].strip(), parts[1].strip() if len(parts) > 1 else ""


def find_office(directory: Directory, named: str, among: Iterable[OfficeId], district: str) -> Found:
    """Which of `among` is named. Where a name exists in every district, the case's `district` is meant."""
    words = _plain(named)
    rated = sorted(
        ((_score(directory, words, one, district), one) for one in among), key=lambda rated: -rated[0]
    )
    likely = tuple(one for score, one in rated[:_MOST_SHOWN] if score >= WORTH_SHOWING)
    if not words or not likely:
        return Found(None, ())
    best, second = rated[0][0], rated[1][0] if len(rated) > 1 else 0.0
    clear = best >= CLEAR_SCORE and best - second >= CLEAR_LEAD
    return Found(rated[0][1] if clear else None, likely)


def _score(directory: Directory, words: str, office: OfficeId, district: str) -> float:
    names = [name for locale in _LOCALES for name in _names(directory.name(office, locale))]
    full = max(fuzz.ratio(words, name) for name in names)
    owner, _, department = office.rpartition("/")
    if directory.is_authority(office):
        return max(full, _part_of(words, names), _called(directory, words, office))
    short = max(fuzz.ratio(words, _plain(directory.department_name(department, one))) for one in _LOCALES)
    if owner in ("", district):
        return max(full, short, _part_of(words, names))
    # The short name of another district's department is the same word: it never is clearly meant.
    return max(full, short - 2 * CLEAR_LEAD)


def _names(name: str) -> tuple[str, ...]:
    """A name, and its parts where one stands in brackets: "경찰 (인천경찰청)" is either."""
    return tuple(_plain(part) for part in (name, *_BRACKETS.split(name)) if part.strip())


def _part_of(words: str, names: list[str]) -> float:
    return _PART_SCORE if len(words) > 2 and any(words in name for name in names) else 0.0


def _called(directory: Directory, words: str, office: OfficeId) -> float:
    """How an authority is called by everybody ("한전") counts as much as a part of its name."""
    authority = directory.city.authority(office.removeprefix("@"))
    called = authority is not None and words in {_plain(keyword) for keyword in authority.keywords}
    return _PART_SCORE if called else 0.0


def _plain(text: str) -> str:
    return _BLANKS.sub("", text).lower()

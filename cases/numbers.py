"""The number of a case (관리번호, 접수번호): `26-00012`, the year and a running number within it."""

import re
import unicodedata
from dataclasses import dataclass

_CENTURY = 2000
_LONGEST_ALONE = 60
# Beside the hyphens: ㅡ as phones type it (NFKC makes it U+1173), and "다시", as the dash is said aloud.
_DASH = r"\s*(?:[-‐‑‒–—―−_\u1173]|다시)\s*"
_NUMBER = rf"(?:20)?(?P<year>[0-9]{{2}}){_DASH}(?P<running>[0-9]{{1,9}})"
_ALONE = re.compile(
    rf"\W*(?:(?:접수|관리|건의|민원)?\s*번호|no)?\W*(?:제\s*)?{_NUMBER}\s*[번호]?\W*", re.IGNORECASE
)
_AMONG_WORDS = re.compile(rf"(?<![0-9-]){_NUMBER}(?![0-9-]|\s*번지)")


@dataclass(frozen=True, slots=True, order=True)
class CaseNumber:
    """A case's number (관리번호). `year` in full (2026), `running` from 1; sorts by age.

    Raises ValueError for a year outside 2000-2099 (only two digits are written) or a running number below 1.
    """

    year: int
    running: int

    def __post_init__(self) -> None:
        if not _CENTURY <= self.year < _CENTURY + 100:
            raise ValueError(f"year {self.year} of a case number must be 2000 to 2099, in four digits")
        if self.running < 1:
            raise ValueError(f"running number {self.running} of a case must be 1 or more")

    def __str__(self) -> str:
        return f"{self.year % 100:02}-{self.running:05}"

    @classmethod
    def parse(cls, text: str) -> "CaseNumber | None":
        """The number a person typed as a whole text (`26-12`, `２６ - 00012번`), or None when it is none."""
        return cls._from(_ALONE.fullmatch(_plain(text))) if len(text) <= _LONGEST_ALONE else None

    @classmethod
    def find(cls, text: str) -> "CaseNumber | None":
        """The first number within a sentence, or None.

        A house number (해돋이로 26-12) reads the same: ask only where the person speaks of a case.
        """
        return cls._from(_AMONG_WORDS.search(_plain(text)))

    @classmethod
    def _from(cls, match: re.Match[str] | None) -> "CaseNumber | None":
        if match is None or not int(match["running"]):
            return None
        return cls(_CENTURY + int(match["year"]), int(match["running"]))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()

"""Texts that are nothing for a city: abuse (욕설), advertising (광고), gibberish (무의미한 글).

Cautious on purpose: a complaint thrown away hurts more than a bad joke read by staff.
"""

import re
from dataclasses import dataclass

from intents.data import Table
from intents.normal import Normal
from intents.reading import Unfit

_SHORT_REST = 4
_HANGUL = re.compile("[가-힣]")
_JAMO = re.compile("[ㄱ-ㅎㅏ-ㅣ]")
_LATIN_WORD = re.compile("[a-z]+")
_CONSONANTS = re.compile("[^aeiouy]{6,}")
_RARE_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class UnfitRules:
    """The rules of data/unfit.toml, ready for use."""

    abuse: re.Pattern[str]
    filler: re.Pattern[str]
    advertising: re.Pattern[str]
    advertising_calls: re.Pattern[str]
    advertising_strong: re.Pattern[str]
    advertising_unless: re.Pattern[str]
    keyboard: re.Pattern[str]
    jamo_words: frozenset[str]

    def read(self, normal: Normal, *, about_something: bool) -> Unfit | None:
        """Why a text is unfit, or None. `about_something` is True when an office or place is in it."""
        dense = normal.dense.replace(".", "")
        if not dense or self._is_gibberish(dense, normal.text):
            return Unfit.GIBBERISH
        if self._is_advertising(dense):
            return Unfit.ADVERTISING
        if not about_something and self._is_abuse(dense):
            return Unfit.ABUSE
        return None

    def _is_abuse(self, dense: str) -> bool:
        rest = self.abuse.sub("", dense)
        return rest != dense and len(self.filler.sub("", rest)) <= max(_SHORT_REST, len(dense) // 4)

    def _is_advertising(self, dense: str) -> bool:
        if self.advertising_unless.search(dense):
            return False
        if self.advertising_strong.search(dense):
            return True
        signals = len({found.group() for found in self.advertising.finditer(dense)})
        return signals >= 3 or (signals == 2 and self.advertising_calls.search(dense) is not None)

    def _is_gibberish(self, dense: str, spaced: str) -> bool:
        if _HANGUL.search(dense):
            hangul = _HANGUL.findall(dense)
            return sum(map(_is_rare, hangul)) > _RARE_SHARE * len(dense)
        if _JAMO.search(dense):
            return dense not in self.jamo_words and not self.abuse.search(dense)
        if not dense.isascii() or dense.isdecimal():
            return False
        return self._is_mashed(spaced)

    def _is_mashed(self, spaced: str) -> bool:
        words = [word for word in _LATIN_WORD.findall(spaced) if len(word) > 1]
        if not words:
            return True
        odd = sum(self.keyboard.search(word) is not None or not _is_sayable(word) for word in words)
        return odd * 2 > len(words)


def _is_sayable(word: str) -> bool:
    vowels = sum(one in "aeiouy" for one in word)
    return len(word) <= 3 or (
        (0.15 if len(word) <= 8 else 0.18) <= vowels / len(word) <= 0.8 and not _CONSONANTS.search(word)
    )


def _is_rare(syllable: str) -> bool:
    # KS X 1001 holds the 2,350 syllables that Korean really uses, two bytes each; the other 8,822, which
    # come from mashing keys, are spelled out in eight.
    return len(syllable.encode("euc-kr")) > 2


def unfit_from(table: Table) -> UnfitRules:
    """The rules written in a table. Raises ValueError for a wrong form, re.error for a wrong expression."""
    return UnfitRules(
        abuse=_any(table.strings("abuse")),
        filler=_any(tuple(map(re.escape, table.strings("abuse_filler")))),
        advertising=_any(table.strings("advertising")),
        advertising_calls=_any(table.strings("advertising_calls")),
        advertising_strong=_any(table.strings("advertising_strong")),
        advertising_unless=_any(table.strings("advertising_unless")),
        keyboard=_any(tuple(map(re.escape, table.strings("keyboard")))),
        jamo_words=frozenset(table.strings("jamo_words")),
    )


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))

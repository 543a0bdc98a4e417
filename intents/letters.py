"""Korean syllables taken apart into letters (자모), so that a typo is one letter and not a syllable."""

from functools import lru_cache

from rapidfuzz.distance import Indel

WIDTH = 3
"""Letters per character: lead, vowel, final; an empty final and every other character are filled up."""

_FIRST, _LAST = 0xAC00, 0xD7A3
_FILLER = "_"
_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = "_ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_BY_EAR = str.maketrans("ㄲㅋㄸㅌㅃㅍㅆㅉㅊㅐㅒㅖㅙㅚㅢ", "ㄱㄱㄷㄷㅂㅂㅅㅈㅈㅔㅔㅔㅞㅞㅣ")
"""Letters that sound alike come to one; all are single letters, whether lead, vowel or final."""


@lru_cache(maxsize=16_384)
def _letters_of(character: str) -> str:
    code = ord(character)
    if not _FIRST <= code <= _LAST:
        return character + _FILLER * (WIDTH - 1)
    lead, rest = divmod(code - _FIRST, len(_VOWELS) * len(_FINALS))
    vowel, final = divmod(rest, len(_FINALS))
    return _LEADS[lead] + _VOWELS[vowel] + _FINALS[final]


def letters(text: str) -> str:
    """The letters of a text, always `WIDTH` for each character, so that positions can be computed."""
    return "".join(map(_letters_of, text))


def closeness(one: str, other: str, at_least: float = 0.0) -> float:
    """How alike two strings of letters are, 0 to 100; 0 when below `at_least`.

    Measured: at 85 and more, words of three syllables and more are found again after a typo with
    about half a false hit a text; words of two syllables are not to be compared so.
    """
    return 100.0 * Indel.normalized_similarity(one, other, score_cutoff=at_least / 100.0)


def sounds_alike(one: str, other: str) -> bool:
    """True for two syllables that people mix up by ear: 까 and 가, 게 and 개."""
    return letters(one).translate(_BY_EAR) == letters(other).translate(_BY_EAR)


def opens_alike(one: str, other: str) -> bool:
    """True for two syllables that sound alike but for their final (받침)."""
    mine, theirs = letters(one).translate(_BY_EAR), letters(other).translate(_BY_EAR)
    return mine[: WIDTH - 1] == theirs[: WIDTH - 1]

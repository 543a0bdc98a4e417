"""The same text as a hasty thumb would type it: for measuring how much that costs."""

import re
from collections.abc import Callable, Mapping
from random import Random

_FIRST, _VOWELS, _FINALS = 0xAC00, 21, 28
_LEADS = 19
_TYPO_EVERY = 10
_PARTICLES = (
    ("은", "는"),
    ("이", "가"),
    ("을", "를"),
    ("와", "과"),
    ("으로", "로"),
    ("에서", "에"),
    ("도", "만"),
    ("의", ""),
    ("에게", "한테"),
    ("까지", "부터"),
)
_WORD = re.compile(r"[가-힣]{3,}")


def without_spaces(text: str, random: Random) -> str:  # noqa: ARG001 - one form for all noises
    """All white space taken away."""
    return "".join(text.split())


def mistyped(text: str, random: Random) -> str:
    """One letter (lead, vowel or final) changed in every tenth Korean syllable on the average."""
    return "".join(
        [
            _slipped(one, random) if "가" <= one <= "힣" and random.random() < 1 / _TYPO_EVERY else one
            for one in text
        ]
    )


def other_particles(text: str, random: Random) -> str:
    """Particles at the end of words of three syllables and more exchanged or dropped, half of them."""
    return _WORD.sub(lambda found: _particle(found.group(), random), text)


def all_three(text: str, random: Random) -> str:
    """Particles changed, letters mistyped, spaces removed."""
    return without_spaces(mistyped(other_particles(text, random), random), random)


NOISES: Mapping[str, Callable[[str, Random], str]] = {
    "no_spaces": without_spaces,
    "typos": mistyped,
    "particles": other_particles,
    "all": all_three,
}
"""Every noise by its name in reports."""


def _slipped(syllable: str, random: Random) -> str:
    lead, rest = divmod(ord(syllable) - _FIRST, _VOWELS * _FINALS)
    vowel, final = divmod(rest, _FINALS)
    match random.randrange(3):
        case 0:
            lead = (lead + random.randrange(1, _LEADS)) % _LEADS
        case 1:
            vowel = (vowel + random.randrange(1, _VOWELS)) % _VOWELS
        case _:
            final = (final + random.randrange(1, _FINALS)) % _FINALS
    return chr(_FIRST + (lead * _VOWELS + vowel) * _FINALS + final)


def _particle(word: str, random: Random) -> str:
    if random.random() < 0.5:
        return word
    for one, other in _PARTICLES:
        for old, new in ((one, other), (other, one)):
            if old and word.endswith(old):
                return word[: -len(old)] + (new if random.random() < 0.7 else "")
    return word

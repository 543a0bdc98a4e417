"""Korean particles that depend on how the word before them ends (은/는, 이/가, 을/를, 으로/로 …)."""

import unicodedata

_FIRST_SYLLABLE, _LAST_SYLLABLE, _FINALS = 0xAC00, 0xD7A3, 28
_FINAL_RIEUL = 8
# How digits, Latin letters and % end when read aloud in Korean: 0 영, 1 일, 3 삼, 6 육 …
_OPEN, _CLOSED, _RIEUL = 0, 1, 2
_READ_ALOUD = dict.fromkeys("0136", _CLOSED) | dict.fromkeys("2459", _OPEN)
_READ_ALOUD |= {"1": _RIEUL, "7": _RIEUL, "8": _RIEUL}
_READ_ALOUD |= dict.fromkeys("mn", _CLOSED) | dict.fromkeys("lr", _RIEUL) | {"%": _OPEN}


def with_particle(word: str, pair: str) -> str:
    """`word` followed by the fitting one of `pair`, written as "closed/open": "은/는", "으로/로".

    Brackets and quotes at the end of the word are passed over.
    """
    closed, _, opened = pair.partition("/")
    ending = _ending(word)
    if closed.startswith("으") and ending == _RIEUL:
        return word + opened
    return word + (opened if ending == _OPEN else closed)


def _ending(word: str) -> int:
    # NFKC: syllables that a keyboard sent in pieces, and digits of full width.
    whole = unicodedata.normalize("NFKC", word)
    spoken = [letter for letter in whole if letter.isalnum() or letter in _READ_ALOUD]
    if not spoken:
        return _OPEN
    last = spoken[-1].lower()
    code = ord(last)
    if _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE:
        final = (code - _FIRST_SYLLABLE) % _FINALS
        return _RIEUL if final == _FINAL_RIEUL else int(final != 0)
    return _READ_ALOUD.get(last, _OPEN)

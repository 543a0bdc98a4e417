"""One normal form (정규형) of a text, used by every reader, with a way back to the original positions.

Compatibility forms are unfolded (NFKC), letters lowered, laughing, crying and emoji dropped, a letter
repeated three times and more cut to one, number words in known names turned to digits (송도이동 =
송도2동). Punctuation that ends a thought becomes ".", everything else that is no letter or digit a
space. Work and size are linear in the text.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_PLAIN = re.compile(r"[\n\t\r -~가-힣ㄱ-ㅣ]+|[^\n\t\r -~가-힣ㄱ-ㅣ]+")
_CLUSTER = re.compile(r"[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?|.", re.DOTALL)
_LONGEST_CLUSTER = 3

_BREAKS = "\n\r.,!?;:~|/"
_KEPT = "abcdefghijklmnopqrstuvwxyz0123456789"
_TABLE = str.maketrans(
    {chr(code): " " for code in range(128) if chr(code).lower() not in _KEPT}
    | dict.fromkeys(_BREAKS + "-", ".")
    | {one.upper(): one for one in _KEPT}
)
_EDIT = re.compile(
    r"(?P<gap>[ .ㅋㅎㅠㅜㅡ]{2,}|[ㅋㅎㅠㅜㅡ])"
    r"|(?P<again>(?P<letter>[^\W\d_])(?P=letter){2,})"
    r"|(?P<ordinal>제(?=[0-9]{1,2}동))"
    r"|(?P<number>[일이삼사오육칠팔구]?십[일이삼사오육칠팔구]?|[일이삼사오육칠팔구])(?=동|가|단지)"
)
_DIGITS = {one: value for value, one in enumerate("일이삼사오육칠팔구", start=1)}
_NUMBERED = re.compile(r"[0-9](?:동|가)$")
_LONGEST_STEM = 8
_LONGEST_REST = 16
_WORD_BREAK = re.compile("[ .]")


@dataclass(frozen=True, slots=True)
class Normal:
    """A text in normal form.

    `text` has single spaces and "." for breaks; `dense` is the same without spaces. `at[i]` and
    `ends[i]` bound the original characters behind `text[i]`; `dense_at[j]` is the index in `text` of
    `dense[j]`.
    """

    text: str
    at: tuple[int, ...]
    ends: tuple[int, ...]
    dense: str
    dense_at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Positions in the original text of `dense[start:end]` (not empty)."""
        return self.at[self.dense_at[start]], self.ends[self.dense_at[end - 1]]

    def starts_word(self, start: int) -> bool:
        """True when nothing, a space or a break stands before `dense[start]`."""
        index = self.dense_at[start]
        return index == 0 or self.text[index - 1] in " ."

    def rest_of_word(self, end: int) -> str:
        """What follows `dense[:end]` up to the next space or break, at most 16 characters of it."""
        begin = self.dense_at[end - 1] + 1
        return _WORD_BREAK.split(self.text[begin : begin + _LONGEST_REST], maxsplit=1)[0]

    def word_length(self, start: int) -> int:
        """How many characters the word around `dense[start]` has, at most 33."""
        index = self.dense_at[start]
        before = _WORD_BREAK.split(self.text[max(0, index - _LONGEST_REST) : index])[-1]
        return len(before) + 1 + len(self.rest_of_word(start + 1))

    def is_split(self, start: int, end: int) -> bool:
        """True when a space stands inside `dense[start:end]`."""
        return self.dense_at[end - 1] - self.dense_at[start] != end - 1 - start


@dataclass(slots=True)
class _Draft:
    text: str
    at: list[int]
    ends: list[int]


class Normaliser:
    """Brings texts to the normal form; knows the numbered names of a city (송도2동, 신흥동2가)."""

    __slots__ = ("_numbered",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        """`names` are place names; only those ending in a number and 동 or 가 matter."""
        self._numbered = frozenset(name for name in names if _NUMBERED.search(name))

    def __call__(self, original: str) -> Normal:
        """The normal form of any text; never raises."""
        draft = self._edited(_unfolded(original))
        text = draft.text
        dense_at = tuple([index for index, one in enumerate(text) if one != " "])
        return Normal(text, tuple(draft.at), tuple(draft.ends), text.replace(" ", ""), dense_at)

    def _edited(self, draft: _Draft) -> _Draft:
        pieces: list[str] = []
        at: list[int] = []
        ends: list[int] = []
        done = 0
        for match in _EDIT.finditer(draft.text):
            start, end = match.span()
            new = self._replacement(match)
            if new is None:
                continue
            pieces += (draft.text[done:start], new)
            at += draft.at[done:start]
            ends += draft.ends[done:start]
            at += [draft.at[start]] * len(new)
            ends += [draft.ends[end - 1]] * len(new)
            done = end
        if not done:
            return draft
        pieces.append(draft.text[done:])
        return _Draft("".join(pieces), at + draft.at[done:], ends + draft.ends[done:])

    def _replacement(self, match: re.Match[str]) -> str | None:
        found = match.group()
        before = match.string[max(0, match.start() - _LONGEST_STEM) : match.start()]
        match match.lastgroup:
            case "gap":
                return "." if "." in found else " "
            case "again":
                return found[0]
            case "ordinal":
                number = match.string[match.end() : match.end() + 3]
                return "" if self._knows(before.rstrip(), number[: number.find("동") + 1]) else None
            case _:
                return self._number(before, found, match.string[match.end() : match.end() + 2])

    def _number(self, before: str, words: str, after: str) -> str | None:
        value = _value(words)
        if not before or not "가" <= before[-1] <= "힣":
            return None
        if after == "단지" or self._knows(before, f"{value}{after[:1]}"):
            return str(value)
        return None

    def _knows(self, before: str, ending: str) -> bool:
        return any(before[cut:] + ending in self._numbered for cut in range(len(before)))


def _value(words: str) -> int:
    tens, ten, ones = words.rpartition("십")
    return (10 * _DIGITS.get(tens, 1) if ten else 0) + _DIGITS.get(ones, 0)


def _unfolded(original: str) -> _Draft:
    if original.isascii():
        length = len(original)
        return _Draft(original.translate(_TABLE), list(range(length)), list(range(1, length + 1)))
    pieces: list[str] = []
    at: list[int] = []
    ends: list[int] = []
    for run in _PLAIN.finditer(original):
        start, end = run.span()
        if run.group()[0] in "\n\t\r" or " " <= run.group()[0] <= "~" or "ㄱ" <= run.group()[0] <= "힣":
            pieces.append(run.group().translate(_TABLE))
            at.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
            continue
        for cluster in _CLUSTER.finditer(run.group()):
            new = _plain(cluster.group())
            pieces.append(new)
            at += [start + cluster.start()] * len(new)
            ends += [start + cluster.end()] * len(new)
    return _Draft("".join(pieces), at, ends)


def _plain(cluster: str) -> str:
    if cluster < "\u3131" or cluster > "\u318e":
        cluster = unicodedata.normalize("NFKC", cluster)[:_LONGEST_CLUSTER].lower()
    return "".join([_plain_character(one) for one in cluster[:_LONGEST_CLUSTER]])


def _plain_character(one: str) -> str:
    if one.isascii():
        return one.translate(_TABLE)
    category = unicodedata.category(one)
    if category[0] in "LN":
        return one
    if category[0] == "M" or category == "Cf":
        return ""
    return "." if category[0] == "P" and category not in {"Ps", "Pe", "Pi", "Pf"} else " "


def syllables(dense: str) -> float:
    """About how long a text without spaces is in syllables: two Latin letters say as much as one of 한글."""
    hangul = (len(dense.encode("utf-8", "ignore")) - len(dense)) / 2
    return (len(dense) + hangul) / 2

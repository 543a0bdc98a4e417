"""Several problems in one message, told apart (나누기). Cautious: what may be one thing stays one."""

import re
from collections.abc import Callable

Subject = tuple[str, ...]
"""What a part is about: its best office, and its place."""

MOST = 8
"""Parts a message is cut into at most."""

_SHORTEST = 8
_LONGEST_OPENING = 60
_ITEM = re.compile(
    r"(?:^|\n|(?<=[\s.!?]))\s*(?:\(?\d{1,2}[.)](?!\d)|[①-⑳]|(?:^|(?<=\n))[-*•▪]|[가나다라]\.(?=\s))\s*"
)
_TURN = re.compile(
    r"(?:^|(?<=[\s.!?,]))(?:그리고\s?(?:또|하나\s?더|추가로)|또\s?(?:하나는?|한\s?가지는?|다른\s?건)"
    r"|(?:두|세|네)\s?번째로?는?|(?:둘|셋|넷)째로?는?|마지막으로|하나\s?더|한\s?가지\s?더|추가로"
    r"|(?:그|이)\s?외에도?|별개로|secondly?|also,|another (?:thing|problem))[\s,:]*",
    re.IGNORECASE,
)
_AND = re.compile(
    r"(?:^|(?<=[\s.!?,]))(?:그리고|또|and|also)[\s,:]+"
    r"(?=[^.!?\n]{0,24}?(?:도(?:\s|$)|[a-z]{3}|문제))",
    re.IGNORECASE,
)
"""And … too (그리고 가로등도): weaker than the turns above, so its pieces must be clearer."""

_FIRST = re.compile(r"^\s*(?:첫\s?번?째로?는?|우선|먼저|firstly?)[\s,:]+", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n\s*\n+")


def parts(
    text: str, subject: Callable[[str], Subject], clear_subject: Callable[[str], Subject]
) -> tuple[str, ...]:
    """The separate problems of a text in order; the whole text alone when it is about one thing.

    `subject` tells what a piece is about, an empty tuple when it does not say. Pieces count as separate
    problems only where every one says what it is about and not all say the same. `clear_subject` is the
    stricter sense for pieces that only 그리고 parts: what may follow from the first is no subject.
    """
    cuts = ((_items, subject), (_turns, subject), (_paragraphs, subject), (_ands, clear_subject))
    for cut, about in cuts:
        opening, pieces = cut(text)
        pieces = [one for one in pieces if one]
        if not 2 <= len(pieces) <= MOST or any(len(one) < _SHORTEST for one in pieces):
            continue
        subjects = [about(one) for one in pieces]
        if all(subjects) and len(set(subjects)) > 1:
            return tuple(_with_opening(opening, one) for one in pieces)
    return (text,)


def _with_opening(opening: str, piece: str) -> str:
    return f"{opening} {piece}" if opening and len(opening) <= _LONGEST_OPENING else piece


def _items(text: str) -> tuple[str, list[str]]:
    marks = list(_ITEM.finditer(text))
    if len(marks) < 2:
        return "", []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    pieces = [text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    return text[: marks[0].start()].strip(), pieces


def _turns(text: str) -> tuple[str, list[str]]:
    return "", [_FIRST.sub("", one) for one in _between(_TURN, text)]


def _ands(text: str) -> tuple[str, list[str]]:
    return "", _between(_AND, text)


def _between(turn: re.Pattern[str], text: str) -> list[str]:
    pieces: list[str] = []
    start = 0
    for mark in turn.finditer(text):
        pieces.append(text[start : mark.start()].strip())
        start = mark.end()
    return [*pieces, text[start:].strip()]


def _paragraphs(text: str) -> tuple[str, list[str]]:
    return "", [one.strip() for one in _PARAGRAPH.split(text)]

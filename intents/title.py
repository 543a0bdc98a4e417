"""A short line made from a text (제목)."""

import re
from collections.abc import Callable

from intents.sentences import sentences

LONGEST = 60
"""Characters of a title at most."""

_MOST_SENTENCES = 12
_GREETING = re.compile(
    r"^(?:(?:안녕(?:하세요|하십니까|하신가요|하세여)?|반갑습니다|다름이?\s?(?:아니라|아니고요?|아니옵고|아니오라)|수고\s?(?:많으?십니다|많으세요|하십니다|하세요|가\s?많으십니다)|감사합니다|고맙습니다|저기요|여보세요"
    r"|(?:아|아\s?참|참|아니|음|근데|그런데|그리고|그리구|혹시|있잖아요?|제가요|그게)(?=[\s,.!~])"
    r"|(?:시장|구청장|군수|담당자|관계자|선생|공무원)\s?님(?:들)?(?:께|(?=\s*[,.!~])|(?=\s+(?:안녕|수고|저기|반갑|감사|고맙)))|hello|hi|hey|dear\s\w+|good\s(?:morning|afternoon|evening))[\s,.!~?^ㅠㅜㅋㅎ:)♡♥]*)+",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"^(?:저는|저희는|전|나는|제가)?[^.,]{0,30}(?:사는|살고\s?있는|거주하는|거주\s?중인|다니는)\s?[^.,]{0,16}"
    r"(?:입니다|이에요|예요|인데요?|이구요|라고\s?합니다|라고\s?해요)[\s,.!~]*"
)
_SYMBOLS = re.compile(
    r"[\U00010000-\U0010ffff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d]|[ㅋㅎㅠㅜ]+|[~^]{1,}|[ㄱ-ㅎㅏ-ㅣ]{2,}"
)
_NUMBERING = re.compile(r"^\s*(?:\d{1,2}\s?[.)](?!\d)|[①-⑳]|[-*•·▪◦>#]+|첫\s?번?째로?,?|우선,?|먼저,?)\s*")
_EDGES = " \t\n,.!?;:-…·/|\"'“”‘’"


def title(text: str, tells: Callable[[str], bool], place: str = "") -> str:
    """The first sentence that tells the problem, without greeting, cut to 60 characters.

    `tells` says of a sentence whether it is about something. `place` is put in front when the sentence
    has lost it. A text of symbols only gives "".
    """
    candidates = [_trimmed(one) for one in sentences(text[: LONGEST * 40])[:_MOST_SENTENCES]]
    candidates = [one for one in candidates if one]
    if not candidates:
        return _cut(" ".join(text.split()).strip(_EDGES))
    chosen = next((one for one in candidates if tells(one)), candidates[0])
    if len(chosen) < 6 and len(candidates) > 1:
        after = candidates.index(chosen) + 1
        chosen = " ".join([chosen, *candidates[after : after + 1]])
    missing = place and "".join(place.split()) not in "".join(chosen.split())
    return _cut(f"{place} {chosen}" if missing else chosen)


def _trimmed(sentence: str) -> str:
    line = " ".join(_SYMBOLS.sub(" ", sentence).split())
    line = _NUMBERING.sub("", _GREETING.sub("", line))
    rest = _WHO.sub("", line)
    return rest.strip(_EDGES)


def _cut(line: str) -> str:
    if len(line) <= LONGEST:
        return line
    head = line[: LONGEST - 1]
    space = head.rfind(" ")
    return (head[:space] if space > LONGEST // 2 else head).rstrip(_EDGES) + "…"
